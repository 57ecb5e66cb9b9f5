"""Report on a build, to people or to programs: how far it is, what it read, what it skipped and why."""

import json
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict

import typer

from index.build import BuildReport, Progress
from index.ingestion import Skipped, count_formats
from index.text import visible

MAX_NAMED = 3  # files that a line names


@contextmanager
def progress_bar(label: str = "Embedding", *, of_bytes: bool = False) -> Iterator[Progress]:
    """Show a bar on standard error while work goes on, if that is a terminal.

    Args:
        label: what is done.
        of_bytes: whether bytes are counted, and not texts.
    """
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn  # 0.03 s
    from rich.progress import Progress as Bar

    console = Console(stderr=True)
    count = DownloadColumn() if of_bytes else MofNCompleteColumn()
    columns = (TextColumn(label), BarColumn(), count, TimeRemainingColumn())
    with Bar(*columns, console=console, disable=not console.is_terminal, transient=True) as bar:
        task = bar.add_task("", total=None)
        yield Progress(
            start=lambda total: bar.update(task, total=total),
            advance=lambda done: bar.advance(task, done),
        )


@contextmanager
def progress_as_lines(clock: Callable[[], float] = time.monotonic) -> Iterator[Progress]:
    """Write `{"done", "total"}` to standard output, at most once a second, while texts are embedded.

    Args:
        clock: tells the seconds.
    """
    done = total = 0
    printed = float("-inf")  # when, in seconds

    def start(count: int) -> None:
        nonlocal total
        total = count

    def advance(count: int) -> None:
        nonlocal done, printed
        done += count
        if clock() - printed >= 1:
            printed = clock()
            print_json({"done": done, "total": total})

    yield Progress(start, advance)


def print_reports(reports: Sequence[BuildReport], as_json: bool) -> None:
    """Print what was built: as one JSON object, or the files on standard error and a summary on standard output.

    Args:
        reports: of each layer, one or more, that of the articles first; they are told as one.
        as_json: one object on a line.
    """
    manifests = [report.manifest for report in reports]
    documents, chunks, sentences = (
        sum(getattr(m, name) for m in manifests) for name in ("documents", "chunks", "sentences")
    )
    embedded, seconds = sum(report.embedded for report in reports), sum(report.seconds for report in reports)
    read = count_formats(file for m in manifests for file in m.rows)
    left_out = {file: counts for m in manifests for file, counts in m.left_out.items()}
    skipped = [one for report in reports for one in report.skipped]
    if as_json:
        print_json(
            {
                "documents": documents,
                "chunks": chunks,
                "sentences": sentences,
                "read": read,
                "embedded": embedded,
                "skipped": [asdict(s) for s in skipped],
                "left_out": left_out,
                "generation": manifests[0].generation,
                "seconds": round(seconds, 2),
            }
        )
        return
    print_files(read, left_out, skipped)
    counts = f"{documents} documents, {chunks} chunks, {sentences} sentences"
    typer.echo(f"{counts}; {embedded} texts embedded, {seconds:.1f} s")


def print_files(read: Mapping[str, int], left_out: Mapping[str, Mapping[str, int]], skipped: Sequence[Skipped]) -> None:
    """Print on standard error what was read, left out, and skipped and why: a table on a terminal, else lines."""
    from rich.box import SIMPLE
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    rows = [("read", suffix, f"{count} file{'s' if count > 1 else ''}") for suffix, count in read.items()]
    rows += [("left out", what, said) for what, said in _left_out(left_out)]
    rows += [("skipped", _shown(one.id), _shown(one.reason)) for one in skipped]
    console = Console(stderr=True)
    if not console.is_terminal:
        for what, name, said in rows:
            typer.echo(f"{what} {name}: {said}", err=True)
        return
    table = Table("", "file", "", box=SIMPLE, highlight=False)
    for row in rows:
        table.add_row(*map(Text, row))  # `Text`, because the name of a file is no markup
    console.print(table)


def _left_out(of_files: Mapping[str, Mapping[str, int]]) -> Iterator[tuple[str, str]]:
    """Yield each kind of what was left out of files, and how many there are where."""
    for what in sorted({what for counts in of_files.values() for what in counts}):
        files = [file for file, counts in of_files.items() if what in counts]
        named = ", ".join(map(_shown, files[:MAX_NAMED]))
        more = f" and {len(files) - MAX_NAMED} more" if len(files) > MAX_NAMED else ""
        yield what, f"{sum(of_files[file][what] for file in files)} in {named}{more}"


def _shown(text: str) -> str:
    """Return `text` on one line, with a mark for each character that cannot be shown: a file may have any name."""
    return visible(text, keep="", instead="\ufffd")


def print_json(record: object) -> None:
    """Write one JSON object on a line of standard output, in UTF-8 whatever the locale, and flush it."""
    sys.stdout.buffer.write(json.dumps(record, ensure_ascii=False).encode("utf-8", "replace") + b"\n")
    sys.stdout.buffer.flush()
