"""Read a quote back into its blocks, as `index.writing` wrote them, so that each front end can draw them its own way.

A quote is a slice, so it may begin or end within a block: a fence that it leaves open or never opened is made whole,
and a table whose header it does not hold has an empty first row.
"""

import re
import textwrap
import unicodedata
from collections.abc import Iterable, Sequence

from index.blocks import Block, Kind
from index.schema import Language
from index.writing import DEFINITION_MARK, marker

_FENCE = re.compile(r"(?P<frame>>? ?) *(?P<ticks>`{3,})(?P<info>[^`]*)")
_FRAME = re.compile(r">(?: |$)")
_HEADING = re.compile(r"(#{1,6}) +(.*)")
_ADMONITION = re.compile(r"\[!([^\]\s]+)\](?: (.*))?")
_ITEM = re.compile(r"(?:-|(\d{1,9})\.)(?: |$)")
_RULE = re.compile(r"\|(?: *:?-+:? *\|)+")
_CELL_END = re.compile(r"(?<!\\)\|")


def is_row(line: str) -> bool:
    """Whether a line is a row of a table."""
    return len(line) > 2 and line.startswith("| ") and line.endswith("|")


def rule_under(header: str) -> str:
    """Return the line that parts the header of a table from its rows."""
    return f"|{' --- |' * len(_cells(header))}"


def join_quotes(quotes: Iterable[str]) -> str:
    """Return slices of one section as one text: rows and items one under the other, else a blank line between."""
    text = ""
    for quote in map(closed, quotes):
        gap = "\n" if is_row(quote.split("\n", 1)[0]) or _ITEM.match(quote) else "\n\n"
        text = f"{text}{gap}{quote}" if text else quote
    return text


def closed(text: str) -> str:
    """Return Markdown with its common indentation gone and every fence both opened and closed."""
    lines = textwrap.dedent(text).strip("\n").split("\n")
    fence: re.Match[str] | None = None
    is_first = True
    for at, line in enumerate(lines):
        found = _FENCE.fullmatch(line)
        if found is None:
            continue
        if fence is None and is_first and not found["info"] and _ends_code(lines, at):
            return closed("\n".join([line, *lines] if at else lines[1:]))
        is_first = False
        if fence is None:
            fence = found
        elif found["ticks"] == fence["ticks"] and not found["info"]:
            fence = None
    return "\n".join(lines if fence is None else [*lines, fence[0].removesuffix(fence["info"])])


def _ends_code(lines: Sequence[str], at: int) -> bool:
    """Whether the first fence of a slice closes what was opened before it: code above it, nothing right under it."""
    above, under = lines[at - 1].strip("> ") if at else "code", lines[at + 1].strip("> ") if at + 1 < len(lines) else ""
    return bool(above) and not under and not above.startswith("[!")


def read_blocks(text: str) -> tuple[Block, ...]:
    """Return the blocks of a slice of the Markdown of `index.writing`; given a whole document, its very blocks."""
    return _Reading(closed(text).split("\n")).blocks()


