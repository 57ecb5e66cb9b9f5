"""What the bot remembers of a conversation in Discord, in memory and bounded: a restart forgets it."""

from collections.abc import Iterable
from dataclasses import dataclass

from bot.conversation import Turn
from bot.latest import Latest

REMEMBERED = 5_000
"""Conversations and replies kept, the latest; some 500 bytes each."""


@dataclass(frozen=True, slots=True)
class Replied:
    """Where the bot answered a message, and what it read there."""

    question: str
    channel: int
    messages: tuple[int, ...]


class Conversations:
    """What was asked before, by the message, the thread or the private channel that a question follows up."""

    def __init__(self) -> None:
        """Remember nothing yet."""
        self._turns: Latest[int, tuple[int, tuple[Turn, ...]]] = Latest(REMEMBERED)  # -> who asked last, the turns

    def turns(self, *anchors: int | None) -> tuple[Turn, ...]:
        """Return the turns of the first anchor that has some; () when none has."""
        for anchor in anchors:
            if anchor is not None and (found := self._turns.get(anchor)) is not None:
                return found[1]
        return ()

    def remember(self, user: int, turns: tuple[Turn, ...], anchors: Iterable[int]) -> None:
        """Let what comes after any of the anchors follow these turns up."""
        for anchor in anchors:
            self._turns.set(anchor, (user, turns))

    def forget(self, user: int) -> None:
        """Forget the conversations in which this user asked last."""
        self._turns.drop(lambda kept: kept[0] == user)
