"""What a build tells people and programs: how far it is, what it read, what it skipped and why."""

import json
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict

import typer
from rich.box import SIMPLE
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
from rich.progress import Progress as Bar
from rich.table import Table
from rich.text import Text

from index.build import BuildReport, Progress
from index.text import visible


@contextmanager
def progress_bar() -> Iterator[Progress]:
    """Show a bar on standard error while texts are embedded; off a terminal it stays silent."""
    console = Console(stderr=True)
    columns = (TextColumn("Embedding"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Bar(*columns, console=console, disable=not console.is_terminal, transient=True) as bar:
        task = bar.add_task("", total=None)
        yield Progress(
            start=lambda total: bar.update(task, total=total),
            advance=lambda done: bar.advance(task, done),
        )


@contextmanager
def progress_as_lines() -> Iterator[Progress]:
    """Write `{"done", "total"}` on standard output each second while texts are embedded."""
    done = total = 0
    told = 0.0

    def start(count: int) -> None:
        nonlocal total
        total = count

    def advance(count: int) -> None:
        nonlocal done, told
        done += count
        if time.monotonic() - told >= 1:
            told = time.monotonic()
            print_json({"done": done, "total": total})

    yield Progress(start, advance)


def print_report(report: BuildReport, as_json: bool) -> None:
    """Say what was built: one JSON object, or the files on standard error and a line on standard output."""
    m = report.manifest
    if as_json:
        print_json(
            {
                "documents": m.documents,
                "chunks": m.chunks,
                "sentences": m.sentences,
                "read": report.read,
                "embedded": report.embedded,
                "skipped": [asdict(s) for s in report.skipped],
                "generation": m.generation,
                "seconds": round(report.seconds, 2),
            }
        )
        return
    print_files(report)
    counts = f"{m.documents} documents, {m.chunks} chunks, {m.sentences} sentences"
    typer.echo(f"{counts}; {report.embedded} texts embedded, {report.seconds:.1f} s")


def print_files(report: BuildReport) -> None:
    """Say on standard error what was read and what was skipped and why: a table, or lines off a terminal."""
    console = Console(stderr=True)
    rows = [("read", suffix, f"{count} file{'s' if count > 1 else ''}") for suffix, count in report.read.items()]
    rows += [("skipped", _shown(skipped.id), _shown(skipped.reason)) for skipped in report.skipped]
    if not console.is_terminal:
        for what, name, said in rows:
            typer.echo(f"{what} {name}: {said}", err=True)
        return
    table = Table("", "file", "", box=SIMPLE, highlight=False)
    for row in rows:
        table.add_row(*map(Text, row))  # as it is: a file name is not markup
    console.print(table)


def _shown(text: str) -> str:
    """Return `text` on one line, with a mark for what cannot be shown: a file may be called anything."""
    return visible(text, keep="", instead="\ufffd")


def print_json(record: object) -> None:
    """Write one JSON object on one line, as UTF-8 whatever the locale, and flush it."""
    sys.stdout.buffer.write(json.dumps(record, ensure_ascii=False).encode("utf-8", "replace") + b"\n")
    sys.stdout.buffer.flush()
