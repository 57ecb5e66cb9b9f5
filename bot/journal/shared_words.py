"""The wording of a gap in the words that at least two people used, so that it can be shown to others.

A question may name its author, a client or an address. Words of content that one person alone used for a gap are
replaced by …, and so is whatever looks like an address, a mention or a telephone number, whoever wrote it.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping

from bot.journal.gaps import Gap
from index.schema import Language
from index.text import stems

MIN_PEOPLE = 2
"""Who must have used a word. It is the least number by which no word is one person's own."""

HIDDEN = "…"

_NEVER_SHOWN = re.compile(r"@|://|\d(?:[ .()/\u00a0\u202f-]{0,2}\d){8,}")
"""Mail addresses, mentions, links, and nine digits or more, as telephone numbers have; two years have eight."""

_PIECE = re.compile(r"\S+")


def shared_wording(gap: Gap, askers: Mapping[int, int]) -> str | None:
    """Return the question of a gap that keeps the most of its words, with … for those of one person alone.

    Args:
        gap: questions that ask the same.
        askers: number of the entry -> a number that stands for whoever asked it.

    Returns:
        None when fewer than `MIN_PEOPLE` asked, or when no word of content is left.
    """
    if len({askers[u.entry] for u in gap.asked}) < MIN_PEOPLE:
        return None
    people: dict[str, set[int]] = defaultdict(set)
    for u in gap.asked:
        for stem in stems(u.question, u.language):
            people[stem].add(askers[u.entry])
    shared = {stem for stem, used_by in people.items() if len(used_by) >= MIN_PEOPLE}
    languages = {u.question: u.language for u in gap.asked}
    label_first = dict.fromkeys((gap.label, *gap.questions))
    best = min(label_first, key=lambda text: _hidden(text, languages[text], shared))
    shown = _shown(best, languages[best], shared)
    return shown if any(stems(piece, languages[best]) for piece in shown.split() if piece != HIDDEN) else None


def _shown(text: str, language: Language, shared: set[str]) -> str:
    """Return the text on one line, with one … for each run of pieces that may not be shown."""
    pieces: list[str] = []
    for piece, is_shown in _pieces(text, language, shared):
        if is_shown:
            pieces.append(piece)
        elif pieces[-1:] != [HIDDEN]:
            pieces.append(HIDDEN)
    return " ".join(pieces)


def _hidden(text: str, language: Language, shared: set[str]) -> int:
    """Return how many pieces of the text may not be shown."""
    return sum(not is_shown for _, is_shown in _pieces(text, language, shared))


def _pieces(text: str, language: Language, shared: set[str]) -> Iterator[tuple[str, bool]]:
    """Yield the pieces between white space, and whether each may be shown; a number in parts is one piece."""
    spread = {at for found in _NEVER_SHOWN.finditer(text) for at in range(*found.span())}
    for found in _PIECE.finditer(text):
        own = set(stems(found.group(), language)) - shared
        yield found.group(), not own and spread.isdisjoint(range(*found.span()))
