"""Measure a span model on the gold passages alone: does it find the words, and does it tell when they are not there?

    python -m training.reader.measure --data DATA --model bot/answering/readers/span-reader.onnx

On sets that nothing is trained on: French near misses of the tenth of the quizzes that is kept out, and questions as
people mistyped them, beside the same questions spelt right. `calibrate` measures the rest through the whole search.
"""

import argparse
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from bot.answering.readers.shipped import FOLDER, SPAN_MODEL
from bot.answering.readers.span_model import SpanModel
from bot.evaluation.gold import token_f1
from bot.evaluation.metrics import auroc
from bot.evaluation.questions import KnownQuestion
from index.model.vocabulary import Vocabulary
from index.schema import Language
from training.reader.corpora import is_kept_out
from training.reader.examples import Entry, read_squad
from training.unpacking import packed_weights

QUIZ, NEAR_MISSES = "train/qa/openquizzdb_fr_span.json.gz", "train/qa/openquizzdb_fr_unanswerable.json.gz"
MISTYPED = "noiseqa-keyboard.en.dev.json"
SPELT_RIGHT = ("train/qa/squad2dev_19_new_articles.json.gz", "train/qa/squad11dev_only_articles_not_in_v2.json.gz")


class Found(NamedTuple):
    """What a model finds in the gold passages of some questions, an entry for each."""

    f1: NDArray[np.float64]  # of the likeliest words with the gold answers; 0 without any
    margins: NDArray[np.float64]  # above 0, an answer is likelier than none


def read_all(model: SpanModel, entries: Iterable[Entry], language: Language) -> Found:
    """Return what the model finds in the passage of each question."""
    found = []
    for entry in entries:
        passage = entry.example.passage
        best = model.read(entry.example.question, passage).best_within(0, len(passage))
        known = KnownQuestion(entry.id, entry.example.question, language, answerable=True, answers=entry.answers)
        words = passage[best.start : best.end] if best else ""
        found.append((token_f1(known, words, language) if entry.answers else 0.0, best.margin if best else -np.inf))
    return Found(*np.array(found, dtype=np.float64).reshape(-1, 2).T)


def french_near_misses(model: SpanModel, data: Path) -> dict[str, float]:
    """Return how well the margin tells a sentence that answers a quiz question from one on the same subject."""
    right = [e for e in read_squad(data / QUIZ) if is_kept_out(e)]
    wrong = [e for e in read_squad(data / NEAR_MISSES) if is_kept_out(e)]
    answered, missed = read_all(model, right, "fr"), read_all(model, wrong, "fr")
    return {
        "questions": len(right) + len(wrong),
        "auroc": auroc(answered.margins, missed.margins),
        "f1": float(answered.f1.mean()),
    }


def mistyped_questions(model: SpanModel, data: Path) -> dict[str, float]:
    """Return the F1 of mistyped questions, and that of the same questions spelt right, over the same paragraphs."""
    mistyped = read_squad(data / MISTYPED)
    known = {e.id: e for file in SPELT_RIGHT for e in read_squad(data / file)}
    pairs = [(e, known[e.id]) for e in mistyped if e.id in known]
    typed = read_all(model, (with_question_of(right, typed) for typed, right in pairs), "en").f1.mean()
    right = read_all(model, (right for _, right in pairs), "en").f1.mean()
    return {
        "questions": len(pairs),
        "mistyped": float(typed),
        "spelt_right": float(right),
        "ratio": float(typed / right),
    }


def with_question_of(entry: Entry, other: Entry) -> Entry:
    """Return an entry with the question of another."""
    return replace(entry, example=replace(entry.example, question=other.example.question))


def main() -> None:
    """Read, measure, print."""
    parser = argparse.ArgumentParser(description="Measure a span model on gold passages that it was not trained on.")
    parser.add_argument("--data", type=Path, required=True, help="folder of the question sets, and of train/")
    parser.add_argument("--model", type=Path, default=FOLDER / SPAN_MODEL)
    args = parser.parse_args()
    model = SpanModel(args.model, Vocabulary(packed_weights()))
    for name, measure in (("French near misses", french_near_misses), ("mistyped", mistyped_questions)):
        print(f"{name}: {', '.join(f'{key} {value:.3f}' for key, value in measure(model, args.data).items())}")


if __name__ == "__main__":
    main()
