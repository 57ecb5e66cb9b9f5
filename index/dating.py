"""When a part of a document is from: the date or the version that its heading tells, else the date of the document."""

import re
from typing import NamedTuple

from index.schema import Chunk, Language
from index.text import fold

MONTHS: dict[Language, list[str]] = {
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre".split(),
    "en": "January February March April May June July August September October November December".split(),
}

_ISO = re.compile(r"\b((?:19|20)\d\d)(?:-(\d\d))?(?:-(\d\d))?\b")
_NUMBERS = {fold(name): number for names in MONTHS.values() for number, name in enumerate(names, start=1)}
_SPELLED = re.compile(
    rf"(?:\b(\d{{1,2}})(?:er|st|nd|rd|th)? )?\b({'|'.join(_NUMBERS)})"
    r"(?: (\d{1,2})(?:st|nd|rd|th)?)?,? ((?:19|20)\d\d)\b"
)
_VERSION = re.compile(r"\bv?(\d+(?:\.\d+)+)\b", re.IGNORECASE)


class Day(NamedTuple):
    """A date, with 0 for what is not told; in the order of time."""

    year: int
    month: int = 0
    day: int = 0


def day_in(text: str) -> Day | None:
    """Return the first date with a year in a text: in words of either language, else in figures as ISO 8601."""
    if found := _SPELLED.search(fold(text)):
        return Day(int(found[4]), _NUMBERS[found[2]], int(found[1] or found[3] or 0))
    if found := _ISO.search(text):
        return Day(int(found[1]), int(found[2] or 0), int(found[3] or 0))
    return None


def day_of(chunk: Chunk) -> Day | None:
    """Return the date of a chunk's section, if a heading above it tells one, else that of the document."""
    told = (day_in(heading) for heading in reversed(chunk.headings))
    return next((day for day in told if day), None) or day_in(chunk.date or "")


def version_in(text: str) -> tuple[int, ...] | None:
    """Return the numbers of the first version in a text, such as (2, 9, 1); None where there is none."""
    found = _VERSION.search(_ISO.sub(" ", text))
    return tuple(int(number) for number in found[1].split(".")) if found else None


def without_dates(text: str) -> str:
    """Return a text folded, without its dates, so that the titles of a series are equal."""
    return " ".join(re.sub(r"\W+", " ", _ISO.sub(" ", _SPELLED.sub(" ", fold(text)))).split())
