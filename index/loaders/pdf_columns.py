"""The order in which a PDF page is read: columns one after the other, tables row by row.

A gutter is a white stripe between words that lie left and right of it, row after row. Where the words on a side run on
from line to line it parts columns of text; else it parts the cells of a table.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from heapq import nlargest
from itertools import pairwise
from statistics import median

from index.loaders.pdf_lines import WIDE, Line, cells_of, line_of, rows_of
from index.loaders.pdf_tables import labelled_rows, table_of
from index.loaders.pdf_words import Word

MIN_LINES = 2  # on each side of a gutter
ALIGNED = 0.2  # of the size of the letters: how far apart the left edges of a column may be
MIN_RUNNING = 0.3
"""Share of the lines that run on into the next one, in a column of text. In prose half of the lines do so with a small
letter; the cells of a table hardly ever fill their column."""

MAX_BESIDE = 0.85  # share of the lines that stand beside one of the other column, where columns do not keep to one grid
STRETCHED = 1.5
"""Of the space between words that is wider than three quarters of them: how wide a gutter is at least."""

MIN_COLUMN = 10  # of the size of the letters: lines that are all shorter do not show how wide their column is
MAX_EDGES = 12  # left edges of a page at which a column may start
MAX_CELLS = 3_000  # of a page in which columns are looked for; a printed page has a hundred lines
MAX_DEPTH = 20  # columns in columns


@dataclass(frozen=True, slots=True)
class _Cell:
    """Words on one row without a wide space between them."""

    words: list[Word]
    left: float
    right: float
    baseline: float
    size: float


@dataclass(frozen=True, slots=True)
class _Split:
    """A page parted at a gutter; each part from top to bottom."""

    above: list[_Cell]
    left: list[_Cell]
    tail: list[_Cell]  # left as well, under the last line on the right
    right: list[_Cell]
    below: list[_Cell]


def lines_of(words: Sequence[Word], page: int) -> list[Line]:
    """Return the lines of a page in the order in which they are read."""
    has_code = sum(word.mono for word in words) < len(words) / 2
    cells = [
        _Cell(part, part[0].left, part[-1].right, max(part, key=lambda word: word.size).baseline, part[0].size)
        for row in rows_of(words)
        for part in ([row] if has_code and all(word.mono for word in row) else cells_of(row))
    ]
    return list(_read(cells, page, MAX_DEPTH if len(cells) <= MAX_CELLS else 0))


def _read(cells: list[_Cell], page: int, depth: int) -> Iterator[Line]:
    while cells:
        split = _split(cells) if depth else None
        if split is None:
            yield from _lines(cells, page)
            return
        yield from _read(split.above, page, depth - 1)
        if rows := labelled_rows(_words(split.left), _words(split.right)):
            yield _table_line(rows, split, page)
            yield from _read(split.tail, page, depth - 1)
        elif _are_columns(split):
            yield from _read([*split.left, *split.tail], page, depth - 1)
            yield from _read(split.right, page, depth - 1)
        else:
            yield from _rows(split, page)
            yield from _read(split.tail, page, depth - 1)
        cells = split.below


def _lines(cells: Sequence[_Cell], page: int) -> list[Line]:
    """Return the lines of one column."""
    lines = [line_of(row, page) for row in rows_of(_words(cells))]
    flowing = [line for line in lines if not line.is_row] or lines
    left = min(line.left for line in flowing)
    edges = (left, max(left + MIN_COLUMN * median(line.size for line in flowing), *(line.right for line in flowing)))
    is_justified = 2 * sum(_fills(line, edges) for line in flowing) > len(lines)
    for line in lines:
        line.column = edges
        line.is_row = line.is_row and not (is_justified and _fills(line, edges) and "…" not in line.text)
    return lines


def _fills(line: Line, edges: tuple[float, float]) -> bool:
    return line.left < edges[0] + 0.5 * line.size and line.right > edges[1] - 0.3 * line.size


def _split(cells: Sequence[_Cell]) -> _Split | None:
    """Part the cells at the gutter that has the most lines on both sides."""
    ordered = sorted(cells, key=lambda cell: (-cell.baseline, cell.left))
    size = median(cell.size for cell in ordered)
    best, most = None, MIN_LINES - 1
    for edge in _left_edges(ordered, size):
        inner, outer = edge - ALIGNED * size, edge - WIDE * size
        crossing = [at for at, cell in enumerate(ordered) if cell.left < inner and cell.right > outer]
        for before, end in pairwise([-1, *crossing, len(ordered)]):
            if end - before - 1 <= 2 * most:  # it cannot have more lines on each side
                continue
            stretch = ordered[before + 1 : end]
            if (count := _count_lines(stretch, inner, size)) > most and _is_wide(stretch, edge, size):
                best, most = (edge, before + 1, end), count
    return _part(ordered, *best, size) if best else None


def _left_edges(cells: Sequence[_Cell], size: float) -> list[float]:
    """Return where cells start under each other, but for the first such edge; those that the most share."""
    lefts = sorted(cell.left for cell in cells)
    borders = [0, *(at for at in range(1, len(lefts)) if lefts[at] - lefts[at - 1] > ALIGNED * size), len(lefts)]
    shared = [(end - start, lefts[start]) for start, end in pairwise(borders) if end - start >= MIN_LINES and start > 0]
    return [left for _, left in nlargest(MAX_EDGES, shared)]


def _count_lines(cells: Sequence[_Cell], edge: float, size: float) -> int:
    """Return how many lines lie beside each other left and right of a gutter: those of the side that has fewer."""
    left = {round(cell.baseline) for cell in cells if cell.left < edge}
    right = {round(cell.baseline) for cell in cells if cell.left >= edge}
    if not left or not right:
        return 0
    top, bottom = min(max(left), max(right)) + size, max(min(left), min(right)) - size
    return min(sum(bottom <= y <= top for y in side) for side in (left, right))


def _is_wide(cells: Sequence[_Cell], edge: float, size: float) -> bool:
    """Whether the stripe left of `edge` is wider than the spaces between the words, which justified lines stretch."""
    stripe = edge - max(cell.right for cell in cells if cell.left < edge - ALIGNED * size)
    rows = rows_of(_words(cells))
    spaces = [b.left - a.right for row in rows for a, b in pairwise(row) if (a.left < edge) == (b.left < edge)]
    return stripe > WIDE * size and stripe > STRETCHED * sorted(spaces or [0.0])[len(spaces) * 3 // 4]


def _part(ordered: Sequence[_Cell], edge: float, start: int, end: int, size: float) -> _Split:
    """Part the cells at a gutter that reaches from the cell at `start` to the one before `end`.

    Lines that stand left above the first line on the right are read first in any case.
    """
    band = ordered[start:end]
    right = [cell for cell in band if cell.left >= edge - ALIGNED * size]
    all_left = [cell for cell in band if cell.left < edge - ALIGNED * size]
    top, bottom = right[0].baseline + 0.5 * size, right[-1].baseline - 0.5 * size
    above = [*ordered[:start], *(cell for cell in all_left if cell.baseline > top)]
    chunks = _chunks([cell for cell in all_left if cell.baseline <= top], size)
    beside = [chunk for chunk in chunks if chunk[0].baseline >= bottom]
    under = chunks[len(beside) :]
    left = [cell for chunk in beside for cell in chunk]
    full = max((cell.right for cell in left), default=edge) - 2 * size
    after = len(under)  # what a blank line parts and what is short may belong to the page rather than to the column
    while after and len(under[after - 1]) <= 2 and max(cell.right for cell in under[after - 1]) < full:
        after -= 1
    tail = [cell for chunk in under[:after] for cell in chunk]
    below = [cell for chunk in under[after:] for cell in chunk]
    return _Split(above, left, tail, right, [*below, *ordered[end:]])


def _chunks(cells: Sequence[_Cell], size: float) -> list[list[_Cell]]:
    """Return the cells of a column, those together that no blank line parts."""
    chunks: list[list[_Cell]] = []
    for cell in cells:
        if chunks and chunks[-1][-1].baseline - cell.baseline < 1.7 * size:
            chunks[-1].append(cell)
        else:
            chunks.append([cell])
    return chunks


def _are_columns(split: _Split) -> bool:
    """Whether text runs down each side, and not from side to side."""
    left, right = _lines(split.left, 0), _lines(split.right, 0)
    if min(len(left), len(right)) < MIN_LINES:
        return True
    if max(_share_beside(left, right), _share_beside(right, left)) < MAX_BESIDE:
        return True
    running = [_running(left, right), _running(right, left)]
    if min(len(left), len(right)) == MIN_LINES:
        return all(any(pairs) for pairs in running)
    return any(sum(pairs) >= max(2, MIN_RUNNING * len(pairs)) for pairs in running)


def _share_beside(lines: Sequence[Line], others: Sequence[Line]) -> float:
    """Return the share of the lines that stand beside one of the others."""
    return sum(_is_beside(line, others) for line in lines) / len(lines)


def _is_beside(line: Line, others: Sequence[Line]) -> bool:
    return any(abs(line.baseline - other.baseline) < 0.25 * line.size for other in others)


def _running(lines: Sequence[Line], others: Sequence[Line]) -> list[bool]:
    """Return, for each two lines that both stand beside others, whether the first runs on into the second."""
    beside = [_is_beside(line, others) for line in lines]
    return [
        _runs_on(a, b)
        for (a, is_a), (b, is_b) in pairwise(zip(lines, beside, strict=True))
        if is_a and is_b and a.baseline - b.baseline < 2 * a.size
    ]


def _runs_on(line: Line, following: Line) -> bool:
    is_open = not line.ends_sentence and line.is_full(following)
    return is_open and (line.is_divided or following.words[:1].islower())


def _rows(split: _Split, page: int) -> list[Line]:
    """Return what is no text in columns row by row: as a table where that is safe, else as lines."""
    words = [*_words(split.left), *_words(split.right)]
    if rows := table_of(words):
        return [_table_line(rows, split, page)]
    left, right = _lines(split.left, page), _lines(split.right, page)
    if any(_runs_on(a, b) for a, b in pairwise(right)):
        return _with_labels(left, right)
    lines = [line_of(row, page) for row in rows_of(words)]
    for line in lines:
        line.is_row = True
    return lines


def _with_labels(labels: Sequence[Line], lines: Sequence[Line]) -> list[Line]:
    """Return lines of text with the labels that stand left of them, each before the sentence that it stands beside."""
    written = list(lines)
    for label in reversed(labels):
        label.is_row = True
        at = next((n for n, line in enumerate(lines) if line.baseline < label.baseline + 0.5 * label.size), len(lines))
        while 0 < at < len(lines) and _runs_on(lines[at - 1], lines[at]):
            at -= 1
        written.insert(at, label)
    return written


def _table_line(rows: tuple[tuple[str, ...], ...], split: _Split, page: int) -> Line:
    """Return a table in place of a line."""
    first, *_ = rows_of([*_words(split.left), *_words(split.right)])
    line = line_of(first, page)
    line.rows = rows
    return line


def _words(cells: Sequence[_Cell]) -> list[Word]:
    return [word for cell in cells for word in cell.words]
