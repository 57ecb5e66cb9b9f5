"""Cut documents into chunks of whole blocks, each within one section: the unit that is embedded and found."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from index.grouping import together
from index.headers import header_above
from index.schema import BETWEEN_HEADINGS, Chunk, ChunkBlock, Document, Language, Placed, Sentence, Span
from index.sentences import MAX_SENTENCE, split_sentences

TARGET_CHARS = 800
"""Short blocks are gathered up to this size. The median paragraph of PIAF has 674 characters and
of SQuAD 2 743: what the fusion weights were fitted on."""

MAX_CHARS = 1500
"""No chunk is longer: about 400 tokens of French, so the encoder (512 tokens) reads all of it with its title."""

MAX_TITLE = 80  # characters of a title or a heading that is shown: half of a line that holds both, on a terminal

_LINK = re.compile(r"\[([^\[\]\n]*)\]\(https?://[^\s()]*(?:\([^\s()]*\)[^\s()]*)*\)")
_QUOTABLE = re.compile(r"\w.*\w", re.DOTALL)  # a fence, a rule or a bare bullet says nothing


def chunk_document(document: Document, detect: Callable[[str, Language], Language]) -> list[Chunk]:
    """Return the chunks of `document` in order; they hold every block once, and overlap nowhere.

    Args:
        document: what to cut.
        detect: text and fallback to language; a document may hold both languages.
    """
    parts = [part for section in _sections(document.blocks) for part in _gather(document.text, section)]
    return [_chunk(document, ordinal, part, detect) for ordinal, part in enumerate(parts)]


def embedding_text(chunk: Chunk) -> str:
    """Return what is embedded and searched for `chunk`: its text, under its title, its headings and its lead."""
    headings = [block for block in chunk.blocks if block.kind == "heading"]
    opens = len(headings) > 0 and chunk.blocks[: len(headings)] == tuple(headings)  # they are all told by the path
    body = chunk.text[headings[-1].end :].lstrip("\n") if opens else chunk.text
    return _under_headings(chunk, without_addresses("\n".join(filter(None, (chunk.lead, body)))))


def sentence_text(chunk: Chunk, sentence: Sentence) -> str:
    """Return what is embedded for a sentence: title and headings give its pronouns a subject."""
    return _under_headings(chunk, without_addresses(sentence_words(chunk, sentence)))


def part_texts(chunk: Chunk) -> list[str]:
    """Return what is embedded for the parts of `chunk`: its sentences, in order, then its question where it has one."""
    sentences = [sentence_text(chunk, sentence) for sentence in chunk.sentences]
    return [*sentences, chunk.question] if chunk.question else sentences


def sentence_words(chunk: Chunk, sentence: Sentence) -> str:
    """Return the words of a sentence; those of a row stand under the header of its table."""
    return "\n".join(filter(None, (header_above(chunk, sentence.start), chunk.text[sentence.start : sentence.end])))


def text_under_headings(chunk: Chunk) -> str:
    """Return the words that a question is held against: those of `chunk`, of its title, its headings and its lead."""
    return without_addresses("\n".join(filter(None, (chunk.title, chunk.path, chunk.lead, chunk.text))))


def without_addresses(text: str) -> str:
    """Return `text` with the words of each link alone: an address says nothing to a model, and nobody looks for it."""
    return _LINK.sub(r"\1", text)


def headings_above(chunk: Chunk, text: str | None = None) -> str:
    """Return the title and the headings above a chunk, on a line; "" where its text opens with the title, its only one.

    Args:
        chunk: what stands below them.
        text: of the chunk, or of a part of it.
    """
    if not chunk.path and (chunk.text if text is None else text).startswith(chunk.title.removesuffix("…")):
        return ""
    return BETWEEN_HEADINGS.join(filter(None, (chunk.title, chunk.path)))


def _under_headings(chunk: Chunk, text: str) -> str:
    return "\n".join(filter(None, (headings_above(chunk, text), text)))


@dataclass(frozen=True, slots=True)
class _Piece:
    """Blocks that are not parted, or a part of one that is too long."""

    start: int
    end: int
    blocks: tuple[Placed, ...]
    lead: str = ""  # the announcing line or the header of what was cut before it

    @property
    def size(self) -> int:
        return self.end - self.start


def _sections(blocks: Sequence[Placed]) -> Iterator[list[Placed]]:
    """Group the blocks under each heading; a heading without a word of its own opens the section of the next one."""
    section: list[Placed] = []
    for block in blocks:
        if block.kind == "heading" and any(b.kind != "heading" for b in section):
            yield section
            section = []
        section.append(block)
    if section:
        yield section


def _gather(text: str, section: Sequence[Placed]) -> Iterator[_Piece]:
    """Join the pieces of a section up to `TARGET_CHARS`; a new page opens a chunk once half of that is reached."""
    gathered: list[_Piece] = []
    for piece in (part for whole in _pieces(section) for part in _cut(text, whole)):
        if gathered:
            size = gathered[-1].end - gathered[0].start
            only_headings = all(block.kind == "heading" for one in gathered for block in one.blocks)
            too_long = piece.end - gathered[0].start > (MAX_CHARS if only_headings else TARGET_CHARS)
            turns_page = 2 * size >= TARGET_CHARS and piece.blocks[0].page != gathered[-1].blocks[-1].page
            if too_long or turns_page or piece.lead:
                yield _joined(gathered)
                gathered = []
        gathered.append(piece)
    if gathered:
        yield _joined(gathered)


def _joined(pieces: Sequence[_Piece]) -> _Piece:
    blocks = tuple(block for piece in pieces for block in piece.blocks)
    return _Piece(pieces[0].start, pieces[-1].end, blocks, pieces[0].lead)


def _pieces(section: Sequence[Placed]) -> Iterator[_Piece]:
    """Keep together what belongs together: what is announced and its announcement, an item and what it holds, code and
    the words before it, a term and its definitions.
    """
    for blocks in together(section):
        yield _Piece(blocks[0].start, blocks[-1].end, tuple(blocks))


def _cut(text: str, piece: _Piece) -> Iterator[_Piece]:
    """Cut a piece that alone is longer than `MAX_CHARS`: between its blocks, else between sentences, rows or lines.

    Each part but the first carries the line that announces it, or the header of its table, as lead.
    """
    if piece.size <= MAX_CHARS:
        yield piece
        return
    lead = _lead(text, piece)
    parts: list[_Piece] = []
    for block in piece.blocks:
        for span in _spans(text, block):
            if parts and span.end - parts[-1].start <= MAX_CHARS:
                open_part = parts[-1]
                blocks = open_part.blocks if block is open_part.blocks[-1] else (*open_part.blocks, block)
                parts[-1] = replace(open_part, end=span.end, blocks=blocks)
            else:
                parts.append(_Piece(span.start, span.end, (block,), lead if parts else ""))
    yield from parts


def _lead(text: str, piece: _Piece) -> str:
    first = piece.blocks[0]
    if first.announces:
        return text[first.start : first.end]
    if first.kind == "table":
        return text[first.units[0].start : first.units[0].end]
    return ""


def _spans(text: str, block: Placed) -> Iterator[Span]:
    """Yield the ranges that a block may be cut into; together they are the block."""
    if block.end - block.start <= MAX_CHARS:
        yield Span(block.start, block.end)
        return
    borders = [span.start for unit in block.units for span in quotable_spans(text, block, unit)]
    starts = [block.start, *(start for start in borders[1:] if start > block.start)]
    for start, end in zip(starts, [*starts[1:], block.end], strict=True):
        yield Span(start, start + len(text[start:end].rstrip()))


def quotable_spans(text: str, block: Placed, unit: Span) -> list[Span]:
    """Return the ranges of a unit of a block that are quoted one by one: sentences; lines of code that is too long."""
    if block.kind == "code":
        return _lines(text, unit)
    if block.kind == "table" and unit.end - unit.start <= MAX_SENTENCE:
        return [unit]
    return [Span(s.start + unit.start, s.end + unit.start) for s in split_sentences(text[unit.start : unit.end])]


def _lines(text: str, unit: Span) -> list[Span]:
    """Return the code as one range, or as runs of lines of at most `MAX_SENTENCE` characters."""
    spans: list[Span] = []
    start = unit.start
    for line in text[unit.start : unit.end].split("\n"):
        end = start + len(line)
        if spans and end - spans[-1].start <= MAX_SENTENCE:
            spans[-1] = Span(spans[-1].start, end)
        elif line.strip():
            spans += [Span(at, min(at + MAX_SENTENCE, end)) for at in range(start, end, MAX_SENTENCE)]
        start = end + 1
    return spans


def _chunk(document: Document, ordinal: int, piece: _Piece, detect: Callable[[str, Language], Language]) -> Chunk:
    start = piece.start
    text = document.text[start : piece.end]
    path = piece.blocks[-1].path
    own = (without_addresses(heading) for heading in path if not _is_title(heading, document.title))
    return Chunk(
        id=f"{document.id}#{ordinal}",
        document_id=document.id,
        title=document.title,
        source=document.source,
        language=detect(without_addresses(text), document.language),
        start=start,
        end=piece.end,
        text=text,
        sentences=tuple(_sentences(document, piece)),
        date=document.date,
        path=BETWEEN_HEADINGS.join(own),
        lead=piece.lead,
        blocks=tuple(
            ChunkBlock(b.kind, max(b.start, start) - start, min(b.end, piece.end) - start, b.depth, b.announces)
            for b in piece.blocks
        ),
        question=document.title if document.is_pair else _question(path[-1] if path else document.title),
    )


def _question(heading: str) -> str:
    """Return the heading where it is a question; "" otherwise."""
    heading = without_addresses(heading).strip()
    return heading if heading.endswith("?") else ""


def _sentences(document: Document, piece: _Piece) -> Iterator[Sentence]:
    """Yield what may be quoted of a piece, from the start of its text; headings, headers and titles may not."""
    before: Placed | None = None
    for block in piece.blocks:
        units = block.units[1:] if block.kind == "table" and len(block.units) > 1 else block.units
        if block.kind in ("heading", "admonition", "term"):
            units = ()
        label = section_label(block, document.title)
        for number, unit in enumerate(units):
            for span in quotable_spans(document.text, block, unit):
                start = span.start
                if block.kind == "definition" and before and before.kind == "term" and not number:
                    start = before.start if span.end - before.start <= MAX_SENTENCE else start
                if piece.start <= start and span.end <= piece.end and _QUOTABLE.search(document.text, start, span.end):
                    yield Sentence(start - piece.start, span.end - piece.start, label)
        before = block


def section_label(block: Placed, title: str) -> str:
    """Return how a citation names where a block stands: "page 4" or "§ Installation"; "" under the title alone."""
    if block.page is not None:
        return f"page {block.page}"
    heading = block.path[-1] if block.path else ""
    return f"§ {shorten(without_addresses(heading), MAX_TITLE)}" if heading and not _is_title(heading, title) else ""


def _is_title(heading: str, title: str) -> bool:
    return title in (heading, shorten(without_addresses(heading), MAX_TITLE))


def shorten(title: str, limit: int) -> str:
    """Return a title that is cut between words when it is long."""
    return title if len(title) <= limit else title[:limit].rsplit(" ", 1)[0] + "…"
