"""Read question sets in SQuAD format, and index their paragraphs as the product would."""

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from numpy.typing import NDArray

from bot.evaluation.gold import holds_one
from index.build import build_index
from index.embedding import TextEmbeddings
from index.schema import Language
from index.search import Searcher
from index.store import open_store

DATA = Path(__file__).parents[2] / "shared" / "data"


@dataclass(frozen=True, slots=True)
class Asked:
    """A question whose answer stands in one paragraph, or in none."""

    id: str
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


def load_dev_sets(data: Path = DATA) -> list[DevSet]:
    """Return PIAF (French) and SQuAD 2 (English), with their translated questions."""
    translated = json.loads((data / "crosslingual.dev.json").read_text(encoding="utf-8"))
    files: list[tuple[str, Language]] = [("piaf-1.1.fr.dev", "fr"), ("squad-2.0.en.dev", "en")]
    return [_load(data / f"{name}.json", language, translated[name]) for name, language in files]


def _load(path: Path, language: Language, translations: Iterable[dict[str, str]]) -> DevSet:
    paragraphs: dict[str, str] = {}
    articles: dict[str, int] = {}
    questions: list[Asked] = []
    for number, article in enumerate(json.loads(path.read_text(encoding="utf-8"))["data"]):
        for paragraph in article["paragraphs"]:
            document = f"{len(paragraphs):05}.txt"
            paragraphs[document], articles[document] = paragraph["context"], number
            for qa in paragraph["qas"]:
                answers = () if qa.get("is_impossible") else tuple(a["text"] for a in qa["answers"])
                questions.append(Asked(qa["id"], qa["question"], language, document, number, answers))
    by_id = {q.id: q for q in questions}
    other: Language = "en" if language == "fr" else "fr"
    translated = tuple(replace(by_id[t["id"]], text=t["question_translated"], language=other) for t in translations)
    return DevSet(path.stem, language, paragraphs, articles, tuple(questions), translated)


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
