"""What the chain asks of a chat model, which is the part that may be missing."""

from collections.abc import Sequence
from typing import Protocol

from bot.answering.answer import Citation, Question, Written
from index.schema import Language, SearchHit

NOTHING_WRITTEN = Written()


class Writing(Protocol):
    """What a chat model does for one question, within its time and its budget."""

    @property
    def name(self) -> str:
        """The model, `provider:model`."""
        ...

    def standalone(self, question: str, earlier: Sequence[str], language: Language, limit: int) -> str | None:
        """Return a follow-up in words that stand alone, or None for the rules."""
        ...

    def write(self, question: str, language: Language, hits: Sequence[SearchHit]) -> Written:
        """Return a text in `language` that passed every check, or what failed; a fault of the model does not raise."""
        ...

    def stand_ins(self, citations: Sequence[Citation], hits: Sequence[SearchHit]) -> list[Citation]:
        """Return the citations that may be shown in place of a text that failed."""
        ...


class Writer(Protocol):
    """Lets a chat model write."""

    def begin(self, question: Question) -> Writing:
        """Start the clock of one question."""
        ...
