"""Read reStructuredText, as Python's documentation and Sphinx write it."""

import re
from collections import Counter
from collections.abc import Iterator
from itertools import count, zip_longest
from typing import Any

from docutils import nodes
from docutils.core import publish_doctree
from docutils.utils import SystemMessage

from index.blocks import Block, Kind
from index.loaders.decoding import decode
from index.loaders.grid import Cell, Row, lay_out
from index.loaders.loaded import Loaded, UnreadableError
from index.loaders.pieces import Piece, raised, written
from index.loaders.rst_dialect import know_all
from index.loaders.tables import flat

MAX_LEVEL = 6  # of a heading

_SETTINGS = {
    "_disable_config": True,
    "doctitle_xform": False,
    "docinfo_xform": False,
    "file_insertion_enabled": False,
    "halt_level": 5,
    "input_encoding": "unicode",
    "line_length_limit": 10_000_000,
    "raw_enabled": False,
    "report_level": 3,  # what docutils cannot make sense of stays, as a message
    "warning_stream": False,
    "syntax_highlight": "none",
}
_SKIPPED = frozenset(
    "substitution_definition target pending meta image raw transition docinfo decoration label".split()
)
_DANGLING = re.compile(r"`([^`<]+?)\s*(?:<[^<>`]*>)?`_{1,2}")
_ADMONITIONS = frozenset("admonition attention caution danger error hint important note tip warning".split())


def load(data: bytes) -> list[Loaded]:
    """Return the one text of the file.

    Raises:
        UnreadableError: it is not text, or nests its parts too deep.
    """
    found = decode(data)
    text = found.text
    try:
        know_all(text)
        tree = publish_doctree(text, settings_overrides=_SETTINGS)
        reader = _Reader()
        reader.read(tree)
    except (RecursionError, SystemMessage) as error:
        raise UnreadableError("nests its lists and quotes too deep, or is no reStructuredText") from error
    return [Loaded(tuple(reader.blocks), date=reader.date, left_out={**found.left_out, **+reader.left_out})]


