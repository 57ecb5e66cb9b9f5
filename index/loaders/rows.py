"""Read the rows of a table, from CSV with a header or from JSON lines, under English or French names of columns."""

import csv
import io
import json
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import islice

from index.loaders.loaded import UnreadableError
from index.text import fold

_NAMES = {
    name: english
    for english, names in {
        "question": "question questions",
        "answer": "answer answers reponse reponses reply",
        "language": "language langue lang",
        "title": "title titre",
        "date": "date",
        "source": "source sources lien link url adresse",
    }.items()
    for name in names.split()
}
DELIMITERS = ",;\t"
SAMPLE = 20  # rows that tell the delimiter of a table without known names

Row = tuple[int, Mapping[str, object] | str]  # line where it starts; its fields, or why it cannot be read

_SEPARATOR = re.compile(r"sep=(.)\n", re.IGNORECASE)  # the first line that Excel asks for


def csv_rows(text: str, fits: Callable[[set[str]], bool], complaint: str) -> Iterator[Row]:
    """Yield the rows of a CSV file with commas, semicolons or tabs; every field is a string.

    Args:
        text: of the file.
        fits: whether a header with these names is the one that is looked for; it decides the delimiter.
        complaint: what to say when no header fits.

    Raises:
        UnreadableError: no header fits.
    """
    header = find_header(text, fits)
    if header is None:
        raise UnreadableError(complaint)
    delimiter, names = header
    start = _start(text)
    rows = csv.reader(io.StringIO(text[start:], newline="\n"), delimiter=delimiter)
    next(rows)
    while True:
        line = rows.line_num + 1 + bool(start)
        try:
            cells = next(rows)
        except StopIteration:
            return
        except csv.Error as error:
            yield line, f"is not CSV ({error})"
            continue
        if any(cell.strip() for cell in cells):
            yield line, fields(names, cells)


def fields(names: Sequence[str], cells: Sequence[str]) -> Mapping[str, object] | str:
    """Return the cells of a row under the names of their columns, or why they do not fit; of two columns, the first."""
    if any(cell.strip() for cell in cells[len(names) :]):
        return f"has {len(cells)} cells under {len(names)} names: put the text in quotes"
    return dict(reversed(list(zip(names, cells, strict=False))))


def find_header(text: str, fits: Callable[[set[str]], bool]) -> tuple[str, list[str]] | None:
    """Return the delimiter and the names of the columns of a CSV file; None where no header fits."""
    first = text[_start(text) :].split("\n", 1)[0]
    for delimiter in DELIMITERS:
        try:
            names = [column_name(cell) for cell in next(csv.reader([first], delimiter=delimiter), [])]
        except csv.Error:
            continue
        if fits(set(names)):
            return delimiter, names
    return None


def _start(text: str) -> int:
    """Return where the table starts: under the line that tells Excel the delimiter."""
    found = _SEPARATOR.match(text)
    return found.end() if found else 0


def plain_rows(text: str) -> list[list[str]]:
    """Return all rows of a CSV file whatever its header, under the delimiter that gives most rows the same length.

    Raises:
        UnreadableError: it is no table.
    """
    text = text[_start(text) :]
    widths = {delimiter: _width(text, delimiter) for delimiter in DELIMITERS}
    delimiter = max(widths, key=lambda d: widths[d])
    if widths[delimiter][1] < 2:
        raise UnreadableError("holds no table: its columns are parted by neither commas, semicolons nor tabs")
    try:
        return list(csv.reader(io.StringIO(text, newline="\n"), delimiter=delimiter))
    except csv.Error as error:
        raise UnreadableError(f"is not CSV ({error})") from error


def _width(text: str, delimiter: str) -> tuple[int, int]:
    """Return how many of the first rows have the same number of columns, two or more, and that number."""
    widths: Counter[int] = Counter()
    rows = csv.reader(io.StringIO(text, newline="\n"), delimiter=delimiter)
    try:
        widths.update(len(cells) for cells in islice(rows, SAMPLE))
    except csv.Error:
        return 0, 0
    return max(((count, width) for width, count in widths.items() if width > 1), default=(0, 0))


def jsonl_rows(text: str) -> Iterator[Row]:
    """Yield the objects of a file with one a line; their values are as they come."""
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        try:
            record = json.loads(line)
        except (ValueError, RecursionError):
            yield number, "is not JSON"
            continue
        if not isinstance(record, dict):
            yield number, "is not a JSON object"
            continue
        yield number, {column_name(key): value for key, value in record.items()}


def column_name(name: str) -> str:
    """Return the English name of a column, whatever its case, accents and number; others in lower case."""
    bare = fold(name.strip())
    word = re.sub(r"^[^a-z0-9]+|[^a-z0-9]+$", "", bare.replace("(s)", "s"))
    return _NAMES.get(word, bare)
