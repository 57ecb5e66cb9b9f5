"""What the bot remembers of conversations in Discord: in memory, bounded, and forgotten by a restart."""

from collections.abc import Iterable
from dataclasses import dataclass

from bot.answering.conversation import Turn
from bot.bounded import BoundedDict

MAX_REMEMBERED = 5_000
"""Conversations that are remembered, and likewise replies: the latest ones, some 500 bytes each."""


@dataclass(frozen=True, slots=True)
class ConversationKey:
    """Which of the conversations in a channel: everybody's, or one person's own."""

    channel: int
    user: int | None = None  # None: everybody's
    private: bool = False  # only this person sees the answers, and no public answer may show what was asked


@dataclass(frozen=True, slots=True)
class Conversation:
    """What was asked in a conversation, and by whom."""

    turns: tuple[Turn, ...] = ()
    people: frozenset[int] = frozenset()


Anchor = int | ConversationKey
"""What a question can follow up: an answer, by the id of its message, or the conversation that it is asked in."""


class Conversations:
    """The conversations that can be followed up, by their anchors."""

    def __init__(self) -> None:
        """Remember nothing yet."""
        self._by_anchor: BoundedDict[Anchor, Conversation] = BoundedDict(MAX_REMEMBERED)

    def find(self, *anchors: Anchor | None) -> Conversation:
        """Return the conversation of the first anchor that has one; an empty one when none has."""
        for anchor in anchors:
            if anchor is not None and (found := self._by_anchor.get(anchor)) is not None:
                return found
        return Conversation()

    def remember(self, conversation: Conversation, anchors: Iterable[Anchor]) -> None:
        """Let questions that come after any of the anchors follow this conversation up."""
        for anchor in anchors:
            self._by_anchor[anchor] = conversation

    def end(self, key: ConversationKey) -> None:
        """Let the next question begin a new conversation; a reply to an earlier answer still follows that one up."""
        self._by_anchor.pop(key, None)

    def forget(self, user: int) -> None:
        """Forget every conversation in which this user asked."""
        self._by_anchor.delete_where(lambda conversation: user in conversation.people)
