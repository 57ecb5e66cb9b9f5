"""Fit the confidence on samples, and the thresholds below which the bot abstains."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np

from bot.answering.readers.confidence import Calibration
from bot.calibration.fitting import cross_validate, fit
from bot.calibration.sample import GROUPS, Group, Sample
from bot.evaluation.metrics import Floats
from index.schema import LANGUAGES, Language

FALSE_REFUSALS = 0.075
"""Share of the answerable questions that each threshold refuses: the price of refusing the others."""


@dataclass(frozen=True, slots=True)
class Fitted:
    """A calibration, and a cross-validated confidence for each sample that it was fitted on."""

    calibration: Calibration
    confidence: Floats  # of each sample, by a fit that did not see its article


def fit_calibration(
    samples: Sequence[Sample],
    folds: Sequence[int],
    feature_names: Sequence[str],
    data: str,
    groups: Collection[Group] = GROUPS,
    min_for_pair: int = 1,
) -> Fitted:
    """Return the calibration fitted on all samples, and the confidence in each by a fit on the other folds.

    Args:
        samples: one or more, of questions with and without an answer.
        folds: of each sample; samples of one article have the same.
        feature_names: of the samples, in their order.
        data: says what was fitted on.
        groups: fitted on; the group "whole" sets the thresholds either way.
        min_for_pair: answerable questions that a pair of languages needs for a threshold of its own.
    """
    x = np.array([s.features for s in samples])
    answerable = np.array([s.answerable for s in samples], dtype=float)
    weight = np.array([s.weight for s in samples])
    fitted = np.array([s.group in groups for s in samples])
    confidence = cross_validate(x, answerable, weight, np.array(folds), fitted)
    weights, bias = fit(x[fitted], answerable[fitted], weight[fitted])
    by_name = {name: round(float(w), 4) for name, w in zip(feature_names, weights, strict=True)}
    thresholds = _thresholds(samples, confidence, min_for_pair)
    return Fitted(Calibration(by_name, round(bias, 4), thresholds, data), confidence)


def _thresholds(
    samples: Sequence[Sample], confidence: Floats, min_for_pair: int
) -> dict[Language, dict[Language, float]]:
    """Return the confidence below which `FALSE_REFUSALS` of the answerable questions of each pair of languages lie.

    A pair with fewer than `min_for_pair` of them gets the threshold of all questions in the language; if these are also
    too few, that of all questions.
    """
    whole = np.array([s.group == "whole" for s in samples])
    language, quoted = np.array([s.language for s in samples]), np.array([s.quoted for s in samples])

    def threshold(asked: Language, text: Language) -> float:
        of_language = whole & (language == asked)
        rows = next((r for r in (of_language & (quoted == text), of_language) if r.sum() >= min_for_pair), whole)
        return round(float(np.quantile(confidence[rows], FALSE_REFUSALS)), 3)

    return {asked: {text: threshold(asked, text) for text in LANGUAGES} for asked in LANGUAGES}
