"""Trees of blocks, as documents hold them, for property tests."""

from collections.abc import Callable

from hypothesis import strategies as st

from index.blocks import Block

WORDS = st.text("abcdefghijklmnopqrstuvwxyzéèœç", min_size=2, max_size=7)
SENTENCE = st.builds(
    lambda words, end: " ".join(words).capitalize() + end,
    st.lists(WORDS, min_size=2, max_size=6),
    st.sampled_from(".!?:"),
)
CODE = (
    st.lists(st.text("abcé =-/$#{}", min_size=1, max_size=12).map(str.rstrip), min_size=1, max_size=4)
    .map("\n".join)
    .filter(lambda code: bool(code.strip()) and code == code.strip("\n"))
)


def _table(width: int) -> st.SearchStrategy[Block]:
    row = st.tuples(*[WORDS] * width)
    return st.lists(row, min_size=2, max_size=4).map(lambda rows: Block("table", rows=tuple(rows)))


def _leaf(depth: int, frame: int) -> st.SearchStrategy[list[Block]]:
    """A paragraph, code or a table."""

    def placed(block: Block) -> list[Block]:
        return [Block(block.kind, block.text, depth=depth, info=block.info, rows=block.rows, frame=frame)]

    return st.one_of(
        SENTENCE.map(lambda text: Block("paragraph", text)),
        st.builds(lambda code, info: Block("code", code, info=info), CODE, st.sampled_from(["", "bash", "yaml"])),
        st.integers(2, 3).flatmap(_table),
    ).map(placed)


def _list(depth: int, frame: int) -> st.SearchStrategy[list[Block]]:
    """A list of one or more items, some of which hold a paragraph, code, or a list of their own."""
    held = st.just([]) if depth >= 2 else st.one_of(st.just([]), _leaf(depth + 1, frame), _list(depth + 1, frame))

    def numbered(items: list[tuple[str, list[Block]]], ordered: bool) -> list[Block]:
        blocks: list[Block] = []
        for number, (text, inside) in enumerate(items, start=1):
            ordinal = number if ordered else None
            blocks += [Block("item", text, depth=depth, ordinal=ordinal, frame=frame), *inside]
        return blocks

    return st.builds(numbered, st.lists(st.tuples(SENTENCE, held), min_size=1, max_size=3), st.booleans())


def _framed(number: int) -> st.SearchStrategy[list[Block]]:
    """A quote or an admonition."""
    inside = st.lists(st.one_of(_leaf(0, number), _list(0, number)), min_size=1, max_size=2).map(_one_list).map(flat)
    opening: st.SearchStrategy[list[Block]] = st.one_of(
        st.just([]),
        st.builds(
            lambda info, text: [Block("admonition", text, info=info, frame=number)],
            st.sampled_from(["note", "warning"]),
            st.one_of(st.just(""), WORDS),
        ),
    )
    return st.builds(lambda first, rest: [*first, *rest], opening, inside)


def _one_list(parts: list[list[Block]]) -> list[list[Block]]:
    """Leave out a list that follows another: any format would take them for one, and number on."""
    return [
        part
        for before, part in zip([[], *parts], parts, strict=False)
        if not (before and before[0].kind == part[0].kind == "item")
    ]


def flat(parts: list[list[Block]]) -> list[Block]:
    """Return the blocks of all parts in order."""
    return [block for part in parts for block in part]


def _heading() -> st.SearchStrategy[list[Block]]:
    return st.builds(lambda text, level: [Block("heading", text, level=level)], SENTENCE, st.integers(1, 4))


def _renumbered(parts: list[Callable[[int], list[Block]]]) -> list[Block]:
    return flat([part(number) for number, part in enumerate(parts, start=1)])


def _renumber_frames(blocks: list[Block]) -> list[Block]:
    """Number the frames from 1 in the order of the text."""
    numbers: dict[int, int] = {0: 0}
    return [
        Block(b.kind, b.text, b.level, b.depth, b.ordinal, b.info, b.rows, numbers.setdefault(b.frame, len(numbers)))
        for b in blocks
    ]


def _apart(parts: list[list[Block]]) -> list[Block]:
    """Join the parts, with a paragraph between two that any format would take for one: lists, quotes, tables."""
    blocks: list[Block] = []
    for part in parts:
        if blocks and part and not _parts(blocks[-1], part[0]):
            blocks.append(Block("paragraph", "Entre deux."))
        blocks += part
    return blocks


def _parts(before: Block, after: Block) -> bool:
    """Whether two blocks in a row are told apart by what they are."""
    if "heading" in (before.kind, after.kind):
        return True
    is_plain = before.kind == "paragraph" and not before.frame and not before.depth
    return is_plain and not (after.kind == "paragraph" and after.depth)


def documents() -> st.SearchStrategy[list[Block]]:
    """Whole documents."""
    part = st.one_of(_heading(), _leaf(0, 0), _list(0, 0), st.integers(1, 9).flatmap(_framed))
    return st.lists(part, min_size=1, max_size=6).map(_distinct_frames).map(_apart).map(_renumber_frames)


def _distinct_frames(parts: list[list[Block]]) -> list[list[Block]]:
    """Give each part a frame of its own."""
    return [
        [Block(b.kind, b.text, b.level, b.depth, b.ordinal, b.info, b.rows, 100 + n if b.frame else 0) for b in part]
        for n, part in enumerate(parts)
    ]
