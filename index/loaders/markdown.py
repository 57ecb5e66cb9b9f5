"""Read Markdown as it is written, with a section for each heading."""

import re
from dataclasses import replace

from index.loaders import text
from index.loaders.loaded import Loaded
from index.loaders.sections import heading_section
from index.schema import Section

_HEADING_OR_FENCE = re.compile(r"^ {0,3}(?:(?P<fence>`{3,}|~{3,})|#{1,6}[ \t]+(?P<heading>[^\n]*))", re.MULTILINE)


def load(data: bytes) -> list[Loaded]:
    """Return the text of the file.

    Raises:
        UnreadableError: it is not text, or its front matter is not YAML.
    """
    return [replace(loaded, sections=_sections(loaded.text)) for loaded in text.load(data)]


def _sections(markdown: str) -> tuple[Section, ...]:
    """Return a section for each heading outside code blocks."""
    sections, fence = [], ""
    for found in _HEADING_OR_FENCE.finditer(markdown):
        if mark := found["fence"]:
            if not fence:
                fence = mark
            elif mark.startswith(fence):
                fence = ""
        elif not fence:
            sections.append(heading_section(found.start(), found["heading"]))
    return tuple(sections)
