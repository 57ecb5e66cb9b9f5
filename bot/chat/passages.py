"""Choose what the chat model is given: the sections of the first hits, each once, within a bound.

A hit of plain prose is given alone, since it stands in no section. What is too long of a section is left out between
its blocks, the farthest from the hit first.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, groupby
from typing import NamedTuple, Protocol

from bot.answering.readers.passages import is_plain_prose
from bot.answering.readers.section_blocks import SectionBlock, blocks_of, groups_of, size_of
from bot.answering.shapes import join_quotes
from index.chunking import MAX_CHARS
from index.schema import Language, SearchHit, Span

PASSAGES = 5
"""How many hits the model gets: the right one is among them for 0.946 of PIAF and 0.976 of SQuAD 2 (dev)."""

MAX_GIVEN = PASSAGES * MAX_CHARS
"""Characters of all passages together: as many as the hits alone may have."""


class Given(Protocol):
    """What a model reads of a passage, and what a reply may be held against."""

    @property
    def title(self) -> str:
        """Of the document."""
        ...

    @property
    def date(self) -> str | None:
        """Of the document, ISO 8601."""
        ...

    @property
    def language(self) -> Language:
        """Of the text."""
        ...

    @property
    def text(self) -> str:
        """Its words, in the Markdown of `index.writing`."""
        ...


class Part(NamedTuple):
    """A part of a passage: `hit.chunk.text[span.start:span.end]`."""

    hit: SearchHit
    span: Span


@dataclass(frozen=True, slots=True)
class Passage:
    """A section or a part of it, in the order of the document."""

    title: str
    date: str | None
    language: Language
    text: str  # of its parts, every fence closed, under the lead of the first
    parts: tuple[Part, ...]  # each of another chunk, one with a sentence at least


def passages_of(hits: Sequence[SearchHit]) -> tuple[Passage, ...]:
    """Return the passages of the first hits, in their order; no part of a document is in two.

    Every hit keeps the room for its own chunk, and the first ones take what is left for what is around them. Headings
    alone cannot be quoted, so they are no hit.
    """
    wanted = [hit for hit in hits if hit.chunk.sentences][:PASSAGES]
    known = {hit.chunk.id: hit for hit in reversed(hits)}
    taken: set[tuple[str, int]] = set()
    passages: list[Passage] = []
    room = MAX_GIVEN
    for at, hit in enumerate(wanted, start=1):
        waiting = sum(size_of(b for b in blocks_of(other.chunk) if _key(b) not in taken) for other in wanted[at:])
        blocks = _around(hit, hits, taken, room - waiting)
        passage = _passage(hit, blocks, known) if blocks else None
        if passage is None or len(passage.text) > room:
            continue
        taken.update(map(_key, blocks))
        passages.append(passage)
        room -= len(passage.text)
    return tuple(passages)


def _key(block: SectionBlock) -> tuple[str, int]:
    return block.chunk.id, block.block.start


def _around(
    hit: SearchHit, hits: Sequence[SearchHit], taken: Collection[tuple[str, int]], room: int
) -> list[SectionBlock]:
    """Return the run of blocks around a hit that fits and is not taken; none where a passage has all of the hit.

    The run grows by groups that make sense alone, what follows before what precedes; one that is begun and does not fit
    is cut between its blocks.
    """
    own = [block for block in blocks_of(hit.chunk) if _key(block) not in taken]
    if not own or not hit.chunk.blocks or is_plain_prose(hit, hits):
        return own
    groups = groups_of(hit.section if hit.chunk in hit.section else (hit.chunk,))
    blocks = [block for group in groups for block in group]
    first = blocks.index(own[0])
    last = first + len(own)
    starts = set(accumulate(map(len, groups), initial=0))
    before = next((n for n in range(first, 0, -1) if _key(blocks[n - 1]) in taken), 0)
    after = next((n for n in range(last, len(blocks)) if _key(blocks[n]) in taken), len(blocks))
    borders = [n for n in range(before, after + 1) if n in starts or n in (before, after)]
    room -= size_of(own)
    while True:
        ends = [n for n in borders if n > last][:1]
        if ends and last not in borders:
            ends.append(last + 1)  # of a group that is begun
        begins = [n for n in borders if n < first][-1:]
        if end := next((n for n in ends if size_of(blocks[last:n]) <= room), None):
            room -= size_of(blocks[last:end])
            last = end
        elif begins and (size := size_of(blocks[begins[0] : first])) <= room:
            room -= size
            first = begins[0]
        else:
            return blocks[first:last]


def _passage(hit: SearchHit, blocks: Sequence[SectionBlock], known: Mapping[str, SearchHit]) -> Passage | None:
    """Return the passage of a run of blocks; None where it holds nothing that can be quoted."""
    parts = []
    for _, run in groupby(blocks, key=lambda block: block.chunk.id):
        first, *others = run
        span = Span(first.block.start, (others or [first])[-1].block.end)
        parts.append(Part(known.get(first.chunk.id) or _beside(hit, first), span))
    if not any(positions(part) for part in parts):
        return None
    chunk, span = parts[0].hit.chunk, parts[0].span
    lead = [chunk.lead] if chunk.lead and span.start == 0 else []
    slices = [part.hit.chunk.text[part.span.start : part.span.end] for part in parts]
    return Passage(chunk.title, chunk.date, hit.chunk.language, join_quotes([*lead, *slices]), tuple(parts))


def _beside(hit: SearchHit, block: SectionBlock) -> SearchHit:
    """Return the chunk of a block that the search did not weigh, each sentence as near as the farthest of the hit."""
    count = len(block.chunk.sentences)
    farthest = min(hit.sentence_dense, default=0.0)
    return replace(hit, chunk=block.chunk, sentence_dense=(farthest,) * count, sentence_overlap=(0.0,) * count)


def positions(part: Part) -> list[int]:
    """Return which sentences of its chunk lie in a part."""
    sentences = part.hit.chunk.sentences
    return [n for n, s in enumerate(sentences) if part.span.start <= s.start and s.end <= part.span.end]
