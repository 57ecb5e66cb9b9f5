"""Read a Word document as it would be printed, its tracked changes accepted.

Text boxes and notes follow the paragraph that holds them. The headers and footers of the pages are read once. What is
hidden, deleted or said in a comment is left out, and counted.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from index.blocks import Block, Kind
from index.loaders.grid import Cell, Row
from index.loaders.loaded import Loaded
from index.loaders.office.above import frame_above, join_code
from index.loaders.office.archive import Archive, Element, Relation
from index.loaders.office.docx_numbering import Label, Numbering
from index.loaders.office.docx_styles import Style, Styles, heading_level, indent, list_of, toggle
from index.loaders.office.docx_words import Words
from index.loaders.office.margins import PAGE, with_margins
from index.loaders.pieces import Piece, written
from index.loaders.tables import flat, table_or_content

CONTINUES = 100
"""Twentieths of a point that a paragraph may stand left of the words of an item, and still go on with it."""

_SKIPPED = frozenset("sectPr sdtPr sdtEndPr".split())
_CONTENTS = "sdtPr/docPartObj/docPartGallery[@val='Table of Contents']"


def load(data: bytes) -> list[Loaded]:
    """Return the one text of the document.

    Raises:
        UnreadableError: it is encrypted, damaged, not a .docx, or made to do harm.
    """
    with Archive.opened(data, ".docx") as archive:
        return [_Document(archive).read()]


class _Document:
    """What all texts of a document share: its body, its notes, the boxes and the margins of its pages."""

    def __init__(self, archive: Archive) -> None:
        main = archive.main_part("word/document.xml")
        self._archive = archive
        self._body = archive.xml(main)
        self._relations = archive.relations(main)
        self.styles = Styles(self._part("styles"))
        self.numbering = Numbering(self._part("numbering"))
        self._notes = {
            (kind, note.get("id", "")): note for kind in ("footnote", "endnote") for note in self._children(f"{kind}s")
        }
        self.left_out = Counter({"comments": len(self._children("comments"))})
        self.title: str | None = None
        self.frames = 0

    def read(self) -> Loaded:
        """Return the document."""
        body = _Flow(self, self._relations).read(self._body)
        blocks = with_margins(body, self._margins())
        return Loaded(tuple(blocks), self.title, left_out=dict(+self.left_out))

    def anchored(self, node: Element, relations: Mapping[str, Relation], depth: int) -> list[Block]:
        """Return the text of a box, or of the note that a reference names, which is read once."""
        kind = node.tag.removesuffix("Reference")
        if kind == node.tag:
            return _Flow(self, relations, depth).read(node)
        note = self._notes.pop((kind, node.get("id", "")), None)
        if note is None:
            return []
        return _Flow(self, self._archive.relations(self._name(f"{kind}s") or ""), depth).read(note)

    def _margins(self) -> Iterator[Block]:
        """Yield the blocks of the headers, then of the footers of the pages."""
        for name in dict.fromkeys(name for kind in ("header", "footer") for name in self._margin_parts(kind)):
            yield from _Flow(self, self._archive.relations(name), page=PAGE).read(self._archive.xml(name))

    def _margin_parts(self, kind: str) -> Iterator[str]:
        """Yield the parts that pages show: those of a first or of even pages are there even where they are not used."""
        has_even = toggle(self._part("settings"), "evenAndOddHeaders")
        for section in self._body.iter("sectPr"):
            used = {"default": True, "first": toggle(section, "titlePg"), "even": has_even}
            for reference in section.iterfind(f"{kind}Reference"):
                relation = self._relations.get(reference.get("r:id", ""))
                if relation and used.get(reference.get("type", "default")) and relation.target in self._archive.names:
                    yield relation.target

    def _name(self, kind: str) -> str | None:
        return next((relation.target for relation in self._relations.values() if relation.kind == kind), None)

    def _part(self, kind: str) -> Element | None:
        return self._archive.optional_xml(self._name(kind))

    def _children(self, kind: str) -> list[Element]:
        part = self._part(kind)
        return [] if part is None else list(part)


class _Flow:
    """Reads one text from top to bottom: the body, a cell, a box, a note."""

    def __init__(self, document: _Document, relations: Mapping[str, Relation], depth: int = 0, page: str = "") -> None:
        """Begin a text.

        Args:
            document: what it is a part of.
            relations: where its links lead.
            depth: of its blocks: what is anchored in an item stands under it.
            page: what to write for the number of a page.
        """
        self._document = document
        self._relations = relations
        self._depth = depth
        self._page = page
        self._words = Words(document.styles, relations, document.left_out, page)
        self._blocks: list[Block] = []
        self._items: list[tuple[int, int]] = []  # level and indent of each open item
        self._carried: list[Piece] = []  # words of paragraphs whose end was deleted

    def read(self, node: Element) -> list[Block]:
        """Return the blocks under a node."""
        self._words.on_paper = node.tag == "document" and node.find("background") is None
        self._read(node)
        self._add(self._carried, None, Style())
        return self._blocks

    def _read(self, container: Element) -> None:
        left_out = self._document.left_out
        for node in container:
            if node.tag == "p":
                self._paragraph(node)
            elif node.tag == "tbl":
                self._table(node)
            elif node.tag in ("del", "moveFrom"):
                left_out["deleted texts"] += 1
            elif node.tag == "altChunk":
                left_out["embedded documents"] += 1
            elif node.tag == "sdt" and node.find(_CONTENTS) is not None:
                left_out["lines of a table of contents"] += len(list(node.iter("p")))
            elif node.tag == "AlternateContent":
                self._read(node[0])
            elif node.tag not in _SKIPPED:
                self._read(node)

    def _paragraph(self, node: Element) -> None:
        properties = node.find("pPr")
        style = self._document.styles.find(properties, "pStyle")
        pieces = [*self._carried, *self._words.read(node, style)]
        self._carried = []
        mark = properties.find("rPr") if properties is not None else None
        if mark is not None and (mark.find("del") is not None or mark.find("moveFrom") is not None):
            self._carried = pieces
            return
        self._add(pieces, properties, style)
        for anchored in self._words.anchored:
            depth = self._depth + len(self._items)
            self._blocks += self._document.anchored(anchored, self._relations, depth)
        self._words.anchored.clear()

    def _add(self, pieces: list[Piece], properties: Element | None, style: Style) -> None:
        """Add a paragraph as what its style, its numbering and its indent make of it."""
        if not any(piece.text.strip() for piece in pieces):
            return
        if style.kind == "contents":
            self._document.left_out["lines of a table of contents"] += 1
            return
        outline = properties.find("outlineLvl") if properties is not None else None
        level = heading_level(outline.get("val", "")) if outline is not None else style.level
        number, at = list_of(properties, style)
        at = self._document.numbering.level_of(number, style.id) if at is None else at
        label = self._document.numbering.count(number, at)
        left = _left(properties, style, label)
        if label is not None and label.words:
            pieces = [Piece(f"{label.words} "), *pieces]
        if level or style.kind == "title":
            self._heading(written(pieces, on_one_line=True), level or 1, style)
        elif style.kind == "code":
            self._close_items(left, None)
            self._code("".join(piece.text for piece in pieces).strip("\n"))
        elif style.kind == "quote":
            self._items.clear()
            self._put("paragraph", written(pieces), frame=self._frame())
        elif label is None or label.continues or label.words:
            self._close_items(left, at if label is not None and label.continues else None)
            self._put("paragraph", written(pieces))
        else:
            self._open_item(at + style.list_level, left or 0)
            self._put("item", written(pieces), depth=self._depth + len(self._items) - 1, ordinal=label.ordinal)

    def _heading(self, text: str, level: int, style: Style) -> None:
        self._items.clear()
        self._put("heading", text, level=level)
        if style.kind == "title" and self._document.title is None:
            self._document.title = text

    def _code(self, text: str) -> None:
        """Add a line of code, to the block above if that is code too."""
        if not join_code(self._blocks, text, self._depth + len(self._items)):
            self._put("code", text)

    def _frame(self) -> int:
        """Return the number of the quote: that of the paragraph above, if it is quoted too."""
        if above := frame_above(self._blocks):
            return above
        self._document.frames += 1
        return self._document.frames

    def _open_item(self, level: int, left: int) -> None:
        while self._items and self._items[-1][0] >= level:
            self._items.pop()
        self._items.append((level, left))

    def _close_items(self, left: int | None, level: int | None) -> None:
        """Close the items that a paragraph does not go on with, by its level in the list or its indent."""
        if level is not None:
            while self._items and self._items[-1][0] > level:
                self._items.pop()
        elif left:
            while self._items and self._items[-1][1] > left + CONTINUES:
                self._items.pop()
        else:
            self._items.clear()

    def _put(self, kind: Kind, text: str, *, depth: int | None = None, frame: int = 0, **rest: Any) -> None:
        depth = self._depth + len(self._items) if depth is None else depth
        if kind not in ("code", "paragraph") or depth or frame:
            text = text if kind == "code" else text.replace("\n", " ")
        if text or rest:
            self._blocks.append(Block(kind, text, depth=depth, frame=frame, **rest))

    def _table(self, table: Element) -> None:
        """Add a table; what is laid out by one, in one column or with headings in its cells, as what the cells hold."""
        rows: list[Row] = []
        held: list[Block] = []
        above: dict[int, Cell] = {}  # column -> the cell that stands there, or reaches there from above
        for node in _rows(table, self._document.left_out):
            row = Row(part=0 if toggle(node.find("trPr"), "tblHeader") else 1)
            column = _number(node, "trPr/gridBefore", 0)
            row.cells += [Cell("", column)] if column else []
            going_on = []
            for cell in _inside(node, "tc"):
                width = _number(cell, "tcPr/gridSpan", 1)
                merged = cell.find("tcPr/vMerge")
                if merged is not None and merged.get("val") != "restart" and column in above:
                    going_on.append(above[column])
                else:
                    blocks = _Flow(self._document, self._relations, self._depth, self._page).read(cell)
                    held += blocks
                    above[column] = Cell(flat(blocks), width)
                    row.cells.append(above[column])
                column += width
            if any(cell.text for cell in row.cells):  # a row without words of its own is no row
                rows.append(row)
                for merged_cell in going_on:
                    merged_cell.rows += 1
        self._close_items(_number(table, "tblPr/tblInd", 0, "w"), None)
        self._blocks += table_or_content(rows, held, self._depth + len(self._items))


def _rows(table: Element, left_out: Counter[str]) -> Iterator[Element]:
    """Yield the rows of a table, but for those that were deleted or are hidden."""
    for row in _inside(table, "tr"):
        if row.find("trPr/del") is not None:
            left_out["deleted texts"] += 1
        elif toggle(row.find("trPr"), "hidden"):
            left_out["hidden texts"] += 1
        else:
            yield row


def _left(properties: Element | None, style: Style, label: Label | None) -> int | None:
    """Return the left indent of the words of a paragraph."""
    own = indent(properties)
    return own if own is not None else (label.left if label is not None and label.left else style.left)


def _inside(node: Element, tag: str) -> Iterator[Element]:
    """Yield the rows of a table or the cells of a row; forms and tracked changes wrap them."""
    for child in node:
        if child.tag == tag:
            yield child
        elif child.tag in ("sdt", "sdtContent", "customXml", "ins", "moveTo"):
            yield from _inside(child, tag)


def _number(node: Element, path: str, default: int, key: str = "val") -> int:
    found = node.find(path)
    value = found.get(key, "") if found is not None else ""
    return int(value) if value.isdecimal() else default
