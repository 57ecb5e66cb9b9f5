"""What the bot remembers of a conversation in Discord, in memory and bounded: a restart forgets it."""

from collections.abc import Iterable
from dataclasses import dataclass

from bot.answering.conversation import Turn
from bot.bounded import BoundedDict

REMEMBERED = 5_000
"""Conversations and replies kept, the latest; some 500 bytes each."""


@dataclass(frozen=True, slots=True)
class Replied:
    """Where the bot answered a message, and what it read there."""

    question: str
    channel: int
    messages: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Strand:
    """One conversation among those of a channel: everybody's, or one person's own."""

    channel: int
    user: int | None = None  # None: everybody's
    private: bool = False  # answers for this person alone, whose words no public answer may show


@dataclass(frozen=True, slots=True)
class Talk:
    """What was asked in a conversation, and by whom."""

    turns: tuple[Turn, ...] = ()
    people: frozenset[int] = frozenset()


Anchor = int | Strand  # an answer, by the number of its message, or a strand


class Conversations:
    """What was asked before, by the answer or the strand that a question follows up."""

    def __init__(self) -> None:
        """Remember nothing yet."""
        self._talks: BoundedDict[Anchor, Talk] = BoundedDict(REMEMBERED)

    def find(self, *anchors: Anchor | None) -> Talk:
        """Return the talk of the first anchor that has one; an empty one when none has."""
        for anchor in anchors:
            if anchor is not None and (found := self._talks.get(anchor)) is not None:
                return found
        return Talk()

    def remember(self, talk: Talk, anchors: Iterable[Anchor]) -> None:
        """Let what comes after any of the anchors follow this talk up."""
        for anchor in anchors:
            self._talks[anchor] = talk

    def end(self, strand: Strand) -> None:
        """Let the next question of a strand begin a conversation."""
        self._talks.pop(strand, None)

    def forget(self, user: int) -> None:
        """Forget the conversations in which this user asked."""
        self._talks.delete_where(lambda talk: user in talk.people)
