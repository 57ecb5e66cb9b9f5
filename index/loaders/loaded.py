"""What loaders return: texts with what their file says of them, and the parts that could not be read."""

from dataclasses import dataclass

from index.schema import Section

MAX_TEXT = 10_000_000
"""Characters that a file may hold. The longest novel of the Guinness book, À la recherche du temps perdu, has 9.6
million."""


class UnreadableError(Exception):
    """A file or a part of it cannot be read; the message goes on after its name: "is encrypted: …"."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """A text; None stands for what the file does not say."""

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

    place: int  # line or page, from 1; 0 for the whole file
    reason: str


Item = Loaded | Fault
