"""Walk a tree of HTML elements, and know what its tags mean."""

import re
from collections.abc import Callable, Iterator

from selectolax.lexbor import LexborNode

HEADINGS = {f"h{level}": level for level in range(1, 7)}
INVISIBLE = frozenset(
    "head script style noscript template iframe object embed svg math canvas audio video picture img map "
    "button input select textarea option datalist progress meter -comment".split()
)
BLOCKS = frozenset(
    "address article aside blockquote body caption center dd details dialog dir div dl dt fieldset figcaption figure "
    "footer form h1 h2 h3 h4 h5 h6 header hgroup hr html legend li listing main menu nav ol p plaintext pre search "
    "section summary table tbody td tfoot th thead tr ul xmp".split()
)
"""What starts and ends a line of its own; elements that HTML does not know stand in the line."""

MAX_NAMES = 500  # characters of an id and classes that are looked at

_NAME_WORD = re.compile(r"[a-z]+|[A-Z][a-z]*")


def walk(root: LexborNode, is_dropped: Callable[[LexborNode], bool]) -> Iterator[tuple[LexborNode, bool]]:
    """Yield each node on the way in (True) and out (False), without recursion: hostile trees are deep.

    What is dropped is left out with all that it holds. It is asked about the children of a node after the way in.
    """
    stack = [(root, True)]
    while stack:
        node, enters = stack.pop()
        yield node, enters
        if enters:
            stack.append((node, False))
            child = node.last_child
            while child is not None:
                if not is_dropped(child):
                    stack.append((child, True))
                child = child.prev


def attribute(node: LexborNode, name: str) -> str:
    """Return the value of an attribute; "" if it has none."""
    return node.attributes.get(name) or ""


def classes(node: LexborNode) -> str:
    """Return the class attribute."""
    return attribute(node, "class")[:MAX_NAMES]


def name_words(node: LexborNode) -> set[str]:
    """Return the words of the id and the classes: `mainMenu skip-link` has four."""
    names = f"{attribute(node, 'id')} {attribute(node, 'class')}"
    return {word.lower() for word in _NAME_WORD.findall(names[:MAX_NAMES])}


def heading_level(node: LexborNode) -> int:
    """Return the level of a heading, 1 to 6; 0 if the element is none."""
    if node.tag in HEADINGS:
        return HEADINGS[node.tag]
    attributes = node.attributes
    if attributes.get("role") != "heading":
        return 0
    level = attributes.get("aria-level") or ""
    return min(max(int(level), 1), 6) if re.fullmatch(r"[0-9]{1,2}", level) else 2
