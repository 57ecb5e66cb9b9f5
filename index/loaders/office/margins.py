"""Put what the headers and footers of the pages say beside the text of a document, once."""

import re
from collections.abc import Iterable, Iterator, Sequence

from index.blocks import Block

PAGE = "\0"  # what a loader writes there for the number of a page

_PAGE_NUMBER = re.compile(
    rf"[\s|·–—-]*(?:\bpages?\b|\bp\.)?[\s:]*{PAGE}(?:\s*(?:/|sur|de|of|out of)\s*{PAGE})?[\s|·–—-]*$", re.IGNORECASE
)


def with_margins(body: Sequence[Block], margins: Iterable[Block]) -> list[Block]:
    """Return the text with its margins above its first heading, so that they are not taken for a part of a section.

    Args:
        body: of the document.
        margins: what stands in its headers and footers; what is said there twice, or in the text too, is left out.
    """
    known = {block.text for block in body}
    said = [Block("paragraph", words) for words in dict.fromkeys(_words(margins)) if words not in known]
    has_headings = any(block.kind == "heading" for block in body)
    return [*said, *body] if has_headings else [*body, *said]


def _words(blocks: Iterable[Block]) -> Iterator[str]:
    """Yield the words of the blocks and of the cells of tables, without page numbers."""
    for block in blocks:
        for text in (cell for row in block.rows for cell in row) if block.rows else (block.text,):
            words = _PAGE_NUMBER.sub("", text).replace(PAGE, "").strip()
            if re.search(r"\w", words):
                yield words
