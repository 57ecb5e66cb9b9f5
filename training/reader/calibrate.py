"""Fit the span ranker and its confidence on what the span model reads, measure them, and write the fit, `span.json`.

    python -m training.reader.calibrate --models runs/without0.onnx runs/without1.onnx

A model reads only the questions on the part of the articles that it was not trained on; the weights of the ranking and
of the confidence are cross-validated by article within these.
"""

import argparse
import hashlib
import random
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.dev_sets.indexing import RememberingEmbeddings
from benchmarks.dev_sets.samples import Searched, fit_confidence, search_set
from benchmarks.dev_sets.sets import Asked, DevSet, load_dev_sets
from bot.answering.readers.confidence import Calibration
from bot.answering.readers.fit import Fit, fit_text
from bot.answering.readers.quoting import quote_best
from bot.answering.readers.ranking import Candidate, RankingWeights, reranked
from bot.answering.readers.reader import Ranker
from bot.answering.readers.shipped import FOLDER, SIMILARITY_FIT, SPAN_FIT, SPAN_MODEL, load_similarity_ranker
from bot.answering.readers.span import SpanRanker
from bot.calibration.figures import Figures, figures_by_pair, predicted, refused
from bot.calibration.fitting import FOLDS
from bot.calibration.sample import Sample
from bot.evaluation.gold import token_f1
from bot.evaluation.metrics import Floats
from bot.evaluation.questions import KnownQuestion
from index.config import IndexSettings
from index.model.embedding import load_embeddings
from index.model.vocabulary import Vocabulary
from training.reader.examples import PARTS
from training.reader.ranking_fit import Rows, fit_ranking, sentence_rows
from training.reader.remembering import RememberingModel
from training.unpacking import packed_weights

BOLD_F1 = 0.5
"""Mean token F1 with the gold answer from which words are shown in bold: half of them are then right."""

SECOND_SHARE = 0.2
"""Share of the answers that quote a second sentence, as with the similarity ranker (0.22 of PIAF, 0.16 of SQuAD 2)."""

SECTIONS = 1.8
"""Times the threshold of paragraphs in one language that a documentation needs, whose passages look nearer: headings
are embedded with them. Of 62 questions on YunoHost (development) none is refused then, and 0.29 are where the pages
that answer are left out; with 1 only 0.08 are, with 2.1 times 0.37 and one that is answered (docs/experiments.md)."""


@dataclass(frozen=True, slots=True)
class HeldOut:
    """A model, and the searches for questions on the articles that it was not trained on."""

    model: RememberingModel
    searches: list[Searched]


@dataclass(frozen=True, slots=True)
class Ranked:
    """What a ranker made of one search."""

    found: Searched
    candidates: list[Candidate]  # the likeliest answer first, one or more
    sample: Sample


def drawn_questions(dev: DevSet, share: float, parts: Collection[int]) -> list[Asked]:
    """Return a share of the questions on some parts of the articles, the same at each call, and all translated ones."""
    drawn = [q for q in dev.questions if random.Random(q.id).random() < share]
    return [q for q in [*drawn, *dev.translated] if q.article % PARTS in parts]


def half_of(article: int) -> int:
    """Return the half of an article, 0 or 1; each half has articles of every part."""
    return article // PARTS % 2


def fit_weights(held_out: Sequence[HeldOut]) -> tuple[RankingWeights, list[RankingWeights]]:
    """Return the weights of the sentence score fitted on all questions, and those without each fold of articles."""
    rows: dict[int, Rows] = {}
    for number in range(FOLDS):
        rows[number] = [
            row
            for one in held_out
            for row in sentence_rows([s for s in one.searches if s.group == "whole" and s.fold == number], one.model)
        ]

    def without(fold: int | None) -> RankingWeights:
        return fit_ranking([row for number in range(FOLDS) if number != fold for row in rows[number]])

    return without(None), [without(fold) for fold in range(FOLDS)]


def rank_all(
    held_out: Sequence[HeldOut], ranker_for: Callable[[RememberingModel, Searched], Ranker]
) -> Iterator[Ranked]:
    """Yield what the rankers make of the searches; nothing for one that found no sentence."""
    for one in held_out:
        for found in one.searches:
            ranker, asked = ranker_for(one.model, found), found.asked
            if candidates := ranker.rank(asked.text, found.hits):
                evidence = ranker.evidence(asked.text, asked.language, found.hits, candidates)
                yield Ranked(found, candidates, found.sample(evidence))


