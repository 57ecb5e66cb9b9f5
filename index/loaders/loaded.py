"""What a loader gives: texts with what the file says of them, and the parts that could not be read."""

from dataclasses import dataclass

from index.schema import Section

MAX_TEXT = 10_000_000
"""Characters of one file that are read. The longest novel of the Guinness book, À la recherche du temps perdu, has
9.6 million."""


class UnreadableError(Exception):
    """A file, or a part of it, cannot be read; the message follows its name: "is encrypted: …"."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """One text; what the file does not say is None."""

    text: str
    title: str | None = None
    language: str | None = None  # as declared: "fr", "fr-CA", "English"
    source: str | None = None
    date: str | None = None
    sections: tuple[Section, ...] = ()
    line: int | None = None  # where it starts, in a file that holds many


@dataclass(frozen=True, slots=True)
class Fault:
    """A part that could not be read, in a file that otherwise could."""

    at: int  # line or page, from 1; 0 for all of the file
    reason: str


Item = Loaded | Fault
