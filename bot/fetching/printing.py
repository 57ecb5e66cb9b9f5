"""Show what became of pages: a bar while they are fetched, then a table for people or an object a line for programs."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from typing import Any

import typer
from rich.box import SIMPLE
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from rich.table import Table
from rich.text import Text

from bot.fetching.learning import Outcome, What
from index.text import visible

_ORDER: tuple[What, ...] = ("added", "updated", "unchanged", "gone", "removed", "failed", "left out")


class Bar:
    """How many pages were fetched, of how many."""

    def __init__(self, bar: Progress) -> None:
        self._bar = bar
        self._task = bar.add_task("", total=None)
        self._total = 0

    def expect(self, count: int) -> None:
        """Tell of more pages."""
        self._total += count
        self._bar.update(self._task, total=self._total)

    def advance(self) -> None:
        """Tell of one that is done."""
        self._bar.advance(self._task)

    def hide(self) -> None:
        """Take the bar away."""
        self._bar.stop()


@contextmanager
def page_bar() -> Iterator[Bar]:
    """Show a bar on standard error while pages are fetched, if that is a terminal."""
    console = Console(stderr=True)
    columns = (TextColumn("Fetching"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=console, disable=not console.is_terminal, transient=True) as bar:
        yield Bar(bar)


def outcome_record(outcome: Outcome) -> dict[str, Any]:
    """Return the documented JSON shape."""
    return asdict(outcome) | {"guild": None if outcome.guild is None else str(outcome.guild)}


def print_outcomes(outcomes: Sequence[Outcome], echo: Callable[[str], None] = typer.echo) -> None:
    """Print what became of each page, a table on a terminal, else lines; unchanged ones are only counted."""
    shown = [one for one in outcomes if one.what != "unchanged"]
    console = Console(highlight=False)
    if console.is_terminal and shown:
        table = Table("", "page", "", box=SIMPLE, highlight=False)
        for one in shown:
            table.add_row(one.what, Text(_named(one)), Text(_said(one)))
        console.print(table)
    else:
        for one in shown:
            echo(f"{one.what} {_named(one)}: {_said(one)}")
    echo(summary(outcomes))


def summary(outcomes: Sequence[Outcome]) -> str:
    """Return how many pages became what, and what to do next."""
    counts = Counter(one.what for one in outcomes)
    said = ", ".join(f"{counts[what]} {what}" for what in _ORDER if counts[what]) or "nothing to do"
    has_changed = counts["added"] + counts["updated"] + counts["removed"] > 0
    return f"{said}; `babillard index rebuild` takes them up" if has_changed else said


def _named(outcome: Outcome) -> str:
    """Return the address, with the server whose own page it is."""
    own = "" if outcome.guild is None else f" (server {outcome.guild})"
    return visible(outcome.address, keep="") + own


def _said(outcome: Outcome) -> str:
    """Return the title with the day, or the reason."""
    if outcome.reason:
        return visible(outcome.reason.removeprefix(f"{outcome.address} "), keep="")
    return visible(f"{outcome.title} ({outcome.date})" if outcome.date else outcome.title, keep="")
