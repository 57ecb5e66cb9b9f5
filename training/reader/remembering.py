"""A span model that keeps what it has read on the disk: reading is what takes the time of a calibration."""

import hashlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from benchmarks.dev_sets.samples import Searched
from bot.answering.readers.ranking import HITS_READ
from bot.answering.readers.span_model import PassageLogits, SpanModel
from index.chunking import headings_above
from index.model.vocabulary import Vocabulary


class RememberingModel(SpanModel):
    """Reads each pair of question and passage once, and keeps what it read in a file."""

    def __init__(self, model: Path, vocabulary: Vocabulary, memory: Path) -> None:
        """Go on from the file beside `memory`, which belongs to `model` alone."""
        super().__init__(model, vocabulary)
        self._memory = memory.with_suffix(".npz")
        self._known: dict[str, PassageLogits] = {}
        if self._memory.exists():
            with np.load(self._memory) as kept:
                for key, columns in kept.items():
                    spans = columns[1:, :2].astype(np.int64)
                    self._known[key] = PassageLogits(spans, columns[1:, 2], columns[1:, 3], float(columns[0, 0]))

    def read(self, question: str, passage: str, above: str = "") -> PassageLogits:
        """Return the logits, from memory if the pair was read before."""
        key = hashlib.sha256(f"{question}\0{above}\0{passage}".encode("utf-8", "surrogatepass")).hexdigest()[:32]
        if key not in self._known:
            self._known[key] = super().read(question, passage, above)
        return self._known[key]

    def read_all(self, searches: Sequence[Searched]) -> None:
        """Read the hits that a reader would, and write the file now and then."""
        for done, found in enumerate(searches, start=1):
            for hit in found.hits[:HITS_READ]:
                self.read(found.asked.text, hit.chunk.text, headings_above(hit.chunk))
            if done % 500 == 0 or done == len(searches):
                self.save()
                print(f"{self._memory.stem}: read {done} of {len(searches)}", flush=True)

    def save(self) -> None:
        """Write the file."""
        columns = {
            key: np.vstack([[[kept.nothing, 0, 0, 0]], np.c_[kept.spans, kept.starts, kept.ends]]).astype(np.float32)
            for key, kept in self._known.items()
        }
        aside = self._memory.with_suffix(".partial.npz")
        np.savez(aside, allow_pickle=False, **columns)
        aside.replace(self._memory)
