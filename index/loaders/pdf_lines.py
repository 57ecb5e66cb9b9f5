"""Lines of text, from the words of a PDF page."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from statistics import median

from index.loaders.pdf_spelling import BULLET, spelled
from index.loaders.pdf_words import Word

SAME_LINE = 0.45  # of the size of the letters: how far apart baselines are in one line, that of an exponent included
WIDE = 0.8
"""Of the size of the letters: a space that may part columns or cells. A space between words takes a quarter, and a
justified line may stretch it to half."""

CELL_SPACE = 1.5  # of the size of the letters: a space in one line that parts cells, where no gutter does

BULLETS = BULLET + "●○◦▪■□–—-*·►➢➤✓✔❖‣"
MARKER = re.compile(rf"(?:[{re.escape(BULLETS)}]|\(?\d{{1,3}}[.)]|\(?[a-zA-Z][.)])")
"""What opens an item of a list."""

LEADERS = " \u00a0.·•_…"
"""What leads the eye from a title to the number of its page."""

_LEADERS = re.compile(r"\s*(?:(?:[.·•_]\s?){5,}|(?:…\s?){3,})\s*")
_LINK = re.compile(r"\[([^\[\]]*)\]\(https?://[^\s()]+\)")
_CLINGING = re.compile(r"[»:;!?%€$]+[.,)]*|\d{3}[.,)]*")
_RAISED = str.maketrans("0123456789+-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻")
_SENTENCE_END = re.compile(r"[.!?…][»”\")\]\s]*$")


@dataclass(slots=True)
class Line:
    """A line as it is read; lengths are points."""

    text: str  # links as `[words](address)`
    page: int
    left: float
    right: float
    baseline: float
    size: float
    bold: bool
    mono: bool = False
    first_word: float = 0.0  # its width
    column: tuple[float, float] = (0.0, 0.0)  # left and right edge of the column that it stands in
    is_row: bool = False  # holds cells apart from each other
    is_aside: bool = False  # written in another direction than most of the page
    rows: tuple[tuple[str, ...], ...] = ()  # of a table, which takes the place of a line

    @property
    def words(self) -> str:
        """The text without the addresses of its links."""
        return _LINK.sub(r"\1", self.text) if "](" in self.text else self.text

    @property
    def ends_sentence(self) -> bool:
        """Whether it ends with the sign of an end."""
        return bool(_SENTENCE_END.search(self.words))

    @property
    def is_divided(self) -> bool:
        """Whether it ends with a hyphen."""
        return self.words[-1:] in ("-", "\u00ad") and self.words[-2:-1].isalpha()

    def is_full(self, following: "Line") -> bool:
        """Whether the first word of the line after it had no room in it."""
        return self.right + 0.25 * self.size + following.first_word > self.column[1] - 0.25 * self.size


def rows_of(words: Sequence[Word]) -> list[list[Word]]:
    """Return the words that stand side by side, from top to bottom, each row from left to right."""
    rows: list[list[Word]] = []
    tops: list[float] = []
    for word in sorted(words, key=lambda word: -word.baseline):
        if rows and tops[-1] - word.baseline <= SAME_LINE * max(word.size, rows[-1][0].size):
            rows[-1].append(word)
        else:
            rows.append([word])
            tops.append(word.baseline)
    for row in rows:
        row.sort(key=lambda word: word.left)
    return rows


def cells_of(row: Sequence[Word]) -> list[list[Word]]:
    """Return the parts of a row that wide spaces keep apart; the marker of an item stays with its words."""
    cells = [[row[0]]]
    space_before = float("inf")  # of the cell that is open
    for before, word in pairwise(row):
        space = word.left - before.right
        is_marked = len(cells[-1]) == 1 and MARKER.fullmatch(before.text) is not None
        if space > WIDE * max(before.size, word.size) and not (
            is_marked and space < min(5 * before.size, space_before)
        ):
            cells.append([word])
            space_before = space
        else:
            cells[-1].append(word)
    return cells


def line_of(row: Sequence[Word], page: int) -> Line:
    """Return the line that a row of words makes."""
    main = max(row, key=lambda word: (len(word.text) > 1, word.size))
    text, leaders = _LEADERS.subn(" … ", _text(row, main))
    return Line(
        text.strip(),
        page,
        row[0].left,
        max(word.right for word in row),
        main.baseline,
        round(main.size, 1),
        bold=all(word.bold for word in row if any(map(str.isalnum, word.text))),
        mono=all(word.mono for word in row),
        first_word=_first_word(row),
        is_row=leaders > 0 or _has_cells(row),
    )


def _first_word(row: Sequence[Word]) -> float:
    """Return the width of what a line could not begin without: « and », % and the groups of a number go with a word."""
    end = 1 if len(row) > 1 and row[0].text in ("«", "“", "–", "—") else 0
    while end + 1 < len(row) and _CLINGING.fullmatch(row[end + 1].text):
        end += 1
    return row[end].right - row[0].left


def _has_cells(row: Sequence[Word]) -> bool:
    """Whether one space of a row is far wider than the others, which a justified line may stretch."""
    words = row[1:] if MARKER.fullmatch(row[0].text) or row[0].text.isdigit() else row
    spaces = sorted((b.left - a.right) / max(a.size, b.size) for a, b in pairwise(words))
    usual = median(spaces[:-1]) if len(spaces) > 1 else 2.0  # two words alone may be stretched to fill their line
    return bool(spaces) and spaces[-1] > max(CELL_SPACE, 2.5 * usual)


def lines_of_text(text: str, page: int) -> list[Line]:
    """Return the lines of a page whose places are not known, as if all its letters were 5 points wide."""
    written = re.sub(r"[\x02\ufffe]", "-\n", text.replace("\r", "\n"))  # where PDFium joins a divided word
    texts = [" ".join(spelled(line).split()) for line in written.split("\n") if line.strip()]
    edges = (0.0, 5.0 * max(map(len, texts), default=0))
    return [
        Line(
            text,
            page,
            0.0,
            5.0 * len(text),
            -12.0 * at,
            10.0,
            bold=False,
            first_word=5.0 * len(text.split()[0]),
            column=edges,
        )
        for at, text in enumerate(texts)
    ]


def cell_text(row: Sequence[Word]) -> str:
    """Return the words of a cell."""
    return line_of(row, 0).text


def _text(row: Sequence[Word], main: Word) -> str:
    """Return the words with spaces between them, exponents as such, links with their addresses."""
    parts: list[str] = []
    last: Word | None = None
    for address, linked in groupby(row, key=lambda word: word.link):
        words = list(linked)
        said = "".join(f"{_space(a, b)}{_raised(b, main)}" for a, b in pairwise([last, *words]) if b)
        gap, said = (" ", said[1:]) if said.startswith(" ") else ("", said)
        parts.append(f"{gap}[{said}]({address})" if address and _names_more(said, address) else gap + said)
        last = words[-1]
    return "".join(parts)


def _space(before: Word | None, word: Word) -> str:
    if before is None:
        return ""
    gap = (word.left - before.right) / max(word.size, before.size)
    is_glued = gap < 0.3 if word.is_glued else gap < 0.1 and abs(word.size - before.size) > 0.1 * word.size
    return "" if is_glued else " "


def _raised(word: Word, main: Word) -> str:
    """Return a word, its digits raised if it is an exponent or the mark of a note: 1998 and note 2 are not 19982."""
    is_raised = word.size < 0.85 * main.size and word.baseline > main.baseline + 0.15 * main.size
    return word.text.translate(_RAISED) if is_raised else word.text


def _names_more(words: str, address: str) -> bool:
    """Whether a link says more than its words, and they can stand in brackets."""
    bare = re.sub(r"^https?://|/$", "", address.casefold())
    return re.sub(r"^https?://|/$", "", words.casefold()) != bare and not re.search(r"[\[\]]", words)
