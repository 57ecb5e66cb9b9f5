"""Search and read one wording of a question, and take the surest of several."""

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from bot.answering.answer import Reading
from bot.answering.citations import chunks_read
from bot.answering.parts import joined, parts
from bot.answering.understanding import MAX_QUESTION
from index.chunking import text_under_headings
from index.schema import Language, SearchHit
from index.text import content_words, stems
from index.text import words as folded_words

Find = Callable[[str, Language], Sequence[SearchHit]]
"""A search: words, and the language they are in, to the hits, best first."""

NOTHING_READ = Reading((), confidence=0.0, threshold=0.0)

_OF_MEANING = frozenset(
    "abbreviation abreviation acronym acronyme define definition definir designe dire mean meaning means sens short "
    "signification signifie sigle stand stands veut".split()
)
"""Words of a question that asks what another word means."""

_OF_MORE = frozenset("combien comment how ou pourquoi quand qui when where who whom whose why".split())
"""Words of a question that asks for more than that."""


class Reader(Protocol):
    """Turns hits into quotes and a confidence."""

    @property
    def name(self) -> str:
        """Shown to people: "span" or "similarity"."""
        ...

    def read(self, question: str, language: Language, hits: Sequence[SearchHit]) -> Reading:
        """Return what the hits say; `language` is that of the question."""
        ...


@dataclass(frozen=True, slots=True)
class Look:
    """What a search, and then a reader, made of one wording of a question."""

    words: str = ""
    hits: tuple[SearchHit, ...] = ()
    reading: Reading = NOTHING_READ
    is_partial: bool = False  # the quotes answer some of the questions of the message, and not all
    has_other_forms: bool = False  # the wording has other forms of house words than the question


NOTHING_FOUND = Look()


class Looker:
    """Looks for an answer."""

    def __init__(self, find: Find, reader: Reader) -> None:
        """Search with one and read with the other."""
        self._search = find
        self._reader = reader

    def search(self, words: str, language: Language, has_other_forms: bool = False) -> Look:
        """Return what the search finds."""
        return Look(words, self._find(words, language), has_other_forms=has_other_forms)

    def read(self, look: Look, language: Language) -> Look:
        """Return what was found with what the reader makes of it.

        Of a message that asks several questions each is read; their quotes take the place of what answers one of them.
        A passage of several blocks is kept: it may answer them all.
        """
        whole = self._reader.read(look.words, language, look.hits)
        look = replace(look, reading=whole)
        questions = parts(look.words, language, MAX_QUESTION)
        if not questions or (whole.answers and any("\n" in citation.quote for citation in whole.citations)):
            return look
        found = [self._find(question, language) for question in questions]
        readings = [
            self._reader.read(question, language, hits) for question, hits in zip(questions, found, strict=True)
        ]
        if (reading := joined(readings)) is None:
            return look
        hits = {hit.chunk.id: hit for hit in itertools.chain(*found, look.hits)}
        is_partial = not all(one.answers for one in readings)
        return replace(look, reading=reading, hits=tuple(hits.values()), is_partial=is_partial)

    def _find(self, words: str, language: Language) -> tuple[SearchHit, ...]:
        return tuple(self._search(words, language))


def surest(looks: Sequence[Look]) -> Look:
    """Return the look that answers and is farthest above its threshold; the first where none is farther, or answers.

    What is quoted for a wording with other forms of house words has to hold these, or to stand beside them: else it
    answers something else. Where nothing is asked but what the words mean, a quote that tells them all is the answer.

    Args:
        looks: the question as it was asked, then its other wordings.
    """
    own, *others = looks
    fitting = [look for look in others if not look.has_other_forms or _fits(look, own)]
    return max([own, *fitting], key=lambda look: _margin(look.reading))


def _fits(look: Look, own: Look) -> bool:
    """Whether a wording with other forms may be taken."""
    return _holds_new_words(look, own.words) and not _tells_meaning(own, look.words)


def _margin(reading: Reading) -> float:
    return reading.confidence - reading.threshold if reading.answers else -1.0


def _holds_new_words(look: Look, asked: str) -> bool:
    """Whether a passage that is quoted holds what is in this wording and not in what was asked."""
    passages = chunks_read(look.hits)
    quoted = [passages[citation.chunk_id] for citation in look.reading.citations if citation.chunk_id in passages]
    return any(_holds(text_under_headings(chunk), look.words, asked, chunk.language) for chunk in quoted)


def _tells_meaning(own: Look, words: str) -> bool:
    """Whether it is asked what is worded otherwise here, and nothing else, and a quote tells it."""
    asks_for_it = _common(own.words, words) <= _OF_MEANING and _OF_MORE.isdisjoint(folded_words(own.words))
    return (
        own.reading.answers
        and asks_for_it
        and any(_holds(citation.quote, words, own.words, citation.language) for citation in own.reading.citations)
    )


def _common(one: str, other: str) -> set[str]:
    """Return the words of both that do more than bind a sentence together, in whichever language it is."""
    both = set(content_words(one, "fr")) & set(content_words(one, "en"))
    return both.intersection(content_words(other, "fr"))


def _holds(text: str, words: str, asked: str, language: Language) -> bool:
    """Whether a text holds what is in one wording and not in another."""
    return set(stems(words, language)) <= {*stems(asked, language), *stems(text, language)}
