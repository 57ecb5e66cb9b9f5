"""What is known of one question that was asked, and what each journal can do."""

import hashlib
import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal, NamedTuple, Protocol, Self

from bot.answering.answer import Abstention, Answer, Question
from index.schema import Language

DAY_SECONDS = 86_400


class Cited(NamedTuple):
    """An article that an answer quoted, as it was then."""

    document: str  # its id
    title: str
    source: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One question without its text, its server and who asked it."""

    number: int
    asked: datetime  # UTC
    asker: int  # from 0: tells in one list which questions come from one person, and is another in the next
    language: Language  # of the reply
    abstention: Abstention | None  # None when there was an answer
    cited: frozenset[Cited]
    latency_ms: float
    up: int  # votes
    down: int


@dataclass(frozen=True, slots=True)
class Unanswered:
    """A question that the articles did not answer, or not well."""

    entry: int
    question: str
    language: Language  # of the reply
    asked: datetime  # UTC
    reason: Literal["no_evidence", "unhelpful"]  # nothing was found, or there are more votes down than up


@dataclass(frozen=True, slots=True)
class Sending:
    """How a journal stands with the database that has its rows."""

    answers: bool  # the database, when it was last asked
    unsent: int  # rows that wait for it on this machine


class JournalKeeper(Protocol):
    """Keeps which questions were asked; safe to use from several threads and from several processes.

    `bot.journal.journal` does in a file, and its docstrings say the rest; `bot.journal.postgres` on a server. Each
    method raises a `JournalError` where it cannot.
    """

    def __enter__(self) -> Self: ...

    def __exit__(self, *_: object) -> None: ...

    @property
    def sending(self) -> Sending | None:
        """How it stands with its database; None where it is a file."""
        ...

    def close(self) -> None:
        """Close it; what was recorded is safe, also where this is not called."""
        ...

    def record(
        self, answer: Answer, *, user: int, guild: int | None, latency_ms: float, private: bool = False
    ) -> int | None:
        """Record one answer, and return the number of its entry; None where it has none yet."""
        ...

    def question(self, entry: int, guild: int | None = None, user: int | None = None) -> Question | None:
        """Return the question of an entry, to be answered again; None when the entry is gone, or asked elsewhere."""
        ...

    def rate(self, entry: int, *, user: int, helpful: bool | None) -> bool:
        """Keep the vote of one user, or take it back; return whether the entry is there."""
        ...

    def votes(self, entry: int) -> tuple[int, int]:
        """Return how many users found the answer helpful, and how many did not."""
        ...

    def unanswered(
        self, guild: int | None = None, since: datetime | None = None, *, private: bool = True
    ) -> list[Unanswered]:
        """Return the questions that found no evidence or have more votes down than up, oldest first."""
        ...

    def entries(self, since: datetime, guild: int | None = None) -> list[Entry]:
        """Return what is kept of each question but its text, oldest first."""
        ...

    def forget(self, user: int) -> int:
        """Erase the questions and the votes of a user, and return how many there were."""
        ...

    def prune(self) -> int:
        """Erase the questions that are too old and their votes, and return how many questions there were."""
        ...


def pseudonym(secret: bytes, user: int) -> bytes:
    """Return the name under which a user is kept."""
    return hmac.digest(secret, str(user).encode(), hashlib.sha256)


def cited_places(answer: Answer) -> list[dict[str, object]]:
    """Return where the quotes of an answer stand, as they are kept."""
    return [
        {"title": c.title, "source": c.source, "chunk_id": c.chunk_id, "start": c.start, "end": c.end}
        for c in answer.citations
    ]


def cited_articles(places: Sequence[Mapping[str, Any]]) -> frozenset[Cited]:
    """Return the articles of the quotes."""
    return frozenset(Cited(c["chunk_id"].rpartition("#")[0], c["title"], c["source"]) for c in places)


def unanswered_of(row: Sequence[Any]) -> Unanswered:
    """Return what a row tells: number, question, language, seconds since 1970, reason."""
    entry, question, language, asked, reason = row
    return Unanswered(entry, question, language, datetime.fromtimestamp(asked, UTC), reason)
