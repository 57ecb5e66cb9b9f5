"""The values of the numbers in a text, whatever their form: « sept millions », "7 million" and 7 000 000 are one.

A text is first rewritten with all its numbers in digits (`in_digits`), then read (`read_values`). What a number counts
is not read: 50 % and 50 $ are the value 50.
"""

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

from text_to_num import alpha2digit

from index.schema import Language

_ONE_SPACE = str.maketrans(dict.fromkeys("\u00a0\u202f\u2007\u2009", " ") | {"’": "'", "ᵉ": "e", "ʳ": "r"})

_SCALES: dict[Language, dict[str, int]] = {
    "fr": {"mille": 3, "million": 6, "milliard": 9, "billion": 12, "billiard": 15, "trillion": 18},
    "en": {"hundred": 2, "thousand": 3, "million": 6, "billion": 9, "trillion": 12},
}
"""Words after digits, as powers of ten; a French « billion » is a thousand times an English "billion"."""

_LETTERS = {"k": 3, "M": 6, "Md": 9, "Mds": 9, "Mrd": 9, "G": 9, "bn": 9, "B": 9}
_CURRENCY = r"(?:[$€£¥]|USD|CAD|EUR|US\$|CA\$)"
_DIGITS = r"\d++(?:[ .,']\d{3}(?!\d))*+(?:[.,]\d++)?"
_SCALED = re.compile(
    rf"(?<![\w.,])(?P<digits>{_DIGITS})"
    rf"(?: ?-?(?P<word>mille|(?:million|milliard|billion|billiard|trillion)s?|hundred|thousand)\b"
    rf"| ?(?P<money>k|M|Mds?|Mrd|G|bn|B)(?= ?{_CURRENCY})"
    rf"|(?P<letter>k|K|M|Mds?|bn)\b)"
)
_ROMAN = re.compile(r"\b([IVXLC]++)(?:er|re|e|ème|th|st|nd|rd)?\b")
_WELL_FORMED = re.compile(r"C{0,3}(?:XC|XL|L?X{0,3})(?:IX|IV|V?I{0,3})")
_ROMAN_VALUES = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100}

# Longest forms first: 7 000 000, 7,000,000.5, 1914-18, then plain and decimal numbers; no digits of a code (A380).
_NUMBER = re.compile(
    r"(?<![^\W_])(?:(?P<grouped>\d{1,3}(?P<mark>[ .,'])\d{3}(?:(?P=mark)\d{3})*)(?!\d)(?P<rest>[.,]\d+)?"
    r"|(?P<century>\d\d)\d\d ?[-–/] ?(?P<short>\d\d)(?!\d)"
    r"|\d+(?:[.,]\d+)?)"
)
_TIME = re.compile(
    r"(?<!\d)(?P<hour>\d{1,2})(?: ?(?:h|H|heures?)\b ?(?P<minutes>\d\d)?|[h:.](?P<after>\d\d)(?!\d))?"
    r"(?P<half> ?[ap]\.?m\b)?"
)
_TWO = re.compile(r"\b(?:both|pair|couple|twice|double|second|seconde|paire)\b", re.IGNORECASE)


class Value(NamedTuple):
    """A number as it is written in the text in digits, and what it may mean."""

    written: str
    readings: frozenset[Decimal]  # 1,200 may be twelve hundred or one and a fifth


def in_digits(text: str, language: Language, articles: bool) -> str:
    """Return `text` with numbers in words, with scale words and in Roman numerals written in digits.

    Args:
        text: of a passage or a reply.
        language: of the text; it decides what « neuf » and "billion" are.
        articles: whether « un », "one", « premier » and "first" count as numbers.
    """
    plain = _SCALED.sub(lambda found: _unscale(found, language), text.translate(_ONE_SPACE))
    arabic = _ROMAN.sub(_unroman, plain).encode(errors="replace").decode()  # text2num takes no lone surrogate
    digits: str = alpha2digit(arabic, language, 0 if articles else 1.5)
    return digits


def read_values(text: str) -> Iterator[Value]:
    """Yield the numbers of a text in digits, in order."""
    for found in _NUMBER.finditer(text):
        if found["grouped"]:
            whole = re.sub(r"\D", "", found["grouped"]) + (found["rest"] or "").replace(",", ".")
            readings = {Decimal(whole)}
            if found["grouped"].count(found["mark"]) == 1 and found["mark"] in ".," and not found["rest"]:
                readings.add(Decimal(found["grouped"].replace(",", ".")))
            yield Value(found[0], frozenset(readings))
        elif found["short"]:
            short, century = found["short"], found["century"]
            yield Value(found[0][:4], frozenset({Decimal(found[0][:4])}))
            yield Value(short, frozenset({Decimal(short), Decimal(century + short)}))
        else:
            yield Value(found[0], frozenset({Decimal(found[0].replace(",", "."))}))


def values_of(text: str, language: Language) -> frozenset[Decimal]:
    """Return all that the numbers of a passage may mean."""
    digits = in_digits(text, language, articles=True)
    known = {reading for value in read_values(digits) for reading in value.readings}
    if _TWO.search(text):
        known.add(Decimal(2))
    known.update(_clock_twins(digits))
    return frozenset(known)


def _clock_twins(digits: str) -> Iterator[Decimal]:
    """Yield the same hours on the other clock: 14 h for 2 p.m."""
    for found in _TIME.finditer(digits):
        hour = int(found["hour"])
        if found["half"] and hour <= 12:
            yield Decimal(hour % 12 + (12 if "p" in found["half"] else 0))
        elif 12 < hour < 24 and found[0] != found["hour"]:
            yield Decimal(hour - 12)


def _unscale(found: re.Match[str], language: Language) -> str:
    word = found["word"]
    if word:
        power = _SCALES[language].get(word.removesuffix("s")) or _SCALES["fr"].get(word.removesuffix("s"), 0)
    else:
        letter = found["money"] or found["letter"]
        power = _LETTERS["k" if letter == "K" else letter]
    value = (_decimal(found["digits"], language) * 10**power).normalize()
    return f"{value:f} " if power else found[0]


def _decimal(digits: str, language: Language) -> Decimal:
    """Read digits before a scale word, where a comma of three digits is a decimal one in French only."""
    thousands = r"[ .'](?=\d{3}(?!\d))" if language == "fr" else r"[ ,'](?=\d{3}(?!\d))"
    return Decimal(re.sub(thousands, "", digits).replace(",", ".").replace(" ", "").replace("'", ""))


def _unroman(found: re.Match[str]) -> str:
    """Write XIX, XIXe and Ier in digits, but not the pronoun "I", a lone initial, « Le » or « Ce »."""
    numeral = found[1]
    is_letter = len(numeral) == 1 and (found[0] == numeral or numeral in "LC")
    if is_letter or not _WELL_FORMED.fullmatch(numeral):
        return found[0]
    values = [_ROMAN_VALUES[c] for c in numeral]
    signed = (-v if v < following else v for v, following in zip(values, [*values[1:], 0], strict=True))
    return f"{sum(signed)}{found[0].removeprefix(numeral)}"
