"""Measure speed and memory: a cold `ask`, a hundred questions in a running process, embedding beside its peers.

    python -m benchmarks.speed [--seeds seeds] [--quick]

Ratios are taken within one run; absolute times are this machine's.
"""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from platformdirs import user_cache_path

from benchmarks.figures import Figures, hand_over, options
from benchmarks.platforms import load_questions
from bot.answering.answer import Question
from bot.config import BotSettings
from bot.factory import build_bot
from index.chunking import chunk_document, embedding_text, sentence_text
from index.config import IndexSettings
from index.ingestion import read_seeds
from index.model.embedding import BundledEmbeddings, load_embeddings, safe_text
from training.unpacking import unpack_model

COLD = "Combien d’abonnés Netflix compte-t-il au Canada ?"
RUNS = 7
ROUNDS = 3


def cold_ask(index: Path) -> tuple[float, float]:
    """Return the wall time in seconds and the peak memory in MB of one `babillard ask` in a new process."""
    command = [sys.executable, "-m", "bot", "ask", COLD, "--index", str(index)]
    began = time.perf_counter()
    with open(os.devnull, "wb") as nothing:  # noqa: PTH123 - a device, not a file
        pid = os.posix_spawn(command[0], command, os.environ, file_actions=[(os.POSIX_SPAWN_DUP2, nothing.fileno(), 1)])
        _, status, usage = os.wait4(pid, 0)
    if status:
        raise SystemExit("babillard ask failed")
    return time.perf_counter() - began, usage.ru_maxrss / 1024


def warm_questions(index: Path, questions: Sequence[str]) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Return the milliseconds of each question in a running process, none of which was asked before."""
    chain = build_bot(BotSettings(index_dir=index)).chain
    chain.invoke(Question(COLD))
    times = []
    for question in questions:
        began = time.perf_counter()
        chain.invoke(Question(question))
        times.append((time.perf_counter() - began) * 1000)
    return np.array(times)


def embedding_rates(seeds: Path, max_texts: int | None, rounds: int) -> dict[str, float]:
    """Return texts a second of our embedding and of plain sentence-transformers, taken in turn.

    Args:
        seeds: folder of the articles.
        max_texts: to embed; all when None.
        rounds: how often each embeds them.
    """
    from sentence_transformers import SentenceTransformer

    documents = read_seeds(seeds, lambda text, fallback: fallback).documents
    chunks = [c for d in documents for c in chunk_document(d, lambda text, fallback: fallback)]
    texts = [embedding_text(c) for c in chunks] + [sentence_text(c, s) for c in chunks for s in c.sentences]
    texts = texts[:max_texts]
    ours = load_embeddings(IndexSettings().embedding_model)
    if not isinstance(ours, BundledEmbeddings):
        raise SystemExit("the comparison needs the bundled model")
    plain = SentenceTransformer(str(unpack_model(ours.packed, user_cache_path("babillard"))), device="cpu")
    safe = [safe_text(t) for t in texts]
    ways: dict[str, Callable[[], object]] = {
        "ours": lambda: ours.encode_documents(texts),
        "plain": lambda: plain.encode_document(safe),
    }
    spent = dict.fromkeys(ways, 0.0)
    for number in range(rounds + 1):
        for name, embed in ways.items():
            began = time.perf_counter()
            embed()
            if number:  # the first round warms up
                spent[name] += time.perf_counter() - began
    return {name: rounds * len(texts) / seconds for name, seconds in spent.items()}


def main() -> None:
    """Build an index of the seeds and print the figures."""
    parser = options(__doc__)
    parser.add_argument("--seeds", type=Path, default=Path("seeds"))
    arguments = parser.parse_args()
    seeds, quick = arguments.seeds, arguments.quick
    with TemporaryDirectory() as folder:
        index = Path(folder)
        build = [sys.executable, "-m", "bot", "index", "rebuild", "--seeds", str(seeds), "--index", str(index)]
        subprocess.run(build, check=True)  # not here: a child starts with the memory of its parent
        cold_ask(index)
        cold = np.array([cold_ask(index) for _ in range(1 if quick else RUNS)])
        warm = warm_questions(index, load_questions()[: 4 if quick else None])
    wall, memory = cold[:, 0], cold[:, 1]
    p50, p95 = np.quantile(warm, (0.5, 0.95))
    print(f"cold ask: {np.median(wall):.2f} s median, {wall.max():.2f} s worst of {len(wall)}; {memory.max():.0f} MB")
    print(f"question in a running process: p50 {p50:.1f} ms, p95 {p95:.1f} ms", flush=True)
    rates = embedding_rates(seeds, *((8, 1) if quick else (None, ROUNDS)))
    ratios = {name: rate / rates["plain"] for name, rate in rates.items()}
    for name, rate in rates.items():
        print(f"embedding, {name}: {rate:.1f} texts/s, ratio to plain {ratios[name]:.2f}")
    figures: Figures = {
        "speed_cold_s": float(np.median(wall)),
        "speed_cold_mb": float(memory.max()),
        "speed_p50_ms": float(p50),
        "speed_p95_ms": float(p95),
        "speed_embedding_ratio": ratios["ours"],
    }
    hand_over(figures, arguments.json)


if __name__ == "__main__":
    main()
