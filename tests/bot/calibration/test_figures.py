import numpy as np
import pytest

from bot.answering.readers.confidence import Calibration
from bot.calibration.figures import figures_by_pair, figures_of, predicted, refused
from tests.bot.calibration.samples import make_samples

CALIBRATION = Calibration(
    {"only": 1.0}, bias=0.0, thresholds={"fr": {"fr": 0.5, "en": 0.9}, "en": {"fr": 0.1, "en": 0.5}}
)


def test_each_group_without_an_answer_is_told_from_the_answerable_questions() -> None:
    samples = [*make_samples("whole", [0] * 4), *make_samples("near miss", [0] * 2), *make_samples("not indexed", [0])]
    confidence = np.array([0.9, 0.8, 0.7, 0.4, 0.75, 0.2, 0.1])
    assert figures_of(samples, confidence, CALIBRATION) == {
        "answerable_refused": 0.25,
        "auroc_not_indexed": 1.0,
        "not_indexed_refused": 1.0,
        "auroc_near_miss": 0.75,
        "near_miss_refused": 0.5,
    }


def test_what_is_not_indexed_is_told_from_the_same_questions_over_an_index_of_the_same_size() -> None:
    samples = [*make_samples("whole", [0]), *make_samples("indexed", [0]), *make_samples("not indexed", [0])]
    figures = figures_of(samples, np.array([0.9, 0.3, 0.5]), CALIBRATION)
    assert figures["auroc_not_indexed"] == 0.0


def test_each_pair_of_languages_is_measured_with_its_own_threshold() -> None:
    samples = [
        sample
        for language in ("fr", "en")
        for quoted in ("fr", "en")
        for group in ("whole", "not indexed")
        for sample in make_samples(group, [0], language, quoted)
    ]
    confidence = np.full(len(samples), 0.6)
    assert refused(samples, confidence, CALIBRATION).tolist() == [False, False, True, True, False, False, False, False]
    figures = figures_by_pair(samples, confidence, CALIBRATION)
    assert {pair: f["answerable_refused"] for pair, f in figures.items()} == {
        "fr→fr": 0.0,
        "fr→en": 1.0,
        "en→fr": 0.0,
        "en→en": 0.0,
    }
    assert all(f["questions"] == 1 for f in figures.values())


def test_a_calibration_that_was_fitted_before_predicts_by_its_weights() -> None:
    confidence = predicted(CALIBRATION, make_samples("whole", [0.0, 2.0]), ["only"])
    assert confidence == pytest.approx([0.5, 1 / (1 + np.exp(-2))])
