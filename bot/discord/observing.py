"""What is counted while Discord is served, for whoever counts: outcomes, votes, rebuilds, and how it stands now.

Nothing of it tells a person, a server or a question, so that it can be kept and shown.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from typing import Literal, Protocol, get_args

from bot.answering.answer import NO_QUESTIONS, Answer
from bot.errors import (
    AnswerTimeoutError,
    BusyError,
    DailyCapError,
    TooSoonError,
    WrongChannelError,
    WrongRoleError,
)
from bot.journal.entry import Sending
from index.errors import UnreachableStoreError
from index.schema import Language

Outcome = Literal["answered", "abstained", "talk", "not_allowed", "busy", "timed_out", "unreachable", "failed"]
"""What came of a message: an answer, none in the articles, a courtesy; or no reply of the chain, and why."""

OUTCOMES: tuple[Outcome, ...] = get_args(Outcome)

_WITHOUT_REPLY: dict[type[Exception], Outcome] = {
    BusyError: "busy",
    AnswerTimeoutError: "timed_out",
    UnreachableStoreError: "unreachable",
    TooSoonError: "not_allowed",
    DailyCapError: "not_allowed",
    WrongChannelError: "not_allowed",
    WrongRoleError: "not_allowed",
}


class Observer(Protocol):
    """Is told what happens; called from the event loop, and quick."""

    def asked(self, outcome: Outcome, language: Language, seconds: float) -> None:
        """Somebody asked: what came of it, the language of the reply, and how long the reply took."""

    def voted(self, helpful: bool | None) -> None:
        """Somebody voted, or took the vote back."""

    def rebuilt(self, succeeded: bool) -> None:
        """`/rebuild` came to its end."""


class Unobserved:
    """Counts nothing."""

    def asked(self, outcome: Outcome, language: Language, seconds: float) -> None:
        """Ignore it."""

    def voted(self, helpful: bool | None) -> None:
        """Ignore it."""

    def rebuilt(self, succeeded: bool) -> None:
        """Ignore it."""


@dataclass(frozen=True, slots=True)
class ChatUse:
    """What the chat model was asked since the start."""

    tokens_in: int = 0
    tokens_out: int = 0
    failures: Mapping[str, int] = field(default_factory=dict)  # reason of a `ChatUnavailableError` -> times


@dataclass(frozen=True, slots=True)
class ShardsNow:
    """How the shards stand that this process serves, by their numbers."""

    count: int  # of all, those of other processes included; 0 until Discord said how many it wants
    connected: tuple[int, ...] = ()
    away: tuple[int, ...] = ()  # before their first connection, and while it is restored


@dataclass(frozen=True, slots=True)
class Standing:
    """How the bot stands now."""

    ready: bool  # it knows its servers, and some of its shards are connected
    shards: ShardsNow
    guilds: int
    waiting: int  # questions that wait for their turn
    running: int  # questions that are being answered
    generation: str  # of the index
    index_built: datetime
    documents: int
    chunks: int
    asked: int  # questions since this index was taken up
    known: int  # those of them that were answered from memory
    chat: ChatUse | None = None  # None without CHAT_MODEL
    database: Sending | None = None  # None without DATABASE_URL
    reachable: bool = True  # whether what keeps the index answers


class Awaited(Enum):
    """What a start waits for, before there is a bot that could stand in any way."""

    INDEX = "the index"
    DATABASE = "the database"


def outcome_of(answer: Answer) -> Outcome:
    """Return what an answer counts as."""
    if answer.abstention is None:
        return "answered"
    return "talk" if answer.abstention in NO_QUESTIONS else "abstained"


def outcome_without_reply(error: Exception) -> Outcome:
    """Return what a question counts as that was not answered."""
    return _WITHOUT_REPLY.get(type(error), "failed")
