"""Count the letters of a web page: how many each element holds, in links, in buttons."""

from collections import defaultdict
from dataclasses import dataclass, field

from selectolax.lexbor import LexborNode

from index.loaders.elements import INVISIBLE, walk

_UNCOUNTED = INVISIBLE - {"button"}


def _zeros() -> defaultdict[int, int]:
    return defaultdict(int)


@dataclass(frozen=True, slots=True)
class Letters:
    """Letters and digits by the `mem_id` of the element that holds them; 0 for what is no part of the page."""

    shown: defaultdict[int, int] = field(default_factory=_zeros)  # but for those in buttons
    linked: defaultdict[int, int] = field(default_factory=_zeros)  # those in links
    pressed: defaultdict[int, int] = field(default_factory=_zeros)  # those in buttons
    links: defaultdict[int, int] = field(default_factory=_zeros)  # how many links


def count_letters(root: LexborNode) -> Letters:
    """Count what is under `root`, in one pass."""
    letters = Letters()
    for node, enters in walk(root, lambda node: node.tag in _UNCOUNTED):
        if enters:
            continue
        element, tag = node.mem_id, node.tag
        if tag == "-text":
            letters.shown[element] = sum(map(str.isalnum, node.text_content or ""))
        elif tag == "a":
            letters.linked[element], letters.links[element] = letters.shown[element], 1
        elif tag == "button":
            letters.pressed[element] += letters.shown[element]
            letters.shown[element] = 0
        parent = node.parent
        if parent is None or element == root.mem_id:
            continue
        for counts in (letters.shown, letters.linked, letters.pressed, letters.links):
            if element in counts:
                counts[parent.mem_id] += counts[element]
    return letters
