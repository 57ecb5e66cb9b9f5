"""Read the texts, slides and sheets of LibreOffice (OpenDocument) as they are shown.

Text boxes and notes follow the paragraph that holds them. What is hidden, deleted or said in a comment is left out, and
counted.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from index.blocks import Block, Kind
from index.loaders.grid import MAX_SPAN, Cell, Row
from index.loaders.loaded import Item, Loaded, UnreadableError
from index.loaders.office.above import frame_above, join_code
from index.loaders.office.archive import Archive, Element
from index.loaders.office.margins import PAGE, with_margins
from index.loaders.office.odf_styles import OdfStyles, number
from index.loaders.office.odf_words import Words
from index.loaders.pieces import written
from index.loaders.sheets import Sheet, SheetBuilder, read_sheets
from index.loaders.tables import flat, table_or_content

MAX_LEVEL = 6  # of a heading

_MARGINS = ("header", "header-first", "header-left", "footer", "footer-first", "footer-left")
_REPEATED = ("page-number", "date-time", "header", "footer")  # what stands on every slide
_CONTENTS = frozenset("table-of-content alphabetical-index illustration-index table-index object-index".split())
_SKIPPED = frozenset(
    "tracked-changes sequence-decls variable-decls user-field-decls forms title desc image object shapes".split()
)


def load_text(data: bytes) -> list[Loaded]:
    """Return the one text of a document.

    Raises:
        UnreadableError: it is encrypted, damaged, not an .odt, or made to do harm.
    """
    with Archive.opened(data, ".odt") as archive:
        return [_File(archive).text()]


def load_slides(data: bytes) -> list[Loaded]:
    """Return the one text of a presentation: each slide under its title.

    Raises:
        UnreadableError: it is encrypted, damaged, not an .odp, or made to do harm.
    """
    with Archive.opened(data, ".odp") as archive:
        return [_File(archive).slides()]


def load_sheets(data: bytes) -> list[Item]:
    """Return the pairs and the tables of a workbook.

    Raises:
        UnreadableError: it is encrypted, damaged, not an .ods, or made to do harm.
    """
    with Archive.opened(data, ".ods") as archive:
        return _File(archive).sheets()


class _File:
    """A file and what all its texts share."""

    def __init__(self, archive: Archive) -> None:
        manifest = archive.optional_xml("META-INF/manifest.xml")
        if manifest is not None and manifest.find(".//encryption-data") is not None:
            raise UnreadableError("is encrypted: save it without a password")
        content = archive.xml("content.xml")
        self._style_part = archive.optional_xml("styles.xml")
        self._meta = archive.optional_xml("meta.xml")
        self._body = next((child for node in content.iter("body") for child in node), content)
        self.styles = OdfStyles(self._style_part, content)
        self.left_out: Counter[str] = Counter()
        self.title: str | None = None
        self.frames = 0

    def text(self) -> Loaded:
        """Return the text of a document."""
        return self._loaded(with_margins(_Flow(self).read(self._body), self._margins()))

    def slides(self) -> Loaded:
        """Return the slides, each under its title or its number, with its notes."""
        blocks: list[Block] = []
        for at, page in enumerate(self._body.iterfind("page"), start=1):
            if self.styles.find("drawing-page", page).is_hidden:
                self.left_out["hidden slides"] += 1
                continue
            slide = _Flow(self).read(page)
            title = next((block for block in slide if block.kind == "heading"), None)
            if slide:
                blocks.append(title or Block("heading", str(at), level=2))
            blocks += [block for block in slide if block is not title]
        return self._loaded(blocks)

    def sheets(self) -> list[Item]:
        """Return the pairs and the tables of the sheets."""
        sheets = []
        for table in self._body.iterfind("table"):
            if self.styles.find("table", table).is_hidden:
                self.left_out["hidden sheets"] += 1
            else:
                sheets.append(self._sheet(table))
        return read_sheets(sheets, self._declared(), dict(+self.left_out))

    def _sheet(self, table: Element) -> Sheet:
        builder = SheetBuilder()
        column = 0
        for node in _inside(table, "table-column"):
            repeated = number(node, "number-columns-repeated", 1)
            if node.get("visibility") in ("collapse", "filter"):
                builder.hide_columns(column, column + repeated)
            column += repeated
        at = 0
        for row in _inside(table, "table-row"):
            repeated = number(row, "number-rows-repeated", 1)
            if row.get("visibility") in ("collapse", "filter"):
                builder.hide_row(at)
            column = 0
            for cell in row:
                columns = number(cell, "number-columns-repeated", 1)
                text = "\n".join(block.text for block in _Flow(self).read(cell)) if cell.tag == "table-cell" else ""
                if text:
                    builder.put(at, column, text, repeated, columns)
                    spans = (number(cell, "number-rows-spanned", 1), number(cell, "number-columns-spanned", 1))
                    builder.merge(at, column, at + spans[0] - 1, column + spans[1] - 1)
                column += columns
            at += repeated
        return builder.built(table.get("name", ""), self.left_out)

    def _margins(self) -> Iterator[Block]:
        """Yield the headers and footers of the kinds of pages that the text uses."""
        if self._style_part is None:
            return
        paragraphs = (node for node in self._body.iter() if node.tag in ("p", "h"))
        used = {"Standard", *(self.styles.find("paragraph", node).page for node in paragraphs)}
        for tag in _MARGINS:
            for page in self._style_part.iter("master-page"):
                for margin in page.iterfind(tag) if page.get("name") in used else ():
                    if margin.get("display") != "false":
                        yield from _Flow(self, page=PAGE).read(margin)

    def _declared(self) -> str | None:
        """Return the title that the properties of the file give."""
        node = self._meta.find(".//title") if self._meta is not None else None
        return " ".join((node.text or "").split()) or None if node is not None else None

    def _loaded(self, blocks: list[Block]) -> Loaded:
        return Loaded(tuple(blocks), self.title or self._declared(), left_out=dict(+self.left_out))


class _Flow:
    """Reads one text from top to bottom: the body, a cell, a box, a note, a slide."""

    def __init__(self, file: _File, depth: int = 0, page: str = "") -> None:
        """Begin a text.

        Args:
            file: what it is a part of.
            depth: of its blocks: what is anchored in an item stands under it.
            page: what to write for the number of a page.
        """
        self._file = file
        self._page = page
        self._words = Words(file.styles, file.left_out, page)
        self._blocks: list[Block] = []
        self._depth = depth
        self._counts: dict[tuple[str, int], int] = {}  # style and level of a list -> its next number

    def read(self, container: Iterable[Element]) -> list[Block]:
        """Return the blocks under a node."""
        for node in container:
            match node.tag:
                case "p" | "h":
                    self._paragraph(node)
                case "list":
                    self._list(node, node.get("style-name", ""), 1)
                case "table":
                    self._table(node)
                case "frame" | "custom-shape" if node.get("class") == "title":
                    words = flat(_Flow(self._file).read(node[0])) if len(node) else ""
                    self._put("heading", words, level=2)
                case "frame" | "custom-shape" if node.get("class") in _REPEATED:
                    continue
                case "annotation":
                    self._file.left_out["comments"] += 1
                case "section" if node.get("display") == "none":
                    self._file.left_out["hidden texts"] += 1
                case tag if tag in _CONTENTS:
                    self._file.left_out["lines of a table of contents"] += len(list(node.iter("p")))
                case tag if tag not in _SKIPPED:
                    self.read(node)
        return self._blocks

    def _paragraph(self, node: Element, item: int | bool | None = False) -> bool:
        """Add a paragraph, as an item where it begins one, with its number or None; return whether it has words."""
        look = self._file.styles.find("paragraph", node)
        pieces = self._words.read(node, look)
        at = len(self._blocks)
        if look.kind == "contents":
            self._file.left_out["lines of a table of contents"] += bool(pieces)
        elif not any(piece.text.strip() for piece in pieces):
            pass
        elif node.tag == "h" or look.kind == "title":
            level = min(number(node, "outline-level", 1), MAX_LEVEL)
            self._put("heading", written(pieces, on_one_line=True), level=level)
            if look.kind == "title" and self._file.title is None:
                self._file.title = self._blocks[-1].text
        elif look.kind == "code":
            self._code("".join(piece.text for piece in pieces))
        elif item is not False:
            self._put("item", written(pieces), ordinal=item)
        else:
            self._put("paragraph", written(pieces), frame=self._frame() if look.kind == "quote" else 0)
        says = len(self._blocks) > at
        for anchored in self._words.anchored:
            self._blocks += _Flow(self._file, self._depth + (item is not False and says), self._page).read(anchored)
        self._words.anchored.clear()
        return says

    def _list(self, node: Element, style: str, level: int) -> None:
        """Add the items of a list; what an item holds besides its first words goes under it."""
        style = node.get("style-name", style)
        ordinal = self._file.styles.first_number(style, level)
        goes_on = node.get("continue-numbering") == "true" or node.get("continue-list")
        if ordinal is not None and goes_on:
            ordinal = self._counts.get((style, level), ordinal)
        for item in node:
            if ordinal is not None:
                ordinal = number(item, "start-value", ordinal)
            is_open = item.tag != "list-item"  # a header has no sign
            depth = self._depth
            for child in item:
                if child.tag in ("p", "h") and not is_open:
                    is_open = self._paragraph(child, ordinal)
                    self._depth += is_open
                    ordinal = ordinal + is_open if ordinal is not None else None
                elif child.tag == "list":
                    self._list(child, style, level + 1)
                else:
                    self.read([child])
            self._depth = depth
        if ordinal is not None:
            self._counts[style, level] = ordinal

    def _code(self, text: str) -> None:
        """Add a line of code, to the block above if that is code too."""
        if not join_code(self._blocks, text, self._depth):
            self._put("code", text)

    def _frame(self) -> int:
        """Return the number of the quote: that of the paragraph above, if it is quoted too."""
        if above := frame_above(self._blocks):
            return above
        self._file.frames += 1
        return self._file.frames

    def _put(self, kind: Kind, text: str, *, frame: int = 0, **rest: Any) -> None:
        depth = 0 if kind == "heading" else self._depth
        if kind != "code" and (kind != "paragraph" or depth or frame):
            text = text.replace("\n", " ")
        if text:
            self._blocks.append(Block(kind, text, depth=depth, frame=frame, **rest))

    def _table(self, table: Element) -> None:
        rows: list[Row] = []
        held: list[Block] = []
        headers = {id(row) for head in table.iter("table-header-rows") for row in head}
        for node in _inside(table, "table-row"):
            if node.get("visibility") in ("collapse", "filter"):
                self._file.left_out["hidden texts"] += 1
                continue
            row = Row(part=0 if id(node) in headers else 1)
            for cell in node.iterfind("table-cell"):  # the places that a merged cell covers are filled by it
                blocks = _Flow(self._file, self._depth, self._page).read(cell)
                held += blocks
                spans = number(cell, "number-columns-spanned", 1), number(cell, "number-rows-spanned", 1)
                repeated = min(number(cell, "number-columns-repeated", 1), MAX_SPAN)
                row.cells += [Cell(flat(blocks), *spans) for _ in range(repeated)]
            rows.append(row)
        self._blocks += table_or_content(rows, held, self._depth)


def _inside(node: Element, tag: str) -> Iterator[Element]:
    """Yield the rows or the columns of a table, also those in groups and headers."""
    for child in node:
        if child.tag == tag:
            yield child
        elif child.tag.startswith(tag) or child.tag.startswith("table-header"):
            yield from _inside(child, tag)
