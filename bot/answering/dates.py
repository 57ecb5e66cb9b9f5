"""Say the date of a document in words, and tell whether it is old."""

import re
from datetime import UTC, date, datetime, timedelta

from index.dating import MONTHS
from index.schema import Language

_ISO = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?(?:[T ].*)?")


def of_date(written: str, language: Language) -> str:
    """Return a date as it follows the name of a document: « du 3 mars 2024 », "of March 2024".

    A date that is not written as ISO 8601 is returned as it is.
    """
    found = _ISO.fullmatch(written.strip())
    if found is None or _last_day(found) is None:
        return written.strip()
    year, month, day = found.groups()
    if month is None:
        return f"de {year}" if language == "fr" else f"of {year}"
    name = MONTHS[language][int(month) - 1]
    if language == "en":
        return f"of {int(day)} {name} {year}" if day else f"of {name} {year}"
    if day is None:
        return f"d’{name} {year}" if name[0] in "ao" else f"de {name} {year}"
    return f"du {'1er' if day == '01' else int(day)} {name} {year}"


def old_before(days: int) -> date | None:
    """Return the first day whose documents are not old today; None for 0 days, when none is ever old."""
    return datetime.now(UTC).date() - timedelta(days) if days else None


def is_old(written: str, limit: date | None) -> bool:
    """Whether a date, or the end of the month or the year that it names, is before the limit of `old_before`.

    A date that cannot be read is not old.
    """
    found = _ISO.fullmatch(written.strip())
    last = found and _last_day(found)
    return limit is not None and last is not None and last < limit


def _last_day(found: re.Match[str]) -> date | None:
    """Return the day, or the last one of the month or the year; None if there is no such day."""
    year, month, day = (int(part) if part else None for part in found.groups())
    try:
        first = date(year or 0, month or 12, day or 1)
        if day:
            return first
        return date(first.year + first.month // 12, first.month % 12 + 1, 1) - timedelta(1)
    except ValueError:
        return None
