"""Read the rows of a table, from CSV with a header or from JSON lines; columns have English or French names."""

import csv
import io
import json
from collections.abc import Callable, Iterator, Mapping

from index.loaders.loaded import UnreadableError
from index.text import fold

_NAMES = {"reponse": "answer", "langue": "language", "titre": "title", "lang": "language"}

Row = tuple[int, Mapping[str, object] | str]  # the line where it starts; its fields, or why it cannot be read


def csv_rows(text: str, fits: Callable[[set[str]], bool], complaint: str) -> Iterator[Row]:
    """Yield the rows of a CSV file with commas, semicolons or tabs; every field is a string.

    Args:
        text: of the file.
        fits: tells from the names of the columns whether the header is right; the delimiter is one that gives such.
        complaint: message of the error if none does.

    Raises:
        UnreadableError: no header fits.
    """
    delimiter, names = _header(text, fits, complaint)
    rows = csv.reader(io.StringIO(text, newline="\n"), delimiter=delimiter)
    next(rows)
    while True:
        line = rows.line_num + 1
        try:
            cells = next(rows)
        except StopIteration:
            return
        except csv.Error as error:
            yield line, f"is not CSV ({error})"
            continue
        if any(cell.strip() for cell in cells):
            yield (
                line,
                (
                    f"has {len(cells)} cells under {len(names)} names: put the text in quotes"
                    if len(cells) > len(names) and any(cell.strip() for cell in cells[len(names) :])
                    else dict(zip(names, cells, strict=False))
                ),
            )


def _header(text: str, fits: Callable[[set[str]], bool], complaint: str) -> tuple[str, list[str]]:
    """Return the delimiter and the names of the columns."""
    first = text.split("\n", 1)[0]
    for delimiter in ",;\t":
        try:
            names = [_plain(cell) for cell in next(csv.reader([first], delimiter=delimiter), [])]
        except csv.Error:
            continue
        if fits(set(names)):
            return delimiter, names
    raise UnreadableError(complaint)


def jsonl_rows(text: str) -> Iterator[Row]:
    """Yield the objects of a file that has one on each line; their values may be of any type."""
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
        yield number, {_plain(key): value for key, value in record.items()}


def _plain(name: str) -> str:
    """Return the English name of a column, whatever its case and accents."""
    bare = fold(name.strip())
    return _NAMES.get(bare, bare)
