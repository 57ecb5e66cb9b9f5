"""Read the glossary of the seeds: a word and what it means on each row, under a header or without one.

A row is a text of its own, a term and its definition, so that a quote is that row.
"""

import csv
import io
import re
from collections.abc import Iterator
from typing import NamedTuple

from index.blocks import Block
from index.loaders.decoding import decode
from index.loaders.loaded import Fault, Item, Loaded, UnreadableError
from index.loaders.pairs import has_pairs
from index.loaders.rows import find_header
from index.text import fold

FILES = frozenset(["glossary.csv", "glossaire.csv"])
"""Names that make a table a glossary, in any case, where it stands at the top of the seeds."""

MAX_WORD = 80  # characters: a term is a name, not a sentence

_WORD_NAMES = frozenset(
    "word words mot mots term terms terme termes sigle acronym acronyme abbreviation abreviation".split()
)
_MEANING_NAMES = frozenset("meaning meanings sens signification definition definitions".split())
_DELIMITERS = ";,\t"
_SEPARATOR = re.compile(r"sep=.\n", re.IGNORECASE)  # the first line that Excel asks for


class Entry(NamedTuple):
    """A word and what it means."""

    line: int  # from 1
    word: str
    meaning: str


def load(data: bytes) -> list[Item]:
    """Return a text for each row, then what is wrong with rows that say nothing; an FAQ of that name is read as one.

    Raises:
        UnreadableError: it is not text, or no row of it is a word with its meaning.
    """
    found = decode(data)
    if find_header(found.text, has_pairs):
        from index.loaders.faq import load_csv  # and with it what reads Markdown

        return load_csv(data)
    items: list[Item] = []
    faults: list[Fault] = []
    for row in read_entries(found.text):
        if isinstance(row, Fault):
            faults.append(row)
        else:
            blocks = (Block("term", row.word), Block("definition", row.meaning))
            items.append(Loaded(blocks, line=row.line, left_out={} if items else found.left_out))
    if not items:
        raise UnreadableError(
            f"holds no word: line {faults[0].place} {faults[0].reason}" if faults else "holds no word"
        )
    return [*items, *faults]


def is_glossary(file: str) -> bool:
    """Whether a file of the seeds is the glossary; `file` is its path below their folder."""
    return file.lower() in FILES


def read_entries(text: str) -> Iterator[Entry | Fault]:
    """Yield each row of a glossary, or what is wrong with it; what stands right of the meaning belongs to it.

    So a comma in a meaning needs no quotes.
    """
    separator = _SEPARATOR.match(text)
    start = separator.end() if separator else 0
    delimiter = _delimiter(text[start:])
    rows = csv.reader(io.StringIO(text[start:], newline="\n"), delimiter=delimiter)
    is_first = True
    while True:
        line = rows.line_num + 1 + bool(start)
        try:
            cells = [" ".join(cell.split()) for cell in next(rows)]
        except StopIteration:
            return
        except csv.Error as error:
            yield Fault(line, f"is not CSV ({error})")
            continue
        if any(cells):
            if not (is_first and _is_header(cells)):
                yield _entry(line, cells[0], f"{delimiter} ".join(filter(None, cells[1:])))
            is_first = False


def _entry(line: int, word: str, meaning: str) -> Entry | Fault:
    if not re.search(r"\w", word):
        return Fault(line, "has no word")
    if not re.search(r"\w", meaning):
        return Fault(line, f"has no meaning for {word[:MAX_WORD]}")
    if len(word) > MAX_WORD:
        return Fault(line, f"has a word of more than {MAX_WORD} characters")
    return Entry(line, word, meaning)


def _is_header(cells: list[str]) -> bool:
    names = [fold(cell) for cell in cells if cell]
    return len(names) == 2 and names[0] in _WORD_NAMES and names[1] in _MEANING_NAMES


def _delimiter(text: str) -> str:
    """Return what parts the two columns: the delimiter that most lines hold, of several the first of `_DELIMITERS`.

    A meaning may hold commas, which a table with semicolons leaves without quotes.
    """
    lines = [line for line in text.split("\n") if line.strip()]
    return max(_DELIMITERS, key=lambda delimiter: sum(delimiter in line for line in lines))
