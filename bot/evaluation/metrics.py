"""The usual measures of retrieval and abstention, over arrays with one entry a question."""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

DRAWS = 1_000
"""Resamples of a bootstrap: between seeds, the ends of a 95 % interval move by less than a tenth of its width."""

SEED = 0
BINS = 10  # of a reliability diagram: as many as Guo et al. 2017 (ICML) have, with fewer questions fewer are filled


def reciprocal_rank(rank: int) -> float:
    """Return 1 / rank, 0 when it was not found (rank 0); its mean is MRR."""
    return 1 / rank if rank else 0.0


def ndcg(relevant_at: Sequence[bool], relevant: int, k: int) -> float:
    """Return nDCG@k with gains of 0 and 1 (Järvelin and Kekäläinen 2002), 0 to 1.

    Args:
        relevant_at: whether the result at rank 1, 2, … is relevant.
        relevant: how many relevant ones there are, found or not.
        k: ranks that count.
    """
    gain = sum(1 / np.log2(rank + 1) for rank, is_relevant in enumerate(relevant_at[:k], start=1) if is_relevant)
    best = sum(1 / np.log2(rank + 1) for rank in range(1, min(relevant, k) + 1))
    return float(gain / best) if best else 0.0


def auroc(positive: Floats, negative: Floats) -> float:
    """Return the probability that a positive scores above a negative, ties counting half (Mann-Whitney U).

    NaN when either is empty.
    """
    if not len(positive) or not len(negative):
        return float("nan")
    ordered = np.sort(negative)
    below = np.searchsorted(ordered, positive, "left") + np.searchsorted(ordered, positive, "right")
    return float(below.mean() / 2 / len(negative))


def refused_at(positive: Floats, negative: Floats, false_refusals: float) -> float:
    """Return the share of the negatives below the threshold that refuses `false_refusals` of the positives.

    NaN when either is empty.
    """
    if not len(positive) or not len(negative):
        return float("nan")
    return float((negative < np.quantile(positive, false_refusals)).mean())


def risk_coverage(confidence: Floats, wrong: Floats) -> tuple[Floats, Floats]:
    """Return, for each threshold from the highest, the share of questions answered and the share of wrong answers.

    A threshold is a confidence that occurs: questions that share one are answered together (El-Yaniv and Wiener 2010).
    """
    order = np.argsort(-confidence, kind="stable")
    last_of_each = np.flatnonzero(np.append(np.diff(confidence[order]) != 0, True))
    answered = last_of_each + 1
    return answered / len(confidence), np.cumsum(wrong[order])[last_of_each] / answered


def area_under_risk(confidence: Floats, wrong: Floats) -> float:
    """Return the mean risk over all coverages (AURC, Geifman and El-Yaniv 2017): lower is better, NaN for none."""
    if not len(confidence):
        return float("nan")
    coverage, risk = risk_coverage(confidence, wrong)
    return float((np.diff(coverage, prepend=0.0) * risk).sum())


def reliability(confidence: Floats, happened: Floats) -> list[tuple[float, float, int]]:
    """Return, for each of `BINS` equal parts of 0 to 1 that is not empty, mean confidence, rate and count."""
    part = np.minimum((confidence * BINS).astype(int), BINS - 1)
    return [
        (float(confidence[rows].mean()), float(happened[rows].mean()), int(rows.sum()))
        for rows in (part == n for n in range(BINS))
        if rows.any()
    ]


def bootstrap(
    statistics: Callable[[NDArray[np.int64]], Floats], clusters: Sequence[str], draws: int = DRAWS
) -> tuple[Floats, Floats]:
    """Return the ends of the 95 % percentile intervals of some statistics, drawing whole clusters (Efron 1979).

    Questions on one article succeed and fail together, so articles are drawn, not questions.

    Args:
        statistics: takes rows, with repeats, and returns the statistics, shape (s,); NaN where there is none.
        clusters: of each row.
        draws: how many.

    Returns:
        Lower and upper ends, shape (s,); NaN where no draw had the statistic, or there is a single cluster.
    """
    names, cluster_of = np.unique(np.array(clusters), return_inverse=True)
    if len(names) == 1:
        nothing = np.full_like(statistics(np.arange(len(cluster_of))), np.nan)
        return nothing, nothing
    order = np.argsort(cluster_of, kind="stable")
    members = np.split(order, np.cumsum(np.bincount(cluster_of))[:-1])
    rng = np.random.default_rng(SEED)
    values = np.array(
        [
            statistics(np.concatenate([members[c] for c in rng.integers(len(members), size=len(members))]))
            for _ in range(draws)
        ]
    )
    missing = np.isnan(values).all(axis=0)
    values[:, missing] = 0.0
    low, high = np.nanquantile(values, (0.025, 0.975), axis=0)
    low[missing] = high[missing] = np.nan
    return low, high
