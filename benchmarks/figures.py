"""What the benchmarks share: their options, and the figures that they hand over to `python -m benchmarks`."""

import argparse
import json
from pathlib import Path

import numpy as np
from numpy.typing import ArrayLike

Figures = dict[str, float]  # name of a figure, as `benchmarks/tables.py` knows it -> value


def options(description: str | None) -> argparse.ArgumentParser:
    """Return a parser with the options that every benchmark of the report has."""
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="run on a tiny sample: shows that it works, no more")
    parser.add_argument("--json", type=Path, metavar="FILE", help="also write the figures there")
    return parser


def hand_over(figures: Figures, path: Path | None) -> None:
    """Write the figures for the report, if it asked for them."""
    if path is not None:
        path.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")


def retrieval_figures(ranks: ArrayLike) -> Figures:
    """Return R@1, R@5 and MRR@10 as `r1`, `r5` and `mrr`.

    Args:
        ranks: of the right paragraph for each question, from 1; 0 where it was not found.
    """
    found = np.asarray(ranks)
    within = (found > 0) & (found <= 10)
    return {
        "r1": float((found == 1).mean()),
        "r5": float((within & (found <= 5)).mean()),
        "mrr": float(np.where(within, 1 / np.maximum(found, 1), 0).mean()),
    }
