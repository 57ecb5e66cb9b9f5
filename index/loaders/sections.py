"""Write a text from blocks, and name its sections."""

import re
from collections.abc import Iterable
from typing import NamedTuple

from index.schema import Section

MAX_LABEL = 80  # characters, as for a title: a line shows both
MAX_HEADING = 500  # characters that are looked at: a heading of a megabyte is no heading

_EMPHASIS = re.compile(r"[*`]+|(?<!\w)_+|_+(?!\w)|[ \t]#+[ \t]*$")


class Block(NamedTuple):
    """A paragraph, a heading (level 1 to 6), or one line of a list or a table."""

    text: str
    level: int = 0
    is_line: bool = False  # follows a line of its kind without a blank line


def shorten(title: str, limit: int) -> str:
    """Return the title, cut between words if it is longer than `limit`."""
    return title if len(title) <= limit else title[:limit].rsplit(" ", 1)[0] + "…"


def heading_section(start: int, heading: str) -> Section:
    """Return the section of a heading, whose label has no marks of emphasis."""
    words = shorten(" ".join(_EMPHASIS.sub("", heading[:MAX_HEADING]).split()), MAX_LABEL)
    return Section(start, f"§ {words}" if words else "")


def page_section(start: int, page: int) -> Section:
    """Return the section of a page, numbered from 1."""
    return Section(start, f"page {page}")


def write_blocks(blocks: Iterable[Block]) -> tuple[str, tuple[Section, ...]]:
    """Return the text of the blocks, with headings in Markdown, and a section for each heading."""
    parts: list[str] = []
    sections: list[Section] = []
    length, before = 0, None
    for block in blocks:
        gap = "" if before is None else "\n" if block.is_line and before.is_line else "\n\n"
        written = gap + ("#" * block.level + " " if block.level else "") + block.text
        if block.level:
            sections.append(heading_section(length + len(gap), block.text))
        parts.append(written)
        length, before = length + len(written), block
    return "".join(parts), tuple(sections)
