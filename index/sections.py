"""The section that a chunk is read in: what a reply may show around the words that answer.

That is what stands right under the heading of the chunk. Where this is a few words, it is read with what is around it:
all that stands below the heading, where the question names it; else the largest part of the document under one heading
that has at most `WHOLE_CHARS` characters, or the sections that follow. The opening of a page announces the rest: it is
read with the whole page where that is no longer.
"""

from collections.abc import Callable, Iterable, Sequence, Set
from itertools import takewhile

from index.schema import Chunk
from index.text import stems

WHOLE_CHARS = 1_200
FEW_CHARS = 400
"""On the development questions about a documentation, the passage of the first hit holds all that was asked for in
0.839 of cases with these two, and as often with 1,500 and 400; in 0.806 with 1,200 and 300 or 200; in 0.790 with 1,000
and 250; in 0.758 with what stands under its heading alone. All that stands below a heading of a few words, however
long, adds nothing to what is below one that the question names, and 300 characters to the median how-to."""

SIDE_CHARS = 4_000
"""What is read on each side of the chunk, so that a page without headings costs little: two messages of Discord."""


def section_around(
    row: int, chunk_at: Callable[[int], Chunk], rows: int, asked: Set[str] = frozenset()
) -> tuple[Chunk, ...]:
    """Return the chunks of the section around a chunk, in the order of the document.

    Args:
        row: of the chunk that was found.
        chunk_at: returns the chunk of a row; rows are in the order of the documents.
        rows: how many there are.
        asked: stems of the question, and those that translate them.
    """
    chunk = chunk_at(row)
    before = _side(chunk, map(chunk_at, range(row - 1, -1, -1)))
    after = _side(chunk, map(chunk_at, range(row + 1, rows)))

    def run(belongs: Callable[[Chunk], bool]) -> list[Chunk]:
        return [*reversed(list(takewhile(belongs, before))), chunk, *takewhile(belongs, after)]

    headings = chunk.headings

    def under(depth: int) -> list[Chunk]:
        return run(lambda other: other.headings[:depth] == headings[:depth])

    section = run(lambda other: other.path == chunk.path)
    if headings and (named := set(stems(headings[-1], chunk.language))) and named <= asked:
        return tuple(section if _length(section) >= FEW_CHARS else under(len(headings)))
    for depth in range(len(headings), -1, -1):
        if headings and _length(section) >= FEW_CHARS:
            break
        wider = under(depth)
        if _length(wider) > WHOLE_CHARS:
            break
        section = wider
    for other in after[len(section) - section.index(chunk) - 1 :]:
        if _length(section) >= FEW_CHARS or _length([*section, other]) > WHOLE_CHARS:
            break
        section.append(other)
    return tuple(section)


def _side(chunk: Chunk, others: Iterable[Chunk]) -> list[Chunk]:
    """Return the chunks of the same document on one side, the nearest first, up to `SIDE_CHARS`."""
    near: list[Chunk] = []
    for other in others:
        if other.document_id != chunk.document_id or _length(near) > SIDE_CHARS:
            break
        near.append(other)
    return near


def _length(chunks: Sequence[Chunk]) -> int:
    return sum(len(chunk.text) + 2 for chunk in chunks)
