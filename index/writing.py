"""Write the text of a document from its blocks, in one canonical Markdown, and say where each block stands in it.

    # Title                     > quoted words
    Words, `code`, [a link](https://…).        > [!warning] Title
    - item                      > words of the admonition
      - nested item             | header | cells |
    1. numbered item            | --- | --- |
       ```bash                  | row | cells |
       code under the item      Term
       ```                      :   its definition

Every offset of the index points into this text.
"""

from collections.abc import Iterable, Iterator
from itertools import pairwise

from index.blocks import Block
from index.schema import Placed, Span

DEFINITION_MARK = ":   "


def write(blocks: Iterable[Block]) -> tuple[str, tuple[Placed, ...]]:
    """Return the text of the blocks, and where each stands; `text[start:end]` is the block, in the order given."""
    writer = _Writer()
    for block in blocks:
        writer.add(block)
    return "".join(writer.parts), tuple(writer.placed)


class _Writer:
    """Adds block after block to the text."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.placed: list[Placed] = []
        self._length = 0
        self._before: Block | None = None
        self._indents: list[int] = []  # width of the marker of each open item, the outermost first
        self._path: list[tuple[int, str]] = []  # level and text of the headings above

    def add(self, block: Block) -> None:
        """Write one block."""
        if block.kind == "heading":
            self._path = [(level, text) for level, text in self._path if level < block.level]
            self._path.append((block.level, block.text))
        del self._indents[block.depth :]
        frame = "> " if block.frame else ""
        prefix = frame + " " * sum(self._indents)
        if self._before is not None:
            self._put(self._gap(self._before, block, frame.rstrip()))
        start = self._length
        units = tuple(self._lines(block, prefix))
        self.placed.append(
            Placed(
                kind=block.kind,
                start=start,
                end=self._length,
                units=units,
                path=tuple(text for _, text in self._path),
                page=block.page,
                announces=block.announces,
                depth=block.depth,
            )
        )
        if block.kind in ("item", "definition"):
            self._indents.append(len(marker(block)))
        self._before = block

    def _lines(self, block: Block, prefix: str) -> Iterator[Span]:
        """Write the lines of a block, each under the prefix; yield where what may be quoted stands."""
        self._put(prefix)
        if block.kind == "code":
            fence = "`" * max(3, _longest_run(block.text) + 1)
            self._put(f"{fence}{block.info}\n{prefix}")
            yield self._put_quotable("\n".join(_indented(block.text, prefix)))
            self._put(f"\n{prefix}{fence}")
        elif block.kind == "table":
            for number, row in enumerate(block.rows):
                if number:
                    self._put(f"\n{prefix}")
                yield self._put_quotable(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in row)} |")
                if not number:
                    self._put(f"\n{prefix}|{' --- |' * len(row)}")
        else:
            self._put(marker(block))
            if block.text:
                yield self._put_quotable(block.text)

    def _put_quotable(self, text: str) -> Span:
        start = self._length
        self._put(text)
        return Span(start, self._length)

    def _put(self, text: str) -> None:
        self.parts.append(text)
        self._length += len(text)

    @staticmethod
    def _gap(before: Block, block: Block, frame: str) -> str:
        """Return what parts two blocks: a line break inside a list, else a blank line, marked inside a frame."""
        inside = frame if before.frame == block.frame else ""
        return "\n" if stand_close(before, block) else f"\n{inside}\n"


def stand_close(before: Block, block: Block) -> bool:
    """Return whether no blank line parts two blocks that follow one another."""
    if before.frame != block.frame:
        return False
    return (
        (before.kind == "item" and block.kind == "item")
        or (before.kind == "term" and block.kind == "definition")
        or before.kind == "admonition"
    )


def _indented(code: str, prefix: str) -> Iterator[str]:
    """Yield the lines of code, all but the first under the prefix, without white space at the end of an empty one."""
    first, *others = code.split("\n")
    yield first
    for line in others:
        yield f"{prefix}{line}" if line.strip() else prefix.rstrip()


def marker(block: Block) -> str:
    """Return what opens the first line of a block."""
    match block.kind:
        case "heading":
            return "#" * block.level + " "
        case "item":
            return "- " if block.ordinal is None else f"{block.ordinal}. "
        case "admonition":
            return f"[!{block.info}] " if block.text else f"[!{block.info}]"
        case "definition":
            return DEFINITION_MARK
        case _:
            return ""


def _longest_run(text: str) -> int:
    """Return the length of the longest run of backticks."""
    places = [-1, *(at for at, c in enumerate(text) if c != "`"), len(text)]
    return max(b - a - 1 for a, b in pairwise(places))
