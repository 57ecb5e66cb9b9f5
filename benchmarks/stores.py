"""Compare an index in files with the same index in a Milvus: what each finds, and how long it takes.

    python -m benchmarks.stores [--quick] [--store URI] [--repeat 1] [--json FILE]

The paragraphs of PIAF and SQuAD 2 are indexed in a folder, then in Milvus, with the vectors of the first build; every
question of the sets is asked of both, the translated ones too. Without `--store`, a file of Milvus Lite is made for the
time it takes. The vector of a question is computed before the clock starts. Memory is that of this process, which
holds Milvus Lite as well.
"""

import resource
import statistics
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from benchmarks.dev_sets.indexing import RememberingEmbeddings
from benchmarks.dev_sets.sets import Asked, DevSet, load_dev_sets
from benchmarks.figures import Figures, hand_over, options, retrieval_figures
from index.build import build_index
from index.generations import FolderGenerations, Generations
from index.milvus.client import Client
from index.milvus.generations import MilvusGenerations
from index.model.embedding import BUNDLED_MODEL, load_embeddings
from index.search import Searcher

K = 10


class Measured(NamedTuple):
    """What one store found for the questions of a set."""

    found: list[list[tuple[str, float]]]  # for each question, the ids of the chunks and their scores
    figures: Figures


def measure(
    place: Generations, seeds: Path, embeddings: RememberingEmbeddings, asked: Sequence[Asked], repeat: int
) -> Measured:
    """Build an index, and ask it every question."""
    report = build_index(seeds, place, embeddings)
    began = time.perf_counter()
    searcher = Searcher(place.open(), embeddings)
    opened = time.perf_counter() - began
    found, ranks, seconds = [], [], []
    for question in asked:
        vector = embeddings.encode_query(question.text)
        for _ in range(repeat):
            began = time.perf_counter()
            searcher.search_near(vector, question.text, question.language, K)
            seconds.append(time.perf_counter() - began)
        hits = searcher.search_near(vector, question.text, question.language, K)
        found.append([(hit.chunk.id, hit.score) for hit in hits])
        ids = [hit.chunk.document_id for hit in hits]
        ranks.append(ids.index(question.paragraph) + 1 if question.paragraph in ids else 0)
    milliseconds = [1_000 * one for one in seconds]
    figures = retrieval_figures(ranks) | {
        "chunks": report.manifest.chunks,
        "build_s": report.seconds,
        "open_s": opened,
        "p50_ms": statistics.median(milliseconds),
        "p95_ms": statistics.quantiles(milliseconds, n=20)[-1],
        "memory_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        / (1 << (20 if sys.platform == "darwin" else 10)),
    }
    return Measured(found, figures)


def compare(dev_set: DevSet, client: Client, embeddings: RememberingEmbeddings, folder: Path, repeat: int) -> Figures:
    """Measure both stores on one set, and print a line for each."""
    seeds = folder / "seeds"
    seeds.mkdir(parents=True)
    for name, text in dev_set.paragraphs.items():
        (seeds / name).write_text(text, encoding="utf-8")
    asked = [*dev_set.answerable, *(question for question in dev_set.translated if question.answers)]
    milvus = MilvusGenerations(client, f"benchmark {dev_set.name}", folder / "milvus")
    build_index(seeds, FolderGenerations(folder / "vectors"), embeddings)  # what follows embeds nothing
    try:
        by_store = {
            name: measure(place, seeds, embeddings, asked, repeat)
            for name, place in (("files", FolderGenerations(folder / "files")), ("milvus", milvus))
        }
    finally:
        milvus.remove()
    for name, measured in by_store.items():
        print(f"{dev_set.name:24} {name:7} " + "  ".join(f"{k} {v:.4g}" for k, v in measured.figures.items()))
    files, other = (by_store[name].found for name in ("files", "milvus"))
    same = sum(one == two for one, two in zip(files, other, strict=True)) / max(len(asked), 1)
    print(f"{dev_set.name:24} {len(asked)} questions, {same:.4f} with the same hits and scores")
    figures = {f"{name}_{key}": value for name, m in by_store.items() for key, value in m.figures.items()}
    return {f"stores_{dev_set.language}_{key}": value for key, value in {**figures, "same": same}.items()}


def main() -> None:
    """Compare the stores on each set."""
    parser = options(__doc__)
    parser.add_argument("--store", metavar="URI", help="address of a Milvus, or a file that ends in .db")
    parser.add_argument("--repeat", type=int, default=1, help="how often each question is timed")
    arguments = parser.parse_args()
    embeddings = RememberingEmbeddings(load_embeddings(BUNDLED_MODEL))
    figures: Figures = {}
    with TemporaryDirectory() as folder:
        client = Client(arguments.store or str(Path(folder, "index.db")))
        for dev_set in load_dev_sets(arguments.quick):
            figures |= compare(dev_set, client, embeddings, Path(folder, dev_set.name), arguments.repeat)
    hand_over(figures, arguments.json)


if __name__ == "__main__":
    main()
