"""Measure speed and memory: a cold `ask`, a question in a running process, embedding against sentence-transformers.

    python -m benchmarks.speed [--seeds seeds]

Ratios are taken within one run; absolute times are this machine's.
"""

import argparse
import os
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from bot.answer import Question
from bot.config import BotSettings
from bot.factory import build_bot
from index.chunking import chunk_document, embedding_text, sentence_text
from index.config import IndexSettings
from index.embedding import BundledEmbeddings, load_embeddings, safe_text
from index.ingestion import read_seeds
from index.unpacking import unpack_model

QUESTIONS = (
    "Combien d’abonnés Netflix compte-t-il au Canada ?",
    "How do I rebuild the index?",
    "Quelle est la capitale de l’Australie ?",
    "Who is the co-CEO of Netflix?",
)
RUNS = 7
REPEATS = 100


def cold_ask(index: Path) -> tuple[float, float]:
    """Return the wall time in seconds and the peak memory in MB of one `babillard ask` in a new process."""
    command = [sys.executable, "-m", "bot", "ask", QUESTIONS[0], "--index", str(index)]
    began = time.perf_counter()
    with open(os.devnull, "wb") as nothing:  # noqa: PTH123 - a device, not a file
        pid = os.posix_spawn(command[0], command, os.environ, file_actions=[(os.POSIX_SPAWN_DUP2, nothing.fileno(), 1)])
        _, status, usage = os.wait4(pid, 0)
    if status:
        raise SystemExit("babillard ask failed")
    return time.perf_counter() - began, usage.ru_maxrss / 1024


def warm_questions(index: Path) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Return the milliseconds of each question in a running process."""
    chain = build_bot(BotSettings(index_dir=index)).chain
    chain.invoke(Question(QUESTIONS[0]))
    times = []
    for i in range(REPEATS):
        began = time.perf_counter()
        chain.invoke(Question(QUESTIONS[i % len(QUESTIONS)]))
        times.append((time.perf_counter() - began) * 1000)
    return np.array(times)


def embedding_rates(seeds: Path) -> tuple[float, float]:
    """Return texts a second of our embedding and of plain sentence-transformers float32, taken in turn."""
    from sentence_transformers import SentenceTransformer

    documents, _ = read_seeds(seeds, lambda text, fallback: fallback)
    chunks = [c for d in documents for c in chunk_document(d, lambda text, fallback: fallback)]
    texts = [embedding_text(c) for c in chunks] + [sentence_text(c, s) for c in chunks for s in c.sentences]
    ours = load_embeddings(IndexSettings().embedding_model)
    if not isinstance(ours, BundledEmbeddings):
        raise SystemExit("the comparison needs the bundled model")
    plain = SentenceTransformer(str(unpack_model(ours.packed, ours.cache)), device="cpu")
    ours.encode_documents(texts[:8])
    plain.encode_document(texts[:8])
    spent = {"ours": 0.0, "plain": 0.0}
    for _ in range(3):
        began = time.perf_counter()
        ours.encode_documents(texts)
        spent["ours"] += time.perf_counter() - began
        began = time.perf_counter()
        plain.encode_document([safe_text(t) for t in texts])
        spent["plain"] += time.perf_counter() - began
    return 3 * len(texts) / spent["ours"], 3 * len(texts) / spent["plain"]


def main() -> None:
    """Build an index of the seeds and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=Path, default=Path("seeds"))
    seeds = parser.parse_args().seeds
    with TemporaryDirectory() as folder:
        index = Path(folder)
        build = [sys.executable, "-m", "bot", "index", "rebuild", "--seeds", str(seeds), "--index", str(index)]
        subprocess.run(build, check=True)  # not here: a child starts with the memory of its parent
        cold_ask(index)
        cold = np.array([cold_ask(index) for _ in range(RUNS)])
        warm = warm_questions(index)
    wall, memory = cold[:, 0], cold[:, 1]
    print(f"cold ask: {np.median(wall):.2f} s median, {wall.max():.2f} s worst of {RUNS}; {memory.max():.0f} MB")
    print(f"question in a running process: p50 {np.quantile(warm, 0.5):.1f} ms, p95 {np.quantile(warm, 0.95):.1f} ms")
    ours, plain = embedding_rates(seeds)
    print(f"embedding: {ours:.1f} texts/s, sentence-transformers {plain:.1f} texts/s, ratio {ours / plain:.2f}")


if __name__ == "__main__":
    main()
