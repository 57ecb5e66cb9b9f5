"""Cut documents into chunks of whole sentences: the unit that is embedded and found."""

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator

from index.schema import Chunk, Document, Language, Sentence
from index.sentences import Span, split_sentences

TARGET_CHARS = 800
"""Size up to which short paragraphs are joined. The median paragraph has 674 characters in PIAF and 743 in SQuAD 2, on
which the fusion weights were fitted."""

MAX_CHARS = 1500
"""Size of the longest chunk: about 400 tokens of French, so the encoder (512 tokens) reads all of it and its title."""

_HEADING = re.compile(r"#{1,6}[ \t]")
_QUOTABLE = re.compile(r"\w.*\w", re.DOTALL)  # a fence, a rule or a bullet alone says nothing


def chunk_document(document: Document, detect: Callable[[str, Language], Language]) -> list[Chunk]:
    """Return the chunks of `document` in order; every sentence is in exactly one.

    Args:
        document: what to cut.
        detect: text and fallback to language; a document may mix both languages.
    """
    starts = [section.start for section in document.sections]

    def section_of(sentence: Span) -> str:
        opened = bisect_right(starts, sentence.start)
        return document.sections[opened - 1].label if opened else ""

    groups = _group(document.text, section_of)
    return [_chunk(document, ordinal, spans, section_of, detect) for ordinal, spans in enumerate(groups)]


def embedding_text(chunk: Chunk) -> str:
    """Return what is embedded for `chunk`: its text, below its title unless the text opens with it."""
    return _with_title(chunk.title, chunk.text)


def sentence_text(chunk: Chunk, sentence: Sentence) -> str:
    """Return what is embedded for a sentence; the title above it says what its pronouns stand for."""
    return _with_title(chunk.title, chunk.text[sentence.start : sentence.end])


def _with_title(title: str, text: str) -> str:
    opening = text.lstrip("# \t")
    return text if opening.startswith(title.removesuffix("…")) else f"{title}\n{text}"


def _chunk(
    document: Document,
    ordinal: int,
    spans: list[Span],
    section_of: Callable[[Span], str],
    detect: Callable[[str, Language], Language],
) -> Chunk:
    start, end = spans[0].start, spans[-1].end
    text = document.text[start:end]
    quotable = [s for s in spans if _is_quotable(document.text[s.start : s.end])]
    return Chunk(
        id=f"{document.id}#{ordinal}",
        document_id=document.id,
        title=document.title,
        source=document.source,
        language=detect(text, document.language),
        start=start,
        end=end,
        text=text,
        sentences=tuple(Sentence(s.start - start, s.end - start, section_of(s)) for s in quotable),
        date=document.date,
    )


def _is_quotable(sentence: str) -> bool:
    return _HEADING.match(sentence) is None and _QUOTABLE.search(sentence) is not None


def _group(text: str, section_of: Callable[[Span], str]) -> Iterator[list[Span]]:
    """Join paragraphs up to `TARGET_CHARS`, and cut a longer one so that no chunk exceeds `MAX_CHARS`.

    A heading starts a new chunk; so does a new page, if the chunk before it has reached half of the target.
    """
    gathered: list[Span] = []
    for paragraph in _paragraphs(text):
        opens_section = _HEADING.match(text, paragraph[0].start) is not None
        only_headings = all(_HEADING.match(text, s.start) for s in gathered)
        too_long = gathered and paragraph[-1].end - gathered[0].start > TARGET_CHARS
        if gathered and not only_headings and (opens_section or too_long):
            yield gathered
            gathered = []
        for sentence in paragraph:
            is_half_full = gathered and gathered[-1].end - gathered[0].start >= TARGET_CHARS // 2
            turns_page = is_half_full and section_of(sentence) != section_of(gathered[-1])
            if gathered and (turns_page or sentence.end - gathered[0].start > MAX_CHARS):
                yield gathered
                gathered = []
            gathered.append(sentence)
    if gathered:
        yield gathered


def _paragraphs(text: str) -> Iterator[list[Span]]:
    """Group the sentences of each paragraph; a single line break inside running text ends none."""
    paragraph: list[Span] = []
    for sentence in split_sentences(text):
        if paragraph:
            between = text[paragraph[-1].end : sentence.start]
            ends = "\n" in between and (between.count("\n") > 1 or _HEADING.match(text, sentence.start))
            if ends or _HEADING.match(text, paragraph[-1].start):
                yield paragraph
                paragraph = []
        paragraph.append(sentence)
    if paragraph:
        yield paragraph
