"""What a loader gives: texts with what the file says of them, and the parts that could not be read."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from index.blocks import Block

MAX_TEXT = 10_000_000
"""Characters of one file that are read. The longest novel of the Guinness book, À la recherche du temps perdu, has
9.6 million."""


class UnreadableError(Exception):
    """A file, or a part of it, cannot be read; the message follows its name: "is encrypted: …"."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """One text as blocks; what the file does not say is None."""

    blocks: tuple[Block, ...]
    title: str | None = None
    language: str | None = None  # as declared: "fr", "fr-CA", "English"
    source: str | None = None
    date: str | None = None
    line: int | None = None  # where it starts, in a file that holds many
    is_pair: bool = False  # its title is a question, which all of it answers
    left_out: Mapping[str, int] = field(default_factory=dict)  # "comments", "hidden texts", … -> how many

    @property
    def says_something(self) -> bool:
        """Whether a block holds a letter or a digit."""
        return any(
            c.isalnum()
            for b in self.blocks
            for part in (b.text, *(cell for row in b.rows for cell in row))
            for c in part
        )

    @property
    def length(self) -> int:
        """How many characters its blocks hold."""
        return sum(len(b.text) + sum(len(cell) for row in b.rows for cell in row) for b in self.blocks)


@dataclass(frozen=True, slots=True)
class Fault:
    """A part that could not be read, in a file that otherwise could."""

    place: int  # line or page, from 1; 0 for all of the file
    reason: str


Item = Loaded | Fault
