"""Ask the same hundred questions on different processors, real or emulated, and say what differs.

    python -m benchmarks.platforms ask record.json [--name NAME] [--quick]
    python -m benchmarks.platforms compare here.json there.json…

`ask` builds an index of the project's own articles, embeds what is in it and the questions, asks the shipped reader,
and records vectors, answers, times and memory. `benchmarks/emulated.sh` runs both on processors that QEMU emulates.
"""

import argparse
import json
import platform
import resource
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from benchmarks.dev_sets.tiny import ARTICLES, SEEDS
from benchmarks.typed import load_typed
from bot.answering.answer import Answer, Question
from bot.answering.plain import record
from bot.config import BotSettings
from bot.factory import build_bot
from index.build import build_index
from index.model.embedding import BUNDLED_MODEL, load_embeddings
from index.store import open_store

QUESTIONS = 100

Record = dict[str, Any]  # what `ask` writes


def load_questions() -> list[str]:
    """Return a hundred questions on the project's own articles, French and English, each once."""
    follow_ups = Path(__file__).with_name("follow_ups.jsonl").read_text(encoding="utf-8").splitlines()
    pairs = [pair for pair in map(json.loads, follow_ups) if pair["corpus"] == "seeds"]
    texts = [typed.question for typed in load_typed()]
    texts += [text for known in ARTICLES.values() for one in known for text in (one.text, one.translation) if text]
    texts += [pair[part] for part in ("first", "follow_up") for pair in pairs]
    return list(dict.fromkeys(texts))[:QUESTIONS]


def essence(answer: Answer) -> Record:
    """Return what is read of an answer: whether there is one, its words, what it cites and which words are in bold."""
    whole = record(answer)
    cited = [[c.chunk_id, c.start, c.end, c.span] for c in answer.citations]
    return {"abstained": whole["abstained"], "answer": whole["answer"], "citations": cited}


def ask(name: str, questions: Sequence[str]) -> Record:
    """Return what this processor makes of the articles and the questions.

    Args:
        name: of the processor.
        questions: to ask, each on its own.
    """
    with TemporaryDirectory() as folder:
        index = Path(folder) / "index"
        embeddings = load_embeddings(BUNDLED_MODEL)
        began = time.perf_counter()
        report = build_index(SEEDS, index, embeddings)
        building = time.perf_counter() - began
        print(f"{name}: {report.embedded} texts embedded in {building:.1f} s", file=sys.stderr, flush=True)
        settings = BotSettings.model_validate({"seeds_dir": SEEDS, "index_dir": index, "journal_days": 0})
        bot = build_bot(settings, embeddings)
        answers, times = [], []
        for question in questions:
            began = time.perf_counter()
            answer = bot.chain.invoke(Question(question))
            times.append((time.perf_counter() - began) * 1000)
            answers.append({"question": question, "confidence": answer.confidence, **essence(answer)})
            print(f"{name}: {len(answers)} of {len(questions)}", file=sys.stderr, flush=True)
        vectors = [vector for _, vector in open_store(index).chunk_vectors()]
        vectors += map(embeddings.encode_query, questions)
    return {
        "name": name,
        "machine": platform.machine(),
        "build_s": building,
        "first_ms": times[0],
        "p50_ms": float(np.median(times[1:])),
        "p95_ms": float(np.quantile(times[1:], 0.95)),
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "vectors": [vector.tolist() for vector in vectors],
        "answers": answers,
    }


@dataclass(frozen=True, slots=True)
class Difference:
    """How the answers and the vectors of one processor differ from those of another."""

    vectors: float  # the largest difference of two numbers
    cosine: float  # of the two vectors that are least alike
    confidence: float  # the largest difference
    answers: tuple[str, ...]  # the questions that are answered otherwise


def compare(here: Record, there: Record) -> Difference:
    """Return how two records differ.

    Raises:
        ValueError: they are of other questions or articles.
    """
    pairs = list(zip(here["answers"], there["answers"], strict=True))
    if any(one["question"] != other["question"] for one, other in pairs):
        raise ValueError("the records are of different questions")
    ours, theirs = np.array(here["vectors"]), np.array(there["vectors"])
    if ours.shape != theirs.shape:
        raise ValueError("the records are of different articles")
    return Difference(
        vectors=float(np.abs(ours - theirs).max()),
        cosine=float((ours * theirs).sum(axis=1).min()),
        confidence=max(abs(one["confidence"] - other["confidence"]) for one, other in pairs),
        answers=tuple(one["question"] for one, other in pairs if _read(one) != _read(other)),
    )


def _read(answer: Record) -> Record:
    return {name: value for name, value in answer.items() if name != "confidence"}


def print_comparison(here: Record, there: Record) -> None:
    """Print a row for `there`, and each answer that differs from that of `here`."""
    found = compare(here, there)
    print(
        f"{there['name']} ({there['machine']}): build {there['build_s']:.0f} s, first question "
        f"{there['first_ms'] / 1000:.1f} s, then p50 {there['p50_ms']:.0f} ms, p95 {there['p95_ms']:.0f} ms; "
        f"{there['peak_mb']:.0f} MB"
    )
    print(
        f"  against {here['name']}: vectors differ by {found.vectors:.2e} at most, cosine {found.cosine:.5f} at least; "
        f"confidence by {found.confidence:.4f}; {len(found.answers)} of {len(here['answers'])} answers differ"
    )
    for one, other in zip(here["answers"], there["answers"], strict=True):
        if one["question"] in found.answers:
            print(f"  {one['question']}")
            for name, answer in ((here["name"], one), (there["name"], other)):
                print(f"    {name}: {answer['confidence']:.3f} {' '.join(answer['answer'].split())[:300]}")


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    asking = commands.add_parser("ask", help="record what this processor answers")
    asking.add_argument("record", type=Path)
    asking.add_argument("--name", default=platform.machine(), help="of the processor")
    asking.add_argument("--quick", action="store_true", help="ask four questions: shows that it works, no more")
    comparing = commands.add_parser("compare", help="say how records differ from the first")
    comparing.add_argument("records", type=Path, nargs="+")
    chosen = parser.parse_args(arguments)
    if chosen.command == "ask":
        questions = load_questions()[: 4 if chosen.quick else None]
        chosen.record.write_text(json.dumps(ask(chosen.name, questions)), encoding="utf-8")
        return
    here, *others = (json.loads(file.read_text(encoding="utf-8")) for file in chosen.records)
    for there in [here, *others]:
        print_comparison(here, there)


if __name__ == "__main__":
    main()
