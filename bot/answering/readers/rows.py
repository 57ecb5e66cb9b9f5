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


class _Row(NamedTuple):
    candidate: Candidate
    name: frozenset[str]  # stems of its first cell
    columns: frozenset[str]  # stems of the header of its table
    around: frozenset[str]  # stems of its other cells, and of title and headings


def named_row(question: str, language: Language, hits: Sequence[SearchHit]) -> Candidate | None:
    """Return the one row whose name the question says whole, with a column and nothing that stands elsewhere.

    Args:
        question: what was asked.
        language: of the question; the words of the table are taken for words of it, since a list of names and numbers
            hardly tells its own, and words of another language are not said in the question.
        hits: best first.
    """
    asked = frozenset(stems(question, language))
    named = [row for row in _rows(hits, language) if row.name <= asked and _holds(row, asked)]
    return named[0].candidate if len(named) == 1 else None


def lacks_row(question: str, language: Language, hits: Sequence[SearchHit]) -> bool:
    """Whether the question, as for `named_row`, names a column, and a row that is not there.

    All the other words that it says are in names of rows, never in one together, and no name is said whole.
    """
    asked = frozenset(stems(question, language))
    rows = [row for row in _rows(hits, language) if row.columns & asked]
    name = asked.difference(*(row.columns for row in rows))
    known = frozenset[str]().union(*(row.name for row in rows))
    return bool(rows and name) and name <= known and not any(row.name <= asked or name <= row.name for row in rows)


def _rows(hits: Sequence[SearchHit], language: Language) -> Iterator[_Row]:
    for hit in hits[:HITS_READ]:
        chunk = hit.chunk
        for position, sentence in enumerate(chunk.sentences):
            if not (header := header_above(chunk, sentence.start)):
                continue
            row = Candidate(0.0, hit, position)
            first, *others = row.text.strip().strip("|").split("|")
            if name := frozenset(stems(first, language)):
                around = "\n".join((*others, chunk.title, chunk.path))
                yield _Row(row, name, frozenset(stems(header, language)), frozenset(stems(around, language)))


def _holds(row: _Row, asked: frozenset[str]) -> bool:
    """Whether a column is asked for, and all words of the question stand in the row, its header or above."""
    told = asked - row.name
    return bool(told & row.columns) and told <= row.columns | row.around