def margins(ranked: Sequence[Ranked]) -> tuple[float, float]:
    """Return how close a second sentence must be to be quoted, and the margin from which words are bold."""
    ranked = [r for r in ranked if r.found.group == "whole"]
    gaps = []
    for one in ranked:
        best = one.candidates[0]
        rivals = [c.score for c in one.candidates[1:] if c.hit is best.hit]
        gaps.append(best.score - rivals[0] if rivals else np.inf)
    answers = [(r.candidates[0].answer, r) for r in ranked if r.candidates[0].answer]
    scored = sorted(((a.margin, _f1(r.found.asked, r.candidates[0])) for a, r in answers), reverse=True)
    kept = np.array([f1 for _, f1 in scored])
    window = max(20, len(kept) // 20)
    local = np.convolve(kept, np.ones(window) / window, "valid")  # of the spans about as sure
    worth = np.flatnonzero(local >= BOLD_F1)
    bold = scored[min(int(worth[-1]) + window // 2, len(scored) - 1)][0] if len(worth) else scored[0][0]
    return round(float(np.quantile(gaps, SECOND_SHARE)), 3), round(float(bold), 3)


def figures_of(
    ranked: Sequence[Ranked], confidence: Floats, calibration: Calibration, second: float
) -> dict[str, Figures]:
    """Return by pair of languages how well the sentences are ranked, and how well the confidence tells what is missing.

    Args:
        ranked: of every pair.
        confidence: in each of them, shape (n,).
        calibration: whose thresholds are measured.
        second: how close a second quote is.
    """
    samples = [r.sample for r in ranked]
    answered = ~refused(samples, confidence, calibration)
    figures = figures_by_pair(samples, confidence, calibration)
    for pair, told in figures.items():
        rows = [row for row, s in enumerate(samples) if s.group == "whole" and s.pair == pair]
        ranking = _ranking_figures([ranked[row] for row in rows], answered[rows], second)
        figures[pair] = {"questions": told["questions"], **ranking, **told}
    return figures


def _ranking_figures(ranked: Sequence[Ranked], answered: NDArray[np.bool_], second: float) -> Figures:
    """Return the figures of the order of the sentences.

    Args:
        ranked: over the whole set, questions that it answers.
        answered: which of them the bot does not refuse, shape (n,).
        second: how close a second quote is.
    """
    right = np.array([r.found.asked.is_answered_by(quote_best(r.candidates, second)[0].quote) for r in ranked])
    ranks = [_rank(r) for r in ranked]
    figures = {
        "recall_at_1": np.mean([rank == 1 for rank in ranks]),
        "recall_at_5": np.mean([0 < rank <= 5 for rank in ranks]),
        "mrr_at_10": np.mean([1 / rank if rank else 0.0 for rank in ranks]),
        "first_quote": np.mean(right),
        "first_quote_and_answered": np.mean(right & answered),
        "span_f1_in_the_right_paragraph": np.mean([f1 for r in ranked for f1 in _f1_inside(r)] or [0.0]),
    }
    return {name: round(float(value), 4) for name, value in figures.items()}


def _rank(ranked: Ranked) -> int:
    """Return the rank of the right paragraph once the hits are ordered by what was read, 0 when it was not found."""
    hits = reranked(ranked.candidates, ranked.found.hits)
    documents = list(dict.fromkeys(hit.chunk.document_id for hit in hits))
    wanted = ranked.found.asked.paragraph
    return documents.index(wanted) + 1 if wanted in documents else 0


def _f1_inside(ranked: Ranked) -> list[float]:
    """Return the F1 of the span in the best sentence of the right paragraph, nothing when that was not read."""
    asked = ranked.found.asked
    inside = [c for c in ranked.candidates if c.hit.chunk.document_id == asked.paragraph and c.answer]
    return [_f1(asked, inside[0])] if inside else []


def _f1(asked: Asked, candidate: Candidate) -> float:
    if candidate.answer is None:
        return 0.0
    text = candidate.hit.chunk.text
    known = KnownQuestion(asked.id, asked.text, asked.language, answerable=True, answers=asked.answers)
    return token_f1(known, text[candidate.answer.start : candidate.answer.end], candidate.hit.chunk.language)


def main() -> None:
    """Read, fit, cross-validate, print, write."""
    parser = argparse.ArgumentParser(description="Fit and measure the span ranker.")
    parser.add_argument("--models", type=Path, nargs="+", required=True, help="trained without part 0, part 1, …")
    parser.add_argument("--shipped", type=Path, default=FOLDER / SPAN_MODEL, help="the model that the figures are for")
    parser.add_argument("--share", type=float, default=1.0, help="of the questions that are read")
    parser.add_argument("--output", type=Path, default=FOLDER / SPAN_FIT)
    args = parser.parse_args()
    embeddings = RememberingEmbeddings(load_embeddings(IndexSettings().embedding_model))
    models: dict[int, Path] = dict(enumerate(args.models))
    searches = [
        found
        for dev in load_dev_sets()
        for found in search_set(dev, drawn_questions(dev, args.share, models), embeddings, half_of)
    ]
    vocabulary = Vocabulary(packed_weights())
    held_out = [
        HeldOut(RememberingModel(model, vocabulary, model), [s for s in searches if s.asked.article % PARTS == part])
        for part, model in models.items()
    ]
    for one in held_out:
        one.model.read_all(one.searches)
    weights, without = fit_weights(held_out)
    similarity = load_similarity_ranker()
    by_span = list(rank_all(held_out, lambda model, found: SpanRanker(model, without[found.fold], similarity)))
    by_similarity = list(rank_all(held_out, lambda model, found: similarity))
    second, bold = margins(by_span)
    data = (
        f"{args.share:.0%} of the questions on {len(models)} of {PARTS} parts of the articles of PIAF 1.1 (French) and "
        "SQuAD 2.0 (English), dev halves, each read by a model that was not trained on its article"
    )
    fitted = fit_confidence([r.sample for r in by_span], SpanRanker.feature_names, data)
    figures = figures_of(by_span, fitted.confidence, fitted.calibration, second)
    shipped = Fit.load(FOLDER / SIMILARITY_FIT)
    confidence = predicted(shipped.calibration, [r.sample for r in by_similarity], similarity.feature_names)
    baseline = figures_of(by_similarity, confidence, shipped.calibration, shipped.second)
    sha256 = hashlib.sha256(args.shipped.read_bytes()).hexdigest()
    fit = Fit(weights, second, bold, replace(fitted.calibration, sections=SECTIONS), sha256)
    text = fit_text(fit, "python -m training.reader.calibrate", figures, baseline)
    args.output.write_text(text, encoding="utf-8")
    print(text, end="")


if __name__ == "__main__":
    main()
