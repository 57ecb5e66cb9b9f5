"""Measure an index of N synthetic chunks: build, size, memory, recall of the dense search against exact, speed.

    python -m benchmarks.scale [1000 10000 100000 1000000] [--plot scale.png] [--milvus]

Vectors: topics in a space whose directions weigh ever less, as those of a text encoder do, with as much
spread inside a topic as between topics. Words: a Zipf law over 50,000, 60 a chunk in two sentences. Questions
are drawn as chunks are, with four words. The model's own time for a question is not counted. With `--milvus` the index
is in a file of Milvus Lite, which runs inside the process: its memory counts.
"""

import argparse
import itertools
import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.bm25 import BM25Index
from index.generations import FolderGenerations, Generations
from index.glossary import Glossary
from index.milvus.client import Client
from index.milvus.generations import MilvusGenerations
from index.model.embedding import TextEmbeddings
from index.reuse import text_key
from index.schema import FORMAT, Chunk, Manifest, Sentence
from index.search import Searcher
from index.store import Contents
from index.vocabulary import Vocabulary

DIMENSION = 384
VOCABULARY = 50_000
WORDS = 30  # a sentence
QUESTIONS = 200
BLOCK = 100_000
SIZES = (1_000, 10_000, 100_000, 1_000_000)


def vectors(n: int, seed: int) -> Iterator[NDArray[np.float32]]:
    """Yield the unit vectors, in blocks; the same topics whatever the seed."""
    weight = (np.arange(1, DIMENSION + 1) ** -0.5).astype(np.float32)
    topics = np.random.default_rng(0).standard_normal((10_000, DIMENSION), dtype=np.float32) * weight
    for number, start in enumerate(range(0, n, BLOCK)):
        rng = np.random.default_rng([seed, number])
        rows = min(BLOCK, n - start)
        drawn = topics[rng.integers(len(topics), size=rows)]
        drawn += rng.standard_normal((rows, DIMENSION), dtype=np.float32) * weight
        yield drawn / np.linalg.norm(drawn, axis=1, keepdims=True)


def words(n: int, each: int, seed: int) -> Iterator[str]:
    """Yield n texts of so many words."""
    rng = np.random.default_rng(seed)
    chances = 1 / np.arange(1, VOCABULARY + 1)
    edges = np.cumsum(chances / chances.sum())
    for start in range(0, n, BLOCK):
        for row in np.searchsorted(edges, rng.random((min(BLOCK, n - start), each))).tolist():
            yield " ".join(f"mot{word}" for word in row)


class GivenVectors(TextEmbeddings):
    """Gives vectors that were set beforehand."""

    model, revision, dimension = "synthetic", "1", DIMENSION

    def __init__(self, known: dict[str, NDArray[np.float32]]) -> None:
        """Take text -> vector."""
        self._known = known

    def encode_query(self, text: str) -> NDArray[np.float32]:
        """Return the vector that was given."""
        return self._known[text]

    def encode_documents(
        self, texts: Sequence[str], progress: Callable[[int], None] | None = None
    ) -> NDArray[np.float32]:
        """Return the vectors that were given."""
        return np.stack([self._known[text] for text in texts])


def questions() -> tuple[list[str], NDArray[np.float32]]:
    return list(words(QUESTIONS, 4, seed=3)), np.vstack(list(vectors(QUESTIONS, seed=4)))


def place(folder: Path, *, milvus: bool) -> Generations:
    """Return where the index is kept: files in the folder, or a file of Milvus Lite there, beside what is copied."""
    return MilvusGenerations(Client(str(folder / "index.db")), "", folder) if milvus else FolderGenerations(folder)


def build(n: int, index: Generations) -> float:
    """Write an index of n chunks and return the seconds it took, without the time to make the contents."""
    chunks, texts = [], []
    for row, text in enumerate(words(n, 2 * WORDS, seed=1)):
        middle = len(" ".join(text.split(" ", WORDS)[:WORDS]))
        halves = (Sentence(0, middle), Sentence(middle + 1, len(text)))
        chunks.append(
            Chunk(f"{row}.txt#0", f"{row}.txt", f"Titre {row}", f"{row}.txt", "fr", 0, len(text), text, halves)
        )
        texts.append(text)
    dense = np.vstack(list(vectors(n, seed=2)))
    sentences = np.repeat(dense.astype(np.float16), 2, axis=0)
    keys = b"".join(map(text_key, itertools.chain(texts, map(str, range(2 * n)))))
    began = time.perf_counter()
    lexical = BM25Index.build([(text, "fr") for text in texts])
    manifest = Manifest(FORMAT, "", "", "synthetic", "1", DIMENSION, "0", {}, n, n, 2 * n, {}, {}, [], {}, {})
    index.write(Contents(chunks, dense, sentences, keys, lexical, Vocabulary.empty(), Glossary()), manifest)
    return time.perf_counter() - began


