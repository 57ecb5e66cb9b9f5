"""Fit what is made of what the span model reads, measure it, and write `bot/answering/readers/span.json`.

    python -m training.reader.calibrate --models runs/without0.onnx runs/without1.onnx

A model reads only the questions on the part of the articles that it was not trained on; the weights of the score and of
the confidence are cross-validated by article within them.
"""

import argparse
import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import astuple, dataclass, fields
from itertools import product
from pathlib import Path
from typing import get_args

import numpy as np

from benchmarks.calibrate import FALSE_REFUSALS, TRANSLATED_WEIGHT
from benchmarks.dev_sets import Asked, RememberingEmbeddings, load_dev_sets
from bot.answering.readers.confidence import Calibration, Features
from bot.answering.readers.fit import Fit, fit_text
from bot.answering.readers.quoting import quote_best
from bot.answering.readers.ranking import Candidate, RankingWeights, reranked
from bot.answering.readers.reader import Ranker
from bot.answering.readers.shipped import FOLDER, SIMILARITY_FIT, SPAN_FIT, SPAN_MODEL, load_similarity_ranker
from bot.answering.readers.span import SpanRanker
from bot.calibration.fitting import FOLDS, cross_validate, fit
from bot.evaluation.gold import token_f1
from bot.evaluation.metrics import Floats, auroc
from bot.evaluation.questions import KnownQuestion
from index.config import IndexSettings
from index.model.embedding import load_embeddings
from index.model.vocabulary import Vocabulary
from index.schema import Language
from training.reader.examples import PARTS
from training.reader.observing import Group, RememberingModel, Sighting, sightings
from training.reader.ranking_fit import Rows, fit_ranking, sentence_rows
from training.unpacking import packed_weights

FITTED = ("near miss", "indexed", "not indexed")  # the groups that the confidence is fitted on, as without the model

BOLD_F1 = 0.5
"""Token F1 with the gold answer from which words are worth being bold: half of them are the answer's."""

SECOND_SHARE = 0.2
"""Share of the answers that quote a second sentence, as with the similarity reader (0.22 of PIAF, 0.16 of SQuAD 2)."""

LANGUAGES: tuple[Language, ...] = ("fr", "en")


@dataclass(frozen=True, slots=True)
class Observation:
    """What was read of one question over one index; by the similarity reader, or by the span model."""

    sighting: Sighting
    ranked: list[Candidate]
    features: Features

    @property
    def asked(self) -> Asked:
        """The question."""
        return self.sighting.asked

    @property
    def fold(self) -> int:
        """The fold of the article, so that no article is both fitted and measured."""
        return self.asked.article % FOLDS


@dataclass(frozen=True, slots=True)
class Unseen:
    """A model, and the sightings of the articles that it was not trained on."""

    model: RememberingModel
    sightings: list[Sighting]


def observe_spans(unseen: Sequence[Unseen], weights: Sequence[RankingWeights]) -> list[Observation]:
    """Return what the models read; `weights` has those of each fold of articles."""
    similarity = load_similarity_ranker()
    return [
        observation
        for part in unseen
        for s in part.sightings
        for observation in _observe(s, SpanRanker(part.model, weights[s.asked.article % FOLDS], similarity))
    ]


def observe_similarity(unseen: Sequence[Unseen]) -> list[Observation]:
    """Return what the similarity reader makes of the same hits."""
    ranker = load_similarity_ranker()
    return [observation for part in unseen for s in part.sightings for observation in _observe(s, ranker)]


def _observe(sighting: Sighting, ranker: Ranker) -> Iterator[Observation]:
    asked = sighting.asked
    if ranked := ranker.rank(asked.text, sighting.hits):
        features = ranker.evidence(asked.text, asked.language, sighting.hits, ranked).features
        yield Observation(sighting, ranked, features)


