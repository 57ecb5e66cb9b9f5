"""What the styles of an OpenDocument file make of its paragraphs, words and lists."""

from collections.abc import Iterator
from dataclasses import dataclass

from index.loaders.office.archive import Element
from index.loaders.office.style_names import kind_of_style

MAX_CHAIN = 20  # styles that one is based on


@dataclass(frozen=True, slots=True)
class Look:
    """What a style says, with what it inherits."""

    kind: str = ""  # "title", "contents", "code", "quote"; "" for any other
    is_hidden: bool = False
    is_struck: bool = False
    is_raised: bool = False
    page: str = ""  # name of the kind of page that it begins


class OdfStyles:
    """The styles of a file, by family and name."""

    def __init__(self, *roots: Element | None) -> None:
        """Read the styles of the parts that hold some."""
        self._nodes: dict[tuple[str, str], Element] = {}
        self._lists: dict[str, dict[int, Element]] = {}
        self._known: dict[tuple[str, str], Look] = {}
        for root in roots:
            for node in root.iter() if root is not None else ():
                if node.tag == "style":
                    self._nodes[node.get("family", ""), node.get("name", "")] = node
                elif node.tag == "list-style":
                    self._lists[node.get("name", "")] = {number(level, "level", 1): level for level in node}

    def find(self, family: str, node: Element) -> Look:
        """Return the look of a node whose style is of this family."""
        name = node.get("style-name", "")
        if (family, name) not in self._known:
            self._known[family, name] = _resolved(list(self._chain(family, name)), name)
        return self._known[family, name]

    def first_number(self, style: str, level: int) -> int | None:
        """Return the number with which a list begins on a level, from 1; None where it has bullets."""
        levels = self._lists.get(style, {})
        node = levels.get(level, levels.get(1))
        if node is None or not node.tag.endswith("number") or not node.get("num-format"):
            return None
        return number(node, "start-value", 1)

    def _chain(self, family: str, name: str) -> Iterator[Element]:
        for _ in range(MAX_CHAIN):
            node = self._nodes.get((family, name))
            if node is None:
                return
            yield node
            name = node.get("parent-style-name", "")


def _resolved(chain: list[Element], name: str) -> Look:
    names = [node.get("display-name", node.get("name", "")) for node in chain]
    names.append(chain[-1].get("parent-style-name", "") if chain else name)  # of a style that no part defines
    kinds = (kind_of_style(name.replace("_20_", " ").replace("_", " ").lower()) for name in names)

    def told(path: str, attribute: str) -> str:
        found = (node.find(path) for node in chain)
        return next((value for node in found if node is not None and (value := node.get(attribute))), "")

    shown = (
        told("text-properties", "display"),
        told("table-properties", "display"),
        told("drawing-page-properties", "visibility"),
    )
    return Look(
        next(filter(None, kinds), ""),
        not {"none", "false", "hidden"}.isdisjoint(shown),
        told("text-properties", "text-line-through-style") not in ("", "none"),
        told("text-properties", "text-position").startswith("super"),
        next((page for node in chain if (page := node.get("master-page-name"))), ""),
    )


def number(node: Element, attribute: str, default: int) -> int:
    """Return a number that an attribute gives."""
    value = node.get(attribute, "")
    return int(value) if value.isdecimal() else default
