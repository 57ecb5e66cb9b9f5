"""Find the short forms that a text explains: « Plan d'épargne (PE) », "RTA (Regional Transport Authority)", « RAF :
reste à faire ».

A short form is taken where its characters are, in their order, the initials of the words beside it, after A. Schwartz
and M. Hearst, "A simple algorithm for identifying abbreviation definitions in biomedical text" (2003). They let each
character stand anywhere in a word but the first; here two thirds of them must begin one, for what is found changes
questions. A digit stands for the word that it says or sounds like: D2B, « dossier de deuxième bureau »; B2B, "business
to business".
"""

import re
from collections.abc import Iterator, Sequence
from functools import cache
from typing import NamedTuple

from index.chunking import without_addresses
from index.schema import Chunk
from index.text import content_words, fold

MAX_SHORT = 6  # characters of a short form: SNCF, URSSAF; longer capitals are words that shout

_SHORT = r"(?=[^\W_]*(?:[A-ZÀ-ÞŒ][^\W_]*[A-ZÀ-ÞŒ]|\d))[A-ZÀ-ÞŒ\d](?:[^\W_]|&(?=\w)){0,6}[A-ZÀ-ÞŒ\d]"
_QUOTE = "[«»“”\"'‘’` \u00a0\u202f]*"
_IN_BRACKETS = re.compile(rf"(?<=\w)[»”\"]?\s+[(\[]{_QUOTE}({_SHORT})s?{_QUOTE}[)\]]")
_BEFORE_BRACKETS = re.compile(rf"(?<![\w&-])({_SHORT})s?\s+\(([^()\n]{{3,120}})\)")
_AT_THE_START = re.compile(rf"\W*?({_SHORT})[»”\"'`]*\s*(?::|=|→|(?<=\s)[–—-])\s+(\S.*)")
_INTRODUCED = re.compile(
    r"(?:(?:(?:pour|soit|ou|or|for|short for|i\.e\.|c['’]est[- ]à[- ]dire|the|an?|les?|la|une?)(?:,\s*|\s+)|l['’])"
    r"(?=\w))+",
    re.IGNORECASE,
)
_CLAUSE_END = re.compile(r"[.;:,!?](?=\s|$)|\s[–—-]\s|\s[(\[]|[»”\"\n]")
_SENTENCE_START = re.compile(r"[.;:!?](?=\s)|[()\[\]«»“”\"\n|]|\s[–—-]\s")
_TOKEN = re.compile(r"[^\W_]+")
_CELL_END = re.compile(r"(?<!\\)\|")
_MARKER = re.compile(r"(?:>|-|\d{1,9}\.|:|#{1,6}|\[!\w+\])\s+")

_OPENS_NO_NAME = frozenset(
    "a au aux avec d dans de des du en et l la le les par pour sur un une "
    "an and at by for from in of on or the to with".split()
)
_DIGITS = {
    "1": "un une premier premiere one first",
    "2": "deux deuxieme second seconde two to too",
    "3": "trois troisieme three third",
    "4": "quatre quatrieme four fourth for",
    "5": "cinq cinquieme five fifth",
    "6": "six sixieme sixth",
    "7": "sept septieme seven seventh",
    "8": "huit huitieme eight eighth",
    "9": "neuf neuvieme nine ninth",
    "0": "zero",
}
_SAID = {digit: frozenset(said.split()) for digit, said in _DIGITS.items()}


class Abbreviation(NamedTuple):
    """A short form, and what it stands for."""

    short: str
    long: str


def abbreviations(chunk: Chunk) -> Iterator[Abbreviation]:
    """Yield the short forms that a chunk explains, in their order, repeats kept; nothing of its code."""
    for block in chunk.blocks:
        if block.kind == "code":
            continue
        text = without_addresses(chunk.text[block.start : block.end])
        if not re.search(_SHORT, text):
            continue
        for line in text.split("\n"):
            yield from _in_row(line) if block.kind == "table" else _in_line(line)
    for term, definition in defined(chunk):
        yield from _in_pair(term, definition)


def defined(chunk: Chunk) -> Iterator[tuple[str, str]]:
    """Yield the terms of a chunk, with each of their definitions, without what marks it as one."""
    term = ""
    for block in chunk.blocks:
        text = chunk.text[block.start : block.end].strip()
        if block.kind == "definition" and term:
            yield term, _MARKER.sub("", text, 1)
        else:
            term = text if block.kind == "term" else ""


def opening_name(text: str) -> str:
    """Return what a text names in its first clause, without the article or the « pour » before it."""
    introduced = _INTRODUCED.match(text)
    return _first_clause(text[introduced.end() if introduced else 0 :])


