"""Answers that were given lately, so that a question which is asked again is not searched and read again."""

import threading
import unicodedata
from dataclasses import dataclass

from bot.answering.answer import Answer
from bot.answering.conversation import Turn
from bot.answering.understanding import Languages
from bot.bounded import BoundedDict

MAX_ANSWERS = 500
"""Answers kept, those asked for last. With the passages that were read they take 14 MB over PIAF, 28 kB each."""


@dataclass(frozen=True, slots=True)
class CacheKey:
    """All that an answer depends on, over one index and with one reader."""

    words: str  # of the question, completed from the history: see `same_words`
    languages: Languages
    was_cut: bool
    history: tuple[Turn, ...]  # that a follow-up was completed from; () when the question stands alone
    least: float = 0.0  # confidence that was asked for


@dataclass(frozen=True, slots=True)
class CacheStats:
    """How often the cache was asked for an answer, and had it."""

    asked: int
    hits: int

    @property
    def hit_rate(self) -> float:
        """The share of hits, 0 to 1."""
        return self.hits / self.asked if self.asked else 0.0


class AnswerCache:
    """A bounded number of answers of one chain; safe to use from several threads."""

    def __init__(self, size: int = MAX_ANSWERS) -> None:
        """Keep `size` answers."""
        self._answers: BoundedDict[CacheKey, Answer] = BoundedDict(size)
        self._asked = self._hits = 0
        self._lock = threading.Lock()

    @property
    def stats(self) -> CacheStats:
        """How often it was asked, and had the answer, since it was made."""
        with self._lock:
            return CacheStats(self._asked, self._hits)

    def get(self, key: CacheKey) -> Answer | None:
        """Return the answer that was kept, while it is."""
        with self._lock:
            self._asked += 1
            if (answer := self._answers.get(key)) is not None:
                self._hits += 1
                self._answers[key] = answer  # what is asked often stays
            return answer

    def keep(self, key: CacheKey, answer: Answer) -> None:
        """Keep an answer; it is for the caller to know that it is complete."""
        with self._lock:
            self._answers[key] = answer


def same_words(question: str) -> str:
    """Return the question in the form in which two that differ by code points and spaces alone are one.

    The case stays: of 400 questions of PIAF and SQuAD 2, 42 get another answer in small letters, and 91 in capitals,
    for the encoder and the rules for names see it. None does with no-break or double spaces, or with accents apart.
    """
    return " ".join(unicodedata.normalize("NFKC", question).split())
