"""Tables of a PDF page, which tells words and places alone: only what is a table beyond doubt is taken for one."""

import re
from collections.abc import Iterable, Sequence

from index.loaders.pdf_hyphens import Hyphens
from index.loaders.pdf_lines import WIDE, cell_text, cells_of, rows_of
from index.loaders.pdf_words import Word

MIN_ROWS = 3  # with the header
APART = 1.6  # of the size of the letters: baselines that are further apart are not of one cell
MAX_LABEL = 80  # characters
MAX_CELL = 200  # characters
MIN_VALUES = 0.7
"""Share of the cells of a column, under its header, that hold a number or a word such as "oui": two lists side by side
are no table, but a list of names beside their prices is."""

_HYPHENS = Hyphens(())
_VALUE = re.compile(
    r"[^\w]*\d[\d\s.,:h/%€$£°–-]*\S{0,8}|oui|non|yes|no|gratuit|free|fermé|closed|[xX✓✔✗✘–—-]", re.IGNORECASE
)


def table_of(words: Sequence[Word]) -> tuple[tuple[str, ...], ...]:
    """Return the rows of a table, its header first; none where the words may be something else."""
    rows = [cells_of(row) for row in rows_of(words)]
    columns = _columns(rows)
    if len(columns) < 2 or len(rows) < MIN_ROWS:
        return ()
    table: list[list[str]] = []
    for row in rows:
        cells = _placed(row, columns)
        if not table or cells[0]:
            table.append(cells)
        elif _goes_on(table[-1], cells):
            table[-1] = [_HYPHENS.join([*filter(None, pair)]) for pair in zip(table[-1], cells, strict=True)]
        else:
            return ()
    return tuple(map(tuple, table)) if _is_safe(table) else ()


def labelled_rows(left: Sequence[Word], right: Sequence[Word]) -> tuple[tuple[str, ...], ...]:
    """Return the rows of a table with labels on the left and texts of several lines on the right, parted by white.

    None where the words may be something else.
    """
    edge = min((word.left for word in right), default=0.0)
    bands: list[list[list[Word]]] = []
    for row in rows_of([*left, *right]):
        if bands and bands[-1][-1][0].baseline - row[0].baseline < APART * row[0].size:
            bands[-1].append(row)
        else:
            bands.append([row])
    table = [
        (
            _joined([word for word in row if word.left < edge] for row in band),
            _joined([word for word in row if word.left >= edge] for row in band),
        )
        for band in bands
    ]
    is_safe = (
        len(table) >= MIN_ROWS and any(len(band) > 1 for band in bands) and all(label and text for label, text in table)
    )
    return tuple(table) if is_safe and all(len(label) <= MAX_LABEL for label, _ in table) else ()


def _joined(rows: Iterable[Sequence[Word]]) -> str:
    """Return the rows of one cell as one text."""
    return _HYPHENS.join([cell_text(row) for row in rows if row])


def _columns(rows: Sequence[list[list[Word]]]) -> list[tuple[float, float]]:
    """Return the left and right edge of each column: what the cells of all rows cover."""
    columns: list[tuple[float, float]] = []
    size = rows[0][0][0].size if rows else 0.0
    for left, right in sorted((cell[0].left, cell[-1].right) for row in rows for cell in row):
        if columns and left - columns[-1][1] < WIDE * size:
            columns[-1] = (columns[-1][0], max(right, columns[-1][1]))
        else:
            columns.append((left, right))
    return columns


def _placed(row: Sequence[list[Word]], columns: Sequence[tuple[float, float]]) -> list[str]:
    """Return the text of each column in a row."""
    return [" ".join(cell_text(cell) for cell in row if left <= cell[0].left <= right) for left, right in columns]


def _goes_on(row: Sequence[str], cells: Sequence[str]) -> bool:
    """Whether each cell under a row is the rest of the one above it."""
    return all(above and not above.endswith((".", "!", "?")) for above, cell in zip(row, cells, strict=True) if cell)


def _is_safe(table: Sequence[Sequence[str]]) -> bool:
    header, *rows = table
    if len(rows) + 1 < MIN_ROWS or not all(header[1:]) or not all(any(row[1:]) for row in rows):
        return False
    if any(len(cell) > MAX_CELL for row in table for cell in row):
        return False
    columns = list(zip(*rows, strict=True))
    has_values = any(_share_of_values(column) >= MIN_VALUES for column in columns[1:])
    names_values = has_values and _share_of_values(columns[0]) < MIN_VALUES
    return names_values or (len(columns) > 2 and _is_filled(rows))


def _share_of_values(cells: Sequence[str]) -> float:
    return sum(bool(_VALUE.fullmatch(cell)) for cell in cells) / len(cells)


def _is_filled(rows: Sequence[Sequence[str]]) -> bool:
    """Whether hardly a cell is empty."""
    return sum(bool(cell) for row in rows for cell in row) >= 0.9 * sum(map(len, rows))
