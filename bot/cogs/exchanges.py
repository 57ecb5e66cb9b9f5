"""What the bot remembers of a conversation in Discord, in memory and bounded: a restart forgets it."""

from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Generic, TypeVar

from bot.conversation import Turn

K = TypeVar("K")
V = TypeVar("V")

REMEMBERED = 5_000
"""Conversations and replies kept, the latest; some 500 bytes each."""


class Latest(Generic[K, V]):
    """A mapping that forgets what was set longest ago."""

    def __init__(self, size: int = REMEMBERED) -> None:
        """Keep `size` entries."""
        self._size = size
        self._entries: OrderedDict[K, V] = OrderedDict()

    def get(self, key: K) -> V | None:
        """Return what was set, while it is remembered."""
        return self._entries.get(key)

    def set(self, key: K, value: V) -> None:
        """Remember `value` from now on."""
        self._entries[key] = value
        self._entries.move_to_end(key)
        if len(self._entries) > self._size:
            self._entries.popitem(last=False)

    def drop(self, unwanted: Callable[[V], bool]) -> None:
        """Forget every value that is not wanted."""
        for key in [key for key, value in self._entries.items() if unwanted(value)]:
            del self._entries[key]

    def pop(self, key: K) -> V | None:
        """Forget and return what was set."""
        return self._entries.pop(key, None)


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
        self._turns: Latest[int, tuple[int, tuple[Turn, ...]]] = Latest()  # -> who asked last, the turns

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
