"""Where the quotes of an answer come from: one source a document, with its sections, its date and its age."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from bot.answering.answer import Citation
from bot.answering.dates import is_old, of_date
from bot.messages import say
from index.schema import Language


@dataclass(frozen=True, slots=True)
class Source:
    """A document that an answer quotes."""

    title: str
    source: str
    language: Language  # of the quotes
    date: str | None
    markers: tuple[int, ...]
    sections: tuple[str, ...]  # in the order of the quotes; () when it has no such parts

    @property
    def marks(self) -> str:
        """The markers of its quotes, "[1][2]"."""
        return "".join(f"[{marker}]" for marker in self.markers)

    @property
    def place(self) -> str:
        """The title, and the sections that are quoted."""
        return ", ".join((self.title, *self.sections))

    def remarks(self, language: Language, old_before: datetime.date | None) -> str:
        """Return what a reader should know of it, in brackets: its date, that it is old, its language; "" if nothing.

        Args:
            language: of the reply.
            old_before: the first day whose documents are not old; None when none is.
        """
        remarks = []
        if self.date:
            dated = of_date(self.date, language)
            remarks.append(say("old", language, dated=dated) if is_old(self.date, old_before) else dated)
        if self.language != language:
            remarks.append(say("in_fr" if self.language == "fr" else "in_en", language))
        return f" ({', '.join(remarks)})" if remarks else ""


def sources_of(citations: Iterable[Citation]) -> list[Source]:
    """Return each document that is quoted, in the order of the quotes."""
    together: dict[tuple[str, str, Language, str | None], list[Citation]] = {}
    for c in citations:
        together.setdefault((c.title, c.source, c.language, c.date), []).append(c)
    return [
        Source(*shared, tuple(c.marker for c in quotes), tuple(dict.fromkeys(c.section for c in quotes if c.section)))
        for shared, quotes in together.items()
    ]
