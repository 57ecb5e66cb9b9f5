"""What a model says of the dev sets' questions on articles that it was not trained on, over the hits of our own search.

Reading is what takes the time, so each pair of question and passage is read once, and kept on the disk.
"""

import hashlib
import random
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np

from benchmarks.dev_sets import Asked, DevSet, index_texts
from bot.readers.ranking import HITS_READ
from bot.readers.spans import PassageLogits, SpanModel
from index.embedding import TextEmbeddings
from index.schema import SearchHit
from index.search import Searcher

TOP_K = 10

Group = Literal["whole", "near miss", "indexed", "not indexed", "unanswerable"]


@dataclass(frozen=True, slots=True)
class Sighting:
    """The hits of one question over one index.

    Groups: "whole" indexes the set; "near miss" lacks the question's paragraph; "indexed" and "not indexed" index
    half of the articles, with or without the question's; "unanswerable" indexes the set, and it does not answer.
    """

    group: Group
    asked: Asked
    translated: bool
    hits: tuple[SearchHit, ...]


class RememberingModel(SpanModel):
    """Reads each pair once, and keeps what it read in a file."""

    def __init__(self, model: Path, packed: Path, memory: Path) -> None:
        """Go on from `memory`, which belongs to `model` alone."""
        super().__init__(model, packed)
        self._memory = memory.with_suffix(".npz")
        self._known: dict[str, PassageLogits] = {}
        if self._memory.exists():
            with np.load(self._memory) as kept:
                for key, columns in kept.items():
                    spans = columns[1:, :2].astype(np.int64)
                    self._known[key] = PassageLogits(spans, columns[1:, 2], columns[1:, 3], float(columns[0, 0]))

    def read(self, question: str, passage: str) -> PassageLogits:
        """Return what the model says, or said."""
        key = hashlib.sha256(f"{question}\0{passage}".encode("utf-8", "surrogatepass")).hexdigest()[:32]
        if key not in self._known:
            self._known[key] = super().read(question, passage)
        return self._known[key]

    def read_all(self, sightings: Sequence[Sighting]) -> None:
        """Read what a reader would of these, and write the file now and then."""
        for done, sighting in enumerate(sightings, start=1):
            for hit in sighting.hits[:HITS_READ]:
                self.read(sighting.asked.text, hit.chunk.text)
            if done % 500 == 0 or done == len(sightings):
                self.save()
                print(f"{self._memory.stem}: read {done} of {len(sightings)}", flush=True)

    def save(self) -> None:
        """Write the file."""
        columns = {
            key: np.vstack([[[kept.nothing, 0, 0, 0]], np.c_[kept.spans, kept.starts, kept.ends]]).astype(np.float32)
            for key, kept in self._known.items()
        }
        aside = self._memory.with_suffix(".partial.npz")
        np.savez(aside, allow_pickle=False, **columns)
        aside.replace(self._memory)


def sightings(dev: DevSet, embeddings: TextEmbeddings, share: float, parities: Collection[int]) -> Iterator[Sighting]:
    """Yield the hits of a share of the questions of a set, the same at each call, and of all that are translated.

    Args:
        dev: the set.
        embeddings: of its index.
        share: of the questions, 0 to 1.
        parities: of the numbers of the articles that are asked about: 0 for the even ones, 1 for the odd ones.
    """

    def drawn(questions: Iterable[Asked], share: float) -> list[Asked]:
        return [q for q in questions if q.article % 2 in parities and random.Random(q.id).random() < share]

    whole = index_texts(dev.paragraphs, embeddings)
    halves = [
        index_texts({n: t for n, t in dev.paragraphs.items() if dev.articles[n] % 2 == half}, embeddings)
        for half in (0, 1)
    ]
    for asked in drawn(dev.answerable, share):
        yield _sight(whole, asked, "whole")
        yield _sight(whole, asked, "near miss")
        for half, searcher in enumerate(halves):
            yield _sight(searcher, asked, "indexed" if asked.article % 2 == half else "not indexed")
    for asked in drawn(dev.translated, 1.0):
        yield _sight(whole, asked, "whole", translated=True)
        yield _sight(whole, asked, "near miss", translated=True)
        for half, searcher in enumerate(halves):
            yield _sight(searcher, asked, "indexed" if asked.article % 2 == half else "not indexed", translated=True)
    for asked in drawn((q for q in dev.questions if not q.answers), share):
        yield _sight(whole, asked, "unanswerable")


def _sight(searcher: Searcher, asked: Asked, group: Group, translated: bool = False) -> Sighting:
    hits = searcher.search(asked.text, asked.language, 2 * TOP_K)
    if group == "near miss":
        hits = [hit for hit in hits if hit.chunk.document_id != asked.paragraph]
    return Sighting(group, asked, translated, tuple(hits[:TOP_K]))