def _first_clause(text: str) -> str:
    """Return a text up to the first sign that ends a clause, or opens a bracket."""
    end = _CLAUSE_END.search(text)
    return (text[: end.start()] if end else text).strip(" \u00a0\u202f`*'’")


def _in_line(line: str) -> Iterator[Abbreviation]:
    marker = _MARKER.match(line.lstrip(" "))
    line = line.lstrip(" ")[marker.end() :] if marker else line
    if (found := _AT_THE_START.match(line)) and (long := _explained(found[1], found[2], spare=1)):
        yield Abbreviation(found[1], long)
    for found in _BEFORE_BRACKETS.finditer(line):
        if long := _explained(found[1], found[2], spare=0):
            yield Abbreviation(found[1], long)
    for found in _IN_BRACKETS.finditer(line):
        if long := _explained_before(found[1], line[: found.start()]):
            yield Abbreviation(found[1], long)


def _in_row(row: str) -> Iterator[Abbreviation]:
    cells = [cell.strip() for cell in _CELL_END.split(row)[1:-1]]
    for cell in cells:
        yield from _in_line(cell)
    if len(cells) > 1:
        yield from _in_pair(cells[0], cells[1])
        yield from _in_pair(cells[1], cells[0])


def _in_pair(short: str, long: str) -> Iterator[Abbreviation]:
    bare = without_addresses(short).strip("«»“”\"'` \u00a0\u202f*:")
    if re.fullmatch(_SHORT, bare) and (told := _explained(bare, without_addresses(long), spare=1)):
        yield Abbreviation(bare, told)


def _explained(short: str, text: str, spare: int) -> str:
    """Return the long form that opens a text which ends with it, without its article; "" where it does not fit."""
    readings = (_first_clause(text), opening_name(text))
    return next((long for long in readings if is_short_for(short, long, spare)), "")


def _explained_before(short: str, text: str) -> str:
    """Return the shortest long form that ends a text; "" where none fits."""
    opened = max((sign.end() for sign in _SENTENCE_START.finditer(text)), default=0)
    words = list(_TOKEN.finditer(text, opened))
    for word in reversed(words[-_most_words(short) * 2 :]):
        long = text[word.start() :]
        if fold(word[0]) not in _OPENS_NO_NAME and is_short_for(short, long, spare=0):
            return long
    return ""


def _most_words(short: str) -> int:
    """Return how many words a long form has at most, those that only bind others apart: the bound of the authors."""
    return min(len(short) + 5, 2 * len(short))


def is_short_for(short: str, long: str, spare: int = 0) -> bool:
    """Whether the characters of a short form are the initials of a long one.

    Args:
        short: the short form; nothing longer than `MAX_SHORT` is one.
        long: the words that it may stand for.
        spare: how many words more than one in three characters may be passed over; those that only bind are free.
    """
    letters = [c for c in fold(short) if c.isalnum()]
    words = [fold(word) for word in _TOKEN.findall(long)]
    binding = [len(word) == 1 or not content_words(word, "fr") or not content_words(word, "en") for word in words]
    if not 2 <= len(letters) <= MAX_SHORT or "".join(letters) in words or not any(c.isalpha() for c in letters):
        return False
    if len(words) < 2 or sum(not b for b in binding) > _most_words(short):
        return False
    initials = _initials(letters, words, binding, spare + (len(letters) > 2))
    return 3 * initials >= 2 * len(letters) and initials >= 2


def _initials(letters: Sequence[str], words: Sequence[str], binding: Sequence[bool], spare: int) -> int:
    """Return how many of the letters begin a word, where each stands in one, in order, from the first on; else -1."""

    @cache
    def best(letter: int, word: int, place: int, left: int) -> int:
        """Match the letters from one on, in the words from a place of one on, with so many left to pass over."""
        if word == len(words):
            return 0 if letter == len(letters) else -1
        passed = 0 if place or binding[word] else 1
        tries = [best(letter, word + 1, 0, left - passed)] if passed <= left and (word or place) else []
        if letter < len(letters):
            if not place and _begins(words[word], letters[letter]):
                tries.append(_one_more(best(letter + 1, word, 1, left)))
            elif place and (at := words[word].find(letters[letter], place)) > 0:
                tries.append(best(letter + 1, word, at + 1, left))
        return max(tries, default=-1)

    return best(0, 0, 0, spare)


def _one_more(count: int) -> int:
    return count + 1 if count >= 0 else -1


def _begins(word: str, letter: str) -> bool:
    return word.startswith(letter) or word in _SAID.get(letter, ())
