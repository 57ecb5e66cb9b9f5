"""Turn the rows of an FAQ into texts, one a pair.

The question is the title: what it says is found and shown, but a quote comes from the answer alone.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace

from index.blocks import Block
from index.loaders.loaded import Fault, Item, Loaded, UnreadableError
from index.loaders.markdown import read_markdown
from index.loaders.plain import read_plain
from index.loaders.rows import Row

MAX_QUESTION = 300  # characters; the longest of PIAF and SQuAD 2 dev has that many
MAX_FAULTS = 20  # named one by one

_READ = frozenset(["question", "answer", "title", "language", "source", "date", "author"])
_BULLET = re.compile(r"^[ \t]*[•◦▪‣●][ \t]*", re.MULTILINE)
_MARKUP = re.compile(r"[`<]|\]\(|\*\*|__|~~|^ {0,3}(?:#{1,6} |[-*+] |\d{1,3}[.)] |>|\|)", re.MULTILINE)
_FENCE = re.compile(r"^ {0,3}(?:```|~~~)", re.MULTILINE)


def has_pairs(names: set[str]) -> bool:
    """Whether columns of these names hold questions and answers."""
    return {"question", "answer"} <= names


def read_pairs(rows: Iterator[Row], left_out: Mapping[str, int]) -> list[Item]:
    """Return the pairs, then what is wrong with the rows that are none.

    Args:
        rows: in their order.
        left_out: what was left out of the file before its rows were read; the first pair tells it.

    Raises:
        UnreadableError: no row is a pair.
    """
    loaded: list[Loaded] = []
    faults: list[Fault] = []
    unread: set[str] = set()
    counts = Counter(left_out)
    more = 0
    for line, row in rows:
        pair = row if isinstance(row, str) else _pair(line, row, counts)
        if isinstance(row, Mapping):
            unread |= {name for name, value in row.items() if value and name not in _READ}
        if isinstance(pair, Loaded):
            loaded.append(pair)
        elif len(faults) < MAX_FAULTS:
            faults.append(Fault(line, pair))
        else:
            more += 1
    if not loaded:
        raise UnreadableError(
            f"holds no pair: line {faults[0].place} {faults[0].reason}" if faults else "holds no pair"
        )
    counts["columns beside question and answer"] += len(unread)
    loaded[0] = replace(loaded[0], left_out=dict(+counts))
    if more:
        faults[-1] = Fault(faults[-1].place, f"{faults[-1].reason}, and {more} more lines cannot be read")
    return [*loaded, *faults]


def _pair(line: int, fields: Mapping[str, object], left_out: Counter[str]) -> Loaded | str:
    """Return the pair, or what is wrong with it."""
    row = {name: value for name, value in fields.items() if isinstance(value, str)}
    question, answer = " ".join(row.get("question", "").split()), row.get("answer", "").strip()
    for name, text in (("question", question), ("answer", answer)):
        if not re.search(r"\w", text):
            return f"has no {name}"
    if len(question) > MAX_QUESTION:
        return f"has a question of more than {MAX_QUESTION} characters"
    title = " ".join(row.get("title", "").split())
    source = " ".join(row.get("source", "").split()) or None
    return Loaded(
        tuple(_answer(answer, source or "", left_out)),
        title=f"{title} — {question}" if title else question,
        language=row.get("language") or None,
        source=source,
        date=row.get("date") or None,
        line=line,
        is_pair=True,
    )


def _answer(text: str, source: str, left_out: Counter[str]) -> list[Block]:
    """Return the blocks of an answer: Markdown where there is markup in it; a line break in a cell is meant as one."""
    text = _BULLET.sub("- ", text.replace("\r\n", "\n"))
    if not _MARKUP.search(text):
        return read_plain(text)
    return read_markdown(text if _FENCE.search(text) else text.replace("\n", "  \n"), source, left_out)
