"""Every number of a reply is in a cited passage, in digits or in words, in either language.

The numbers of the question are no exception: a figure that only the question gives is a premise, and a reply that
repeats it under a marker would lend it a source.
"""

import re
from collections.abc import Iterator

from bot.chat.checks.dates import read_dates
from bot.chat.checks.numerals import in_digits, read_values, values_of
from bot.chat.reply import Reply

_ITEM = re.compile(r"^\s*\d{1,2}[.)]\s")  # of a numbered list
_UNCOUNTED = re.compile(r"\bseconds?\b", re.IGNORECASE)  # "a second look", "ten seconds"


def check_numbers(reply: Reply) -> Iterator[str]:
    """Report numbers that no cited passage holds; those of dates have a check of their own."""
    known = {n: values_of(evidence.text, evidence.language) for n, evidence in reply.evidence.items()}
    for claim in reply.claims:
        allowed = frozenset(value for n in claim.passages for value in known[n])
        text = in_digits(_UNCOUNTED.sub(" ", _ITEM.sub("", claim.text)), reply.language, articles=False)
        for value in read_values(_without_dates(text)):
            if not value.readings & allowed:
                yield f"The number {value.written} is not in the cited passage."


def _without_dates(text: str) -> str:
    for found in read_dates(text):
        text = text[: found.start] + " " * (found.end - found.start) + text[found.end :]
    return text
