"""Read the words of a paragraph of an OpenDocument file: its spans, links, fields, notes and comments."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

from index.loaders.office.archive import Element
from index.loaders.office.odf_styles import Look, OdfStyles, number
from index.loaders.pieces import Piece, raised

MAX_SPACES = 100  # that one element stands for

_BOXES = frozenset(["note", "frame", "custom-shape", "rect", "ellipse", "g", "connector", "text-box"])
_SKIPPED = frozenset(["note-citation", "ruby-text", "bookmark", "annotation-end", "title", "desc"])
_PAGES = frozenset(["page-number", "page-count", "page-continuation"])


class Words:
    """Reads one paragraph after another."""

    def __init__(self, styles: OdfStyles, left_out: Counter[str], page: str) -> None:
        """Begin a text.

        Args:
            styles: of the file.
            left_out: where to count what is left out.
            page: what to write for the number of a page.
        """
        self._styles = styles
        self._left_out = left_out
        self._page = page
        self.anchored: list[Element] = []
        """Boxes and notes that were met; who reads them takes them out."""

    def read(self, paragraph: Element, look: Look) -> list[Piece]:
        """Return the pieces of a paragraph of this look."""
        if look.is_hidden or any(node.get("is-hidden") == "true" for node in paragraph.iter("hidden-paragraph")):
            self._left_out["hidden texts"] += any(text.strip() for text in paragraph.itertext())
            return []
        return list(self._pieces(paragraph, Look(), ""))

    def _pieces(self, node: Element, look: Look, link: str) -> Iterator[Piece]:
        yield from self._said(_flowing(node.text), look, link)
        for child in node:
            match child.tag:
                case "span":
                    yield from self._span(child, look, link)
                case "a":
                    yield from self._pieces(child, look, child.get("href", ""))
                case "s" | "tab":
                    yield from self._said(" " * min(number(child, "c", 1), MAX_SPACES), look, link)
                case "line-break":
                    yield from self._said("\n", look, link)
                case "annotation":
                    self._left_out["comments"] += 1
                case "hidden-text" if child.get("is-hidden") == "true":
                    self._left_out["hidden texts"] += 1
                case tag if tag in _PAGES:
                    yield Piece(self._page)
                case tag if tag in _BOXES:
                    self.anchored.append(child)
                case tag if tag not in _SKIPPED:
                    yield from self._pieces(child, look, link)
            yield from self._said(_flowing(child.tail), look, link)

    def _span(self, node: Element, look: Look, link: str) -> Iterator[Piece]:
        own = self._styles.find("text", node)
        if own.is_hidden:
            self._left_out["hidden texts"] += any(text.strip() for text in node.itertext())
            return
        yield from self._pieces(
            node,
            replace(
                own,
                kind=own.kind or look.kind,
                is_struck=own.is_struck or look.is_struck,
                is_raised=own.is_raised or look.is_raised,
            ),
            link,
        )

    @staticmethod
    def _said(text: str, look: Look, link: str) -> Iterator[Piece]:
        if text:
            yield Piece(raised(text) if look.is_raised else text, look.kind == "code", look.is_struck, link)


def _flowing(text: str | None) -> str:
    """Return text with its line ends as spaces: only an element of its own breaks a line."""
    return (text or "").replace("\n", " ")
