"""Of sentences that say the same at different dates, put the one first that the question means: by default the newest.

« L’entrée coûte 5,50 euros » (2022) and « L’entrée coûte 7 euros » (2026) are both near « Combien coûte l’entrée ? ».
"""

import re

from bot.answering.dates import MONTHS
from bot.answering.readers.ranking import Candidate
from index.text import fold, stems

SAME = 0.5
"""Share of the stems of two sentences, without their numbers, that both have. Two prices of one thing share all, or
half where they are worded anew (« passe à », « est fixé à »); what else is said of it shares a seventh. The dev sets
have no dates."""

_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_ISO = re.compile(r"\b((?:19|20)\d\d)(?:-(\d\d))?(?:-(\d\d))?\b")
_MONTHS = {fold(name): number for names in MONTHS.values() for number, name in enumerate(names, start=1)}
_SPELLED = re.compile(
    rf"(?:\b(\d{{1,2}})(?:er|st|nd|rd|th)? )?\b({'|'.join(_MONTHS)})(?: (\d{{1,2}}),?)? ((?:19|20)\d\d)\b"
)

Day = tuple[int, int, int]


def current_first(question: str, ranked: list[Candidate]) -> list[Candidate]:
    """Return the sentences with the version first that is meant: that of a year in the question, else the newest."""
    best = ranked[0]
    dates = {id(c): day for c in ranked if (day := _day(c)) and (c is best or _say_the_same(best, c))}
    if id(best) not in dates or len(set(dates.values())) == 1:
        return ranked
    versions = [c for c in ranked if id(c) in dates]
    years = {int(year) for year in _YEAR.findall(question)}
    meant = (
        next((c for c in versions if dates[id(c)][0] in years), best)
        if years
        else max(versions, key=lambda c: dates[id(c)])
    )
    return [meant, *(c for c in ranked if c is not meant)]


def _say_the_same(one: Candidate, other: Candidate) -> bool:
    first, second = (
        {stem for stem in stems(c.text, c.hit.chunk.language) if not stem[0].isdigit()} for c in (one, other)
    )
    return len(first & second) >= SAME * max(len(first | second), 1)


def _day(candidate: Candidate) -> Day | None:
    """Return the date of the section, if its heading tells one, else that of the document: year, month, day or 0."""
    chunk = candidate.hit.chunk
    for text in (chunk.path.rsplit(" › ", 1)[-1], chunk.date or ""):
        if found := _ISO.search(text):
            return int(found[1]), int(found[2] or 0), int(found[3] or 0)
        if found := _SPELLED.search(fold(text)):
            return int(found[4]), _MONTHS[found[2]], int(found[1] or found[3] or 0)
    return None
