"""Read the words of a paragraph of a Word document: its runs, links, fields, formulas and tracked changes."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from index.loaders.office.archive import Element, Relation
from index.loaders.office.docx_styles import Style, Styles, is_unreadable, toggle
from index.loaders.office.formula import formula
from index.loaders.pieces import Piece, raised

_LINK = re.compile(r'\s*HYPERLINK\s+"([^"]+)"')
_PAGE_FIELD = re.compile(r"\s*(?:PAGE|NUMPAGES|SECTIONPAGES|PAGEREF)\b")
_SIGNS = {"tab": " ", "ptab": " ", "br": "\n", "cr": "\n", "noBreakHyphen": "\u2011"}
_SKIPPED = frozenset(
    "pPr rPr sdtPr sdtEndPr delText delInstrText rt softHyphen annotationRef lastRenderedPageBreak ctrlPr".split()
)


@dataclass(slots=True)
class _Field:
    """A field that is open: what it computes, and whether its result has begun."""

    code: str = ""
    shows: bool = False


class Words:
    """Reads one paragraph after another; a field may reach over several."""

    def __init__(self, styles: Styles, relations: Mapping[str, Relation], left_out: Counter[str], page: str) -> None:
        """Begin a text.

        Args:
            styles: of the document.
            relations: where its links lead.
            left_out: where to count what is left out.
            page: what to write for the number of a page.
        """
        self._page = page
        self._styles = styles
        self._relations = relations
        self._left_out = left_out
        self._fields: list[_Field] = []
        self._was_hidden = False
        self._is_painted = False
        self.on_paper = False
        """Whether the paragraphs lie on the white of the page."""
        self.anchored: list[Element] = []
        """Text boxes and the references of notes that were met; who reads them takes them out."""

    def read(self, paragraph: Element, style: Style) -> list[Piece]:
        """Return the pieces of a paragraph in this style."""
        self._was_hidden = False
        self._is_painted = style.is_painted or paragraph.find("pPr/shd") is not None
        return list(self._pieces(paragraph, style, ""))

    def _pieces(self, node: Element, style: Style, link: str) -> Iterator[Piece]:
        for child in node:
            match child.tag:
                case "r":
                    yield from self._run(child, style, link)
                case "hyperlink":
                    yield from self._pieces(child, style, self._target(child) or link)
                case "fldSimple":
                    yield from self._field(child, style, link)
                case "del" | "moveFrom":
                    self._left_out["deleted texts"] += any(t.text for t in child.iter("delText"))
                case "sdt" if toggle(child.find("sdtPr"), "showingPlcHdr"):
                    self._left_out["empty fields of a form"] += 1
                case "oMath":
                    yield Piece(formula(child), link=link)
                case tag if tag not in _SKIPPED:
                    yield from self._pieces(child, style, link)

    def _target(self, node: Element) -> str:
        """Return where a link leads; "" for another place of the document."""
        relation = self._relations.get(node.get("r:id", ""))
        if relation is None or not relation.is_external:
            return ""
        anchor = node.get("anchor")
        return f"{relation.target}#{anchor}" if anchor and "#" not in relation.target else relation.target

    def _field(self, node: Element, style: Style, link: str) -> Iterator[Piece]:
        code = node.get("instr", "")
        if _PAGE_FIELD.match(code):
            yield Piece(self._page)
        else:
            found = _LINK.match(code)
            yield from self._pieces(node, style, found[1] if found else link)

    def _run(self, run: Element, style: Style, link: str) -> Iterator[Piece]:
        properties = run.find("rPr")
        look = self._styles.find(properties, "rStyle")
        is_hidden = _first(toggle(properties, "vanish"), look.is_hidden, style.is_hidden)
        is_plain = self.on_paper and not self._is_painted and not look.is_painted
        is_hidden = is_hidden or is_unreadable(properties, is_plain)
        is_struck = bool(toggle(properties, "strike") or toggle(properties, "dstrike"))
        for child in run:
            text = _SIGNS.get(child.tag, "")
            match child.tag:
                case "t":
                    text = (child.text or "").replace("\n", " ")
                    text = raised(text) if _is_raised(properties) else text
                case "sym":
                    text = _symbol(child)
                case "fldChar":
                    text = self._turn(child.get("fldCharType"))
                case "instrText" if self._fields:
                    self._fields[-1].code += child.text or ""
                case "footnoteReference" | "endnoteReference" | "drawing" | "pict" | "object" | "AlternateContent":
                    self.anchored += [] if is_hidden else _anchored(child)
                case "ruby":
                    for base in child.iterfind("rubyBase"):
                        yield from self._pieces(base, style, link)
            if not text or not all(field.shows for field in self._fields):
                continue
            if is_hidden:
                self._left_out["hidden texts"] += not self._was_hidden and not text.isspace()
            else:
                links = [found[1] for field in self._fields if (found := _LINK.match(field.code))]
                yield Piece(text, look.kind == "code", is_struck, links[-1] if links else link)
            self._was_hidden = is_hidden

    def _turn(self, kind: str | None) -> str:
        """Open a field, begin its result, or close it; return what it shows beside its result."""
        if kind == "begin":
            self._fields.append(_Field())
        elif kind == "separate" and self._fields:
            self._fields[-1].shows = not _PAGE_FIELD.match(self._fields[-1].code)
        elif kind == "end" and self._fields:
            return self._page if _PAGE_FIELD.match(self._fields.pop().code) else ""
        return ""


def _first(*values: bool | None) -> bool:
    """Return the first value that is told."""
    return next((value for value in values if value is not None), False)


def _is_raised(properties: Element | None) -> bool:
    position = properties.find("vertAlign") if properties is not None else None
    return position is not None and position.get("val") == "superscript"


def _anchored(node: Element) -> Iterator[Element]:
    """Yield the reference of a note, or the text boxes of a drawing, but for their copies for old programs."""
    if node.tag in ("txbxContent", "footnoteReference", "endnoteReference"):
        yield node
    elif node.tag == "AlternateContent":
        yield from next((found for branch in node if (found := list(_anchored(branch)))), [])
    elif not any(child.tag == "docPr" and child.get("hidden") in ("1", "true") for child in node):
        for child in node:
            yield from _anchored(child)


def _symbol(node: Element) -> str:
    """Return a sign of a symbol font, where it is a letter of Unicode too."""
    code = node.get("char", "")
    sign = chr(int(code, 16)) if re.fullmatch(r"[0-9A-Fa-f]{4}", code) else ""
    return " " if "\ue000" <= sign <= "\uf8ff" or not sign.isprintable() else sign