class _Reading:
    """Reads line after line."""

    def __init__(self, lines: Sequence[str]) -> None:
        self._lines = lines
        self._at = 0
        self._blocks: list[Block] = []
        self._columns: list[int] = []  # where the words of each open item begin, the outermost first
        self._frame = 0  # that of the line
        self._frames = 0  # so far
        self._follows = False  # the line before was not blank

    def blocks(self) -> tuple[Block, ...]:
        while self._at < len(self._lines):
            line = self._enter_frame(self._lines[self._at])
            text = line.lstrip(" ")
            if not text:
                self._at += 1
                self._follows = False
                continue
            indent = len(line) - len(text)
            while self._columns and self._columns[-1] > indent:
                self._columns.pop()
            self._read(text, indent)
            self._follows = True
        return tuple(self._blocks)

    def _enter_frame(self, line: str) -> str:
        """Return the line without the mark of a quote, and note which frame it is in."""
        mark = _FRAME.match(line)
        if mark is None:
            self._frame = 0
            return line
        if not self._frame:
            self._frames += 1
            self._frame = self._frames
            self._columns = []
        return line[mark.end() :]

    def _read(self, text: str, indent: int) -> None:
        """Read the block that begins at this line, or that the line goes on."""
        if found := _FENCE.fullmatch(text):
            self._read_code(found["ticks"], found["info"], indent)
        elif is_row(text):
            self._read_table()
        else:
            self._at += 1
            self._read_line(text, indent)

    def _read_line(self, text: str, indent: int) -> None:
        last = self._blocks[-1] if self._blocks else None
        if found := _HEADING.fullmatch(text):
            self._add("heading", found[2], level=len(found[1]))
        elif self._frame and (found := _ADMONITION.fullmatch(text)):
            self._add("admonition", found[2] or "", info=found[1])
        elif found := _ITEM.match(text):
            self._add("item", text[found.end() :], ordinal=int(found[1]) if found[1] else None)
            self._columns.append(indent + len(found[0].rstrip()) + 1)
        elif text.startswith(DEFINITION_MARK):
            if last and last.kind == "paragraph" and self._follows:
                self._blocks[-1] = Block("term", last.text, depth=last.depth, frame=last.frame)
            self._add("definition", text.removeprefix(DEFINITION_MARK))
            self._columns.append(indent + len(DEFINITION_MARK))
        elif last and last.kind == "paragraph" and self._follows and last.frame == self._frame:
            self._blocks[-1] = Block("paragraph", f"{last.text}\n{text}", depth=last.depth, frame=last.frame)
        else:
            self._add("paragraph", text)

    def _read_code(self, ticks: str, info: str, indent: int) -> None:
        code: list[str] = []
        self._at += 1
        while self._at < len(self._lines):
            line = self._lines[self._at]
            line = line[len(mark[0]) :] if self._frame and (mark := _FRAME.match(line)) else line
            self._at += 1
            if line.strip(" ") == ticks:
                break
            code.append(line[min(indent, len(line) - len(line.lstrip(" "))) :])
        self._add("code", "\n".join(code), info=info)

    def _read_table(self) -> None:
        rows: list[tuple[str, ...]] = []
        frame, has_header = self._frame, False
        while self._at < len(self._lines):
            row = self._enter_frame(self._lines[self._at]).lstrip(" ")
            if not is_row(row) or self._frame != frame:
                break
            if _RULE.fullmatch(row) and len(rows) <= 1:
                has_header = bool(rows)
            else:
                rows.append(_cells(row))
            self._at += 1
        self._frame = frame
        if not rows:
            return
        width = max(map(len, rows))
        header = () if has_header else (("",) * width,)
        self._add("table", rows=(*header, *(row + ("",) * (width - len(row)) for row in rows)))

    def _add(
        self,
        kind: Kind,
        text: str = "",
        *,
        level: int = 0,
        ordinal: int | None = None,
        info: str = "",
        rows: tuple[tuple[str, ...], ...] = (),
    ) -> None:
        depth = len(self._columns)
        self._blocks.append(Block(kind, text, level, depth, ordinal, info, rows, self._frame))


def _cells(row: str) -> tuple[str, ...]:
    return tuple(cell.strip().replace("\\|", "|") for cell in _CELL_END.split(row)[1:-1])


# ------------------------------------------------------------------------------------------- what all front ends share


def marker_of(block: Block) -> str:
    """Return what stands before the words of a block in a list; "" for other blocks."""
    if block.kind == "definition":
        return " " * len(DEFINITION_MARK)
    return marker(block) if block.kind == "item" else ""


def columns(text: str) -> int:
    """Return how many columns a text takes where letters have one width."""
    wide = sum(unicodedata.east_asian_width(c) in "WF" for c in text)
    return len(text) + wide - sum(unicodedata.combining(c) > 0 for c in text)


def table_width(rows: Iterable[Sequence[str]]) -> int:
    """Return how many columns `aligned` takes for the rows."""
    widths = [max(map(columns, column)) for column in zip(*rows, strict=True)]
    return sum(widths) + 2 * (len(widths) - 1)


def aligned(rows: Sequence[Sequence[str]]) -> list[str]:
    """Return a line for each row, its cells under one another; the header, if any, has a line under it."""
    widths = [max(map(columns, column)) for column in zip(*rows, strict=True)]

    def line(cells: Iterable[str]) -> str:
        padded = (cell + " " * (width - columns(cell)) for cell, width in zip(cells, widths, strict=True))
        return "  ".join(padded).rstrip()

    header, *others = rows
    top = [line(header), line("─" * width for width in widths)] if any(header) else []
    return [*top, *map(line, others)]


_LABELS: dict[str, dict[Language, str]] = {
    "note": {"fr": "Note", "en": "Note"},
    "info": {"fr": "À savoir", "en": "Info"},
    "tip": {"fr": "Astuce", "en": "Tip"},
    "hint": {"fr": "Astuce", "en": "Hint"},
    "success": {"fr": "Réussi", "en": "Success"},
    "important": {"fr": "Important", "en": "Important"},
    "warning": {"fr": "Attention", "en": "Warning"},
    "caution": {"fr": "Prudence", "en": "Caution"},
    "danger": {"fr": "Danger", "en": "Danger"},
    "example": {"fr": "Exemple", "en": "Example"},
}


def admonition_title(block: Block, language: Language) -> str:
    """Return what an admonition is called: its own title, after a word that says its kind where that adds anything."""
    label = _LABELS.get(block.info.lower(), {}).get(language, block.info.capitalize())
    if not block.text:
        return label
    named = {label.casefold(), block.info.casefold()}
    return block.text if block.text.casefold().strip(" :!") in named else f"{label}{colon(language)}{block.text}"


def colon(language: Language) -> str:
    """Return a colon and the spaces around it."""
    return "\u00a0: " if language == "fr" else ": "
