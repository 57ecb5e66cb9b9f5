"""Turn the sheets of a workbook into pairs of an FAQ, or into tables under the names of their sheets."""

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from index.blocks import Block
from index.loaders.loaded import Fault, Item, Loaded, UnreadableError
from index.loaders.pairs import has_pairs, read_pairs
from index.loaders.rows import Row, column_name, fields

MAX_CELLS = 1_500_000
"""Cells that are handled of one sheet, merged and empty ones included: three times what a text of 10 million characters
fills with cells of twenty."""

HEADER_WITHIN = 10  # rows: what stands above the header of an FAQ is a title and a few words

_UNNAMED = re.compile(r"(?:sheet|feuil(?:le)?|tabelle|hoja|foglio|page|table)\s*\d*", re.IGNORECASE)


class SheetRow(NamedTuple):
    """A row that holds something."""

    number: int  # from 1
    cells: tuple[str, ...]  # merged ones repeated; all rows of a sheet have one length
    filled: int  # cells that say something, a merged one counted once


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a sheet shows."""

    name: str
    rows: Sequence[SheetRow]


class SheetBuilder:
    """Gathers the cells of a sheet; rows and columns count from 0."""

    def __init__(self) -> None:
        """Start with an empty sheet."""
        self._cells: dict[int, dict[int, str]] = {}
        self._merged: list[tuple[int, int, int, int]] = []
        self._hidden_rows: set[int] = set()
        self._hidden_columns: list[tuple[int, int]] = []
        self._count = 0

    def put(self, row: int, column: int, text: str, rows: int = 1, columns: int = 1) -> None:
        """Fill a cell, and so many below and to the right of it.

        Raises:
            UnreadableError: the sheet grows too large.
        """
        self._grow(rows * columns)
        for at in range(row, row + rows):
            self._cells.setdefault(at, {}).update(dict.fromkeys(range(column, column + columns), text))

    def merge(self, row: int, column: int, last_row: int, last_column: int) -> None:
        """Say that a cell reaches to another, which it includes."""
        if (row, column) != (last_row, last_column):
            self._merged.append((row, column, last_row, last_column))

    def hide_row(self, row: int) -> None:
        """Leave a row out."""
        self._hidden_rows.add(row)

    def hide_columns(self, start: int, end: int) -> None:
        """Leave columns out, the last one excluded."""
        self._hidden_columns.append((start, end))

    def built(self, name: str, left_out: Counter[str]) -> Sheet:
        """Return what the sheet shows, and count what it hides.

        Raises:
            UnreadableError: it is too large.
        """
        used = sorted({column for row in self._cells.values() for column in row})
        columns = [c for c in used if not any(start <= c < end for start, end in self._hidden_columns)]
        numbers = [number for number in sorted(self._cells) if number not in self._hidden_rows]
        left_out["hidden columns"] += len(used) - len(columns)
        left_out["hidden rows"] += len(self._cells) - len(numbers)
        filled = {number: sum(map(bool, map(self._cells[number].get, columns))) for number in numbers}
        self._grow(len(columns) * len(numbers))
        for row, column, last_row, last_column in self._merged:
            text = self._cells.get(row, {}).get(column, "")
            rows = numbers[bisect_left(numbers, row) : bisect_right(numbers, last_row)]
            reached = columns[bisect_left(columns, column) : bisect_right(columns, last_column)]
            self._grow(len(rows) * len(reached))
            for number in rows:
                self._cells[number].update(dict.fromkeys(reached, text))
        rows_shown = (SheetRow(n + 1, tuple(self._cells[n].get(c, "") for c in columns), filled[n]) for n in numbers)
        return Sheet(name, [row for row in rows_shown if any(row.cells)])

    def _grow(self, cells: int) -> None:
        self._count += cells
        if self._count > MAX_CELLS:
            raise UnreadableError(f"holds a sheet of more than {MAX_CELLS:,} cells: split it")


def read_sheets(sheets: Sequence[Sheet], title: str | None, left_out: dict[str, int]) -> list[Item]:
    """Return the pairs of the sheets that are an FAQ, and one text with the tables of the others.

    Args:
        sheets: in their order, without hidden ones.
        title: of the workbook.
        left_out: what was left out of them.

    Raises:
        UnreadableError: nothing in them can be read.
    """
    items: list[Item] = []
    blocks: list[Block] = []
    failures: list[UnreadableError] = []
    with_names = any(sheet.name and not _UNNAMED.fullmatch(sheet.name.strip()) for sheet in sheets)
    last = 0  # line of the last pair: the rows of a second FAQ go on from there, so that no two have one number
    for sheet in sheets:
        header = next((n for n, row in enumerate(sheet.rows[:HEADER_WITHIN]) if has_pairs(_names(row))), None)
        tables = list(_tables(sheet.rows if header is None else sheet.rows[:header]))
        if tables and with_names:
            blocks.append(Block("heading", " ".join(sheet.name.split()), level=1))
        blocks += tables
        if header is not None:
            try:
                pairs = read_pairs(_rows(sheet.rows[header:], last), {})
            except UnreadableError as error:
                failures.append(error)
            else:
                last = max([last, *(pair.place if isinstance(pair, Fault) else pair.line or 0 for pair in pairs)])
                items += pairs
    if blocks:
        items.insert(0, Loaded(tuple(blocks), title, left_out=left_out))
    elif items and isinstance(items[0], Loaded):
        items[0] = replace(items[0], left_out={**items[0].left_out, **left_out})
    elif failures:
        raise failures[0]
    return items or [Loaded((), title, left_out=left_out)]


def _names(row: SheetRow) -> set[str]:
    return {column_name(cell) for cell in row.cells}


def _rows(rows: Sequence[SheetRow], after: int) -> Iterator[Row]:
    names = [column_name(cell) for cell in rows[0].cells]
    for row in rows[1:]:
        yield row.number + after, fields(names, row.cells)


def _tables(rows: Iterable[SheetRow]) -> Iterator[Block]:
    """Yield the tables, each under the lines above its header; a blank row and a line of one cell open a new one."""
    table: list[tuple[str, ...]] = []
    before = 0
    for row in rows:
        opens = not table or row.number > before + 1
        before = row.number
        if row.filled == 1 and opens:
            yield from _table(table)
            table = []
            yield Block("paragraph", next(cell for cell in row.cells if cell).replace("\n", " "))
        else:
            table.append(row.cells)
    yield from _table(table)


def _table(rows: Sequence[tuple[str, ...]]) -> Iterator[Block]:
    """Yield the rows as a table, without columns that are empty; as paragraphs where there is but one column."""
    columns = [column for column in zip(*rows, strict=True) if any(column)]
    if len(columns) == 1:
        yield from (Block("paragraph", cell) for cell in columns[0] if cell)
    elif columns:
        yield Block(
            "table", rows=tuple(tuple(" ".join(cell.split("\n")) for cell in row) for row in zip(*columns, strict=True))
        )
