"""Every date of a reply is in a cited passage: « le 3 mai 2021 », "May 3, 2021" and 2021-05-03 are one.

A reply may give a part of a date: the month and the year, the day and the month, the month alone, the day of the week.
A year alone is a number like another.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from bot.chat.checks.numerals import in_digits
from bot.chat.reply import Reply
from index.schema import Language

_MONTHS = {
    form: number
    for number, forms in enumerate(
        (
            "janvier january janv jan",
            "février fevrier february févr fevr feb",
            "mars march mar",
            "avril april avr apr",
            "mai may",
            "juin june jun",
            "juillet july juil jul",
            "août aout august aug",
            "septembre september sept sep",
            "octobre october oct",
            "novembre november nov",
            "décembre decembre december déc dec",
        ),
        start=1,
    )
    for form in forms.split()
}
_WEEKDAYS = {
    form: number
    for number, forms in enumerate(
        (
            "lundi monday",
            "mardi tuesday",
            "mercredi wednesday",
            "jeudi thursday",
            "vendredi friday",
            "samedi saturday",
            "dimanche sunday",
        )
    )
    for form in forms.split()
}
DATE_WORDS = frozenset(_MONTHS) | frozenset(_WEEKDAYS)
"""Lower-case names of months and days, which are no proper names."""

_MONTH = rf"(?P<month>{'|'.join(sorted(_MONTHS, key=len, reverse=True))})\b\.?"
_DAY = r"(?<!\d)(?P<day>\d{1,2}|premier|first)(?:er|st|nd|rd|th)?"
_YEAR = r"(?P<year>\d{4})(?!\d)"
_FORMS = (
    r"(?P<iso>(?<!\d)(?P<iso_year>\d{4})-(?P<iso_month>\d\d)-(?P<iso_day>\d\d)(?!\d))"
    r"|(?<![\d/.])(?P<a>\d{1,2})[/.-](?P<b>\d{1,2})[/.-](?P<c>\d{4})(?!\d)"
)
_NUMERIC = re.compile(_FORMS)
_DAY_MONTH = re.compile(
    rf"(?:(?<!\d)(?P<since>\d{{1,2}})(?:er|st|nd|rd|th)? ?(?:-|–|au|et|to|and|or|ou|,) ?)?"  # du 3 au 5 mai
    rf"{_DAY} (?:of |de )?{_MONTH}(?:,? (?:of |de |en |in )?{_YEAR})?",
    re.IGNORECASE,
)
_MONTH_DAY = re.compile(
    rf"\b{_MONTH} {_DAY}(?!\d)(?: ?(?:-|–|to|and|or) ?(?P<until>\d{{1,2}})(?:st|nd|rd|th)?(?!\d))?"
    rf"(?:,? (?:of )?{_YEAR})?",
    re.IGNORECASE,
)
_MONTH_YEAR = re.compile(rf"\b{_MONTH},? (?:of |de )?{_YEAR}", re.IGNORECASE)
_MONTH_ALONE = re.compile(
    rf"\b(?:en|in|since|depuis|de|d'|of|by|until|jusqu'en|fin|début|mi-|late|early|mid-|last|next|this|mois de"
    rf"|month of) ?{_MONTH}",
    re.IGNORECASE,
)
_CAPITAL_MONTH = re.compile(  # "the October inventor", not "May I?"
    r"(?<=[a-z,] )(?P<month>January|February|March|April|May|June|July|August|September|October|November|December)\b"
)
_WEEKDAY = re.compile(rf"\b(?P<weekday>{'|'.join(_WEEKDAYS)})s?\b", re.IGNORECASE)
_ANY_YEAR = re.compile(r"(?<!\d)\d{4}(?!\d)")


class Date(NamedTuple):
    """What a text says of a date; None for what it leaves out."""

    year: int | None = None
    month: int | None = None
    day: int | None = None
    weekday: int | None = None  # 0 is Monday

    def includes(self, other: "Date", years: frozenset[int]) -> bool:
        """Whether this says all that `other` says; a year that this leaves out may be one of `years`."""
        same_year = other.year in (None, self.year) or (self.year is None and other.year in years)
        return same_year and all(b is None or a == b for a, b in zip(self[1:], other[1:], strict=True))


class Dated(NamedTuple):
    """A date at `text[start:end]`, and what it may mean."""

    start: int
    end: int
    readings: tuple[Date, ...]  # 03/05/2021 may be in May or in March


def check_dates(reply: Reply) -> Iterator[str]:
    """Report dates that are in no cited passage."""
    told = {n: _read_passage(e.text, e.language) for n, e in reply.evidence.items()}
    for claim in reply.claims:
        dates = {date for n in claim.passages for date in told[n][0]}
        years = frozenset(year for n in claim.passages for year in told[n][1])
        text = in_digits(claim.text, reply.language, articles=False)
        for found in read_dates(text):
            if not any(date.includes(claimed, years) for claimed in found.readings for date in dates):
                yield f"The date “{text[found.start : found.end].strip()}” is not in the cited passage."


def read_dates(text: str) -> list[Dated]:
    """Return the dates of a text whose numbers are in digits, form by form. Only the two ends of a range overlap."""
    found: list[Dated] = []
    taken: list[tuple[int, int]] = []
    for form in (_NUMERIC, _DAY_MONTH, _MONTH_DAY, _MONTH_YEAR, _MONTH_ALONE, _CAPITAL_MONTH, _WEEKDAY):
        for match in form.finditer(text):
            free = all(match.end() <= start or end <= match.start() for start, end in taken)
            told = _read_match(match) if free and not _is_a_verb(match) else []
            found += [Dated(*match.span(), readings) for readings in told]
            taken += [match.span() for _ in told[:1]]
    return found


def _read_passage(text: str, language: Language) -> tuple[frozenset[Date], frozenset[int]]:
    """Return the dates of a passage, each month that it names, and its years."""
    digits = in_digits(text, language, articles=True)
    dates = {date for found in read_dates(digits) for date in found.readings}
    dates.update(Date(month=_MONTHS[m["month"].lower()]) for m in re.finditer(rf"\b{_MONTH}", digits, re.IGNORECASE))
    return frozenset(dates), frozenset(int(year) for year in _ANY_YEAR.findall(digits))


def _is_a_verb(match: re.Match[str]) -> bool:
    """Whether "may" or "march" is no month: months have a capital in English, unlike verbs."""
    return match.re is _MONTH_ALONE and match["month"] in ("may", "march")


def _read_match(match: re.Match[str]) -> list[tuple[Date, ...]]:
    """Return the readings of a date and of the other end of its range; none when the calendar has no such day."""
    groups = match.groupdict()
    ends = [groups, {**groups, "day": groups.get("since") or groups.get("until")}]
    readings = [tuple(_readings(end)) for end in (ends if ends[1]["day"] else ends[:1])]
    return readings if all(readings) else []


def _readings(groups: dict[str, str | None]) -> Iterator[Date]:
    """Yield the dates that a match may mean; none when the calendar has no such day."""
    if groups.get("weekday"):
        yield Date(weekday=_WEEKDAYS[str(groups["weekday"]).lower()])
    elif groups.get("iso"):
        yield from _valid(groups["iso_year"], groups["iso_month"], groups["iso_day"])
    elif groups.get("c"):
        yield from _valid(groups["c"], groups["b"], groups["a"])
        if groups["a"] != groups["b"]:
            yield from _valid(groups["c"], groups["a"], groups["b"])
    elif groups.get("month"):
        day = groups.get("day")
        number = "1" if day and not day.isdecimal() else day
        yield from _valid(groups.get("year"), str(_MONTHS[str(groups["month"]).lower()]), number)


def _valid(year: str | None, month: str | None, day: str | None) -> Iterator[Date]:
    date = Date(int(year) if year else None, int(month) if month else None, int(day) if day else None)
    if 1 <= (date.month or 1) <= 12 and 1 <= (date.day or 1) <= 31:
        yield date
