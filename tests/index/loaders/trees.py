"""Generate the blocks of documents, to be written in a format and read back."""

from hypothesis import strategies as st

from index.blocks import Block

WORDS = st.sampled_from(["l’œuvre", "«\u00a0Où\u00a0»", "été", "3,5\u00a0M$", "<b>", "&amp;", "n°4", "a < b"])
NAMES = st.sampled_from(["Âge", "Prix", "Jour", "Où", "œuvre"])  # a header with figures in it would be a row
TEXTS = st.lists(WORDS, min_size=1, max_size=5).map(" ".join)
HEADINGS = st.builds(lambda text, level: Block("heading", text, level=level), TEXTS, st.integers(1, 6))
PARAGRAPHS = TEXTS.map(lambda text: Block("paragraph", text))
CODE = st.lists(TEXTS, min_size=1, max_size=3).map(lambda lines: Block("code", "\n".join(lines)))
TABLES = st.integers(2, 4).flatmap(
    lambda width: st.builds(
        lambda header, rows: Block("table", rows=(header, *rows)),
        st.tuples(*[NAMES] * width),
        st.lists(st.tuples(*[TEXTS] * width), min_size=1, max_size=4),
    )
)


def as_list(texts: list[str], depths: list[int]) -> list[Block]:
    """Return the items of a list, none more than one deeper than the one before it."""
    blocks: list[Block] = []
    for text, depth in zip(texts, [0, *depths], strict=False):
        deepest = blocks[-1].depth + 1 if blocks else 0
        blocks.append(Block("item", text, depth=min(depth, deepest)))
    return blocks


LISTS = st.builds(as_list, st.lists(TEXTS, min_size=2, max_size=6), st.lists(st.integers(0, 2), max_size=5))
PARTS = st.one_of(HEADINGS, PARAGRAPHS, CODE, TABLES).map(lambda block: [block]) | LISTS
BLOCKS = st.lists(PARTS, max_size=8).map(lambda parts: joined([block for part in parts for block in part]))


def joined(blocks: list[Block]) -> list[Block]:
    """Return the blocks as office programs can tell them apart: lines of code that follow each other are one block."""
    told: list[Block] = []
    for block in blocks:
        if block.kind == "code" and told and told[-1].kind == "code":
            told[-1] = Block("code", f"{told[-1].text}\n{block.text}")
        else:
            told.append(block)
    return told
