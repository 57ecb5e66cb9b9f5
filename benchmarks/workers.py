"""Measure two workers of Ray against one process, on the same texts in one run; each embeds with one thread.

    python -m benchmarks.workers [--quick] [--texts 1024] [--workers 2] [--repeat 1] [--address local] [--json FILE]

The texts are those that a build of PIAF embeds, chunks and sentences, evenly drawn, in blocks as a build makes them.
Both sides take turns. The rate is counted once with the start of the workers, which load the model, and once without
it. The processor time tells what other programs took: on cores that nobody else uses, the ratio of the rates comes near
the number of workers times the ratio of processor times. Vectors are compared too.
"""

import os
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

import numpy as np
from numpy.typing import NDArray

from benchmarks.dev_sets.sets import load_dev_sets
from benchmarks.figures import Figures, hand_over, options
from index.chunking import chunk_document, embedding_text, part_texts
from index.ingestion import read_seeds
from index.language import detect_language
from index.model.embedding import BUNDLED_MODEL, TextEmbeddings, load_embeddings
from index.ray.building import RayEmbeddings
from index.ray.cluster import Cluster, reach
from index.ray.worker import load_model
from index.reuse import BLOCK

Vectors = dict[int, NDArray[np.float32]]  # by the number of their block


class Timed(TextEmbeddings):
    """A model that leaves in a folder when it was loaded, and what it took of the processor since."""

    def __init__(self, inner: TextEmbeddings, folder: Path) -> None:
        """Load `inner`, weights too."""
        self.model, self.revision, self.dimension = inner.model, inner.revision, inner.dimension
        self._inner, self._folder = inner, folder
        inner.encode_documents(["Un texte."])
        self._ready, self._began = time.time(), time.process_time()

    def encode_query(self, text: str) -> NDArray[np.float32]:
        """Return the unit vector of a question, shape (d,)."""
        return self._inner.encode_query(text)

    def encode_documents(
        self, texts: Sequence[str], progress: Callable[[int], None] | None = None
    ) -> NDArray[np.float32]:
        """Return the unit vectors of texts, shape (n, d), and write what they took."""
        vectors = self._inner.encode_documents(texts, progress)
        told = f"{self._ready} {time.process_time() - self._began}"
        (self._folder / str(os.getpid())).write_text(told, encoding="utf-8")
        return vectors


def load_timed(folder: Path, model: str) -> TextEmbeddings:
    """Load the model on a worker."""
    return Timed(load_model(model), folder)


def texts_of(quick: bool, count: int, folder: Path) -> list[list[str]]:
    """Return blocks of texts, longest first, as `index.reuse` makes them."""
    dev_set = next(iter(load_dev_sets(quick)))
    for name, text in dev_set.paragraphs.items():
        (folder / name).write_text(text, encoding="utf-8")
    documents = read_seeds(folder, lambda text, fallback: detect_language(text, fallback).language).documents
    chunks = [chunk for document in documents for chunk in chunk_document(document, lambda text, fallback: fallback)]
    texts = {text for chunk in chunks for text in (embedding_text(chunk), *part_texts(chunk))}
    ordered = sorted(texts, key=lambda text: (-len(text), text))
    drawn = ordered[:: max(1, len(ordered) // count)][:count]
    block = 8 if quick else BLOCK
    return [drawn[start : start + block] for start in range(0, len(drawn), block)]


def one_process(blocks: list[list[str]], figures: dict[str, list[float]]) -> Vectors:
    """Embed the blocks here, with one thread."""
    embeddings = load_embeddings(BUNDLED_MODEL, threads=1)
    embeddings.encode_documents(["Un texte."])  # loads the model
    began, cpu = time.perf_counter(), time.process_time()
    vectors = dict(embeddings.encode_blocks(blocks))
    figures["one_s"].append(time.perf_counter() - began)
    figures["one_cpu_s"].append(time.process_time() - cpu)
    return vectors


def workers(blocks: list[list[str]], cluster: Cluster, figures: dict[str, list[float]]) -> Vectors:
    """Embed the blocks on the workers."""
    with TemporaryDirectory() as folder:
        embeddings = RayEmbeddings(load_embeddings(BUNDLED_MODEL), cluster, partial(load_timed, Path(folder)))
        began, clock = time.perf_counter(), time.time()
        vectors = dict(embeddings.encode_blocks(blocks))
        seconds = time.perf_counter() - began
        told = [tuple(map(float, path.read_text(encoding="utf-8").split())) for path in Path(folder).iterdir()]
    figures["workers_whole_s"].append(seconds)
    figures["workers_s"].append(seconds - (max(ready for ready, _ in told) - clock))
    figures["workers_cpu_s"].append(sum(cpu for _, cpu in told))
    return vectors


def main() -> None:
    """Measure both in turns, and compare what they gave."""
    parser = options(__doc__)
    parser.add_argument("--texts", type=int, default=1_024)
    parser.add_argument("--workers", type=int, default=2, help="of a local cluster")
    parser.add_argument("--repeat", type=int, default=1)
    parser.add_argument("--address", default="local", help="of a cluster, as `index rebuild --ray` takes it")
    arguments = parser.parse_args()
    names = ("one_s", "one_cpu_s", "workers_whole_s", "workers_s", "workers_cpu_s")
    measured: dict[str, list[float]] = {name: [] for name in names}
    with TemporaryDirectory() as folder:
        blocks = texts_of(arguments.quick, arguments.texts, Path(folder))
    count, same = sum(map(len, blocks)), True
    began = time.perf_counter()
    with reach(arguments.address, arguments.workers) as cluster:
        start = time.perf_counter() - began
        for _ in range(arguments.repeat):
            here, there = one_process(blocks, measured), workers(blocks, cluster, measured)
            same = same and all(np.array_equal(here[number], there[number]) for number in range(len(blocks)))
    figures: Figures = {f"ray_{name}": median(seconds) for name, seconds in measured.items()}
    figures |= {
        "ray_texts": count,
        "ray_start_s": start,
        "ray_ratio": figures["ray_one_s"] / figures["ray_workers_s"],
        "ray_whole_ratio": figures["ray_one_s"] / figures["ray_workers_whole_s"],
        "ray_cpu_ratio": figures["ray_one_cpu_s"] / figures["ray_workers_cpu_s"],
    }
    print("\n".join(f"{name:22} {value:.4g}" for name, value in figures.items()))
    print(f"vectors {'equal' if same else 'DIFFER'}; load {os.getloadavg()[0]:.1f}")
    hand_over(figures, arguments.json)


if __name__ == "__main__":
    main()