class _Reader:
    """Turns the nodes of docutils into blocks."""

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self.left_out: Counter[str] = Counter()
        self.date: str | None = None
        self._level = 0
        self._depth = 0
        self._frame = 0
        self._frames = count(1)
        self._opening: tuple[Kind, int | None] | None = None  # what the next paragraph begins: an item, a definition

    def read(self, parent: nodes.Element) -> None:
        """Read what a node holds."""
        for node in parent.children:
            self._node(node)

    def _node(self, node: nodes.Node) -> None:
        tag = node.tagname
        match tag:
            case "section" | "topic" if not {"system-messages", "contents"}.isdisjoint(node.get("classes", ())):
                return
            case "system_message":  # a table out of line, a directive without its argument: the lines as they are
                for block in node.findall(nodes.literal_block):
                    self._put("paragraph", block.astext())
            case "section":
                self._level += 1
                self.read(node)
                self._level -= 1
            case "title" if isinstance(node.parent, nodes.section):
                self._put("heading", _words(node), level=min(self._level, MAX_LEVEL))
            case "paragraph" | "rubric" | "caption" | "attribution" | "title" | "subtitle" | "math_block":
                self._put("paragraph", _words(node), info="tab" if tag == "rubric" else "")
            case "bullet_list" | "enumerated_list":
                first = node.get("start", 1) if tag == "enumerated_list" else None
                for at, item in enumerate(node.children):
                    self._under("item", item, None if first is None else first + at)
            case "definition_list_item" | "field" | "option_list_item":
                self._described(node)
            case _ if not self._is_block(node, tag) and tag not in _SKIPPED and isinstance(node, nodes.Element):
                self.read(node)

    def _is_block(self, node: nodes.Node, tag: str) -> bool:
        """Add a node that is no paragraph; say whether it is one of those that are known."""
        match tag:
            case "literal_block" | "doctest_block":
                self._code(node)
            case "line_block":
                self._put("paragraph", "\n".join(_words(line) for line in node.findall(nodes.line)))
            case "block_quote":
                self._framed(node)
            case "table":
                self._table(node)
            case "comment":
                self.left_out["comments"] += 1
            case "field_list" if node.parent.index(node) == 0 and isinstance(node.parent, nodes.document):
                self._declared(node)
            case _ if tag in _ADMONITIONS:
                self._framed(node, str(node.get("kind", tag)))
            case _:
                return False
        return True

    def _declared(self, fields: nodes.Element) -> None:
        """Take the date among the fields at the top of a file, which say what it is."""
        for name, body in (field.children for field in fields.children):
            if name.astext().lower() == "date" and re.fullmatch(r"\d{4}-\d{2}-\d{2}.*", body.astext()):
                self.date = body.astext()[:10]

    def _under(self, kind: Kind, node: nodes.Element, ordinal: int | None = None) -> None:
        """Read an item or a definition: its first paragraph is the block, the rest lies under it."""
        self._opening = (kind, ordinal)
        self._depth += 1
        self.read(node)
        self._open()
        self._depth -= 1

    def _open(self, text: str = "") -> None:
        """Add the item or the definition that was begun, if one was."""
        if self._opening is not None:
            (kind, ordinal), self._opening = self._opening, None
            self._add(kind, text.replace("\n", " "), depth=self._depth - 1, ordinal=ordinal)

    def _described(self, node: nodes.Element) -> None:
        """Read terms, or the name of a field or of options, and what is said of them."""
        self._open()
        terms = [child for child in node.children if child.tagname in ("term", "field_name", "option_group")]
        classifiers = [child.astext() for child in node.children if child.tagname == "classifier"]
        for term in terms:
            words = f"`{term.astext()}`" if term.tagname == "option_group" else _words(term)
            self._add("term", " : ".join([words, *classifiers]))
        for child in node.children:
            if child.tagname in ("definition", "field_body", "description") and child.children:
                self._under("definition", child)

    def _framed(self, node: nodes.Element, kind: str = "") -> None:
        """Read a quote, or an admonition of a kind with its title."""
        self._open()
        outer, self._frame = self._frame, next(self._frames)
        title = next((child for child in node.children if child.tagname == "title"), None)
        if kind:
            self._add("admonition", _words(title) if title is not None else "", info=kind)
        for child in node.children:
            if child is not title:
                self._node(child)
        self._frame = outer

    def _code(self, node: nodes.Element) -> None:
        classes = [name for name in node.get("classes", ()) if name != "code"]
        info = str(node.get("language") or (classes[0] if classes else ""))
        self._open()
        if text := node.astext().strip("\n"):
            self._add("code", text, info=re.sub(r"[^\w+.#-]", "", info)[:20])

    def _table(self, table: nodes.Element) -> None:
        rows: list[Row] = []
        for node in table.findall(nodes.row):
            row = Row(part=0 if isinstance(node.parent, nodes.thead) else 1)
            for entry in node.children:
                cell = _Reader()
                cell.read(entry)
                row.cells.append(Cell(flat(cell.blocks), 1 + entry.get("morecols", 0), 1 + entry.get("morerows", 0)))
            rows.append(row)
        self._open()
        for title in table.children:
            if title.tagname == "title":
                self._put("paragraph", _words(title))
        if laid_out := lay_out(rows).rows:
            self._add("table", rows=laid_out)

    def _put(self, kind: Kind, text: str, **rest: Any) -> None:
        """Add a paragraph, as the item or the definition that it begins; or a heading."""
        text = text if kind == "paragraph" and not (self._depth or self._frame) else text.replace("\n", " ")
        if not text:
            return
        if self._opening is not None:
            self._open(text)
        else:
            self._add(kind, text, **rest)

    def _add(self, kind: Kind, text: str = "", *, depth: int | None = None, **rest: Any) -> None:
        self.blocks.append(Block(kind, text, depth=self._depth if depth is None else depth, frame=self._frame, **rest))


def _words(node: nodes.Element) -> str:
    text = written(_pieces(node))
    return re.sub(r"\n", " ", text) if not isinstance(node, nodes.line) else text


def _pieces(node: nodes.Node, link: str = "") -> Iterator[Piece]:
    for child, after in zip_longest(node.children, node.children[1:]):
        match child.tagname:
            case "#text":
                text = child.astext().replace("\n", " ")
                is_cited = after is not None and after.tagname.endswith("_reference")
                yield Piece(text.rstrip() if is_cited else text, link=link)
            case "problematic":  # a link that leads nowhere
                yield Piece(_DANGLING.sub(r"\1", child.astext()), link=link)
            case "literal":
                yield Piece(child.astext(), is_code=True, link=link)
            case "superscript":
                yield Piece(raised(child.astext()), link=link)
            case "reference":
                yield from _pieces(child, str(child.get("refuri", "")))
            case "footnote_reference" | "citation_reference" | "image" | "raw" | "system_message":
                continue
            case _:
                yield from _pieces(child, link)
