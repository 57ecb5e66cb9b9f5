"""Fit how a sentence is scored where the span model reads, measure it, and write `bot/readers/span-reader.json`.

    python -m training.reader.calibrate --even bot/readers/span-reader.onnx

A model reads only the questions of the half of the articles that it was not trained on; the weights are cross-validated
by article within them. The confidence is the similarity reader's, as it is shipped.
"""

import argparse
import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import product
from pathlib import Path

import numpy as np

from benchmarks.dev_sets import Asked, RememberingEmbeddings, load_dev_sets
from bot.evaluation.fitting import FOLDS
from bot.evaluation.gold import token_f1
from bot.evaluation.questions import KnownQuestion
from bot.readers.confidence import Calibration, extract_features
from bot.readers.extractive import SECOND_MARGIN, quote_best
from bot.readers.ranking import Candidate, SpanWeights, rank_sentences, rank_spans, reranked
from bot.readers.span_reader import FIT_FILE, FOLDER, MODEL_FILE
from index.config import IndexSettings
from index.embedding import load_embeddings
from index.schema import Language
from index.vocabulary import Vocabulary
from training.reader.model import packed_weights
from training.reader.observing import RememberingModel, Sighting, sightings
from training.reader.ranking_fit import fit_ranking, sentence_rows

BOLD_F1 = 0.5
"""Token F1 with the gold answer from which words are worth being bold: half of them are the answer's."""

SECOND_SHARE = 0.2
"""Share of the answers that quote a second sentence, as with the similarity reader (0.22 of PIAF, 0.16 of SQuAD 2)."""

LANGUAGES: tuple[Language, ...] = ("fr", "en")


@dataclass(frozen=True, slots=True)
class Observation:
    """What was read of one question over one index."""

    sighting: Sighting
    ranked: list[Candidate]
    by_similarity: list[Candidate]  # what the similarity reader makes of the same hits
    answered: bool  # whether the confidence reaches its threshold


@dataclass(frozen=True, slots=True)
class Fold:
    """A model, and the sightings of the articles that it was not trained on."""

    model: RememberingModel
    sightings: list[Sighting]


def observe(folds: Sequence[Fold], weights: Sequence[SpanWeights]) -> list[Observation]:
    """Return what the models read; `weights` has those of each fold of articles."""
    calibration = Calibration.load()
    observations = []
    for fold in folds:
        for s in fold.sightings:
            asked, similar = s.asked, rank_sentences(s.hits)
            ranked = rank_spans(asked.text, s.hits, fold.model, weights[asked.article % FOLDS])
            confidence = calibration.confidence(extract_features(asked.text, asked.language, similar, s.hits))
            threshold = calibration.thresholds[asked.language][similar[0].hit.chunk.language]
            observations.append(Observation(s, ranked, similar, confidence >= threshold))
    return observations


def cross_fitted_weights(folds: Sequence[Fold]) -> tuple[SpanWeights, list[SpanWeights]]:
    """Return the weights of the sentence score fitted on all questions, and those without each fold of articles."""

    def without(fold: int | None) -> SpanWeights:
        rows = [
            row
            for f in folds
            for row in sentence_rows([s for s in f.sightings if s.asked.article % FOLDS != fold], f.model)
        ]
        return fit_ranking(rows)

    return without(None), [without(fold) for fold in range(FOLDS)]


