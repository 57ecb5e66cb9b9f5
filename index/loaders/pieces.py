"""Write the words of a paragraph from the pieces that a file formats each in its own way."""

import re
from collections.abc import Iterable
from itertools import groupby
from typing import NamedTuple

from index.loaders.links import absolute, link

_SPACES = re.compile(r"[ \t\r\f]+")  # no-break spaces stay
_AROUND_BREAK = re.compile(r"[ \t]*\n[ \t\n]*")
_DIGITS = re.compile(r"[0-9+-]+")
_RAISED = str.maketrans("0123456789+-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻")


class Piece(NamedTuple):
    """Words that are formatted alike."""

    text: str
    is_code: bool = False
    is_struck: bool = False
    link: str = ""  # where it leads


def written(pieces: Iterable[Piece], *, on_one_line: bool = False) -> str:
    """Return the words: `code`, ~~struck~~ and [links](https://…) marked, white space collapsed.

    Args:
        pieces: in the order of the text; a line feed is a hard break.
        on_one_line: whether a hard break becomes a space.
    """
    parts = []
    for target, linked in groupby((piece for piece in pieces if piece.text), lambda piece: piece.link):
        alike = groupby(linked, lambda piece: (piece.is_code, piece.is_struck))
        parts.append(_linked("".join(_marked(like, group) for like, group in alike), target))
    text = _SPACES.sub(" ", _AROUND_BREAK.sub("\n", "".join(parts))).strip(" \n")
    return text.replace("\n", " ") if on_one_line else text


def _marked(like: tuple[bool, bool], pieces: Iterable[Piece]) -> str:
    is_code, is_struck = like
    before, text, after = _edges("".join(piece.text for piece in pieces))
    if not text:
        return before + after
    if is_code:
        text = "\n".join(map(_as_code, text.split("\n")))
    return f"{before}~~{text}~~{after}" if is_struck else f"{before}{text}{after}"


def _linked(words: str, target: str) -> str:
    before, text, after = _edges(words)
    return f"{before}{link(text.replace(chr(10), ' '), absolute(target)) if target else text}{after}"


def _as_code(words: str) -> str:
    fence = "``" if "`" in words else "`"
    pad = " " if words.startswith("`") or words.endswith("`") else ""
    return f"{fence}{pad}{words}{pad}{fence}"


def _edges(text: str) -> tuple[str, str, str]:
    """Return the white space before, the words, and the white space after."""
    words = text.strip()
    if not words:
        return text, "", ""
    start = text.index(words)
    return text[:start], words, text[start + len(words) :]


def raised(text: str) -> str:
    """Return superscript digits as signs of their own: a raised 3 in 10³ must not read 103; other words as they are."""
    return text.translate(_RAISED) if _DIGITS.fullmatch(text) else text
