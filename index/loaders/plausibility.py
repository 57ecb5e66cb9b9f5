"""How well the characters above ASCII of a text fit, as French or English: what tells old encodings apart."""

import re
from collections.abc import Callable

ABOVE_ASCII = re.compile(r"[^\x00-\x7f]")

_MISFIT = -3.0
# Decimal logarithms of how many of 100,000 characters above ASCII each is, in PIAF and the YunoHost documentation;
# 1 for what these hold less than 50 times, and other texts in both languages hold.
_WEIGHTS = {
    **dict.fromkeys("é", 4.8),
    **dict.fromkeys("èà", 4.0),
    **dict.fromkeys("’êç«»ôùÉî", 3.3),
    **dict.fromkeys("âÀûœï—–…€", 2.5),
    **dict.fromkeys("öëÂäÊÈÔÎŒÇÛ°“”\u00a0", 2.0),
    **dict.fromkeys("üñáíóúßãõåæøòìÙÏËÖÄÜÁÍÓÚÑÅØÆ‘•·£§©®™²³¹½¼¾×±µ÷ªºÿ¿¡†‹›‰", 1.0),
}
_BESIDE: dict[str, Callable[[str, str], bool]] = {
    **dict.fromkeys("’", lambda before, after: before.isalnum()),
    **dict.fromkeys("\u00a0", lambda before, after: bool(before.strip() or after.strip())),
    **dict.fromkeys("²³¹", lambda before, after: before.isdigit() or before in ("m", ")")),
    **dict.fromkeys("«“‘‹•©§¡¿", lambda before, after: not before.isalnum()),
    **dict.fromkeys("»”›", lambda before, after: not after.isalnum()),
    **dict.fromkeys("½¼¾×±÷‰£€", lambda before, after: not (before.isalpha() or after.isalpha())),
    **dict.fromkeys("·—", lambda before, after: True),
}
"""Sign -> whether it may stand between two characters, either of which is "" at an end of the text."""

_MONEY = "£€"


def weight(text: str, at: int) -> float:
    """Return how likely a character above ASCII is where it stands, as a logarithm; negative where it does not fit."""
    likely = _WEIGHTS.get(text[at])
    return _MISFIT if likely is None or not _fits(text, at) else likely


def _fits(text: str, at: int) -> bool:
    """Whether the characters beside it may stand there."""
    sign, before, after = text[at], text[at - 1 : at] if at else "", text[at + 1 : at + 2]
    if sign.isalpha() and sign not in "ªº":
        return _letter_fits(sign, before, after, text[max(at - 2, 0) : max(at - 1, 0)])
    if sign in _MONEY and any(c.isdigit() for c in text[max(at - 2, 0) : at + 3]):
        return True
    return _BESIDE.get(sign, _outside_words)(before, after)


def _outside_words(before: str, after: str) -> bool:
    return not (before.islower() and after.islower())


def _letter_fits(sign: str, before: str, after: str, two_before: str) -> bool:
    if _is_strange(before) or _is_strange(after):
        return sign + after == "éé" or before + sign == "éé"
    if sign.isupper():
        return not before.islower() and (sign in "ÀÉ" or before.isalpha() or after.isalpha() or after in "'’")
    if before.isupper() and two_before.isupper():  # a small letter in capitals
        return False
    if sign == "à":
        return not before.isalpha() or (before in "ljLJ" and not after.isalpha())
    return before.isalpha() or after.isalpha()


def _is_strange(sign: str) -> bool:
    return sign.isalpha() and not sign.isascii()
