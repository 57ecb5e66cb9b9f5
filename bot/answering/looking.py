"""Search and read one wording of a question, and take the surest of several."""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever

from bot.answering.answer import Reading
from bot.answering.parts import joined, parts
from bot.answering.understanding import MAX_QUESTION
from index.schema import Language, SearchHit

NOTHING_READ = Reading((), confidence=0.0, threshold=0.0)


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


NOTHING_FOUND = Look()


class Looker:
    """Looks for an answer."""

    def __init__(self, retriever: BaseRetriever, reader: Reader) -> None:
        """Search with one and read with the other; see `bot.answering.chain.build_chain`."""
        self._retriever = retriever
        self._reader = reader

    def search(self, words: str, language: Language) -> Look:
        """Return what the search finds."""
        return Look(words, self._find(words, language))

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
        documents: list[Document] = self._retriever.invoke(words, language=language)
        return tuple(document.metadata["hit"] for document in documents)


def surest(looks: Sequence[Look]) -> Look:
    """Return the look that answers and is farthest above its threshold; the first where none is farther, or answers."""
    return max(looks, key=lambda look: look.reading.confidence - look.reading.threshold if look.reading.answers else -1)