def cross_fitted_weights(unseen: Sequence[Unseen]) -> tuple[RankingWeights, list[RankingWeights]]:
    """Return the weights of the sentence score fitted on all questions, and those without each fold of articles."""
    rows: dict[int, Rows] = {}
    for number in range(FOLDS):
        rows[number] = [
            row
            for part in unseen
            for row in sentence_rows(
                [s for s in part.sightings if s.group == "whole" and s.asked.article % FOLDS == number], part.model
            )
        ]

    def without(fold: int | None) -> RankingWeights:
        return fit_ranking([row for number in range(FOLDS) if number != fold for row in rows[number]])

    return without(None), [without(fold) for fold in range(FOLDS)]


def fit_confidence(observations: Sequence[Observation], data: str) -> tuple[Calibration, Floats]:
    """Return the calibration fitted on all observations, and the confidence of each by one that saw no such article.

    A threshold refuses `FALSE_REFUSALS` of the questions that the set answers.
    """
    x = np.array([astuple(o.features) for o in observations])
    held = np.array([o.sighting.group == "indexed" for o in observations], dtype=float)
    weight = np.array([TRANSLATED_WEIGHT if o.sighting.translated else 1.0 for o in observations])
    fitted = np.array([o.sighting.group in FITTED for o in observations])
    confidence = cross_validate(x, held, weight, np.array([o.fold for o in observations]), fitted)
    weights, bias = fit(x[fitted], held[fitted], weight[fitted])
    names = [field.name for field in fields(observations[0].features)]
    thresholds = {
        of: {
            on: round(float(np.quantile(confidence[_rows(observations, "whole", of, on)], FALSE_REFUSALS)), 3)
            for on in LANGUAGES
        }
        for of in LANGUAGES
    }
    rounded = {name: round(float(w), 4) for name, w in zip(names, weights, strict=True)}
    return Calibration(rounded, round(bias, 4), thresholds, data), confidence


def _rows(observations: Sequence[Observation], group: Group, of: Language, on: Language) -> list[int]:
    """Return the places of the questions in one language on texts in another, or in the same."""
    wanted = (group, of, of != on)
    return [
        i for i, o in enumerate(observations) if (o.sighting.group, o.asked.language, o.sighting.translated) == wanted
    ]


def margins(observations: Sequence[Observation]) -> tuple[float, float]:
    """Return how close a second sentence must be to be quoted, and the margin from which words are bold."""
    observations = [o for o in observations if o.sighting.group == "whole"]
    gaps = []
    for o in observations:
        rivals = [c.score for c in o.ranked[1:] if c.hit is o.ranked[0].hit]
        gaps.append(o.ranked[0].score - rivals[0] if rivals else np.inf)
    answers = [(o.ranked[0].answer, o) for o in observations if o.ranked[0].answer]
    scored = sorted(((a.margin, _f1(o.asked, o.ranked[0])) for a, o in answers), reverse=True)
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
    of: Language,
    on: Language,
    observations: Sequence[Observation],
    confidence: Floats,
    threshold: float,
    second: float,
) -> dict[str, float]:
    """Return the figures of questions in one language on texts in another, or in the same."""
    rows = {group: _rows(observations, group, of, on) for group in get_args(Group)}
    seen = [observations[i] for i in rows["whole"]]
    sure = {group: confidence[places] for group, places in rows.items()}
    held = np.array([o.asked.is_answered_by(quote_best(o.ranked, second)[0].quote) for o in seen])
    ranks = [_rank(o) for o in seen]
    figures = {
        "questions": len(seen),
        "recall_at_1": np.mean([rank == 1 for rank in ranks]),
        "recall_at_5": np.mean([0 < rank <= 5 for rank in ranks]),
        "mrr_at_10": np.mean([1 / rank if rank else 0.0 for rank in ranks]),
        "first_quote": np.mean(held),
        "first_quote_and_answered": np.mean(held & (sure["whole"] >= threshold)),
        "span_f1_in_the_right_paragraph": np.mean([f1 for o in seen for f1 in _f1_inside(o)] or [0.0]),
        "auroc_not_indexed": auroc(sure["indexed"], sure["not indexed"]),
        "auroc_near_miss": auroc(sure["whole"], sure["near miss"]),
        "answerable_refused": np.mean(sure["whole"] < threshold),
        "not_indexed_refused": np.mean(sure["not indexed"] < threshold),
        "near_miss_refused": np.mean(sure["near miss"] < threshold),
    }
    if rows["unanswerable"]:
        figures["auroc_unanswerable"] = auroc(sure["whole"], sure["unanswerable"])
        figures["unanswerable_refused"] = np.mean(sure["unanswerable"] < threshold)
    return {name: round(float(value), 4) for name, value in figures.items()}


