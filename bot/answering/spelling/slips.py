"""How likely a slip of the fingers is: its cost in bits, by where the letters lie and how they sound."""

from itertools import pairwise

from rapidfuzz.distance import OSA, Levenshtein

_KEYBOARDS = (
    ("qwertyuiop", "asdfghjkl", "zxcvbnm"),  # English, and French in Canada
    ("azertyuiop", "qsdfghjklm", "wxcvbn"),  # French in France
)

DOUBLED = 1.0  # a letter twice for once, or once for twice
SWAPPED = 2.0
NEAR = 2.5  # the next key instead
DROPPED = 2.5
SOUND = 3.5  # a letter that sounds alike
SLIPPED_IN = 3.0  # the next key as well
EXTRA = 5.0
OTHER = 6.0
AT_THE_START = 3.0  # more: people look at the first letter
SECOND = 3.0  # more for the second slip in one word

_ALIKE = frozenset(
    frozenset(pair) for pair in "cg ae ai ao ei eo iy iu ou eu oa ck cs cq kq sz fp gj mn td bp vf vw".split()
)


def _neighbours() -> frozenset[frozenset[str]]:
    found = set()
    for rows in _KEYBOARDS:
        for row in rows:
            found |= {frozenset(pair) for pair in pairwise(row)}
        for above, below in pairwise(rows):
            found |= {frozenset(pair) for pair in zip(above, below, strict=False)}
            found |= {frozenset(pair) for pair in zip(above[1:], below, strict=False)}
    return frozenset(found)


NEIGHBOURS = _neighbours()
"""Pairs of keys that touch, on any of the keyboards."""


def cost(typed: str, meant: str) -> float:
    """Return the bits of typing one word for the other, of which one or two edits make the other."""
    edits = OSA.distance(typed, meant)
    operations = Levenshtein.editops(typed, meant)
    start = AT_THE_START if typed[:1] != meant[:1] else 0.0
    if len(operations) > edits:  # letters are swapped, which Levenshtein counts twice
        return start + SWAPPED + (SECOND + NEAR if edits > 1 else 0.0)
    total = sum(_cost(o.tag, typed, o.src_pos, meant, o.dest_pos) for o in operations)
    return start + total + SECOND * max(edits - 1, 0)


def _cost(tag: str, typed: str, i: int, meant: str, j: int) -> float:
    if tag == "replace":
        pair = frozenset((typed[i], meant[j]))
        return NEAR if pair in NEIGHBOURS else SOUND if pair in _ALIKE else OTHER
    if tag == "insert":  # it lacks in what was typed
        return DOUBLED if meant[j] in _around(meant, j) else DROPPED
    around = _around(typed, i)
    if typed[i] in around:
        return DOUBLED
    return SLIPPED_IN if any(frozenset((typed[i], other)) in NEIGHBOURS for other in around) else EXTRA


def _around(word: str, at: int) -> str:
    return word[max(at - 1, 0) : at] + word[at + 1 : at + 2]