def serve(index: Generations) -> dict[str, float]:
    """Open the index and search it, in this process."""
    began = time.perf_counter()
    store = index.open()
    opened = time.perf_counter() - began
    texts, asked = questions()
    searcher = Searcher(store, GivenVectors(dict(zip(texts, asked, strict=True))))
    times = []
    for text in [*texts[:10], *texts]:  # the first ten warm up
        began = time.perf_counter()
        searcher.search(text, "fr", 5)
        times.append((time.perf_counter() - began) * 1000)
    status = Path("/proc/self/status").read_text(encoding="utf-8")
    kilobytes = {line.split(":")[0]: line.split()[1] for line in status.splitlines() if line.endswith("kB")}
    exact = nearest_exactly(asked, store.manifest.chunks)
    found = []
    for vector, truth in zip(asked, exact, strict=True):
        rows = store.dense_top(vector, 50)
        cosines = np.array([found.chunk for found in store.cosines(vector, rows)])
        best = np.array(rows)[np.argsort(-cosines)[:10]]
        found.append(len(set(best.tolist()) & set(truth.tolist())) / len(truth))
    return {
        "open_s": opened,
        "memory_mb": int(kilobytes["RssAnon"]) / 1024,  # what the process needs
        "mapped_mb": int(kilobytes["RssFile"]) / 1024,  # what the system takes back when memory is short
        "recall_at_10": float(np.mean(found)),
        "p50_ms": float(np.median(times[10:])),
        "p95_ms": float(np.quantile(times[10:], 0.95)),
    }


def nearest_exactly(asked: NDArray[np.float32], n: int) -> NDArray[np.int64]:
    """Return the ten nearest rows of each question, by numpy, block by block."""
    best = np.full((len(asked), 10), -2.0, np.float32)
    rows = np.zeros((len(asked), 10), np.int64)
    for number, block in enumerate(vectors(n, seed=2)):
        scores = np.hstack([best, asked @ block.T])
        ids = np.hstack([rows, np.broadcast_to(np.arange(len(block)) + number * BLOCK, (len(asked), len(block)))])
        top = np.argpartition(-scores, 10, axis=1)[:, :10]
        best, rows = np.take_along_axis(scores, top, 1), np.take_along_axis(ids, top, 1)
    return rows


def plot(results: list[dict[str, float]], path: Path) -> None:
    import matplotlib as mpl

    mpl.use("Agg")
    from matplotlib import pyplot as plt

    n = [r["chunks"] for r in results]
    figure, axes = plt.subplots(1, 3, figsize=(12, 3.6), layout="constrained")
    for axis, names, unit in zip(
        axes, (("p50_ms", "p95_ms"), ("memory_mb", "disk_mb"), ("recall_at_10",)), ("ms", "MB", ""), strict=True
    ):
        for name in names:
            axis.plot(n, [r[name] for r in results], marker="o", label=name.rsplit("_", 1)[0] if unit else "recall@10")
        axis.set(xscale="log", xlabel="chunks", ylabel=unit)
        axis.legend(frameon=False)
        axis.spines[["top", "right"]].set_visible(False)
    axes[1].set_yscale("log")
    axes[2].set_ylim(0.9, 1.005)
    figure.savefig(path, dpi=120)


def _alone(*arguments: str, milvus: bool) -> Any:
    """Run a step in a process of its own, whose memory is its own, and which lets go of a file of Milvus Lite."""
    command = [sys.executable, "-W", "ignore", "-m", "benchmarks.scale", *arguments, *(["--milvus"] if milvus else [])]
    return json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sizes", type=int, nargs="*", default=SIZES, help="numbers of chunks")
    parser.add_argument("--plot", type=Path, help="where to draw the results (needs matplotlib)")
    parser.add_argument("--milvus", action="store_true", help="keep it in a file of Milvus Lite")
    for step in ("--build", "--serve"):
        parser.add_argument(step, type=Path, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if folder := arguments.build or arguments.serve:
        index = place(folder, milvus=arguments.milvus)
        print(json.dumps(build(arguments.sizes[0], index) if arguments.build else serve(index)))
        return
    results = []
    print("   chunks  build s  disk MB  open s  own MB  map MB  recall  p50 ms  p95 ms")
    for n in arguments.sizes:
        with TemporaryDirectory() as folder:
            seconds = _alone("--build", folder, str(n), milvus=arguments.milvus)
            disk = sum(p.stat().st_size for p in Path(folder).rglob("*") if p.is_file()) / 1e6
            served = _alone("--serve", folder, milvus=arguments.milvus)
        r = {"chunks": n, "build_s": seconds, "disk_mb": disk, **served}
        results.append(r)
        columns = [seconds, disk, *(r[name] for name in ("open_s", "memory_mb", "mapped_mb"))]
        print(f"{n:9,}", *(f"{value:7.1f}" for value in columns), end=" ")
        print(f"{r['recall_at_10']:7.3f} {r['p50_ms']:7.1f} {r['p95_ms']:7.1f}", flush=True)
    if arguments.plot:
        plot(results, arguments.plot)


if __name__ == "__main__":
    main()
