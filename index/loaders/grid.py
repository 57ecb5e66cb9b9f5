"""Lay the cells of a table out in rows of one length: merged cells stand in each row and column that they span."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import groupby, takewhile

MAX_SPAN = 100  # columns; `colspan="1000"` is how some say "all of them"
MAX_REPEATED = 500_000  # places that merged cells fill: beyond, each stands once
MAX_PLACES = 2_000_000  # of a table, empty ones counted: a larger one is not a table, but made to fill memory

_FIGURES = re.compile(r"\d")


@dataclass(slots=True)
class Cell:
    """A cell as a format stores it."""

    text: str  # on one line
    columns: int = 1  # that it spans
    rows: int = 1  # that it spans; 0: all below
    is_header: bool = False


@dataclass(slots=True)
class Row:
    """The cells that start in a row."""

    cells: list[Cell] = field(default_factory=list)
    part: int = 1  # 0 in the head of the table, 2 in its foot


@dataclass(frozen=True, slots=True)
class Grid:
    """A table as a block has it."""

    titles: tuple[str, ...]  # first rows that are one cell over the whole width
    rows: tuple[tuple[str, ...], ...]  # header first, blank if the table has none; all of one length


def lay_out(rows: Sequence[Row]) -> Grid:
    """Return the table without the rows and columns that say nothing, its head as one row."""
    rows = sorted((row for row in rows if any(cell.text for cell in row.cells)), key=lambda row: row.part)
    placed, starts = _place(rows)
    columns = [column for column in sorted(starts) if any(line.get(column) for line in placed)]
    if len(rows) * len(columns) > MAX_PLACES:
        return Grid((), tuple((" ".join(cell.text for cell in row.cells),) for row in rows))
    lines = [(row, tuple(line.get(column, "") for column in columns)) for row, line in zip(rows, placed, strict=True)]
    titles = [texts[0] for _, texts in takewhile(lambda line: _is_title(*line), lines[:-1])]
    lines = lines[len(titles) :]
    headers = [texts for _, texts in takewhile(lambda line: _is_head(line[0]), lines)]
    body = [texts for _, texts in lines[len(headers) :]]
    if not body:
        headers, body = headers[:1], headers[1:]
    elif not headers and _is_body(lines[0][0], len(columns)):
        headers = [("",) * len(columns)]
    return Grid(tuple(titles), (*_merged(headers), *body))


def _place(rows: Sequence[Row]) -> tuple[list[dict[int, str]], set[int]]:
    """Return the texts of each row by column, and the columns in which a cell starts."""
    placed: list[dict[int, str]] = []
    starts: set[int] = set()
    reaching: dict[int, tuple[int, str]] = {}  # column -> rows that a cell from above still fills, and its text
    repeated = 0
    for number, row in enumerate(rows):
        if (number and rows[number - 1].part != row.part) or repeated > MAX_REPEATED:
            reaching = {}
        line = {column: text for column, (_, text) in reaching.items()}
        reaching = {column: (left - 1, text) for column, (left, text) in reaching.items() if left > 1}
        repeated += len(line)
        column = 0
        for cell in row.cells:
            while column in line:
                column += 1
            starts.add(column)
            width = min(max(cell.columns, 1), MAX_SPAN) if repeated < MAX_REPEATED else 1
            height = (cell.rows or len(rows)) - 1 if repeated < MAX_REPEATED else 0
            for _ in range(width):
                line[column] = cell.text
                if height > 0:
                    reaching[column] = (height, cell.text)
                column += 1
            repeated += width - 1
        placed.append(line)
    return placed, starts


def _merged(headers: Sequence[tuple[str, ...]]) -> list[tuple[str, ...]]:
    """Return the rows of a head as one, « Été » over « Jour » as « Été Jour »."""
    if not headers:
        return []
    return [tuple(" ".join(text for text, _ in groupby(filter(None, texts))) for texts in zip(*headers, strict=True))]


def _is_title(row: Row, texts: tuple[str, ...]) -> bool:
    told = [cell for cell in row.cells if cell.text]
    return len(told) == 1 and len(texts) > 1 and len(set(texts)) == 1 and (row.part == 0 or told[0].is_header)


def _is_head(row: Row) -> bool:
    return row.part == 0 or all(cell.is_header for cell in row.cells if cell.text)


def _is_body(row: Row, width: int) -> bool:
    """Whether the first row of a table without head is one like the others: « Téléphone | 01 23 45 67 89 »."""
    first, *others = (cell.text for cell in row.cells if cell.text)
    told = [cell for cell in row.cells if cell.text]
    return told[0].is_header or (width == 2 and (first.endswith(":") or any(map(_FIGURES.search, others))))
