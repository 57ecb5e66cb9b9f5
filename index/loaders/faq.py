"""Read question-answer pairs, from CSV with a header or from JSON lines: each pair is a text of its own.

The question is the title of the text: it is searched and shown, but only the answer is quoted.
"""

import re
from collections.abc import Iterator, Mapping

from index.loaders.decoding import decode
from index.loaders.loaded import Fault, Item, Loaded, UnreadableError
from index.loaders.rows import Row, csv_rows, jsonl_rows

MAX_QUESTION = 300  # characters; the longest of PIAF and SQuAD 2 dev has 147
MAX_FAULTS = 20  # of a file that are reported one by one

_HEADER_MISSING = "has no columns named question and answer (or réponse): of tables, only such pairs are read"


def load_csv(data: bytes) -> list[Item]:
    """Return the pairs of a CSV file with commas, semicolons or tabs.

    Raises:
        UnreadableError: it is not text, its header names no question and answer, or no row can be read.
    """
    return _pairs(csv_rows(decode(data), {"question", "answer"}.issubset, _HEADER_MISSING))


def load_jsonl(data: bytes) -> list[Item]:
    """Return the pairs of a file with one JSON object a line.

    Raises:
        UnreadableError: it is not text, or no line can be read.
    """
    return _pairs(jsonl_rows(decode(data)))


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
        first = f": line {faults[0].place} {faults[0].reason}" if faults else ""
        raise UnreadableError(f"holds no pair{first}")
    if more:
        faults[-1] = Fault(faults[-1].place, f"{faults[-1].reason}, and {more} more lines cannot be read")
    return [*loaded, *faults]


def _pair(line: int, fields: Mapping[str, object]) -> Loaded | str:
    """Return the pair, or what is wrong with it."""
    row = {name: value for name, value in fields.items() if isinstance(value, str)}
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
