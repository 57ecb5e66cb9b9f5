"""What a model says of the dev sets' questions on articles that it was not trained on, over the hits of our own search.

Reading is what takes the time, so each pair of question and passage is read once, and kept on the disk.
"""

import hashlib
import random
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np

from benchmarks.dev_sets import Asked, DevSet, index_texts
from bot.answering.readers.ranking import HITS_READ
from bot.answering.readers.span_model import PassageLogits, SpanModel
from index.model.embedding import TextEmbeddings
from index.model.vocabulary import Vocabulary
from index.schema import SearchHit
from training.reader.examples import PARTS

TOP_K = 10

Group = Literal["whole", "near miss", "indexed", "not indexed", "unanswerable"]
"""What is indexed: the whole set; all but the paragraph that answers; half of the articles, that of the question among
them or not. A question of the last group is one that its own paragraph does not answer, over the whole set."""


@dataclass(frozen=True, slots=True)
class Sighting:
    """The hits of one question over one index."""

    group: Group
    asked: Asked
    translated: bool
    hits: tuple[SearchHit, ...]


class RememberingModel(SpanModel):
    """Reads each pair once, and keeps what it read in a file."""

    def __init__(self, model: Path, vocabulary: Vocabulary, memory: Path) -> None:
        """Go on from `memory`, which belongs to `model` alone."""
        super().__init__(model, vocabulary)
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


def sightings(dev: DevSet, embeddings: TextEmbeddings, share: float, parts: Collection[int]) -> Iterator[Sighting]:
    """Yield the hits of a share of the questions, the same at each call, and of all that are translated.

    Args:
        dev: the set.
        embeddings: of its indexes.
        share: of the questions, 0 to 1.
        parts: of the articles, those that are asked about.
    """
    drawn = [q for q in dev.questions if random.Random(q.id).random() < share]
    asked_both = [
        (asked, translated)
        for asked, translated in [*((q, False) for q in drawn), *((q, True) for q in dev.translated)]
        if asked.article % PARTS in parts
    ]
    whole = index_texts(dev.paragraphs, embeddings)
    for asked, translated in asked_both:
        hits = whole.search(asked.text, asked.language, 2 * TOP_K)
        others = [hit for hit in hits if hit.chunk.document_id != asked.paragraph]
        yield Sighting("whole" if asked.answers else "unanswerable", asked, translated, tuple(hits[:TOP_K]))
        if asked.answers:
            yield Sighting("near miss", asked, translated, tuple(others[:TOP_K]))
    for half in (0, 1):  # each with articles of every part
        kept = {name: text for name, text in dev.paragraphs.items() if dev.articles[name] // PARTS % 2 == half}
        searcher = index_texts(kept, embeddings)
        for asked, translated in asked_both:
            if asked.answers:
                group: Group = "indexed" if asked.article // PARTS % 2 == half else "not indexed"
                hits = searcher.search(asked.text, asked.language, TOP_K)
                yield Sighting(group, asked, translated, tuple(hits))
