"""Find the words of a question that spelling may touch, and leave alone what is not prose."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_LEFT_ALONE = re.compile(
    r"`+[^`]*`+"  # code
    r"|«[^«»]*»|“[^“”]*”|\"[^\"]*\"|(?<!\w)'[^']*'(?!\w)"  # quoted words
    r"|<[^<>\s]*>"  # Discord's mentions, channels, emoji and times
    r"|:\w+:"
)
_RUN = re.compile(r"\S+")
_NO_PROSE = re.compile(
    r"[\d_/\\@#=<>$%&+|~^*{}\[\]]"  # numbers, paths, addresses, mentions
    r"|\w[.:]\w"  # names of files and hosts
    r"|\A\W*--?\w"  # options
)
_WORD = re.compile(r"[^\W\d_]+(?:['’ʼ][^\W\d_]+)*")
_ENDS_SENTENCE = re.compile(r"[.!?…:\n]\W*\Z")


@dataclass(frozen=True, slots=True)
class Piece:
    """A word, with the apostrophes in it."""

    start: int
    end: int
    text: str
    opens: bool  # it is the first of a sentence


def pieces(question: str) -> Iterator[Piece]:
    """Yield the words of the prose of a question, in order."""
    last = 0  # where the last word ends
    for start, end in _prose(question):
        for word in _WORD.finditer(question, start, end):
            opens = not last or _ENDS_SENTENCE.search(question, last, word.start()) is not None
            yield Piece(word.start(), word.end(), word.group(), opens)
            last = word.end()


def _prose(question: str) -> Iterator[tuple[int, int]]:
    """Yield the ends of each run without a space that is prose."""
    at = 0
    for gap in (*_LEFT_ALONE.finditer(question), None):
        end = gap.start() if gap else len(question)
        for run in _RUN.finditer(question, at, end):
            if not _NO_PROSE.search(run.group()):
                yield run.span()
        at = gap.end() if gap else end
