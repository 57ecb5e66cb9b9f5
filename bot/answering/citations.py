"""Check citations against the hits they claim to quote: the last gate before anybody sees an answer."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from bot.answering.answer import Citation
from index.schema import Chunk, SearchHit


def verify(citations: Iterable[Citation], hits: Sequence[SearchHit]) -> tuple[Citation, ...]:
    """Return the citations whose quote is found, character for character, where they say; numbered anew from 1.

    A quote that is altered, empty, out of range or from a chunk that was not found is dropped, and so is one whose
    bold words are not inside it, or whose lead is no line of the chunk and not the lead of the chunk.
    """
    chunks = chunks_read(hits)
    return renumbered(c for c in citations if c.chunk_id in chunks and _is_verbatim(c, chunks[c.chunk_id]))


def chunks_read(hits: Iterable[SearchHit]) -> dict[str, Chunk]:
    """Return what may be quoted, by id: the chunks that were found, and those of the sections around them."""
    return {chunk.id: chunk for hit in hits for chunk in (hit.chunk, *hit.section)}


def renumbered(citations: Iterable[Citation]) -> tuple[Citation, ...]:
    """Return the citations in the same order, with markers from 1."""
    return tuple(replace(c, marker=marker) for marker, c in enumerate(citations, start=1))


def _is_verbatim(citation: Citation, chunk: Chunk) -> bool:
    first, last = citation.span or (0, 1)
    return (
        0 <= citation.start < citation.end <= len(chunk.text)
        and chunk.text[citation.start : citation.end] == citation.quote
        and 0 <= first < last <= len(citation.quote)
        and citation.lead in ("", chunk.lead, *chunk.text.split("\n"))
    )
