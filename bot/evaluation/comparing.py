"""What changed since an earlier run: the paired differences of the figures, and whether one is a regression."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from rich.box import SIMPLE
from rich.console import Console
from rich.table import Table as Grid
from rich.text import Text

from bot.errors import EvaluationError
from bot.evaluation.asking import Measured, read_measured
from bot.evaluation.figures import FIGURES, Estimate, Figure, Table, clusters, parts
from bot.evaluation.metrics import Floats, bootstrap
from bot.evaluation.printing import FORMAT

RULE = (
    "A figure regressed when the whole 95 % interval of its paired difference, over the questions that both runs asked,"
    " lies on the worse side of zero. Times, which depend on the machine, and lengths are shown and never fail."
)


@dataclass(frozen=True, slots=True)
class Change:
    """How one figure of one slice differs, new minus old, over the questions of both runs."""

    slice: str
    figure: Figure
    old: float
    new: float
    difference: Estimate

    @property
    def verdict(self) -> Literal["better", "worse", "same", "unsure"]:
        """Same: no question differs; unsure: the interval holds zero."""
        low, high = self.difference.low, self.difference.high
        if self.difference.value == low == high == 0:
            return "same"
        if self.figure.better == "lower":
            low, high = -high, -low
        return "better" if low > 0 else "worse" if high < 0 else "unsure"

    @property
    def is_regression(self) -> bool:
        """Whether it should fail a build."""
        return self.verdict == "worse" and self.figure.may_regress

    def record(self) -> dict[str, Any]:
        """Return the documented JSON shape."""
        return {
            "slice": self.slice,
            "figure": self.figure.key,
            "old": round(self.old, 4),
            "new": round(self.new, 4),
            "difference": self.difference.record(),
            "verdict": self.verdict,
            "regression": self.is_regression,
        }


@dataclass(frozen=True, slots=True)
class Comparison:
    """All changes, and how many questions were only in one of the runs."""

    changes: tuple[Change, ...]
    shared: int
    added: int
    gone: int

    @property
    def regressions(self) -> list[Change]:
        """What fails a build."""
        return [change for change in self.changes if change.is_regression]

    @property
    def told(self) -> list[Change]:
        """The changes whose interval does not hold zero, for better or worse."""
        return [change for change in self.changes if change.verdict in ("better", "worse")]

    @property
    def rest(self) -> str:
        """The line that counts the other figures."""
        unsure = sum(change.verdict == "unsure" for change in self.changes)
        same = sum(change.verdict == "same" for change in self.changes)
        return f"Of the other figures {unsure} moved no more than chance may, and {same} not at all."

    def record(self) -> dict[str, Any]:
        """Return the documented JSON shape."""
        return {
            "rule": RULE,
            "shared": self.shared,
            "added": self.added,
            "gone": self.gone,
            "changes": [change.record() for change in self.changes],
        }


def print_comparison(comparison: Comparison, console: Console) -> None:
    """Print what changed, the rule, and the verdict."""
    title = "Since the baseline"
    table = Grid(title=title, title_justify="left", title_style="bold", box=SIMPLE, padding=(0, 1, 0, 0))
    for name in ("", "figure", "before", "now", "difference", ""):
        table.add_column(name, justify="left" if name in ("", "figure") else "right")
    for change in comparison.told:
        digits = change.figure.decimals
        d = change.difference
        table.add_row(
            change.slice,
            change.figure.label,
            f"{change.old:.{digits}f}",
            f"{change.new:.{digits}f}",
            f"{d.value:+.{digits}f} ({d.low:+.{digits}f} to {d.high:+.{digits}f})",
            Text("regression", style="bold red") if change.is_regression else change.verdict,
        )
    if comparison.told:
        console.print(table)
    console.print(comparison.rest)
    regressed = len(comparison.regressions)
    console.print(
        f"{comparison.shared:,} questions in both runs; {regressed or 'no'} regression{'' if regressed == 1 else 's'}."
    )
    console.print(RULE, markup=False)


def read_baseline(file: Path, contexts: bool) -> list[Measured]:
    """Return the outcomes of an earlier run, as `--json` wrote it.

    Args:
        file: of that run.
        contexts: whether this run indexes the passages; the earlier one must have done the same.

    Raises:
        EvaluationError: it cannot be read, is not the output of a run, or is of a run in the other mode.
    """
    try:
        record = json.loads(file.read_bytes())
        found, of, measured = record["format"], record["mode"], read_measured(record["outcomes"])
    except OSError as error:
        raise EvaluationError(f"{file}: cannot be read ({error.strerror})") from error
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise EvaluationError(
            f"{file}: is not what `babillard eval --json` writes: measure the baseline again"
        ) from error
    if found != FORMAT:
        raise EvaluationError(f"{file}: comes from another version of Babillard: measure the baseline again")
    if (of == "contexts") != contexts:
        raise EvaluationError(f"{file}: was measured {'without' if contexts else 'with'} --contexts: do the same")
    return measured


def compare(old: Sequence[Measured], new: Sequence[Measured]) -> Comparison:
    """Return the changes, over the questions that both runs asked.

    Raises:
        EvaluationError: there are none.
    """
    before = {m.key: m for m in old}
    after = read_measured([m.record() for m in new if m.key in before])  # rounded as the others were
    if not after:
        raise EvaluationError("the baseline asked none of these questions: measure it on the same files")
    known: list[tuple[list[Measured], list[Change]]] = []
    for name, rows in parts(after):
        same = next((changes for others, changes in known if others == rows), None)
        changed = [replace(change, slice=name) for change in same or _changes([before[m.key] for m in rows], rows)]
        known.append((rows, changed))
    changes = [change for _, changes in known for change in changes]
    return Comparison(tuple(changes), len(after), len(new) - len(after), len(old) - len(after))


def _changes(old: Sequence[Measured], new: Sequence[Measured]) -> list[Change]:
    """Return the changes of a slice; the caller adds its name. `old` and `new` are the same questions in one order."""
    tables = Table(old), Table(new)

    def difference(rows: NDArray[np.int64]) -> Floats:
        return tables[1].figures(rows) - tables[0].figures(rows)

    everything = np.arange(len(new))
    was, now = (table.figures(everything).tolist() for table in tables)
    low, high = bootstrap(difference, clusters(new))
    return [
        Change("", figure, was[i], now[i], Estimate(now[i] - was[i], float(low[i]), float(high[i])))
        for i, figure in enumerate(FIGURES)
        if not np.isnan(now[i] - was[i])
    ]
