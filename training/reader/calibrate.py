"""Fit all that the span reader needs beside its model, measure it, and write `bot/readers/span-reader.json`.

    python -m training.reader.calibrate --even bot/readers/span-reader.onnx

A model reads only the questions of the half of the articles that it was not trained on; weights and thresholds are
cross-validated by article within them.
"""

import argparse
import hashlib
import json
from collections.abc import Sequence
from dataclasses import astuple, dataclass, fields
from pathlib import Path

import numpy as np

from benchmarks.calibrate import FALSE_REFUSALS, TRANSLATED_WEIGHT
from benchmarks.dev_sets import Asked, RememberingEmbeddings, load_dev_sets
from bot.evaluation.fitting import FOLDS, cross_validate, fit
from bot.evaluation.gold import token_f1
from bot.evaluation.metrics import Floats, auroc
from bot.evaluation.questions import KnownQuestion
from bot.readers.extractive import quote_best
from bot.readers.ranking import Candidate, SpanWeights, rank_spans
from bot.readers.span_confidence import SpanFeatures, extract_span_features
from bot.readers.span_reader import CALIBRATION_FILE, FOLDER, MODEL_FILE
from index.config import IndexSettings
from index.embedding import load_embeddings
from index.schema import Language
from training.reader.model import packed_weights
from training.reader.observing import Group, RememberingModel, Sighting, sightings
from training.reader.ranking_fit import fit_ranking, sentence_rows

BOLD_F1 = 0.5
"""Token F1 with the gold answer from which words are worth being bold: half of them are the answer's."""

SECOND_SHARE = 0.2
"""Share of the answers that quote a second sentence, as with the similarity reader (0.22 of PIAF, 0.16 of SQuAD 2)."""


@dataclass(frozen=True, slots=True)
class Observation:
    """What was read of one question over one index."""

    sighting: Sighting
    ranked: list[Candidate]
    features: SpanFeatures


@dataclass(frozen=True, slots=True)
class Fold:
    """A model, and the sightings of the articles that it was not trained on."""

    model: RememberingModel
    sightings: list[Sighting]


def observe(folds: Sequence[Fold], weights: Sequence[SpanWeights]) -> list[Observation]:
    """Return what the models read; `weights` has those of each fold of articles."""
    observations = []
    for fold in folds:
        for s in fold.sightings:
            if ranked := rank_spans(s.asked.text, s.hits, fold.model, weights[s.asked.article % FOLDS]):
                features = extract_span_features(s.asked.text, s.asked.language, ranked, s.hits)
                observations.append(Observation(s, ranked, features))
    return observations


def cross_fitted_weights(folds: Sequence[Fold]) -> tuple[SpanWeights, list[SpanWeights]]:
    """Return the weights of the sentence score fitted on all questions, and those without each fold of articles."""
    whole = [(f, [s for s in f.sightings if s.group == "whole"]) for f in folds]

    def without(fold: int | None) -> SpanWeights:
        rows = [
            row
            for f, seen in whole
            for row in sentence_rows([s for s in seen if s.asked.article % FOLDS != fold], f.model)
        ]
        return fit_ranking(rows)

    return without(None), [without(fold) for fold in range(FOLDS)]


def margins(observations: Sequence[Observation]) -> tuple[float, float]:
    """Return how close a second sentence must be to be quoted, and the margin from which words are bold."""
    whole = [o for o in observations if o.sighting.group == "whole"]
    gaps = []
    for o in whole:
        rivals = [c.score for c in o.ranked[1:] if c.hit is o.ranked[0].hit]
        gaps.append(o.ranked[0].score - rivals[0] if rivals else np.inf)
    answers = [(o.ranked[0].answer, o) for o in whole if o.ranked[0].answer]
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


def confidences(observations: Sequence[Observation]) -> tuple[Floats, Floats, float]:
    """Return the cross-validated confidence of each observation, then the weights and the bias fitted on all."""
    x = np.array([astuple(o.features) for o in observations], dtype=float)
    y = np.array([o.sighting.group == "indexed" for o in observations], dtype=float)
    weight = np.array([TRANSLATED_WEIGHT if o.sighting.translated else 1.0 for o in observations])
    fold = np.array([o.sighting.asked.article % FOLDS for o in observations])
    fitted = np.array(
        [o.sighting.group in ("indexed", "not indexed", "near miss", "unanswerable") for o in observations]
    )
    weights, bias = fit(x[fitted], y[fitted], weight[fitted])
    return cross_validate(x, y, weight, fold, fitted), weights, bias


