"""Read an Excel workbook as it is shown: the pairs of an FAQ, and tables under the names of their sheets."""

import re
from collections import Counter
from collections.abc import Iterator
from datetime import datetime

from index.loaders.loaded import Item
from index.loaders.office.archive import Archive, Element, Relation
from index.loaders.office.numbers import number_format, shown
from index.loaders.pieces import Piece, written
from index.loaders.sheets import Sheet, SheetBuilder, read_sheets

_REFERENCE = re.compile(r"\$?([A-Z]{1,3})\$?(\d{1,7})")
_LINK_FORMULA = re.compile(r'\s*HYPERLINK\(\s*"([^"]+)"', re.IGNORECASE)
_EPOCHS = {"0": datetime(1899, 12, 30), "1": datetime(1904, 1, 1)}  # noqa: DTZ001 - dates of a sheet have no zone


def load(data: bytes) -> list[Item]:
    """Return the pairs and the tables of the workbook.

    Raises:
        UnreadableError: it is encrypted, damaged, not an .xlsx, or made to do harm.
    """
    with Archive.opened(data, ".xlsx") as archive:
        return _Workbook(archive).read()


class _Workbook:
    """A workbook and what its sheets share."""

    def __init__(self, archive: Archive) -> None:
        main = archive.main_part("xl/workbook.xml")
        self._archive = archive
        self._root = archive.xml(main)
        self._relations = archive.relations(main)
        properties = self._root.find("workbookPr")
        dated = properties.get("date1904", "0") if properties is not None else "0"
        self._epoch = _EPOCHS["1" if dated in ("1", "true") else "0"]
        strings = self._part("sharedStrings")
        self._strings = [_text(node) for node in strings.iterfind("si")] if strings is not None else []
        self._formats = list(_formats(self._part("styles")))
        self._left_out: Counter[str] = Counter()

    def read(self) -> list[Item]:
        """Return the pairs and the tables."""
        sheets = []
        for node in self._root.iter("sheet"):
            relation = self._relations.get(node.get("r:id", ""))
            if node.get("state", "visible") != "visible":
                self._left_out["hidden sheets"] += 1
            elif relation is not None and relation.kind == "worksheet":
                sheets.append(self._sheet(node.get("name", ""), relation.target))
        return read_sheets(sheets, None, dict(+self._left_out))

    def _part(self, kind: str) -> Element | None:
        name = next((relation.target for relation in self._relations.values() if relation.kind == kind), None)
        return self._archive.optional_xml(name)

    def _sheet(self, name: str, part: str) -> Sheet:
        root = self._archive.xml(part)
        relations = self._archive.relations(part)
        self._left_out["comments"] += self._comments(relations)
        links = {
            place: _address(node, relations)
            for node in root.iter("hyperlink")
            for place in [_place(node.get("ref", "").partition(":")[0])]
        }
        builder = SheetBuilder()
        for node in root.iter("col"):
            if node.get("hidden") in ("1", "true"):
                builder.hide_columns(int(node.get("min", "1")) - 1, int(node.get("max", "1")))
        row = column = -1
        for node in root.iter("row"):
            row = int(node.get("r", row + 2)) - 1
            if node.get("hidden") in ("1", "true"):
                builder.hide_row(row)
            column = -1
            for cell in node.iterfind("c"):
                row, column = _place(cell.get("r", "")) if cell.get("r") else (row, column + 1)
                text = self._value(cell)
                link = links.get((row, column)) or _linked_by(cell)
                if text := written([Piece(text, link=link)]):
                    builder.put(row, column, text)
        for node in root.iter("mergeCell"):
            first, _, last = node.get("ref", "").partition(":")
            builder.merge(*_place(first), *_place(last or first))
        return builder.built(name, self._left_out)

    def _comments(self, relations: dict[str, Relation]) -> int:
        """Return how many comments a sheet has."""
        parts = (self._archive.optional_xml(r.target) for r in relations.values() if r.kind == "comments")
        return sum(1 for part in parts if part is not None for _ in part.iter("comment"))

    def _value(self, cell: Element) -> str:
        """Return what a cell shows."""
        kind = cell.get("t", "n")
        node = cell.find("v")
        value = (node.text or "") if node is not None else ""
        if kind == "inlineStr":
            return "".join(map(_text, cell.iterfind("is")))
        if kind == "s":
            return self._strings[int(value)] if value.isdecimal() and int(value) < len(self._strings) else ""
        if kind == "e":
            self._left_out["errors of formulas"] += 1
            return ""
        if kind != "n" or not re.fullmatch(r"-?\d+(?:\.\d+)?(?:[Ee][+-]?\d{1,3})?", value):
            self._left_out["formulas without a value"] += not value and cell.find("f") is not None
            return {"0": "FALSE", "1": "TRUE"}.get(value, value) if kind == "b" else value
        style = cell.get("s", "0")
        at = int(style) if style.isdecimal() else 0
        return shown(float(value), self._formats[at] if at < len(self._formats) else "", self._epoch)


def _formats(styles: Element | None) -> Iterator[str]:
    """Yield the code of the number format of each style of cells."""
    if styles is None:
        return
    own = {int(node.get("numFmtId", "0")): node.get("formatCode", "") for node in styles.iterfind("numFmts/numFmt")}
    for node in styles.iterfind("cellXfs/xf"):
        yield number_format(int(node.get("numFmtId", "0")), own)


def _text(node: Element) -> str:
    """Return the words of a string, without the readings that Japanese adds."""
    return "".join(run.text or "" for path in ("t", "r/t") for run in node.iterfind(path))


def _place(reference: str) -> tuple[int, int]:
    """Return row and column, from 0, of a reference such as AB12."""
    found = _REFERENCE.fullmatch(reference)
    if found is None:
        raise ValueError(f"no cell: {reference}")
    column = 0
    for letter in found[1]:
        column = column * 26 + ord(letter) - ord("A") + 1
    return int(found[2]) - 1, column - 1


def _address(node: Element, relations: dict[str, Relation]) -> str:
    relation = relations.get(node.get("r:id", ""))
    return relation.target if relation is not None and relation.is_external else ""


def _linked_by(cell: Element) -> str:
    """Return where the formula of a cell leads."""
    formula = cell.find("f")
    found = _LINK_FORMULA.match(formula.text or "") if formula is not None else None
    return found[1] if found else ""
