"""Read the glossary of the seeds: a word and what it means on each row, under a header or without one.

A word is a text of its own, a term with its definitions, so that a quote is the row of that word, or its rows.
"""

import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

from index.blocks import Block
from index.loaders.decoding import decode
from index.loaders.faq import load_csv
from index.loaders.loaded import Fault, Item, Loaded, UnreadableError
from index.loaders.pairs import has_pairs
from index.loaders.rows import find_header
from index.text import fold

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
    """Return a text for each word, then what is wrong with rows that say nothing; an FAQ of that name is read as one.

    Raises:
        UnreadableError: it is not text, or no row of it is a word with its meaning.
    """
    found = decode(data)
    if is_faq(found.text):
        return load_csv(data)
    rows = list(read_entries(found.text))
    faults = [row for row in rows if isinstance(row, Fault)]
    entries: dict[str, list[Entry]] = {}
    for row in rows:
        if isinstance(row, Entry):
            entries.setdefault(fold(row.word), []).append(row)
    if not entries:
        raise UnreadableError(
            f"holds no word: line {faults[0].place} {faults[0].reason}" if faults else "holds no word"
        )
    texts = [_text(of_word) for of_word in entries.values()]
    return [replace(texts[0], left_out=found.left_out), *texts[1:], *faults]


def _text(entries: Sequence[Entry]) -> Loaded:
    """Return what a word means, under the word."""
    definitions = (Block("definition", meaning) for meaning in dict.fromkeys(entry.meaning for entry in entries))
    return Loaded((Block("term", entries[0].word), *definitions), line=entries[0].line)


def is_faq(text: str) -> bool:
    """Whether a file of that name holds questions and answers."""
    return find_header(text, has_pairs) is not None


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
