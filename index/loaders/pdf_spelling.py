"""How the letters of a PDF are written: ligatures spelled out, accents on their letters, what is no letter marked."""

import re
import unicodedata

UNTOLD = "\ufffd"
"""Stands for one or more letters that the font does not tell."""

BULLET = "•"

_NO_LETTER = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ue000-\uf8ff\ufffd-\uffff]")
_DINGBATS = re.compile(r"[\uf000-\uf0ff]+")  # the signs of Symbol and Wingdings; no letters
_UNUSUAL = re.compile(r"[^ -~\s\x02\ufffeéèêëàâäùûüçîïôöñæœÉÈÊËÀÂÄÙÛÜÇÎÏÔÖÑÆŒ«»’‘“”–—…•€]")
_INVISIBLE = re.compile("[\u2060-\u2069\u200b-\u200f\u202a-\u202e\ufeff]")
_SPELLED = str.maketrans({"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st", "\u2010": "-"})
_ACCENTS = dict(
    zip(
        "´`ˆ^¨¸˜~ˇ˘˙˚¯",
        "\u0301\u0300\u0302\u0302\u0308\u0327\u0303\u0303\u030c\u0306\u0307\u030a\u0304",
        strict=True,
    )
)
_DOTLESS = {"ı": "i", "ȷ": "j"}

ACCENT = re.compile(f"[{re.escape(''.join(_ACCENTS))}\u0300-\u0328]")
"""An accent, which may have been drawn as a sign of its own."""


def spelled(text: str) -> str:
    """Return text as it is written, `UNTOLD` for what is no letter; signs that cannot be seen are gone."""
    return unicodedata.normalize("NFC", _INVISIBLE.sub("", _NO_LETTER.sub(UNTOLD, text).translate(_SPELLED)))


def is_bullet(text: str) -> bool:
    """Whether a word is a sign of a font without letters, which opens the items of lists."""
    return _DINGBATS.fullmatch(text) is not None


def is_letter(sign: str) -> bool:
    """Whether a sign can be one that is read."""
    return _NO_LETTER.match(sign) is None


def is_usual(sign: str) -> bool:
    """Whether a sign is one of plain French or English."""
    return _UNUSUAL.match(sign) is None


def composed(letter: str, accent: str) -> str | None:
    """Return a letter with an accent on it; None where there is no such letter."""
    both = unicodedata.normalize("NFC", _DOTLESS.get(letter, letter) + _ACCENTS.get(accent, accent))
    return both if len(both) == 1 else None
