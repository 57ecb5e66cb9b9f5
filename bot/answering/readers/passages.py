"""Quote what people act on: the steps with their code, the whole list, the rows that match, the section.

A passage is the section of a hit (see `index.sections`). What is longer than `MAX_PASSAGE` is cut between groups of
blocks, around the sentence that answers best. Each chunk of it gives one citation, so that every quote is an exact
slice.
"""

from collections.abc import Iterator, Sequence
from itertools import accumulate, groupby
from typing import NamedTuple

from bot.answering.answer import Citation
from bot.answering.citations import renumbered
from bot.answering.readers.quoting import citation
from bot.answering.readers.ranking import Candidate
from bot.answering.readers.section_blocks import SectionBlock, groups_of, size_of
from index.headers import header_above, table_at
from index.schema import Chunk, SearchHit, Span

MAX_PASSAGE = 1_500
"""Characters. A passage of the first hit shows all that was asked for in 0.823 of the development questions about a
documentation with 1,500, in 0.806 with 1,200, in 0.742 with 1,000 and in 0.661 with 700; with its title and its source
it fits a message of Discord (2,000)."""

SECOND = 0.02
SHORT = 700
"""After a first passage under `SHORT` characters the next section is quoted too, where its score is less than `SECOND`
below the best, in what is left of `MAX_PASSAGE`: it is as good a guess. All that was asked for is then shown in 0.855
of the same questions instead of 0.839, in a median of 849 characters instead of 820. After longer passages too, with
1,800 characters in all, it is 0.871 in 1,012."""

MAX_ROWS = 2
"""Rows of a table that are quoted without the others, where they match the question better than any other."""


class Passage(NamedTuple):
    """What is quoted of a section, and whether the section has more."""

    citations: tuple[Citation, ...]
    is_cut: bool


def quote_passages(hits: Sequence[SearchHit], ranked: Sequence[Candidate]) -> Passage:
    """Return a passage of the first hit, and one of the next section where that is found as well.

    Args:
        hits: what was found, best first, one or more.
        ranked: the sentences that were read, the likeliest answer first.
    """
    first = quote_passage(hits[0], ranked, MAX_PASSAGE)
    shown = {chunk.id for chunk in hits[0].section}
    following = None if hits[0].is_named else next((hit for hit in hits[1:] if hit.chunk.id not in shown), None)
    size = sum(len(c.quote) for c in first.citations)
    if following is None or hits[0].score - following.score >= SECOND or size >= SHORT:
        return first
    room = MAX_PASSAGE - size
    second = quote_passage(following, ranked, room)
    others = [c for c in second.citations if c.chunk_id not in shown]
    if sum(len(c.quote) for c in others) > room:
        return first
    return Passage(renumbered([*first.citations, *others]), first.is_cut)


def quote_passage(hit: SearchHit, ranked: Sequence[Candidate], room: int) -> Passage:
    """Return the section of a hit, or the part of it that answers best.

    Args:
        hit: what was found.
        ranked: the sentences that were read, the likeliest answer first.
        room: characters.
    """
    ids = {chunk.id for chunk in hit.read_in}
    best = next((candidate for candidate in ranked if candidate.hit.chunk.id in ids), None)
    if best and (rows := _rows(best, [c for c in ranked if c.hit.chunk.id in ids])):
        return Passage(rows, is_cut=False)
    groups = groups_of(hit.read_in)
    shown = _around(groups, best, room)
    blocks = [block for group in shown for block in group]
    return Passage(tuple(_citations(_without_title(blocks), best)), len(blocks) < sum(map(len, groups)))


def is_plain_prose(hit: SearchHit, hits: Sequence[SearchHit]) -> bool:
    """Return whether a hit is from a document of nothing but paragraphs under its title, as far as the hits tell.

    The opening of a page that has headings announces what is below them: the sentence alone seldom is the answer. Nor
    is it of what was written to answer a question.
    """
    if hit.chunk.question:
        return False
    if any(other.chunk.path for other in hits if other.chunk.document_id == hit.chunk.document_id):
        return False
    return all(
        not chunk.path and all(block.kind in ("heading", "paragraph") for block in chunk.blocks)
        for chunk in hit.read_in
    )


