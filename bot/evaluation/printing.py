"""Show the figures of a run: tables for people, one object for programs."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np
from rich.box import SIMPLE
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
from rich.progress import Progress as Bar
from rich.table import Table
from rich.text import Text

from bot.evaluation.asking import Measured
from bot.evaluation.figures import FIGURES, Estimate, Figure, Slice
from index.build import Progress
from index.text import visible

FORMAT = 1  # of the JSON object; raised when a reader of the old one would misread the new

TITLES = {
    "retrieval": "Retrieval: the right passage among those found",
    "answer": "Answer: what is quoted (a refusal counts as a miss)",
    "useful": "Useful: the reply shows all that the asker needs",
    "plain": "Plain retriever: its first passages pasted, the pages it finds",
    "abstention": "Abstention: telling questions without an answer from the others",
    "reply": "Reply language and time per question",
}


@contextmanager
def progress_bars() -> Iterator[Bar]:
    """Show progress bars on standard error, if that is a terminal."""
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Bar(*columns, console=console, disable=not console.is_terminal, transient=True) as bars:
        yield bars


def progress_of(bars: Bar, label: str) -> Progress:
    """Return a progress that moves one bar."""
    task = bars.add_task(label, total=None)
    return Progress(
        start=lambda total: bars.update(task, total=total),
        advance=lambda done: bars.advance(task, done),
    )


def print_tables(slices: Sequence[Slice], console: Console) -> None:
    """Print one table for each group of figures, a line for each slice; slices of the same questions share a line."""
    for group, title in TITLES.items():
        figures = [f for f in FIGURES if f.group == group and not np.isnan(slices[0].figures[f.key].value)]
        if not figures:
            continue
        table = Table(title=title, title_justify="left", title_style="bold", box=SIMPLE, padding=(0, 1, 0, 0))
        table.add_column("")
        if group == "retrieval":
            table.add_column("questions", justify="right")
        for figure in figures:
            table.add_column(figure.label, justify="right", min_width=len("0.000–0.000"))
        for name, one in _merged(slices):
            count = [f"{one.questions:,}"] if group == "retrieval" else []
            table.add_row(name, *count, *(_cell(figure, one.figures[figure.key]) for figure in figures))
        console.print(table)


def _merged(slices: Sequence[Slice]) -> Iterator[tuple[str, Slice]]:
    """Yield the slices, those with the same questions once, under all their names."""
    names: dict[int, list[str]] = {}
    for number, one in enumerate(slices):
        same = next((n for n in names if slices[n].figures == one.figures), number)
        names.setdefault(same, []).append(one.name)
    for number, called in names.items():
        yield ", ".join(called), slices[number]


def _cell(figure: Figure, estimate: Estimate) -> Text:
    """Return the figure above its interval."""
    if np.isnan(estimate.value):
        return Text("–", style="dim")
    digits = figure.decimals
    cell = Text(f"{estimate.value:.{digits}f}")
    if not np.isnan(estimate.low):
        cell.append(f"\n{estimate.low:.{digits}f}–{estimate.high:.{digits}f}", style="dim")
    return cell


def run_record(description: dict[str, Any], slices: Sequence[Slice], measured: Sequence[Measured]) -> dict[str, Any]:
    """Return the documented JSON shape of a run; `read_baseline` reads it."""
    return {
        "format": FORMAT,
        **description,
        "slices": {one.name: one.record() for one in slices},
        "outcomes": [m.record() for m in measured],
    }


def description_lines(description: dict[str, Any]) -> list[str]:
    """Return what was measured, on what, in lines for people."""
    where = {
        "index": f"asked of the index (generation {description['generation']})",
        "contexts": "asked of the passages of each file, indexed on their own in a temporary folder",
    }[description["mode"]]
    files = ", ".join(visible(name) for name in description["files"])
    nowhere = description["nowhere"]
    missing = [f"Of {nowhere:,} the answer stands nowhere in the index: they count as missed."] if nowhere else []
    return [
        f"{description['questions']:,} questions of {files}, {where}.",
        *missing,
        f"Model {description['model']}; confidence calibrated on {visible(description['calibration'])}.",
        "Under each figure its 95 % interval: a bootstrap that draws whole articles.",
    ]
