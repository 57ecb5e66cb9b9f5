"""Read the slides of PowerPoint: each under its title, with its tables, its diagrams and the notes of its speaker."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import islice
from typing import NamedTuple

from index.blocks import Block
from index.loaders.grid import Cell, Row
from index.loaders.loaded import Loaded
from index.loaders.office.archive import Archive, Element, Relation
from index.loaders.office.formula import formula
from index.loaders.pieces import Piece, raised, written
from index.loaders.tables import table_or_content

SHORT = 80  # characters of a first line that may stand for the title that a slide lacks

_TITLES = {"ctrTitle": 1, "title": 2}
_BODIES = frozenset(["body", "obj", ""])
_REPEATED = frozenset(["dt", "ftr", "sldNum", "hdr", "sldImg"])  # what stands on every slide

_MONOSPACED = (
    *("courier", "consolas", "menlo", "monaco", "cascadia", "lucida console", "andale mono", "inconsolata", "fira"),
    *(
        "dejavu sans mono",
        "liberation mono",
        "source code",
        "jetbrains",
        "roboto mono",
        "ubuntu mono",
        "noto sans mono",
    ),
)  # slides have no styles: a font is how they show code


def load(data: bytes) -> list[Loaded]:
    """Return the one text of the presentation.

    Raises:
        UnreadableError: it is encrypted, damaged, not a .pptx, or made to do harm.
    """
    with Archive.opened(data, ".pptx") as archive:
        main = archive.main_part("ppt/presentation.xml")
        relations = archive.relations(main)
        left_out: Counter[str] = Counter()
        blocks: list[Block] = []
        for number, node in enumerate(archive.xml(main).iter("sldId"), start=1):
            slide = relations.get(node.get("r:id", ""))
            if slide is not None and slide.target in archive.names:
                blocks += _titled(_Slide(archive, slide.target, left_out).read(), number)
        title = next((block.text for block in blocks if block.kind == "heading" and block.level == 1), None)
        return [Loaded(tuple(blocks), title, left_out=dict(+left_out))]


def _titled(blocks: list[Block], number: int) -> list[Block]:
    """Return a slide under its title; where it has none, under its first line if that is short, else its number."""
    title = next((block for block in blocks if block.kind == "heading"), None)
    if not blocks:
        return []
    if title is None and blocks[0].kind in ("paragraph", "item") and len(blocks[0].text) <= SHORT and len(blocks) > 1:
        return [Block("heading", blocks[0].text.replace("\n", " "), level=2), *blocks[1:]]
    return [title or Block("heading", str(number), level=2), *(block for block in blocks if block is not title)]


class _Bullet(NamedTuple):
    """What stands before a paragraph."""

    is_shown: bool
    first: int | None = None  # number with which the list begins


class _Slide:
    """A slide, with its layout and its notes."""

    def __init__(self, archive: Archive, name: str, left_out: Counter[str]) -> None:
        self._archive = archive
        self._root = archive.xml(name)
        self._relations = archive.relations(name)
        self._left_out = left_out
        layout = self._related("slideLayout")
        self._layout = list(layout.iter("sp")) if layout is not None else []

    def read(self) -> list[Block]:
        """Return what the slide says, then its notes; nothing where it is hidden."""
        if self._root.get("show") in ("0", "false"):
            self._left_out["hidden slides"] += 1
            return []
        for kind in ("comments", "comment"):
            comments = self._related(kind)
            self._left_out["comments"] += len(comments) if comments is not None else 0
        blocks = [block for tree in self._root.iter("spTree") for block in self._shapes(tree)]
        notes = self._related("notesSlide")
        return [*blocks, *(self._notes(notes) if notes is not None else [])]

    def _related(self, kind: str) -> Element | None:
        part = next((relation.target for relation in self._relations.values() if relation.kind == kind), None)
        return self._archive.optional_xml(part)

    def _notes(self, root: Element) -> Iterator[Block]:
        for shape in root.iter("sp"):
            if _placeholder(shape)[0] == "body":
                for block in self._texts(shape):
                    yield (
                        replace(block, kind="paragraph", depth=0) if block.kind == "item" and not block.depth else block
                    )

    def _shapes(self, tree: Element) -> Iterator[Block]:
        for shape in tree:
            properties = next(shape.iter("cNvPr"), None)
            if shape.tag == "AlternateContent":
                yield from self._shapes(shape[0])
            elif properties is not None and properties.get("hidden") in ("1", "true"):
                self._left_out["hidden texts"] += 1
            elif shape.tag == "grpSp":
                yield from self._shapes(shape)
            elif shape.tag == "graphicFrame":
                yield from self._graphic(shape)
            elif shape.tag == "sp":
                kind, _ = _placeholder(shape)
                if kind in _TITLES:
                    words = " ".join(block.text.replace("\n", " ") for block in self._texts(shape))
                    yield from [Block("heading", words, level=_TITLES[kind])] if words else []
                elif kind not in _REPEATED:
                    yield from self._texts(shape)

    def _graphic(self, frame: Element) -> Iterator[Block]:
        """Yield a table, or the texts of a diagram; a chart draws numbers, and is counted."""
        for table in frame.iter("tbl"):
            yield from self._table(table)
        for node in frame.iter("relIds"):
            relation = self._relations.get(node.get("r:dm", ""))
            data = self._archive.optional_xml(relation.target) if relation is not None else None
            for point in data.iter("pt") if data is not None else ():
                words = " ".join(filter(None, (written(self._pieces(p)) for p in point.iterfind("t/p"))))
                if words and point.get("type", "node") == "node":
                    yield Block("item", words)
        self._left_out["charts"] += sum(1 for _ in frame.iter("chart"))

    def _table(self, table: Element) -> list[Block]:
        rows: list[Row] = []
        held: list[Block] = []
        for node in table.iterfind("tr"):
            row = Row()
            for cell in node.iterfind("tc"):
                if cell.get("hMerge") or cell.get("vMerge"):
                    continue  # filled by the cell that covers it
                texts = [text for p in cell.iterfind("txBody/p") if (text := written(self._pieces(p)))]
                held += [Block("paragraph", text) for text in texts]
                spans = int(cell.get("gridSpan", "1")), int(cell.get("rowSpan", "1"))
                row.cells.append(Cell(" ".join(texts).replace("\n", " "), *spans))
            rows.append(row)
        return table_or_content(rows, held)

    def _texts(self, shape: Element) -> Iterator[Block]:
        """Yield the paragraphs of a shape; those under a bullet are items, unless there is but one."""
        paragraphs = [(node, text) for node in shape.iterfind("txBody/p") if (text := written(self._pieces(node)))]
        open_items: list[tuple[int, int | None]] = []  # level and next number of each
        for node, text in paragraphs:
            bullet = self._bullet(node, shape)
            level = int(_attribute(node, "pPr", "lvl") or 0)
            pieces = list(self._pieces(node))
            if all(piece.is_code or piece.text.isspace() for piece in pieces):
                yield Block("code", "".join(piece.text for piece in pieces).strip("\n"), depth=len(open_items))
                continue
            is_item = bullet.is_shown and (len(paragraphs) > 1 or bullet.first is not None)
            while open_items and open_items[-1][0] > level - (not is_item):
                open_items.pop()
            if not is_item:  # under an item, it goes on with it
                yield Block("paragraph", text.replace("\n", " ") if open_items else text, depth=len(open_items))
                continue
            number = open_items.pop()[1] if open_items and open_items[-1][0] == level else None
            number = bullet.first if number is None or bullet.first is None else number
            yield Block("item", text.replace("\n", " "), depth=len(open_items), ordinal=number)
            open_items.append((level, None if number is None else number + 1))

    def _bullet(self, paragraph: Element, shape: Element) -> _Bullet:
        """Return the bullet that the paragraph, its shape or the layout gives it; the body of a slide has bullets."""
        kind, number = _placeholder(shape)
        level = f"lvl{int(_attribute(paragraph, 'pPr', 'lvl') or 0) + 1}pPr"
        own = [paragraph.find("pPr"), shape.find(f"txBody/lstStyle/{level}")]
        if kind is not None:
            like = (s for s in self._layout if _placeholder(s)[1] == number or (kind and _placeholder(s)[0] == kind))
            own += [found.find(f"txBody/lstStyle/{level}") for found in like]
        for properties in own:
            for node in properties if properties is not None else ():
                if node.tag == "buNone":
                    return _Bullet(False)
                if node.tag == "buAutoNum":
                    return _Bullet(True, int(node.get("startAt", "1")))
                if node.tag in ("buChar", "buBlip"):
                    return _Bullet(True)
        return _Bullet(kind in _BODIES)

    def _pieces(self, paragraph: Element) -> Iterator[Piece]:
        for node in paragraph:
            if node.tag == "br":
                yield Piece("\n")
            elif node.tag == "r" or (node.tag == "fld" and node.get("type", "") not in ("slidenum", "datetime")):
                look = node.find("rPr")
                text = "".join(part.text or "" for part in node.iterfind("t")).replace("\n", " ").replace("\v", "\n")
                is_struck = look is not None and look.get("strike", "noStrike") != "noStrike"
                is_raised = look is not None and look.get("baseline", "0").lstrip("0")[:1].isdecimal()
                link = _link(look, self._relations) if look is not None else ""
                is_code = (_attribute(node, "rPr/latin", "typeface") or "").lower().startswith(_MONOSPACED)
                yield Piece(raised(text) if is_raised else text, is_code, is_struck, link)
            elif node.tag in ("AlternateContent", "m"):
                yield from (Piece(formula(math)) for math in islice(node.iter("oMath"), 1))


def _placeholder(shape: Element) -> tuple[str | None, str | None]:
    """Return the kind and the number of what a shape fills in the layout; None where it is a box of its own."""
    node = shape.find("nvSpPr/nvPr/ph")
    return (None, None) if node is None else (node.get("type", ""), node.get("idx"))


def _attribute(node: Element, path: str, name: str) -> str | None:
    found = node.find(path)
    return found.get(name) if found is not None else None


def _link(look: Element, relations: Mapping[str, Relation]) -> str:
    node = look.find("hlinkClick")
    relation = relations.get(node.get("r:id", "")) if node is not None else None
    return relation.target if relation is not None and relation.is_external else ""
