"""Measure a calibration: how well it tells answerable questions from the others, and how many of each it refuses."""

from collections.abc import Sequence
from itertools import product

import numpy as np
from numpy.typing import NDArray

from bot.answering.readers.confidence import Calibration
from bot.calibration.fitting import predict
from bot.calibration.sample import GROUPS, Group, Sample
from bot.evaluation.metrics import Floats, auroc
from index.schema import LANGUAGES

Figures = dict[str, float]

UNANSWERED: tuple[Group, ...] = ("not indexed", "near miss", "unanswerable")


def predicted(calibration: Calibration, samples: Sequence[Sample], feature_names: Sequence[str]) -> Floats:
    """Return the confidence in each sample, shape (n,), by a calibration that was not fitted on them."""
    weights = np.array([calibration.weights[name] for name in feature_names])
    return predict(weights, calibration.bias, np.array([s.features for s in samples]))


def figures_by_pair(samples: Sequence[Sample], confidence: Floats, calibration: Calibration) -> dict[str, Figures]:
    """Return the figures of each pair of languages, such as "fr→en", and the number of its answerable questions.

    Args:
        samples: of every pair.
        confidence: in each of them, shape (n,).
        calibration: whose thresholds are measured.
    """
    figures = {}
    for pair in (f"{asked}→{quoted}" for asked, quoted in product(LANGUAGES, LANGUAGES)):
        rows = [row for row, sample in enumerate(samples) if sample.pair == pair]
        own = [samples[row] for row in rows]
        questions = sum(s.group == "whole" for s in own)
        figures[pair] = {"questions": questions, **figures_of(own, confidence[rows], calibration)}
    return figures


def figures_of(samples: Sequence[Sample], confidence: Floats, calibration: Calibration) -> Figures:
    """Return the AUROC of answerable questions against each group without an answer, and the share of each refused.

    Args:
        samples: some of the group "whole"; a group without a sample has no figures.
        confidence: in each of them, shape (n,).
        calibration: whose thresholds are measured.
    """
    below = refused(samples, confidence, calibration)
    rows = {group: np.array([s.group == group for s in samples]) for group in GROUPS}
    figures = {"answerable_refused": round(float(below[rows["whole"]].mean()), 4)}
    for group in UNANSWERED:
        if rows[group].any():
            name = group.replace(" ", "_")
            answerable = rows["indexed" if group == "not indexed" and rows["indexed"].any() else "whole"]
            figures[f"auroc_{name}"] = round(auroc(confidence[answerable], confidence[rows[group]]), 4)
            figures[f"{name}_refused"] = round(float(below[rows[group]].mean()), 4)
    return figures


def refused(samples: Sequence[Sample], confidence: Floats, calibration: Calibration) -> NDArray[np.bool_]:
    """Return which samples are below the threshold of their languages, shape (n,)."""
    limits = np.array([calibration.thresholds[s.language][s.quoted] for s in samples])
    return np.asarray(confidence < limits)
