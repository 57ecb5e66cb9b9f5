"""Measure what a change costs: a rebuild with nothing changed, one with a file changed, and the swap while serving.

    python -m benchmarks.growth [--files 1000] [--paragraphs 10]

Files of synthetic paragraphs, one chunk each. Vectors are drawn from the hash of the text, so the model's time is
not counted: with it, a changed file also costs its own texts, some 30 a second on two cores.
"""

import argparse
import hashlib
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from numpy.typing import NDArray

from benchmarks.scale import DIMENSION, words
from bot.config import BotSettings
from bot.live import LiveBot
from index.build import build_index
from index.model.embedding import TextEmbeddings

WORDS = 60  # a paragraph: one chunk


class HashedVectors(TextEmbeddings):
    """Draws the vector of a text from its hash."""

    model, revision, dimension = "hashed", "1", DIMENSION

    def encode_query(self, text: str) -> NDArray[np.float32]:
        """Return the unit vector of a text."""
        seed = int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest())
        vector = np.random.default_rng(seed).standard_normal(DIMENSION, dtype=np.float32)
        return vector / np.float32(np.linalg.norm(vector))

    def encode_documents(
        self, texts: Sequence[str], progress: Callable[[int], None] | None = None
    ) -> NDArray[np.float32]:
        """Return the unit vectors, one row a text."""
        return np.stack([self.encode_query(text) for text in texts])


class Metronome:
    """Wakes up each millisecond, as an event loop would, and keeps the longest time between two."""

    def __enter__(self) -> "Metronome":
        self.worst_ms = 0.0
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._tick)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopping.set()
        self._thread.join()

    def _tick(self) -> None:
        last = time.perf_counter()
        while not self._stopping.wait(0.001):
            now = time.perf_counter()
            self.worst_ms, last = max(self.worst_ms, (now - last) * 1000), now


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--files", type=int, default=1_000)
    parser.add_argument("--paragraphs", type=int, default=10, help="in each file")
    arguments = parser.parse_args()
    with TemporaryDirectory() as folder:
        seeds, index = Path(folder, "seeds"), Path(folder, "index")
        seeds.mkdir()
        texts = words(arguments.files * arguments.paragraphs, WORDS, seed=1)
        for number in range(arguments.files):
            paragraphs = [f"## Partie {i}\n\n{next(texts)}." for i in range(arguments.paragraphs)]
            (seeds / f"{number:05}.md").write_text(f"# Titre {number}\n\n" + "\n\n".join(paragraphs), encoding="utf-8")
        embeddings = HashedVectors()

        def rebuild(what: str) -> None:
            report = build_index(seeds, index, embeddings)
            print(f"{what:24} {report.manifest.chunks:7,} chunks {report.seconds:6.2f} s {report.embedded:7,} embedded")

        rebuild("first build")
        rebuild("nothing changed")
        live = LiveBot(BotSettings(seeds_dir=seeds, index_dir=index), embeddings)
        (seeds / "00000.md").write_text("# Autre\n\nUne phrase toute neuve.", encoding="utf-8")
        rebuild("one file changed")
        with Metronome() as metronome:
            began = time.perf_counter()
            live.refresh()
            seconds = time.perf_counter() - began
        live.close()
        print(f"taking it up              {seconds:.2f} s; longest pause meanwhile {metronome.worst_ms:.0f} ms")


if __name__ == "__main__":
    main()
