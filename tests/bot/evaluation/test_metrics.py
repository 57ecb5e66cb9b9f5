import math
from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.evaluation.metrics import (
    area_under_risk,
    auroc,
    bootstrap,
    ndcg,
    reciprocal_rank,
    refused_at,
    reliability,
    risk_coverage,
)

SCORES = st.lists(st.sampled_from([0.0, 0.1, 0.25, 0.5, 0.9, 1.0]), min_size=1, max_size=12).map(np.array)


@given(SCORES, SCORES)
def test_auroc_is_the_share_of_pairs_in_the_right_order(positive: np.ndarray, negative: np.ndarray) -> None:
    pairs = [1.0 if p > n else 0.5 if p == n else 0.0 for p, n in product(positive, negative)]
    assert auroc(positive, negative) == pytest.approx(sum(pairs) / len(pairs))


def test_auroc_of_one_kind_alone_is_not_told() -> None:
    assert math.isnan(auroc(np.array([0.5]), np.array([])))


@pytest.mark.parametrize(("rank", "expected"), [(1, 1.0), (4, 0.25), (0, 0.0)])
def test_the_reciprocal_rank_of_what_was_not_found_is_nothing(rank: int, expected: float) -> None:
    assert reciprocal_rank(rank) == expected


@given(st.lists(st.booleans(), max_size=15), st.integers(0, 5), st.integers(1, 12))
def test_ndcg_is_the_gain_over_that_of_the_best_order(found: list[bool], missed: int, k: int) -> None:
    relevant = sum(found) + missed
    gain = sum(float(f) / math.log2(i + 2) for i, f in enumerate(found[:k]))
    best = sum(1 / math.log2(i + 2) for i in range(min(relevant, k)))
    assert ndcg(found, relevant, k) == pytest.approx(gain / best if relevant else 0.0)


def test_ndcg_of_the_only_relevant_one_at_rank_three_is_a_half() -> None:
    assert ndcg([False, False, True], relevant=1, k=10) == pytest.approx(0.5)


def test_the_threshold_that_refuses_a_quarter_of_the_right_ones_refuses_what_lies_below() -> None:
    positive = np.array([0.1, 0.5, 0.6, 0.7, 0.8])
    assert refused_at(positive, np.array([0.05, 0.2, 0.4, 0.55]), 0.25) == 0.75


@given(st.lists(st.tuples(st.sampled_from([0.1, 0.4, 0.7, 1.0]), st.booleans()), min_size=1, max_size=12))
def test_risk_and_coverage_are_those_of_every_threshold(questions: list[tuple[float, bool]]) -> None:
    confidence = np.array([c for c, _ in questions])
    wrong = np.array([float(w) for _, w in questions])
    coverage, risk = risk_coverage(confidence, wrong)
    thresholds = sorted(set(confidence), reverse=True)
    assert coverage == pytest.approx([(confidence >= t).mean() for t in thresholds])
    assert risk == pytest.approx([wrong[confidence >= t].mean() for t in thresholds])
    steps = np.diff([0.0, *coverage])
    assert area_under_risk(confidence, wrong) == pytest.approx(sum(s * r for s, r in zip(steps, risk, strict=True)))


def test_reliability_counts_every_question_in_one_part() -> None:
    parts = reliability(np.array([0.0, 0.05, 0.55, 0.95, 1.0]), np.array([0.0, 1.0, 1.0, 1.0, 0.0]))
    assert parts == [pytest.approx((0.025, 0.5, 2)), pytest.approx((0.55, 1.0, 1)), pytest.approx((0.975, 0.5, 2))]


def test_an_interval_of_independent_questions_is_that_of_the_normal_approximation() -> None:
    values = np.random.default_rng(1).random(400)
    low, high = bootstrap(lambda rows: values[rows].mean(keepdims=True), [str(i) for i in range(400)])
    half = 1.96 * values.std() / 20
    assert low[0] == pytest.approx(values.mean() - half, abs=0.1 * half)
    assert high[0] == pytest.approx(values.mean() + half, abs=0.1 * half)


def test_questions_of_one_article_are_drawn_together() -> None:
    """Forty questions that all say the same as their article know no more than four."""
    values = np.repeat([0.0, 1.0, 0.0, 1.0], 10)

    def mean(rows: np.ndarray) -> np.ndarray:
        drawn: np.ndarray = values[rows]
        return np.array([drawn.mean()])

    low, high = bootstrap(mean, [str(i // 10) for i in range(40)])
    assert (low[0], high[0]) == (0.0, 1.0)
    alone, together = bootstrap(mean, [str(i) for i in range(40)])
    assert together[0] - alone[0] < 0.5


def test_an_interval_is_the_same_every_time() -> None:
    values = np.arange(30.0)
    runs = [bootstrap(lambda rows: values[rows].mean(keepdims=True), [str(i % 7) for i in range(30)]) for _ in "ab"]
    assert np.array_equal(runs[0], runs[1])


def test_one_article_alone_has_no_interval() -> None:
    low, high = bootstrap(lambda rows: np.array([1.0, np.nan]), ["a", "a"])
    assert np.isnan([*low, *high]).all()


def test_a_figure_that_no_draw_knows_has_no_interval_and_the_others_keep_theirs() -> None:
    low, high = bootstrap(lambda rows: np.array([np.nan, float(rows.min())]), ["a", "b", "c"], draws=50)
    assert np.isnan([low[0], high[0]]).all()
    assert (low[1], high[1]) == (0.0, pytest.approx(2.0, abs=1.1))
