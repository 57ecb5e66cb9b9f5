"""What the styles of a Word document make of a paragraph or a run."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from index.loaders.office.archive import Element
from index.loaders.office.style_names import kind_of_style

MAX_LEVEL = 6  # of a heading
MAX_CHAIN = 20  # styles that one is based on; Word allows 11

_POINT = 2  # in the half points that Word counts
_WHITE = re.compile(r"(?:[fF][0-9a-fA-F]){3}")  # or nearly
_HEADING = re.compile(r"(?:heading|titre|überschrift|título|titolo)\s*([1-9])")
_LISTED = re.compile(r"(?:list (?:bullet|number|continue)|liste? (?:à puces|à numéros|continue)) ([2-9])")


@dataclass(frozen=True, slots=True)
class Style:
    """A paragraph or character style, with what it inherits; what no style says is None."""

    id: str = ""
    kind: str = ""  # "title", "contents", "code", "quote"; "" for any other
    level: int = 0  # of a heading, 1 to 6
    list_level: int = 0  # that its name tells: "List Bullet 2" has 1
    number: str | None = None  # of its list
    number_level: int | None = None
    left: int | None = None  # indent, in twentieths of a point
    is_hidden: bool | None = None
    is_painted: bool = False  # with a background of its own


class Styles:
    """The styles of a document, by their ids."""

    def __init__(self, root: Element | None) -> None:
        nodes = root.iterfind("style") if root is not None else ()
        self._nodes = {node.get("styleId", ""): node for node in nodes}
        self._known: dict[str, Style] = {}

    def find(self, properties: Element | None, tag: str) -> Style:
        """Return the style that `tag` names among the properties, `pStyle` or `rStyle`; else one that says nothing."""
        named = properties.find(tag) if properties is not None else None
        name = named.get("val", "") if named is not None else ""
        if name not in self._known:
            self._known[name] = self._resolved(name)
        return self._known[name]

    def _resolved(self, style: str) -> Style:
        chain = list(self._chain(style))
        names = [(value_of(node, "name") or "").split(",")[0].strip().lower() for node in chain] or [style.lower()]
        number, number_level = _numbered(chain)
        return Style(
            style,
            next(filter(None, map(kind_of_style, names)), ""),
            _heading_level(chain, names),
            next((int(found[1]) - 1 for name in names if (found := _LISTED.fullmatch(name))), 0),
            number,
            number_level,
            next((left for node in chain if (left := indent(node.find("pPr"))) is not None), None),
            next((hidden for node in chain if (hidden := toggle(node.find("rPr"), "vanish")) is not None), None),
            any(node.find(part) is not None for node in chain for part in ("pPr/shd", "rPr/shd")),
        )

    def _chain(self, style: str) -> Iterator[Element]:
        """Yield the style and those that it is based on."""
        for _ in range(MAX_CHAIN):
            node = self._nodes.get(style)
            if node is None:
                return
            yield node
            style = value_of(node, "basedOn") or ""


def _heading_level(chain: Sequence[Element], names: Sequence[str]) -> int:
    """Return the level that the nearest style tells, by its outline level or its name."""
    nodes: Sequence[Element | None] = chain or [None]  # a style that is only named, as "Titre1", is known by its name
    for node, name in zip(nodes, names, strict=True):
        outline = value_of(node, "pPr/outlineLvl") if node is not None else None
        if outline is not None:
            return heading_level(outline)
        if found := _HEADING.fullmatch(name):
            return min(int(found[1]), MAX_LEVEL)
    return 0


def heading_level(outline: str) -> int:
    """Return the heading level of an outline level, "0" to "8"; 0 for "9", which is body text."""
    return min(int(outline) + 1, MAX_LEVEL) if outline.isdecimal() and int(outline) < 9 else 0


def _numbered(chain: list[Element]) -> tuple[str | None, int | None]:
    number = next((value for node in chain if (value := value_of(node, "pPr/numPr/numId")) is not None), None)
    level = next((value for node in chain if (value := value_of(node, "pPr/numPr/ilvl")) is not None), None)
    return number, int(level) if level and level.isdecimal() else None


def value_of(node: Element, path: str) -> str | None:
    """Return the value of the element at a path; None when there is none."""
    found = node.find(path)
    return found.get("val") if found is not None else None


def toggle(properties: Element | None, tag: str) -> bool | None:
    """Return whether a property is on; None when it is not named."""
    node = properties.find(tag) if properties is not None else None
    return None if node is None else node.get("val", "1") not in ("0", "false", "off", "none")


def is_unreadable(properties: Element | None, on_paper: bool) -> bool:
    """Whether a run is too small to read, one point or less, or white on the white of the page.

    Args:
        properties: of the run.
        on_paper: whether nothing paints what is behind it: no cell, no box, no style.
    """
    if properties is None:
        return False
    size, colour = value_of(properties, "sz"), properties.find("color")
    if size is not None and size.isdecimal() and int(size) <= _POINT:
        return True
    if colour is None or not on_paper or properties.find("shd") is not None or properties.find("highlight") is not None:
        return False
    return bool(_WHITE.fullmatch(colour.get("val", ""))) or colour.get("themeColor") in ("background1", "light1")


def indent(properties: Element | None) -> int | None:
    """Return the left indent of a paragraph, in twentieths of a point; None when it is not named."""
    node = properties.find("ind") if properties is not None else None
    left = (node.get("left") or node.get("start")) if node is not None else None
    return int(float(left)) if left and re.fullmatch(r"-?\d{1,6}(?:\.\d+)?", left) else None


def list_of(properties: Element | None, style: Style) -> tuple[str, int | None]:
    """Return the list that a paragraph is in and its level, as it says itself or else its style; "" for no list."""
    own = properties.find("numPr") if properties is not None else None
    number, level = (value_of(own, "numId"), value_of(own, "ilvl")) if own is not None else (None, None)
    return (
        (style.number if number is None else number) or "",
        int(level) if level is not None and level.isdecimal() else style.number_level,
    )
