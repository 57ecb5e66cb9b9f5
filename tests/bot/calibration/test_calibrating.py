from dataclasses import replace

import numpy as np
import pytest

from bot.calibration.calibrating import FALSE_REFUSALS, fit_calibration
from bot.calibration.fitting import FOLDS
from bot.calibration.sample import Sample
from tests.bot.calibration.samples import make_samples

ANSWERED = make_samples("whole", np.linspace(0.4, 1.0, 200))
ANSWERED_IN_ENGLISH = make_samples("whole", np.linspace(0.6, 1.0, 40), "en", "fr")
MISSING = make_samples("not indexed", np.linspace(0.0, 0.7, 200))
SAMPLES = [*ANSWERED, *ANSWERED_IN_ENGLISH, *MISSING]


def folds(samples: list[Sample]) -> list[int]:
    return [int(s.article) % FOLDS for s in samples]


def test_a_threshold_refuses_the_stated_share_of_the_answerable_questions_of_its_languages() -> None:
    fitted = fit_calibration(SAMPLES, folds(SAMPLES), ["only"], "made up")
    for samples in (ANSWERED, ANSWERED_IN_ENGLISH):
        rows = [SAMPLES.index(s) for s in samples]
        refused = fitted.confidence[rows] < fitted.calibration.thresholds[samples[0].language]["fr"]
        assert refused.mean() == pytest.approx(FALSE_REFUSALS, abs=0.02)
    assert fitted.calibration.data == "made up"
    assert fitted.calibration.weights["only"] > 0


def test_a_pair_of_languages_with_few_questions_has_the_threshold_of_the_language_then_of_all() -> None:
    thresholds = fit_calibration(SAMPLES, folds(SAMPLES), ["only"], "", min_for_pair=50).calibration.thresholds
    assert thresholds["fr"]["en"] == thresholds["fr"]["fr"]  # no such question: that of the French ones
    assert thresholds["en"]["fr"] == thresholds["en"]["en"]  # 40 in English: that of all
    assert thresholds["en"]["fr"] != thresholds["fr"]["fr"]


def test_only_the_stated_groups_are_fitted_on() -> None:
    disturbing = make_samples("unanswerable", np.linspace(0.9, 1.0, 200))
    samples = [*SAMPLES, *disturbing]
    without = fit_calibration(SAMPLES, folds(SAMPLES), ["only"], "").calibration
    fitted = fit_calibration(samples, folds(samples), ["only"], "", groups=("whole", "not indexed")).calibration
    assert fitted == without
    assert fit_calibration(samples, folds(samples), ["only"], "").calibration != without


def test_a_sample_of_weight_two_counts_as_two() -> None:
    heavy = [replace(s, weight=2.0) for s in MISSING]
    once = fit_calibration([*ANSWERED, *heavy], folds([*ANSWERED, *heavy]), ["only"], "").calibration
    plain = fit_calibration([*ANSWERED, *MISSING], folds([*ANSWERED, *MISSING]), ["only"], "").calibration
    assert once.bias < plain.bias
