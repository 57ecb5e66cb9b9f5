"""Check citations against the hits they claim to quote: the last gate before anybody sees an answer."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from bot.answering.answer import Citation
from index.schema import SearchHit


def verify(citations: Iterable[Citation], hits: Sequence[SearchHit]) -> tuple[Citation, ...]:
    """Return the citations whose quote is found, character for character, where they say; numbered anew from 1.

    A quote that is altered, empty, out of range or from a chunk that was not found is dropped, and so is one whose
    bold words are not inside it.
    """
    texts = {hit.chunk.id: hit.chunk.text for hit in hits}
    return renumbered(c for c in citations if _is_verbatim(c, texts.get(c.chunk_id, "")))


def renumbered(citations: Iterable[Citation]) -> tuple[Citation, ...]:
    """Return the citations in the same order, with markers from 1."""
    return tuple(replace(c, marker=marker) for marker, c in enumerate(citations, start=1))


def _is_verbatim(citation: Citation, text: str) -> bool:
    first, last = citation.span or (0, 1)
    return (
        0 <= citation.start < citation.end <= len(text)
        and text[citation.start : citation.end] == citation.quote
        and 0 <= first < last <= len(citation.quote)
    )