def margins(observations: Sequence[Observation]) -> tuple[float, float]:
    """Return how close a second sentence must be to be quoted, and the margin from which words are bold."""
    gaps = []
    for o in observations:
        rivals = [c.score for c in o.ranked[1:] if c.hit is o.ranked[0].hit]
        gaps.append(o.ranked[0].score - rivals[0] if rivals else np.inf)
    answers = [(o.ranked[0].answer, o) for o in observations if o.ranked[0].answer]
    scored = sorted(((a.margin, _f1(o.sighting.asked, o.ranked[0])) for a, o in answers), reverse=True)
    kept = np.array([f1 for _, f1 in scored])
    window = max(20, len(kept) // 20)
    local = np.convolve(kept, np.ones(window) / window, "valid")  # of the spans about as sure
    worth = np.flatnonzero(local >= BOLD_F1)
    bold = scored[min(int(worth[-1]) + window // 2, len(scored) - 1)][0] if len(worth) else scored[0][0]
    return round(float(np.quantile(gaps, SECOND_SHARE)), 3), round(float(bold), 3)


def _f1(asked: Asked, candidate: Candidate) -> float:
    if candidate.answer is None:
        return 0.0
    text = candidate.hit.chunk.text
    known = KnownQuestion(asked.id, asked.text, asked.language, answerable=True, answers=asked.answers)
    return token_f1(known, text[candidate.answer.start : candidate.answer.end], candidate.hit.chunk.language)


def figures_of(
    language: Language, quoted: Language, observations: Sequence[Observation], second: float
) -> dict[str, float]:
    """Return the figures of questions in one language on texts in another, or in the same."""
    wanted = (language, language != quoted)
    seen = [o for o in observations if (o.sighting.asked.language, o.sighting.translated) == wanted]
    held = np.array([o.sighting.asked.is_answered_by(quote_best(o.ranked, second)[0].quote) for o in seen])
    answered = np.array([o.answered for o in seen])
    ranks = [_rank(o) for o in seen]
    figures = {
        "questions": len(seen),
        "recall_at_1": np.mean([rank == 1 for rank in ranks]),
        "recall_at_5": np.mean([0 < rank <= 5 for rank in ranks]),
        "mrr_at_10": np.mean([1 / rank if rank else 0.0 for rank in ranks]),
        "first_quote": np.mean(held),
        "first_quote_and_answered": np.mean(held & answered),
        "span_f1_in_the_right_paragraph": np.mean([f1 for o in seen for f1 in _f1_inside(o)] or [0.0]),
    }
    return {name: round(float(value), 4) for name, value in figures.items()}


def _rank(observation: Observation) -> int:
    """Return the rank of the right paragraph once the hits are ordered by what was read, 0 when it was not found."""
    hits = reranked(observation.ranked, observation.sighting.hits)
    found = list(dict.fromkeys(hit.chunk.document_id for hit in hits))
    wanted = observation.sighting.asked.paragraph
    return found.index(wanted) + 1 if wanted in found else 0


def _f1_inside(observation: Observation) -> list[float]:
    """Return the F1 of the surest span of the right paragraph, nothing when that was not read."""
    asked = observation.sighting.asked
    inside = [c for c in observation.ranked if c.hit.chunk.document_id == asked.paragraph and c.answer]
    return [_f1(asked, max(inside, key=lambda c: c.answer.margin if c.answer else 0.0))] if inside else []


def main() -> None:
    """Read, fit, cross-validate, print, write."""
    parser = argparse.ArgumentParser(description="Fit and measure the span reader.")
    parser.add_argument("--even", type=Path, help="model that was trained on the articles with even numbers")
    parser.add_argument("--odd", type=Path, help="model that was trained on the others")
    parser.add_argument("--model", type=Path, default=FOLDER / MODEL_FILE, help="the one that is shipped")
    parser.add_argument("--share", type=float, default=1.0, help="of the questions that are read")
    parser.add_argument("--output", type=Path, default=FOLDER / FIT_FILE)
    args = parser.parse_args()
    embeddings = RememberingEmbeddings(load_embeddings(IndexSettings().embedding_model))
    models = {parity: model for parity, model in ((0, args.odd), (1, args.even)) if model}
    seen = [s for dev in load_dev_sets() for s in sightings(dev, embeddings, args.share, models)]
    vocabulary = Vocabulary(packed_weights())
    folds = [
        Fold(RememberingModel(model, vocabulary, model), [s for s in seen if s.asked.article % 2 == parity])
        for parity, model in models.items()
    ]
    for fold in folds:
        fold.model.read_all(fold.sightings)
    weights, without = cross_fitted_weights(folds)
    observations = observe(folds, without)
    second, bold = margins(observations)
    similar = [replace(o, ranked=o.by_similarity) for o in observations]
    pairs = list(product(LANGUAGES, LANGUAGES))
    record = {
        "model_sha256": hashlib.sha256(args.model.read_bytes()).hexdigest(),
        "data": f"{args.share:.0%} of the answerable questions of PIAF 1.1 (French) and SQuAD 2.0 (English), dev "
        "halves, and 120 translated ones; only those on articles that the model was not trained on",
        "command": "python -m training.reader.calibrate",
        "ranking": weights._asdict(),
        "second": second,
        "bold": bold,
        "figures": {f"{of}→{on}": figures_of(of, on, observations, second) for of, on in pairs},
        "similarity": {f"{of}→{on}": figures_of(of, on, similar, SECOND_MARGIN) for of, on in pairs},
    }
    text = json.dumps(record, indent=2, ensure_ascii=False)
    args.output.write_text(text + "\n", encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
