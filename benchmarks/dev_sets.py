"""The development sets: where they are, what the benchmarks need of them, and their paragraphs as an index."""

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.tiny_sets import write_tiny_sets
from bot.evaluation.datasets import load_questions
from bot.evaluation.gold import holds_one
from bot.evaluation.questions import QuestionSet
from index.build import build_index
from index.model.embedding import TextEmbeddings
from index.schema import Language
from index.search import Searcher
from index.store import open_store

DATA = Path(__file__).parents[2] / "shared" / "data"


@dataclass(frozen=True, slots=True)
class Asked:
    """A question whose answer stands in one paragraph, or in none."""

    id: str  # a translated question has that of the original
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
    """Give the files of PIAF and SQuAD 2 and of their translated questions; or of tiny sets, which are then deleted.

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


def load_dev_sets(quick: bool = False) -> list[DevSet]:
    """Return PIAF (French) and SQuAD 2 (English), or tiny sets in the same order, with their translated questions."""
    with question_files(quick) as files:
        return [_dev_set(questions) for questions in load_questions(files)]


def load_faq() -> list[dict[str, Any]]:
    """Return the entries of Debian's FAQ: `question_fr`, `passage_fr`, the same in English, `id` and `is_question`."""
    pairs: list[dict[str, Any]] = json.loads((DATA / "faq-aligned.en-fr.json").read_text(encoding="utf-8"))
    return pairs


def _dev_set(read: QuestionSet) -> DevSet:
    assert read.language is not None
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


class RememberingEmbeddings(TextEmbeddings):
    """Embeds each text once, however many indexes hold it."""

    def __init__(self, inner: TextEmbeddings) -> None:
        """Remember what `inner` computes."""
        self._inner = inner
        self._queries: dict[str, NDArray[np.float32]] = {}
        self._documents: dict[str, NDArray[np.float32]] = {}
        self.model, self.revision, self.dimension = inner.model, inner.revision, inner.dimension

    def encode_query(self, text: str) -> NDArray[np.float32]:
        """Return the vector of a question."""
        if text not in self._queries:
            self._queries[text] = self._inner.encode_query(text)
        return self._queries[text]

    def encode_documents(
        self, texts: Sequence[str], progress: Callable[[int], None] | None = None
    ) -> NDArray[np.float32]:
        """Return the vectors of the texts."""
        new = [t for t in dict.fromkeys(texts) if t not in self._documents]
        if new:
            self._documents.update(zip(new, self._inner.encode_documents(new, progress), strict=True))
        return np.stack([self._documents[t] for t in texts])


def index_texts(texts: dict[str, str], embeddings: TextEmbeddings) -> Searcher:
    """Write the texts as seed files, build their index, and open it."""
    with TemporaryDirectory() as folder:
        seeds, index = Path(folder) / "seeds", Path(folder) / "index"
        seeds.mkdir()
        for name, text in texts.items():
            (seeds / name).write_text(text, encoding="utf-8")
        build_index(seeds, index, embeddings)
        return Searcher(open_store(index), embeddings)
