import numpy as np
import pytest

from bot.calibration.fitting import PENALTY, cross_validate, fit, predict
from bot.evaluation.metrics import auroc


def sample(n: int, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Return features of which the first two tell, and what they tell."""
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(n, 4)) * [1.0, 0.1, 1.0, 1.0] + 3.0
    logit = 1.5 * (x[:, 0] - 3) - 12.0 * (x[:, 1] - 3) - 0.5
    return x, (rng.random(n) < 1 / (1 + np.exp(-logit))).astype(float)


def test_the_weights_are_those_that_made_the_sample() -> None:
    x, y = sample(20_000)
    weights, bias = fit(x, y, np.ones(len(x)))
    assert weights == pytest.approx([1.5, -12.0, 0.0, 0.0], abs=0.35)
    assert bias == pytest.approx(-0.5 - 3 * 1.5 + 3 * 12.0, abs=1.5)


def test_the_fit_is_where_the_penalised_loss_has_no_slope() -> None:
    x, y = sample(200)
    weight = np.linspace(0.5, 2, 200)
    weights, bias = fit(x, y, weight)
    p = predict(weights, bias, x)
    standard = (x - x.mean(0)) / x.std(0)
    assert standard.T @ (weight * (p - y)) + PENALTY * weights * x.std(0) == pytest.approx(np.zeros(4), abs=1e-6)
    assert (weight * (p - y)).sum() == pytest.approx(0, abs=1e-6)


def test_a_question_of_weight_two_counts_as_two_questions() -> None:
    x, y = sample(100)
    # The scale of the features counts rows, not weights, so only the unpenalised part can be compared: many rows.
    twice = fit(np.r_[x, x], np.r_[y, y], np.ones(200))
    assert fit(x, y, np.full(100, 2.0))[0] == pytest.approx(twice[0])


def test_a_feature_that_never_varies_gets_no_weight() -> None:
    x, y = sample(200)
    x[:, 2] = 7.0
    weights, bias = fit(x, y, np.ones(200))
    assert weights[2] == 0.0
    assert np.isfinite([*weights, bias]).all()


def test_features_that_separate_perfectly_stay_finite() -> None:
    x = np.r_[np.zeros((20, 1)), np.ones((20, 1))]
    y = np.r_[np.zeros(20), np.ones(20)]
    weights, bias = fit(x, y, np.ones(40))
    assert np.isfinite([*weights, bias]).all()
    assert auroc(predict(weights, bias, x[20:]), predict(weights, bias, x[:20])) == 1.0


def test_each_fold_is_predicted_by_a_model_that_did_not_see_it() -> None:
    x, y = sample(300)
    fold = np.arange(300) % 3
    fitted = np.arange(300) < 240
    held_out = cross_validate(x, y, np.ones(300), fold, fitted)
    for one in range(3):
        seen = fitted & (fold != one)
        expected = predict(*fit(x[seen], y[seen], np.ones(seen.sum())), x[fold == one])
        assert held_out[fold == one] == pytest.approx(expected)