def _around(groups: Sequence[list[SectionBlock]], best: Candidate | None, room: int) -> list[list[SectionBlock]]:
    """Return the run of groups around the best sentence that fits a passage; what follows it goes before what precedes.

    A group that alone is longer is cut between its blocks.
    """
    first = next((n for n, group in enumerate(groups) if best and any(_holds(b, best) for b in group)), 0)
    last = first
    if size_of(groups[first]) > room:
        return [_part(groups[first], best, room)]
    room -= size_of(groups[first])
    while True:
        if last + 1 < len(groups) and size_of(groups[last + 1]) <= room:
            last += 1
            room -= size_of(groups[last])
        elif first > 0 and size_of(groups[first - 1]) <= room:
            first -= 1
            room -= size_of(groups[first])
        else:
            return list(groups[first : last + 1])


def _holds(block: SectionBlock, candidate: Candidate) -> bool:
    return block.holds(candidate.hit.chunk.id, candidate.span[0])


def _part(group: Sequence[SectionBlock], best: Candidate | None, room: int) -> list[SectionBlock]:
    """Return the blocks from the start of a group that fit a passage; from the best one on where that lies behind."""
    at = next((n for n, block in enumerate(group) if best and _holds(block, best)), 0)
    from_start = _fitting(group, room)
    return from_start if at < len(from_start) else _fitting(group[at:], room)


def _fitting(group: Sequence[SectionBlock], room: int) -> list[SectionBlock]:
    """Return the first blocks that fit, one at least."""
    sizes = accumulate(block.size for block in group)
    return [block for n, (block, size) in enumerate(zip(group, sizes, strict=True)) if n == 0 or size <= room]


def _without_title(blocks: list[SectionBlock]) -> list[SectionBlock]:
    """Return the blocks without the title that opens them, which every reply tells, if there is more."""
    first = blocks[0]
    text = first.chunk.text[first.block.start : first.block.end]
    is_title = first.kind == "heading" and text.lstrip("# ") == first.chunk.title
    return blocks[1:] if is_title and len(blocks) > 1 else blocks


def _citations(blocks: Sequence[SectionBlock], best: Candidate | None) -> Iterator[Citation]:
    """Yield a citation for each chunk."""
    runs = [list(run) for _, run in groupby(blocks, key=lambda block: block.chunk.id)]
    for marker, run in enumerate(runs, start=1):
        chunk, span = run[0].chunk, Span(run[0].block.start, run[-1].block.end)
        lead = chunk.lead if span.start == 0 and marker == 1 else ""
        yield citation(marker, chunk, span, best.dense if best else 0.0, _section(chunk, span), lead)


def _rows(best: Candidate, ranked: Sequence[Candidate]) -> tuple[Citation, ...]:
    """Return the rows of the tables of a section that match the question best; () where many do, or something else.

    The header of the table is the lead of each.
    """
    if not _is_row(best):
        return ()
    rows = [c for c in ranked if _is_row(c)]
    most = max(row.overlap for row in rows)  # the header counts for each of them
    matching = [row for row in rows if row.overlap == most]
    if best not in matching or len(matching) > MAX_ROWS or len(matching) == len(rows):
        return ()
    matching.sort(key=lambda row: (row.hit.chunk.start, row.span))
    return tuple(_cite_row(marker, row) for marker, row in enumerate(matching, start=1))


def _cite_row(marker: int, row: Candidate) -> Citation:
    chunk, span = row.hit.chunk, Span(*row.span)
    return citation(marker, chunk, span, row.dense, _section(chunk, span), header_above(chunk, span.start))


def _section(chunk: Chunk, span: Span) -> str:
    """Return where the first sentence of a part of a chunk stands."""
    return next((s.section for s in chunk.sentences if span.start <= s.start < span.end), "")


def _is_row(candidate: Candidate) -> bool:
    return table_at(candidate.hit.chunk, candidate.span[0]) is not None
