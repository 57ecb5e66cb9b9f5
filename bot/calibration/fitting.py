"""Fit the confidence: a weighted logistic regression, measured on folds that it was not fitted on."""

import numpy as np
from numpy.typing import NDArray

from bot.evaluation.metrics import Floats

PENALTY = 0.1
"""L2 on each standardised weight; on the 20,000 samples of the dev sets it changes nothing; on a hundred it keeps the
weights of features that hardly vary small."""

FOLDS = 5


def fit(x: Floats, y: Floats, weight: Floats) -> tuple[Floats, float]:
    """Return the weights and the bias of a weighted logistic regression, by Newton's method.

    Args:
        x: features, shape (n, d).
        y: 1 where the articles hold the answer, else 0, shape (n,).
        weight: how much each sample counts, shape (n,).
    """
    centre, scale = x.mean(0), x.std(0)
    scale[scale == 0] = 1.0  # a feature that never varies says nothing, and gets the weight 0
    z = np.c_[(x - centre) / scale, np.ones(len(x))]
    beta = np.zeros(z.shape[1])
    penalty = np.diag([PENALTY] * x.shape[1] + [0.0])
    for _ in range(50):
        p = _logistic(z @ beta)
        gradient = z.T @ (weight * (p - y)) + penalty @ beta
        step = np.linalg.solve((z * (weight * p * (1 - p))[:, None]).T @ z + penalty, gradient)
        beta -= step
        if np.abs(step).max() < 1e-9:
            break
    weights = beta[:-1] / scale
    return weights, float(beta[-1] - weights @ centre)


def predict(weights: Floats, bias: float, x: Floats) -> Floats:
    """Return the probability that the articles hold the answer, shape (n,)."""
    return _logistic(x @ weights + bias)


def cross_validate(x: Floats, y: Floats, weight: Floats, fold: NDArray[np.int64], fitted: NDArray[np.bool_]) -> Floats:
    """Return the probability of each row by a model that saw no row of its fold.

    Args:
        x: features, shape (n, d).
        y: 1 where the articles hold the answer, else 0.
        weight: how much each row counts in a fit.
        fold: of each row; all rows of an article have one fold.
        fitted: which rows a model may be fitted on; the others are predicted only.
    """
    held_out = np.zeros(len(x))
    for one in np.unique(fold):
        seen, unseen = fitted & (fold != one), fold == one
        held_out[unseen] = predict(*fit(x[seen], y[seen], weight[seen]), x[unseen])
    return held_out


def _logistic(logit: Floats) -> Floats:
    return np.asarray(1 / (1 + np.exp(-np.clip(logit, -500, 500))))
