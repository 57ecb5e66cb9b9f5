"""Of sentences that say the same at different dates, put the one first that the question means: by default the newest.

« L’entrée coûte 5,50 euros » (2022) and « L’entrée coûte 7 euros » (2026) are both near « Combien coûte l’entrée ? ».
"""

import re

from bot.answering.readers.ranking import Candidate
from index.dating import day_of
from index.text import stems

SAME = 0.5
"""Share of the stems of two sentences, without their numbers, that both have. Two prices of one thing share all, or
half where they are worded anew (« passe à », « est fixé à »); what else is said of it shares a seventh. The dev sets
have no dates."""

_YEAR = re.compile(r"\b(?:19|20)\d\d\b")


def current_first(question: str, ranked: list[Candidate]) -> list[Candidate]:
    """Return the sentences with the version first that is meant: that of a year in the question, else the newest."""
    best = ranked[0]
    dates = {id(c): day for c in ranked if (day := day_of(c.hit.chunk)) and (c is best or _say_the_same(best, c))}
    if id(best) not in dates or len(set(dates.values())) == 1:
        return ranked
    versions = [c for c in ranked if id(c) in dates]
    years = {int(year) for year in _YEAR.findall(question)}
    meant = (
        next((c for c in versions if dates[id(c)].year in years), best)
        if years
        else max(versions, key=lambda c: dates[id(c)])
    )
    return [meant, *(c for c in ranked if c is not meant)]


def _say_the_same(one: Candidate, other: Candidate) -> bool:
    first, second = (
        {stem for stem in stems(c.text, c.hit.chunk.language) if not stem[0].isdigit()} for c in (one, other)
    )
    return len(first & second) >= SAME * max(len(first | second), 1)
