"""Measure Babillard's search beside what a user would pick instead, on the same paragraphs and questions.

    python -m benchmarks.peers [--quick]

Plain LangChain (its splitter, its FAISS wrapper, its `HuggingFaceEmbeddings`, all by default, on Babillard's own
model) and BM25 alone (LangChain's retriever over `rank_bm25`, by default). Each system builds in one process and
serves in another, so that times and memory are its own; ratios are to Babillard, within one run.
"""

import argparse
import json
import math
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from benchmarks.dev_sets.sets import Asked, DevSet, load_dev_sets
from benchmarks.figures import Figures, hand_over, options, retrieval_figures
from benchmarks.systems import PACKAGES, SYSTEMS
from benchmarks.tables import PEERS, render

STARTS = 5  # of which the median is the cold start


def build(system: str, folder: Path) -> Figures:
    """Build the index, in this process; the seconds count from the imports to the index on disk."""
    texts = json.loads((folder / "paragraphs.json").read_text(encoding="utf-8"))
    began = time.perf_counter()
    SYSTEMS[system].build(texts, folder / system)
    return {"build_s": time.perf_counter() - began}


def serve(system: str, folder: Path, since: float, max_questions: int | None) -> dict[str, Any]:
    """Open the index and ask the questions, in this process.

    Args:
        system: of `SYSTEMS`.
        folder: holds `questions.json` and the index.
        since: when this process was started, by the clock of `time.monotonic`.
        max_questions: to ask; all when None.
    """
    questions = json.loads((folder / "questions.json").read_text(encoding="utf-8"))[:max_questions]
    search = SYSTEMS[system].open(folder / system)
    search(questions[0])
    cold = time.monotonic() - since
    found, times = [], []
    for question in questions:
        began = time.perf_counter()
        found.append(search(question))
        times.append((time.perf_counter() - began) * 1000)
    status = Path("/proc/self/status").read_text(encoding="utf-8")
    (peak,) = (line.split()[1] for line in status.splitlines() if line.startswith("VmHWM:"))
    p50, p95 = np.quantile(times, (0.5, 0.95))
    return {"found": found, "cold_s": cold, "p50_ms": p50, "p95_ms": p95, "peak_mb": int(peak) / 1024}


def in_a_process(job: str, system: str, folder: Path, *arguments: str) -> dict[str, Any]:
    """Run `build` or `serve` in a process of its own and return what it measured.

    Raises:
        SystemExit: it failed.
    """
    command = [sys.executable, "-W", "ignore", "-m", "benchmarks.peers", "--job", job, system, str(folder)]
    since = ["--since", str(time.monotonic())]
    ran = subprocess.run([*command, *since, *arguments], check=False, capture_output=True, encoding="utf-8")
    if ran.returncode:
        raise SystemExit(f"{SYSTEMS[system].label} could not {job}:\n{ran.stderr}")
    measured: dict[str, Any] = json.loads(ran.stdout.splitlines()[-1])
    return measured


def rank(asked: Asked, found: Sequence[str]) -> int:
    """Return the rank of the right paragraph among those found, from 1; 0 when it is not there."""
    names = list(dict.fromkeys(found))
    return names.index(asked.paragraph) + 1 if asked.paragraph in names else 0


def measure(dev: DevSet, starts: int) -> Figures:
    """Return the figures of every system on one set."""
    asked = [*dev.answerable, *dev.translated]
    figures: Figures = {}
    with TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "paragraphs.json").write_text(json.dumps(dev.paragraphs), encoding="utf-8")
        (folder / "questions.json").write_text(json.dumps([q.text for q in asked]), encoding="utf-8")
        for system in SYSTEMS:
            print(
                f"{dev.name}: {SYSTEMS[system].label}, {len(dev.paragraphs)} paragraphs…", file=sys.stderr, flush=True
            )
            (folder / system).mkdir()
            costs = in_a_process("build", system, folder)
            served = in_a_process("serve", system, folder)
            others = [in_a_process("serve", system, folder, "--max-questions", "1") for _ in range(starts - 1)]
            costs |= {name: served[name] for name in ("p50_ms", "p95_ms", "peak_mb")}
            costs["cold_s"] = float(np.median([run["cold_s"] for run in (served, *others)]))
            figures |= {f"{system}_{dev.language}_{name}": value for name, value in costs.items()}
            ranks = [rank(q, found) for q, found in zip(asked, served["found"], strict=True)]
            for language in ("fr", "en"):
                mine = [r for r, q in zip(ranks, asked, strict=True) if q.language == language]
                quality = retrieval_figures(mine)
                figures |= {f"{system}_{language}_{dev.language}_{name}": value for name, value in quality.items()}
    return figures


def with_ratios(figures: Figures) -> Figures:
    """Add to each figure of another system its ratio to Babillard's, as `…_ratio`; NaN where that is 0."""
    ratios = {}
    for name, value in figures.items():
        system, what = name.split("_", 1)
        if system != "babillard":
            ours = figures[f"babillard_{what}"]
            ratios[f"{name}_ratio"] = value / ours if ours else math.nan
    return figures | ratios


def check_packages(packages: Mapping[str, str] = PACKAGES) -> None:
    """Check that everything is installed.

    Raises:
        SystemExit: something is missing; the message says what to install.
    """
    if missing := [package for module, package in packages.items() if find_spec(module) is None]:
        raise SystemExit(
            f"benchmarks.peers needs {', '.join(missing)}: run `make bench`, which installs it, or "
            "`pip install -c constraints.txt -e '.[test,bench]'`"
        )


def main() -> None:
    """Measure both sets and print the table."""
    parser = options(__doc__)
    parser.add_argument("--job", nargs=3, help=argparse.SUPPRESS)  # build or serve, system, folder
    parser.add_argument("--since", type=float, help=argparse.SUPPRESS)
    parser.add_argument("--max-questions", type=int, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.job:
        job, system, folder = arguments.job
        measured = (
            build(system, Path(folder))
            if job == "build"
            else serve(system, Path(folder), arguments.since, arguments.max_questions)
        )
        print(json.dumps(measured))
        return
    check_packages()
    figures: Figures = {}
    for dev in load_dev_sets(arguments.quick):
        figures |= measure(dev, 1 if arguments.quick else STARTS)
    figures = {f"peers_{name}": value for name, value in with_ratios(figures).items()}
    print(render(PEERS, figures))
    hand_over(figures, arguments.json)


if __name__ == "__main__":
    main()