def _rank(observation: Observation) -> int:
    """Return the rank of the right paragraph once the hits are ordered by what was read, 0 when it was not found."""
    hits = reranked(observation.ranked, observation.sighting.hits)
    found = list(dict.fromkeys(hit.chunk.document_id for hit in hits))
    wanted = observation.asked.paragraph
    return found.index(wanted) + 1 if wanted in found else 0


def _f1_inside(observation: Observation) -> list[float]:
    """Return the F1 of the span in the best sentence of the right paragraph, nothing when that was not read."""
    asked = observation.asked
    inside = [c for c in observation.ranked if c.hit.chunk.document_id == asked.paragraph and c.answer]
    return [_f1(asked, inside[0])] if inside else []


def main() -> None:
    """Read, fit, cross-validate, print, write."""
    parser = argparse.ArgumentParser(description="Fit and measure the span reader.")
    parser.add_argument("--models", type=Path, nargs="+", required=True, help="trained without part 0, part 1, …")
    parser.add_argument("--shipped", type=Path, default=FOLDER / SPAN_MODEL, help="the model that the figures are for")
    parser.add_argument("--share", type=float, default=1.0, help="of the questions that are read")
    parser.add_argument("--output", type=Path, default=FOLDER / SPAN_FIT)
    args = parser.parse_args()
    embeddings = RememberingEmbeddings(load_embeddings(IndexSettings().embedding_model))
    models: dict[int, Path] = dict(enumerate(args.models))
    seen = [s for dev in load_dev_sets() for s in sightings(dev, embeddings, args.share, models)]
    vocabulary = Vocabulary(packed_weights())
    unseen = [
        Unseen(RememberingModel(model, vocabulary, model), [s for s in seen if s.asked.article % PARTS == part])
        for part, model in models.items()
    ]
    for part in unseen:
        part.model.read_all(part.sightings)
    weights, without = cross_fitted_weights(unseen)
    observations, similar = observe_spans(unseen, without), observe_similarity(unseen)
    second, bold = margins(observations)
    data = (
        f"{args.share:.0%} of the questions on {len(models)} of {PARTS} parts of the articles of PIAF 1.1 (French) and "
        "SQuAD 2.0 (English), dev halves, each read by a model that was not trained on its article"
    )
    calibration, confidence = fit_confidence(observations, data)
    shipped = Fit.load(FOLDER / SIMILARITY_FIT)
    by_similarity = np.array([shipped.calibration.confidence(o.features) for o in similar])
    figures = {
        f"{of}→{on}": figures_of(of, on, observations, confidence, calibration.thresholds[of][on], second)
        for of, on in product(LANGUAGES, LANGUAGES)
    }
    similarity = {
        f"{of}→{on}": figures_of(of, on, similar, by_similarity, shipped.calibration.thresholds[of][on], shipped.second)
        for of, on in product(LANGUAGES, LANGUAGES)
    }
    sha256 = hashlib.sha256(args.shipped.read_bytes()).hexdigest()
    text = fit_text(
        Fit(weights, second, bold, calibration, sha256), "python -m training.reader.calibrate", figures, similarity
    )
    args.output.write_text(text, encoding="utf-8")
    print(text, end="")


if __name__ == "__main__":
    main()
