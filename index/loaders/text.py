"""Read a text file: front matter if it has some, then paragraphs, and the lists and headings that people type."""

import re
from collections.abc import Iterator

from index.blocks import Block
from index.loaders.decoding import decode
from index.loaders.front_matter import split_front_matter
from index.loaders.loaded import Loaded

_BLANK = re.compile(r"\n[ \t]*(?:\n[ \t]*)+")
_ITEM = re.compile(r"(?P<indent>[ \t]*)(?:[-*+•–◦▪][ \t]+|(?P<ordinal>\d{1,3})[.)][ \t]+)(?=\S)")
_HEADING = re.compile(r"(?P<marks>#{1,6})[ \t]+(?P<text>\S[^\n]*?)[ \t#]*$")


def load(data: bytes) -> list[Loaded]:
    """Return the one text of the file.

    Raises:
        UnreadableError: it is not text, or its front matter is not YAML.
    """
    found = decode(data)
    meta, text = split_front_matter(found.text)
    blocks = tuple(read_text(text))
    title, language, source, date = (meta.get(name) for name in ("title", "language", "source", "date"))
    return [Loaded(blocks, title, language, source, date, left_out=found.left_out)]


def read_text(text: str) -> Iterator[Block]:
    """Yield the paragraphs of a plain text as they are, lines kept, and its items and headings."""
    for paragraph in _BLANK.split(text):
        lines: list[str] = []
        item: re.Match[str] | None = None
        for written in paragraph.split("\n"):
            heading, opened = _HEADING.match(written.strip()), _ITEM.match(written)
            goes_on = item is not None and written.startswith("  ")  # a wrapped item
            if heading or opened or (item and not goes_on):
                yield from _block(lines, item)
                lines, item = [], None
            if heading:
                yield Block("heading", heading["text"], level=len(heading["marks"]))
                continue
            item = opened or item
            if words := written[opened.end() if opened else 0 :].strip():
                lines.append(words)
        yield from _block(lines, item)


def _block(lines: list[str], item: re.Match[str] | None) -> Iterator[Block]:
    if item is not None:
        yield Block("item", " ".join(lines), ordinal=int(item["ordinal"]) if item["ordinal"] else None)
    elif lines:
        yield Block("paragraph", "\n".join(lines))
