"""Turn a tree of HTML elements into blocks."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import NamedTuple, TypeVar

from selectolax.lexbor import LexborNode

from index.blocks import Block
from index.loaders.boxes import admonition_kind, code_language, details_kind, is_line_numbers, is_title
from index.loaders.elements import BLOCKS, INVISIBLE, attribute, heading_level, walk
from index.loaders.grid import Cell, Row, lay_out
from index.loaders.inline import Words
from index.loaders.layout import layout_tables
from index.loaders.outline import Outline

__all__ = ["INVISIBLE", "read_blocks"]

_LISTS = frozenset(["ul", "ol", "menu", "dir"])
_PARTS = {"thead": 0, "tbody": 1, "tfoot": 2}
_Default = TypeVar("_Default", int, None)
_NO_LABELS: Mapping[int, Block] = MappingProxyType({})


def read_blocks(
    root: LexborNode,
    is_dropped: Callable[[LexborNode], bool],
    base: str = "",
    labels: Mapping[int, Block] = _NO_LABELS,
) -> list[Block]:
    """Return what is written under `root`, in order, but for what is dropped.

    Args:
        root: an element, whose own tag counts as well.
        is_dropped: tells the elements and texts to leave out; it may be asked twice about one.
        base: address of the page, from which its relative links lead; "" leaves only their words.
        labels: `mem_id` of an element -> heading or paragraph to write at its start. A heading of level 0 gets the
            level below the heading above, and rules no further than its element.
    """
    writer = _Writer(base, layout_tables(root, lambda node: is_dropped(node) or is_line_numbers(node, False)), labels)
    for node, enters in walk(root, lambda node: is_dropped(node) or is_line_numbers(node, writer.in_code)):
        if enters:
            writer.enter(node)
        else:
            writer.leave(node)
    writer.flush()
    return writer.blocks


class _Capture(NamedTuple):
    """An element whose words make one block, cell or title, whatever elements they are in."""

    element: int
    kind: str  # "heading", "term", "title", "cell", "caption", "code"


class _Writer:
    """Gathers words until their block ends."""

    def __init__(self, base: str, layouts: set[int], labels: Mapping[int, Block]) -> None:
        self._outline = Outline()
        self._words = Words(base)
        self._layouts = layouts
        self._labels = labels
        self._capture: _Capture | None = None
        self._language = ""  # of the open code
        self._closers: list[tuple[int, Callable[[], None]]] = []  # open elements, and what to do when they end
        self._table: _Table | None = None

    @property
    def blocks(self) -> list[Block]:
        """What was written so far."""
        return self._outline.blocks

    @property
    def in_code(self) -> bool:
        """Whether the words are those of a code block."""
        return self._capture is not None and self._capture.kind == "code"

    def enter(self, node: LexborNode) -> None:
        """Open a node."""
        tag = node.tag or ""
        if tag == "-text":
            self._words.add(node.text_content or "")
        elif tag == "br":
            self._words.add("\n") if self.in_code else self._words.add_break()
        elif self._capture is not None:
            self._pass(node, tag, enters=True)
        elif self._is_block(node, tag) or heading_level(node):
            self.flush()
            self._open(node, tag)
        else:
            if (tag == "a" or "-" in tag) and node.prev is not None and node.prev.tag == tag:
                self._words.part()  # buttons and cards side by side
            self._words.enter(tag, attribute(node, "href"))

    def leave(self, node: LexborNode) -> None:
        """Close a node."""
        tag = node.tag or ""
        if tag in ("-text", "br"):
            return
        if self._capture is not None and self._capture.element != node.mem_id:
            self._pass(node, tag, enters=False)
        elif self._capture is not None or self._is_block(node, tag):
            if self._capture is not None:
                self._end_capture(node, self._capture.kind)
            self.flush()
            while self._closers and self._closers[-1][0] == node.mem_id:
                self._closers.pop()[1]()
        else:
            self._words.leave(tag)

    def flush(self) -> None:
        """End the paragraph; more than one break in a row part two."""
        for text in re.split(r"\n{2,}", self._words.take()):
            if text.strip():
                self._outline.add_paragraph(text.strip())

    def _is_block(self, node: LexborNode, tag: str) -> bool:
        return tag in BLOCKS or node.mem_id in self._labels

    def _pass(self, node: LexborNode, tag: str, *, enters: bool) -> None:
        """Go through an element in a heading, a cell, code, …: it only parts or marks words."""
        if self.in_code:
            if tag in BLOCKS and tag not in ("td", "th"):
                self._words.end_line()
            elif enters and tag == "code":
                self._language = self._language or code_language(node)
            return
        if tag in BLOCKS:
            self._words.part()
        tag = "code" if tag == "pre" else tag
        if enters:
            self._words.enter(tag, attribute(node, "href"))
        else:
            self._words.leave(tag)

    def _open(self, node: LexborNode, tag: str) -> None:
        if node.mem_id in self._labels:
            self._outline.open_label(self._labels[node.mem_id])
            self._closers.append((node.mem_id, self._outline.close_label))
        if tag == "summary" or (self._outline.box_is_empty and is_title(node)):
            if not self._outline.is_in_box:  # its <details> is open elsewhere, as in a stretch of Markdown
                self._open_box(node, "details")
            self._begin(node, "title")
        elif heading_level(node):
            self._begin(node, "heading")
        elif tag == "pre":
            self._language = code_language(node) or _language_around(node)
            self._begin(node, "code")
        elif tag == "dt":
            self._begin(node, "term")
        elif self._table is not None:
            self._open_in_table(node, tag, self._table)
        elif close := self._open_container(node, tag):
            self._closers.append((node.mem_id, close))

    def _open_container(self, node: LexborNode, tag: str) -> Callable[[], None] | None:
        """Open what holds blocks of its own; return what closes it."""
        outline = self._outline
        if tag in _LISTS:
            outline.open_list(_number(attribute(node, "start"), 1) if tag == "ol" else None)
            return outline.close_list
        if tag == "li":
            outline.open_item(_number(attribute(node, "value"), None))
            return outline.close_holder
        if tag == "dd":
            outline.open_definition()
            return outline.close_holder
        if tag == "table":
            self._table = None if node.mem_id in self._layouts else _Table()
            return self._end_table
        if tag == "details" and node.mem_id not in self._labels:
            self._open_box(node, details_kind(node))
        elif kind := admonition_kind(node):
            self._open_box(node, kind)
        elif tag == "blockquote":
            outline.open_quote()
            return outline.close_quote
        return None

    def _open_in_table(self, node: LexborNode, tag: str, table: "_Table") -> None:
        if tag in _PARTS:
            table.part = _PARTS[tag]
        elif tag == "tr":
            table.rows.append(Row(part=table.part))
        elif tag in ("td", "th"):
            self._begin(node, "cell")
        elif tag == "caption":
            self._begin(node, "caption")

    def _open_box(self, node: LexborNode, kind: str) -> None:
        self._outline.open_box(kind)
        self._closers.append((node.mem_id, self._outline.close_box))

    def _begin(self, node: LexborNode, kind: str) -> None:
        self._capture = _Capture(node.mem_id, kind)
        self._words.is_plain = kind in ("heading", "title")

    def _end_capture(self, node: LexborNode, kind: str) -> None:
        """Write what the words of an element are."""
        self._capture = None
        if kind == "code":
            code = self._words.take_verbatim().replace("\u00a0", " ").strip("\n").rstrip()
            if code:
                self._outline.add("code", code, info=self._language)
            return
        text = self._words.take_line()
        self._words.is_plain = False
        if kind == "cell" and self._table and self._table.rows:
            columns, rows = (_number(attribute(node, name), 1) for name in ("colspan", "rowspan"))
            self._table.rows[-1].cells.append(Cell(text, columns, rows, is_header=node.tag == "th"))
        elif not text:
            return
        elif kind == "title":
            self._outline.name_box(text)
        elif kind == "heading":
            self._outline.add_heading(text, heading_level(node))
        elif kind == "term":
            self._outline.add("term", text)
        elif kind == "caption" and self._table:
            self._table.captions.append(text)

    def _end_table(self) -> None:
        table, self._table = self._table, None
        if table is None:
            return
        grid = lay_out(table.rows)
        for text in (*table.captions, *grid.titles):
            self._outline.add_paragraph(text)
        if grid.rows:
            self._outline.add("table", rows=grid.rows)


@dataclass(slots=True)
class _Table:
    """An open table that holds data."""

    rows: list[Row] = field(default_factory=list)
    captions: list[str] = field(default_factory=list)
    part: int = 1  # head, body or foot: 0 to 2


def _language_around(node: LexborNode) -> str:
    """Return the language that a box around code names."""
    parent = node.parent
    for _ in range(8):  # a table for the numbers of the lines may lie between
        if parent is None or parent.tag not in ("div", "figure", "span", "td", "tr", "tbody", "table"):
            return ""
        if name := code_language(parent):
            return name
        parent = parent.parent
    return ""


def _number(text: str, default: _Default) -> int | _Default:
    """Return the number that an attribute holds."""
    found = re.match(r"\s*(-?[0-9]{1,9})", text)
    return int(found[1]) if found else default
