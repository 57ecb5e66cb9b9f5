"""What a right answer is: where it stands in the index, whether a quote holds it, whether a reply is of use."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from bot.errors import EvaluationError
from bot.evaluation.questions import KnownQuestion, QuestionSet
from index.generations import Store
from index.schema import Chunk, Language, SearchHit

_ARTICLES: dict[Language, frozenset[str]] = {
    "fr": frozenset("le la les l du des au aux un une".split()),
    "en": frozenset("a an the".split()),
}
"""Words that exact match and token F1 ignore: those of SQuAD's own evaluation, and of FQuAD's (d'Hoffschmidt et al.
2020) for French."""


MAX_REPLY = 3_000
"""Characters of a useful reply: who asks how to do one thing does not read more."""

_MARKUP = re.compile(r"[*_`>]+|\[\d+\]")
"""Marks of emphasis, code and quotes, and the `[n]` of a citation."""


@dataclass(frozen=True, slots=True)
class Relevant:
    """What a search should find for one question."""

    by: Literal["document", "chunk"]  # what the keys name, and what is ranked
    keys: frozenset[str]  # empty when the index does not hold the answer
    language: Language | None  # of what should be found, when it is all in one
    text: str = ""  # one passage that should be found; "" when there is none

    def ranked(self, hits: Sequence[SearchHit]) -> list[bool]:
        """Return whether the result at rank 1, 2, … is relevant; a document counts once, at its best chunk."""
        found = dict.fromkeys(self._key(hit.chunk) for hit in hits)
        return [key in self.keys for key in found]

    def holds(self, chunk: Chunk) -> bool:
        """Whether the chunk is one that should be found, or of a document that should."""
        return self._key(chunk) in self.keys

    def _key(self, chunk: Chunk) -> str:
        return chunk.document_id if self.by == "document" else chunk.id


def in_passages(questions: QuestionSet) -> list[Relevant]:
    """Return what each question should find when the passages of its set are indexed: its own passage."""
    return [
        Relevant("document", frozenset({q.passage}), questions.language, questions.passages[q.passage])
        if q.answerable
        else Relevant("document", frozenset(), questions.language)
        for q in questions.questions
    ]


@dataclass(slots=True)
class _Standing:
    """Where a source or an answer stands in the index."""

    keys: set[str] = field(default_factory=set)
    languages: set[Language] = field(default_factory=set)
    text: str = ""

    def add(self, key: str, chunk: Chunk) -> None:
        self.keys.add(key)
        self.languages.add(chunk.language)
        self.text = self.text or chunk.text


def in_index(questions: QuestionSet, store: Store) -> list[Relevant]:
    """Return what each question should find in an index: its source if it names one, else the chunks with its answer.

    Raises:
        EvaluationError: a source is not in the index, or a question tells neither an answer nor a source.
    """
    sources, answers = _look_through(store, questions.questions)
    found = []
    for q in questions.questions:
        for name in q.sources:
            if not sources[plain(name)].keys:
                raise EvaluationError(
                    f"{questions.file}, {q.place}: no article of the index has the file, title or source {name!r}"
                )
        if q.answerable and not q.sources and not q.answers:
            raise EvaluationError(
                f"{questions.file}: tells no answers, only passages, which `babillard eval --contexts` indexes"
            )
        standing = [sources[plain(name)] for name in q.sources] or [answers[plain(answer)] for answer in q.answers]
        languages = set().union(*(one.languages for one in standing))
        found.append(
            Relevant(
                by="document" if q.sources else "chunk",
                keys=frozenset().union(*(one.keys for one in standing)),
                language=languages.pop() if len(languages) == 1 else None,
                text=next((one.text for one in standing if one.text), ""),
            )
        )
    return found


def _look_through(
    store: Store, questions: Sequence[KnownQuestion]
) -> tuple[Mapping[str, _Standing], Mapping[str, _Standing]]:
    """Return where each source stands, by document, and each answer of the questions without one, by chunk."""
    sources = {plain(name): _Standing() for q in questions for name in q.sources}
    answers = {plain(answer): _Standing() for q in questions if not q.sources for answer in q.answers}
    for row in range(store.manifest.chunks):
        chunk = store.chunk(row)
        file = chunk.document_id.rsplit("#", 1)[0]
        for name in {plain(name) for name in (chunk.document_id, file, chunk.title, chunk.source)} & sources.keys():
            sources[name].add(chunk.document_id, chunk)
        text = plain(chunk.text)
        for answer, standing in answers.items():
            if _stands_in(answer, text):
                standing.add(chunk.id, chunk)
    return sources, answers


def holds_one(answers: Iterable[str], text: str) -> bool:
    """Whether `text` holds one of the answers, whatever the case, the spaces and the apostrophes."""
    bare = plain(text)
    return any(_stands_in(plain(answer), bare) for answer in answers)


def _stands_in(answer: str, text: str) -> bool:
    """Whether the answer stands in the text, and not as a part of a longer number or word."""
    return answer in text and re.search(rf"(?<!\w){re.escape(answer)}(?!\w)", text) is not None


def plain(text: str) -> str:
    """Return the text with case, spaces, apostrophes and ligatures made alike."""
    return re.sub(r"\s+", " ", unicodedata.normalize("NFKC", text).replace("’", "'")).strip().casefold()


def is_useful(question: KnownQuestion, reply: str) -> bool:
    """Whether the reply shows all that the asker needs, and is short enough to be read: `MAX_REPLY` characters."""
    return len(reply) <= MAX_REPLY and shows(question, reply)


def shows(question: KnownQuestion, text: str) -> bool:
    """Whether the text shows every `must` of one of the pages that answer, whatever the spaces and the markup."""
    shown = _without_markup(text)
    return any(all(_without_markup(must) in shown for must in page.must) for page in question.pages)


def _without_markup(text: str) -> str:
    return plain(_MARKUP.sub("", text))


def exact_match(question: KnownQuestion, quote: str, language: Language) -> float:
    """Return 1 when the quote is one of the answers, up to case, punctuation and articles (Rajpurkar et al. 2016)."""
    return float(_tokens(quote, language) in [_tokens(answer, language) for answer in question.answers])


def token_f1(question: KnownQuestion, quote: str, language: Language) -> float:
    """Return the F1 of the words that quote and answer share, for the nearest answer (Rajpurkar et al. 2016)."""
    return max((_f1(_tokens(quote, language), _tokens(answer, language)) for answer in question.answers), default=0.0)


def _f1(said: list[str], wanted: list[str]) -> float:
    if not said or not wanted:
        return float(said == wanted)
    shared = (Counter(said) & Counter(wanted)).total()
    return 2 * shared / (len(said) + len(wanted))


def _tokens(text: str, language: Language) -> list[str]:
    return [word for word in re.findall(r"\w+", plain(text)) if word not in _ARTICLES[language]]
