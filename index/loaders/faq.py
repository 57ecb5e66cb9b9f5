"""Read question-answer pairs, from CSV with a header or from JSON lines: each pair is a text of its own.

The question is the title: what it says is found and shown, but a quote comes from the answer alone.
"""

import csv
import io
import json
import re
import unicodedata
from collections.abc import Iterator, Mapping

from index.loaders.decoding import decode
from index.loaders.loaded import Fault, Item, Loaded, UnreadableError

MAX_QUESTION = 300  # characters; the longest of PIAF and SQuAD 2 dev has that many
MAX_FAULTS = 20  # named one by one

_NAMES = {"reponse": "answer", "langue": "language", "titre": "title", "lang": "language"}
_HEADER_MISSING = "has no columns named question and answer (or réponse): of tables, only such pairs are read"

Row = tuple[int, Mapping[str, str] | str]  # line where it starts; its fields, or why it cannot be read


def load_csv(data: bytes) -> list[Item]:
    """Return the pairs of a CSV file with commas, semicolons or tabs.

    Raises:
        UnreadableError: it is not text, its header names no question and answer, or no row can be read.
    """
    return _pairs(_csv_rows(decode(data)))


def load_jsonl(data: bytes) -> list[Item]:
    """Return the pairs of a file with one JSON object a line.

    Raises:
        UnreadableError: it is not text, or no line can be read.
    """
    return _pairs(_jsonl_rows(decode(data)))


def _pairs(rows: Iterator[Row]) -> list[Item]:
    loaded: list[Item] = []
    faults: list[Fault] = []
    more = 0
    for line, row in rows:
        pair = row if isinstance(row, str) else _pair(line, row)
        if isinstance(pair, Loaded):
            loaded.append(pair)
        elif len(faults) < MAX_FAULTS:
            faults.append(Fault(line, pair))
        else:
            more += 1
    if not loaded:
        raise UnreadableError(f"holds no pair: line {faults[0].at} {faults[0].reason}" if faults else "holds no pair")
    if more:
        faults[-1] = Fault(faults[-1].at, f"{faults[-1].reason}, and {more} more lines cannot be read")
    return [*loaded, *faults]


def _pair(line: int, row: Mapping[str, str]) -> Loaded | str:
    """Return the pair, or what is wrong with it."""
    question, answer = " ".join(row.get("question", "").split()), row.get("answer", "").strip()
    for name, text in (("question", question), ("answer", answer)):
        if not re.search(r"\w", text):
            return f"has no {name}"
    if len(question) > MAX_QUESTION:
        return f"has a question of more than {MAX_QUESTION} characters"
    title = " ".join(row.get("title", "").split())
    return Loaded(
        answer,
        title=f"{title} — {question}" if title else question,
        language=row.get("language") or None,
        source=" ".join(row.get("source", "").split()) or None,
        line=line,
    )


def _csv_rows(text: str) -> Iterator[Row]:
    delimiter, names = _header(text)
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


def _header(text: str) -> tuple[str, list[str]]:
    """Return the delimiter and the names of the columns."""
    first = text.split("\n", 1)[0]
    for delimiter in ",;\t":
        try:
            names = [_plain(cell) for cell in next(csv.reader([first], delimiter=delimiter), [])]
        except csv.Error:
            continue
        if "question" in names and "answer" in names:
            return delimiter, names
    raise UnreadableError(_HEADER_MISSING)


def _jsonl_rows(text: str) -> Iterator[Row]:
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
        yield number, {_plain(key): value for key, value in record.items() if isinstance(value, str)}


def _plain(name: str) -> str:
    """Return the English name of a column, whatever its case and accents."""
    bare = "".join(c for c in unicodedata.normalize("NFD", name.strip().lower()) if not unicodedata.combining(c))
    return _NAMES.get(bare, bare)
