"""Find the row of a table that a question names, by what the row is called and by a column; or see that there is none.

« Quel est le prix de gros de la Patère Alba ? » names a row and a column. The rows of a list are too much alike for a
model to be sure of one, or to see that the one that is asked for is missing.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from bot.answering.readers.ranking import HITS_READ, Candidate
from index.headers import header_above
from index.schema import Language, SearchHit
from index.text import stems


class AskedRow(NamedTuple):
    """The row that a question asks for, as far as it names one."""

    row: Candidate | None = None  # the one whose name it says whole, with a column and nothing that stands elsewhere
    is_missing: bool = False
    """Whether it names a column, and a row that is not there: all its other words are in names of rows, never in one
    together, and no name is said whole."""


class _Row(NamedTuple):
    candidate: Candidate
    name: frozenset[str]  # stems of its first cell
    columns: frozenset[str]  # stems of the header of its table
    around: frozenset[str]  # stems of its other cells, and of title and headings


def asked_row(question: str, language: Language, hits: Sequence[SearchHit]) -> AskedRow:
    """Return which row a question asks for, among those whose table has a column that it names.

    Args:
        question: what was asked.
        language: of the question; the words of the table are taken for words of it, since a list of names and numbers
            hardly tells its own, and words of another language are not said in the question.
        hits: best first.
    """
    asked = frozenset(stems(question, language))
    rows = list(_rows(asked, language, hits))
    named = [row.candidate for row in rows if _is_named(row, asked)]
    name = asked.difference(*(row.columns for row in rows))
    known = frozenset[str]().union(*(row.name for row in rows))
    return AskedRow(
        named[0] if len(named) == 1 else None,
        bool(rows and name) and name <= known and not any(row.name <= asked or name <= row.name for row in rows),
    )


def _rows(asked: frozenset[str], language: Language, hits: Sequence[SearchHit]) -> Iterator[_Row]:
    for hit in hits[:HITS_READ]:
        chunk = hit.chunk
        columns_of: dict[str, frozenset[str]] = {"": frozenset()}  # of each header; "" where there is no row
        for position, sentence in enumerate(chunk.sentences):
            header = header_above(chunk, sentence.start)
            if header not in columns_of:
                columns_of[header] = frozenset(stems(header, language))
            if not columns_of[header] & asked:
                continue
            row = Candidate(0.0, hit, position)
            first, *others = row.text.strip().strip("|").split("|")
            if name := frozenset(stems(first, language)):
                around = "\n".join((*others, chunk.title, chunk.path))
                yield _Row(row, name, columns_of[header], frozenset(stems(around, language)))


def _is_named(row: _Row, asked: frozenset[str]) -> bool:
    """Whether its name is said whole, and a column, and nothing that stands elsewhere than in it or above it."""
    told = asked - row.name
    return row.name <= asked and bool(told & row.columns) and told <= row.columns | row.around
