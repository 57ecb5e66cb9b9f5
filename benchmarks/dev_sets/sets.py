"""Read PIAF (French) and SQuAD 2 (English), their translated questions, Debian's FAQ, and YunoHost's documentation."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks.dev_sets.tiny import SEEDS, write_tiny_documentation, write_tiny_sets
from bot.evaluation.datasets import load_questions
from bot.evaluation.gold import holds_one
from bot.evaluation.questions import QuestionSet
from index.schema import Language

SHARED = Path(__file__).parents[3] / "shared"
DATA = SHARED / "data"
DOCUMENTATION = SHARED / "docs" / "yunohost"


@dataclass(frozen=True, slots=True)
class Asked:
    """A question whose answer stands in one paragraph, or in none."""

    id: str  # a translated question has the id of the original
    text: str
    language: Language
    paragraph: str  # id of the document that holds it
    article: int
    answers: tuple[str, ...]  # empty when the paragraph does not answer

    def is_answered_by(self, text: str) -> bool:
        """Whether `text` holds one of the gold answers, whatever the case, the spaces and the apostrophes."""
        return holds_one(self.answers, text)


@dataclass(frozen=True, slots=True)
class DevSet:
    """The paragraphs and the questions of one file."""

    name: str
    language: Language
    paragraphs: dict[str, str]  # document id -> text
    articles: dict[str, int]  # document id -> article
    questions: tuple[Asked, ...]
    translated: tuple[Asked, ...]  # some of the same questions, in the other language

    @property
    def answerable(self) -> list[Asked]:
        """The questions that a paragraph answers."""
        return [q for q in self.questions if q.answers]


@contextmanager
def question_files(quick: bool = False, data: Path = DATA) -> Iterator[list[Path]]:
    """Give the files of PIAF, SQuAD 2 and their translated questions; if `quick`, of tiny sets that are deleted after.

    Raises:
        SystemExit: the development sets are not there.
    """
    if quick:
        with TemporaryDirectory() as folder:
            yield write_tiny_sets(Path(folder))
    elif data.is_dir():
        yield [data / f"{name}.json" for name in ("piaf-1.1.fr.dev", "squad-2.0.en.dev", "crosslingual.dev")]
    else:
        raise SystemExit(f"The development sets, which are no part of the project, are not in {data}: use --quick.")


@contextmanager
def documentation_files(quick: bool = False, folder: Path = DOCUMENTATION) -> Iterator[tuple[Path, Path]]:
    """Give the folder of the pages and the file of the questions; if `quick`, the project's own articles and a few.

    Raises:
        SystemExit: the documentation is not there.
    """
    if quick:
        with TemporaryDirectory() as temporary:
            yield SEEDS, write_tiny_documentation(Path(temporary))
    elif folder.is_dir():
        yield folder / "docs", folder / "questions.json"
    else:
        raise SystemExit(f"The documentation, which is no part of the project, is not in {folder}: use --quick.")


def load_dev_sets(quick: bool = False) -> list[DevSet]:
    """Return PIAF (French) and SQuAD 2 (English), or tiny sets in the same order, with their translated questions."""
    with question_files(quick) as files:
        return [_dev_set(questions) for questions in load_questions(files)]


def load_faq() -> list[dict[str, Any]]:
    """Return the entries of Debian's FAQ: `question_fr`, `passage_fr`, the same in English, `id` and `is_question`."""
    pairs: list[dict[str, Any]] = json.loads((DATA / "faq-aligned.en-fr.json").read_text(encoding="utf-8"))
    return pairs


def _dev_set(read: QuestionSet) -> DevSet:
    if read.language is None:
        raise ValueError(f"{read.file} has no passages")
    asked = [Asked(q.id, q.text, q.language, q.passage, int(q.article), q.answers) for q in read.questions]
    return DevSet(
        name=read.file.stem,
        language=read.language,
        paragraphs=dict(read.passages),
        articles={q.paragraph: q.article for q in asked},
        questions=tuple(q for q in asked if q.language == read.language),
        translated=tuple(
            replace(q, id=q.id.removesuffix(f"@{q.language}")) for q in asked if q.language != read.language
        ),
    )
