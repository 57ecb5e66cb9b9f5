"""Hand-made hits, and stand-ins for the parts around the one under test."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from bot.answering.answer import Answer, Citation, Question, Reading
from index.schema import Chunk, Language, SearchHit, Sentence
from index.sentences import split_sentences

FRENCH = (
    "L’œuvre «\u00a0Où naît l’été\u00a0» a coûté 1\u202f200\u00a0$\u00a0; c’est peu. "
    "Le musée de Trois-Rivières l’a achetée en 1998. "
    "M.\u00a0Lévesque en garde la clé\u202f!"
)
RECORD_KEYS = (
    "question understood language answer more abstained confidence reader checks citations translations generation "
    "timings_ms"
).split()
"""Of an answer under `--json`, in the order of docs/cli.md."""

ENGLISH = "The ferry leaves Lévis at noon. It takes twelve minutes. Dogs travel free, don’t they?"


def make_chunk(
    text: str,
    document: str = "musee.md",
    title: str = "Le musée",
    source: str = "Gazette, 1998",
    language: Language = "fr",
    ordinal: int = 0,
) -> Chunk:
    sentences = tuple(Sentence(start, end) for start, end in split_sentences(text))
    return Chunk(f"{document}#{ordinal}", document, title, source, language, 0, len(text), text, sentences)


def make_hit(
    chunk: Chunk,
    rank: int = 1,
    score: float = 1.5,
    sentence_dense: Sequence[float] | None = None,
    sentence_overlap: Sequence[float] | None = None,
) -> SearchHit:
    count = len(chunk.sentences)
    return SearchHit(
        chunk=chunk,
        rank=rank,
        score=score,
        dense=0.8,
        lexical=0.25,
        overlap=0.5,
        sentence_dense=tuple(sentence_dense or (0.9 - 0.1 * i for i in range(count))),
        sentence_overlap=tuple(sentence_overlap or (0.0,) * count),
        matched=("muse", "achet"),
    )


def cite(chunk: Chunk, position: int = 0, marker: int = 1) -> Citation:
    """Return a true citation of one sentence of `chunk`."""
    sentence = chunk.sentences[position]
    quote = chunk.text[sentence.start : sentence.end]
    return Citation(
        marker, chunk.title, chunk.source, quote, chunk.language, chunk.id, sentence.start, sentence.end, 0.87654
    )


@dataclass
class FixedSearch:
    """Finds the same hits whatever the question, and remembers what it was asked."""

    hits: tuple[SearchHit, ...]
    asked: list[str] = field(default_factory=list)

    def __call__(self, words: str, language: Language) -> tuple[SearchHit, ...]:
        self.asked.append(words)
        return self.hits


@dataclass
class ScriptedChain:
    """Answers as the test wrote."""

    script: Callable[[Question], Answer]

    def invoke(self, question: Question, /) -> Answer:
        return self.script(question)


@dataclass
class ScriptedReader:
    """Says what the test wrote, and remembers what it was asked."""

    script: Callable[[Sequence[SearchHit]], Reading]
    asked: list[tuple[str, Language]] = field(default_factory=list)
    name: str = "scripted"

    def read(self, question: str, language: Language, hits: Sequence[SearchHit]) -> Reading:
        self.asked.append((question, language))
        return self.script(hits)


def says(*citations: Citation, confidence: float = 0.9, threshold: float = 0.5) -> ScriptedReader:
    """Return a reader that always gives these citations."""
    return ScriptedReader(lambda hits: Reading(citations, confidence, threshold))
