"""Count the numbered paragraphs of a Word document, and say what stands before each."""

import re
from collections.abc import Mapping
from typing import NamedTuple

from index.loaders.office.archive import Element
from index.loaders.office.docx_styles import indent, value_of

_WORD = re.compile(r"[^\W\d_]{2,}")


class Label(NamedTuple):
    """What stands before a numbered paragraph."""

    ordinal: int | None  # None for a bullet
    words: str  # "Article 4 –", where there are words beside the number
    continues: bool  # it has no sign of its own: it goes on with the item above
    left: int  # indent of the words, in twentieths of a point


class Numbering:
    """The lists of a document, and how far each is counted."""

    def __init__(self, root: Element | None) -> None:
        abstract = list(root.iterfind("abstractNum")) if root is not None else []
        linked = {value_of(node, "styleLink"): node for node in abstract}
        self._levels: dict[str, Mapping[int, Element]] = {}
        for node in abstract:
            meant = linked.get(value_of(node, "numStyleLink"), node) if node.find("lvl") is None else node
            self._levels[node.get("abstractNumId", "")] = {_level(lvl): lvl for lvl in meant.iterfind("lvl")}
        self._lists = {node.get("numId", ""): node for node in root.iterfind("num")} if root is not None else {}
        self._counts: dict[str, dict[int, int]] = {}
        self._begun: set[tuple[str, int]] = set()

    def level_of(self, number: str, style: str) -> int:
        """Return the level of a list that is bound to a paragraph style."""
        levels = self._levels.get(self._abstract(number), {})
        return next((at for at, node in levels.items() if value_of(node, "pStyle") == style), 0)

    def count(self, number: str, at: int) -> Label | None:
        """Return the label of the next paragraph of a list at a level; None when there is no such list."""
        abstract = self._abstract(number)
        levels = self._levels.get(abstract)
        if levels is None:
            return None
        override = next((o for o in self._lists[number].iterfind("lvlOverride") if _level(o) == at), None)
        node = override.find("lvl") if override is not None else None
        node = levels.get(at) if node is None else node
        counts = self._counts.setdefault(abstract, {})
        for deeper in [level for level in counts if level > at]:
            del counts[deeper]
        start = _start(node)
        if override is not None and (number, at) not in self._begun:
            start = int(value_of(override, "startOverride") or start)
            counts.pop(at, None)
        self._begun.add((number, at))
        counts[at] = counts[at] + 1 if at in counts else start
        return self._label(node, levels, counts, at)

    def _abstract(self, number: str) -> str:
        node = self._lists.get(number)
        return (value_of(node, "abstractNumId") or "") if node is not None else ""

    @staticmethod
    def _label(node: Element | None, levels: Mapping[int, Element], counts: dict[int, int], at: int) -> Label:
        if node is None:
            return Label(None, "", False, 0)
        kind, text = value_of(node, "numFmt") or "decimal", value_of(node, "lvlText") or ""
        left = indent(node.find("pPr")) or 0
        if kind in ("bullet", "none") and not re.search(r"\S", text):
            return Label(None, "", True, left)
        words = ""
        if kind != "bullet" and _WORD.search(re.sub(r"%\d", "", text)):
            words = re.sub(r"%([1-9])", lambda found: _written(levels, counts, int(found[1]) - 1), text)
        return Label(None if kind in ("bullet", "none") else counts[at], words.strip(), False, left)


def _level(node: Element) -> int:
    value = node.get("ilvl", "0")
    return int(value) if value.isdecimal() else 0


def _start(node: Element | None) -> int:
    value = value_of(node, "start") if node is not None else None
    return int(value) if value and re.fullmatch(r"\d{1,6}", value) else 1


def _written(levels: Mapping[int, Element], counts: Mapping[int, int], at: int) -> str:
    """Return the number of a level as its format writes it."""
    node = levels.get(at)
    count = counts.get(at, _start(node))
    kind = (value_of(node, "numFmt") if node is not None else None) or "decimal"
    if kind.endswith("Letter"):
        written = chr(ord("a") + (count - 1) % 26) * ((count - 1) // 26 + 1)
    elif kind.endswith("Roman"):
        written = _roman(count)
    else:
        return str(count)
    return written.upper() if kind.startswith("upper") else written


def _roman(count: int) -> str:
    written = ""
    for value, sign in zip(
        (1000, 900, 500, 400, 100, 90, 50, 40, 10, 9, 5, 4, 1), "m cm d cd c xc l xl x ix v iv i".split(), strict=True
    ):
        written += sign * (count // value)
        count %= value
    return written