def figures_of(
    language: Language, observations: Sequence[Observation], held_out: Floats, second: float
) -> tuple[float, dict[str, float]]:
    """Return the threshold of a language, and its figures."""

    def rows(group: Group, translated: bool = False) -> list[int]:
        return [
            i
            for i, o in enumerate(observations)
            if (o.sighting.group, o.sighting.asked.language, o.sighting.translated) == (group, language, translated)
        ]

    def scores(group: Group, translated: bool = False) -> Floats:
        return held_out[rows(group, translated)]

    threshold = round(float(np.quantile(scores("whole"), FALSE_REFUSALS)), 3)

    def holds(i: int) -> bool:
        o = observations[i]
        return o.sighting.asked.is_answered_by(quote_best(o.ranked, second)[0].quote)

    def right_first(i: int) -> bool:
        return observations[i].ranked[0].hit.chunk.document_id == observations[i].sighting.asked.paragraph

    whole = rows("whole")
    held = np.array([holds(i) for i in whole])
    answered = held_out[whole] >= threshold
    inside = []
    for i in whole:
        paragraph = observations[i].sighting.asked.paragraph
        of_it = [c for c in observations[i].ranked if c.hit.chunk.document_id == paragraph and c.answer]
        if of_it:
            best = max(of_it, key=lambda c: c.answer.margin if c.answer else 0.0)
            inside.append(_f1(observations[i].sighting.asked, best))
    other = rows("whole", translated=True)
    figures = {
        "questions": len(whole),
        "recall_at_1": np.mean([right_first(i) for i in whole]),
        "first_quote": np.mean(held),
        "first_quote_and_answered": np.mean(held & answered),
        "span_f1_in_the_right_paragraph": np.mean(inside),
        "auroc_not_indexed": auroc(scores("indexed"), scores("not indexed")),
        "auroc_near_miss": auroc(scores("whole"), scores("near miss")),
        "answerable_refused": np.mean(~answered),
        "not_indexed_refused": np.mean(scores("not indexed") < threshold),
        "near_miss_refused": np.mean(scores("near miss") < threshold),
        "translated_recall_at_1": np.mean([right_first(i) for i in other]),
        "translated_first_quote": np.mean([holds(i) for i in other]),
        "translated_answerable_refused": np.mean(held_out[other] < threshold),
        "translated_not_indexed_refused": np.mean(scores("not indexed", translated=True) < threshold),
    }
    if unanswerable := rows("unanswerable"):
        figures["auroc_unanswerable"] = auroc(scores("whole"), held_out[unanswerable])
        figures["unanswerable_refused"] = np.mean(held_out[unanswerable] < threshold)
    return threshold, {name: round(float(value), 4) for name, value in figures.items()}


def main() -> None:
    """Read, fit, cross-validate, print, write."""
    parser = argparse.ArgumentParser(description="Fit and measure the span reader.")
    parser.add_argument("--even", type=Path, help="model that was trained on the articles with even numbers")
    parser.add_argument("--odd", type=Path, help="model that was trained on the others")
    parser.add_argument("--model", type=Path, default=FOLDER / MODEL_FILE, help="the one that is shipped")
    parser.add_argument("--share", type=float, default=1.0, help="of the questions that are read")
    parser.add_argument("--output", type=Path, default=FOLDER / CALIBRATION_FILE)
    args = parser.parse_args()
    embeddings = RememberingEmbeddings(load_embeddings(IndexSettings().embedding_model))
    models = {parity: model for parity, model in ((0, args.odd), (1, args.even)) if model}
    seen = [s for dev in load_dev_sets() for s in sightings(dev, embeddings, args.share, models)]
    folds = [
        Fold(RememberingModel(model, packed_weights(), model), [s for s in seen if s.asked.article % 2 == parity])
        for parity, model in models.items()
    ]
    for fold in folds:
        fold.model.read_all(fold.sightings)
    weights, without = cross_fitted_weights(folds)
    observations = observe(folds, without)
    second, bold = margins(observations)
    held_out, of_features, bias = confidences(observations)
    measured = {language: figures_of(language, observations, held_out, second) for language in ("fr", "en")}
    record = {
        "model_sha256": hashlib.sha256(args.model.read_bytes()).hexdigest(),
        "data": f"{args.share:.0%} of the questions of PIAF 1.1 (French) and SQuAD 2.0 (English), dev halves, and 120 "
        "translated ones; only those on articles that the model was not trained on",
        "command": "python -m training.reader.calibrate",
        "ranking": weights._asdict(),
        "second": second,
        "bold": bold,
        "weights": {f.name: round(float(w), 4) for f, w in zip(fields(SpanFeatures), of_features, strict=True)},
        "bias": round(bias, 4),
        "thresholds": {language: threshold for language, (threshold, _) in measured.items()},
        "figures": {language: figures for language, (_, figures) in measured.items()},
    }
    text = json.dumps(record, indent=2)
    args.output.write_text(text + "\n", encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
