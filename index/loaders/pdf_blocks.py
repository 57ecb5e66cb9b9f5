"""Blocks of a PDF document: its lines joined into paragraphs, items and headings.

A PDF tells lines and sizes alone. A line goes on with the one before it if that one was full, unless a blank line, an
indent, another size or the marker of an item parts them.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

from index.blocks import Block
from index.loaders.pdf_furniture import key
from index.loaders.pdf_hyphens import SOFT_HYPHEN, Hyphens
from index.loaders.pdf_lines import BULLETS, Line
from index.loaders.pdf_spelling import UNTOLD

LARGER = 1.15  # of the size of the text, from which a line is a heading
SMALLER = 0.92  # of the size of the text, below which the last lines of a page are notes
LEADING = 1.25
"""Of the size of the letters, from line to line, in a document that does not show its own."""

BLANK = 1.3  # of the usual leading, from which a blank line parts two lines
MAX_HEADING = 200  # characters
MAX_BOLD_HEADING = 120
MAX_HEADING_LINES = 3

_BULLET = re.compile(rf"[{re.escape(BULLETS + UNTOLD)}]\s+(?=\S)")
_NUMBER = re.compile(r"\(?(\d{1,3})[.)]\s+(?=\S)")
_LETTER = re.compile(r"\(?[a-z]\)\s+(?=\S)")
_LINK_END = re.compile(r"\]\((?P<address>https?://[^\s()]+)\)$")
_LINK_START = re.compile(r"\[[^\[\]]*\]\((?P<address>https?://[^\s()]+)\)")
_DASH_OR_NUMBER = re.compile(r"[-–—]\s|(?!1[.)])\d{1,3}[.)]\s")
_GOES_ON = re.compile(r"[a-zß-ÿœ»”)\],;:.!?%€]")


def read_blocks(pages: Sequence[list[Line]], titles: Mapping[str, int]) -> tuple[list[Block], list[int]]:
    """Return the blocks of a document, and the page of each that is left out, as its font does not tell all letters.

    Args:
        pages: their lines in order, furniture left out.
        titles: headings that its outline or its table of contents name, by `key`, and the depth of each.
    """
    composer = _Composer(pages, titles)
    for group in composer.groups(pages):
        composer.add(group)
    return composer.blocks, composer.untold


class _Composer:
    """Joins lines, by the measures of the whole document."""

    def __init__(self, pages: Sequence[list[Line]], titles: Mapping[str, int]) -> None:
        lines = [line for page in pages for line in page]
        self.blocks: list[Block] = []
        self.untold: list[int] = []
        self._titles = titles
        self._hyphens = Hyphens(line.words for line in lines)
        self._size = _most_common([(line.size, len(line.text)) for line in lines], 10.0)
        self._leading = _leading(lines)
        is_bold = sum(len(line.text) * (1 if line.bold else -1) for line in lines) > 0
        self._marks_by_weight = not is_bold
        self._marks_code = sum(len(line.text) * (1 if line.mono else -1) for line in lines) < 0
        self._levels = _levels(lines, self._size)
        self._lefts: list[float] = []  # left edges of the open items, the outermost first

    def groups(self, pages: Sequence[list[Line]]) -> Iterator[list[Line]]:
        """Yield the lines of each block. Notes at the foot of a page come after what goes on over the page."""
        group: list[Line] = []
        notes: list[Line] = []
        for page in pages:
            body = [line for line in page if not line.is_aside]
            while body and body[-1].size < SMALLER * self._size and not body[-1].is_row:
                body.pop()
            kept = set(map(id, body))
            for line in body:
                if group and self._goes_on(group, line):
                    group.append(line)
                    continue
                if group:
                    yield group
                if notes:
                    yield from self._joined(notes)
                    notes = []
                group = [line]
            notes += [line for line in page if id(line) not in kept]
        if group:
            yield group
        yield from self._joined(notes)

    def _joined(self, lines: Sequence[Line]) -> Iterator[list[Line]]:
        group: list[Line] = []
        for line in lines:
            if group and not self._goes_on(group, line):
                yield group
                group = []
            group.append(line)
        if group:
            yield group

    def _goes_on(self, group: Sequence[Line], line: Line) -> bool:
        """Whether a line belongs to the block of the lines before it."""
        before = group[-1]
        if self._is_code(before) or self._is_code(line):
            return (
                self._is_code(before)
                and self._is_code(line)
                and (before.page, before.column) == (line.page, line.column)
            )
        is_apart = before.is_row or line.is_row or before.rows or line.rows or before.is_aside != line.is_aside
        if is_apart or abs(before.size - line.size) > 0.06 * before.size or _opens_another_item(group, line):
            return False
        runs_on = before.is_divided or (not before.ends_sentence and _GOES_ON.match(line.words) is not None)
        gap = (before.baseline - line.baseline) / before.size
        if before.page != line.page or gap < 0.5:  # over the page, or to the next column
            is_open = before.is_full(line) and not before.ends_sentence and before.size < LARGER * self._size
            return runs_on or is_open
        if gap > BLANK * self._leading:
            return False
        is_hanging = _opens_item(group[0]) and not _is_indented(group, line) and not before.ends_sentence
        if before.bold != line.bold or not (before.is_full(line) or is_hanging):
            return runs_on and (before.bold == line.bold or before.is_full(line))
        return not before.ends_sentence or not _is_indented(group, line)

    def _is_code(self, line: Line) -> bool:
        return self._marks_code and line.mono

    def _is_large(self, line: Line) -> bool:
        return line.size >= LARGER * self._size

    def add(self, group: Sequence[Line]) -> None:
        """Add the block that some lines make."""
        first = group[0]
        if first.rows:
            self._put(Block("table", rows=first.rows, page=first.page))
            return
        edge = min(line.left for line in group)
        if self._is_code(first):
            self._close_items(edge, first.size)
            self._put(Block("code", _code(group), depth=len(self._lefts), page=first.page))
            return
        text = self._text(group)
        if level := self._heading_level(group, text):
            self._lefts = []
            self._put(Block("heading", text, level=level, page=first.page))
        elif _opens_item(first) and not first.is_aside:
            self._put(self._item(first, text))
        else:
            self._close_items(edge, first.size)
            self._put(Block("paragraph", text, depth=len(self._lefts), page=first.page))

    def _close_items(self, left: float, size: float) -> None:
        """Close the items that what stands at `left` is no part of."""
        while self._lefts and left < self._lefts[-1] + 0.8 * size:
            self._lefts.pop()

    def _text(self, lines: Sequence[Line]) -> str:
        """Return the words of lines; a link that goes on in the next one stays one."""
        parts = [lines[0].text]
        for line in lines[1:]:
            before, text = parts[-1], line.text
            ends, opens = _LINK_END.search(before), _LINK_START.match(text)
            if ends and opens and ends["address"] == opens["address"]:
                before, text = before[: ends.start()], text[1:]
            parts[-1:] = [self._hyphens.end(before, text), text]
        return " ".join("".join(parts).replace(SOFT_HYPHEN, "").split())

    def _put(self, block: Block) -> None:
        if UNTOLD in block.text or any(UNTOLD in cell for row in block.rows for cell in row):
            self.untold.append(block.page or 0)
        elif block.rows or re.search(r"\w", block.text):
            self.blocks.append(block)

    def _item(self, line: Line, text: str) -> Block:
        while self._lefts and line.left < self._lefts[-1] - 0.5 * line.size:
            self._lefts.pop()
        if not self._lefts or line.left > self._lefts[-1] + 0.5 * line.size:
            self._lefts.append(line.left)
        depth = len(self._lefts) - 1
        if number := _NUMBER.match(text):
            return Block("item", text[number.end() :], depth=depth, ordinal=int(number[1]), page=line.page)
        return Block("item", _BULLET.sub("", text, count=1), depth=depth, page=line.page)

    def _heading_level(self, group: Sequence[Line], text: str) -> int:
        """Return the level of a heading; 0 for what may be something else."""
        first = group[0]
        if first.is_aside or any(line.is_row for line in group) or not re.search(r"[^\W\d_]", text):
            return 0
        if depth := self._titles.get(key(text)):
            return self._levels.get(first.size) or min(len(set(self._levels.values())) + depth, 6)
        if len(group) > MAX_HEADING_LINES or len(text) > MAX_HEADING or re.search(r"[.,;]\W*$", text):
            return 0
        if first.size in self._levels:
            return self._levels[first.size]
        is_marked = self._marks_by_weight and all(line.bold for line in group)
        if is_marked and len(text) <= MAX_BOLD_HEADING and not text.endswith(":") and not _BULLET.match(text):
            return min(len(set(self._levels.values())) + 1, 6)
        return 0


def _opens_another_item(group: Sequence[Line], line: Line) -> bool:
    """Whether a line opens an item; one that a sentence has broken before a dash or a number does not."""
    before = group[-1]
    in_sentence = not before.ends_sentence and not before.words.endswith(":") and before.is_full(line)
    may_go_on = _DASH_OR_NUMBER.match(line.words) and in_sentence and abs(before.left - line.left) < 0.5 * line.size
    return _opens_item(line) and not (may_go_on and not _opens_item(group[0]))


def _is_indented(group: Sequence[Line], line: Line) -> bool:
    """Whether a line stands further right than those of its block; of an item, no further right than its marker."""
    if _opens_item(group[0]):
        return line.left < group[0].left + 0.5 * line.size
    return line.left > min(one.left for one in group[1:] or group) + 0.8 * line.size


def _opens_item(line: Line) -> bool:
    return any(mark.match(line.words) for mark in (_BULLET, _NUMBER, _LETTER))


def _code(lines: Sequence[Line]) -> str:
    """Return lines of code, indented as they are printed, a blank line where one is left."""
    edge = min(line.left for line in lines)
    written: list[str] = []
    for before, line in pairwise([None, *lines]):
        if line is None:
            continue
        if before and before.baseline - line.baseline > 1.9 * line.size:
            written.append("")
        width = (line.right - line.left) / max(len(line.words), 1)
        written.append(" " * round((line.left - edge) / max(width, 1.0)) + line.words)
    return "\n".join(written)


def _most_common(weighed: Sequence[tuple[float, int]], default: float) -> float:
    """Return the value with the most weight."""
    weights: Counter[float] = Counter()
    for value, weight in weighed:
        weights[value] += weight
    return max(weights, key=lambda value: (weights[value], -value), default=default)


def _leading(lines: Sequence[Line]) -> float:
    """Return the usual distance from a line to the one that it runs on into, in sizes of its letters."""
    gaps = [
        (round((a.baseline - b.baseline) / a.size, 1), 1)
        for a, b in pairwise(lines)
        if a.page == b.page
        and 0.5 < (a.baseline - b.baseline) / a.size < 4
        and a.size == b.size
        and not a.ends_sentence
        and b.words[:1].islower()
        and a.is_full(b)
    ]
    return max(_most_common(gaps, LEADING), 1.0)


def _levels(lines: Sequence[Line], size: float) -> dict[float, int]:
    """Return the level of each size that headings have; sizes that hardly differ are one."""
    levels: dict[float, int] = {}
    level, last = 0, 0.0
    for one in sorted({line.size for line in lines if line.size >= LARGER * size and not line.is_aside}, reverse=True):
        if not last or one < 0.95 * last:
            level, last = min(level + 1, 6), one
        levels[one] = level
    return levels
