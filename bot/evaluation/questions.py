"""A set of questions whose answers are known, and the file that it comes from, whatever its format.

| format | recognised by |
| --- | --- |
| SQuAD, version 1 or 2 | `.json` with `data` |
| translations of the questions of a SQuAD file, by id | `.json`, an object of lists of `{id, question_translated}` |
| aligned pairs: a question and its passage in both languages | `.json`, a list of `{question_fr, passage_fr, …}` |
| questions about documentation: kind, page, what a useful reply shows | `.json`, a list of `{question, kind, …}` |
| a table of questions | `.csv` or `.jsonl` |
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from index.schema import Language


class Page(NamedTuple):
    """A page that answers a question about documentation, and what a useful reply shows of it."""

    file: str  # relative to the folder of the articles
    must: tuple[str, ...]  # pieces of its text: a useful reply shows all of them


@dataclass(frozen=True, slots=True)
class KnownQuestion:
    """A question, and what a right answer is."""

    id: str  # unique in its set
    text: str
    language: Language
    answerable: bool  # False: the articles do not hold the answer, and the bot should say so
    answers: tuple[str, ...] = ()  # accepted, as they stand in the articles; () when only the source is known
    source: str = ""  # file, title or source of the article that answers; "" when not told
    passage: str = ""  # key of the passage in its set
    article: str = ""  # questions of one article are resampled together, and fall in one fold
    place: str = ""  # in its file: "line 3"
    language_known: bool = True  # False: it was detected, so the reply language proves nothing
    kind: str = ""  # of a question about documentation: "howto", "list", …
    pages: tuple[Page, ...] = ()  # likewise: any of them answers

    @property
    def sources(self) -> tuple[str, ...]:
        """What names the articles that answer: files of pages, or the source; () when only answers are told."""
        return tuple(page.file for page in self.pages) or ((self.source,) if self.source else ())


@dataclass(frozen=True, slots=True)
class QuestionSet:
    """The questions of a file, and the passages that come with them, all in one language."""

    name: str
    file: Path
    questions: tuple[KnownQuestion, ...]
    passages: Mapping[str, str] = field(default_factory=dict)  # key -> text; the keys are names of files
    language: Language | None = None  # of the passages
