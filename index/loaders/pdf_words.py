"""The words of a PDF page and where each stands, without what the page hides.

PDFium tells characters in the order in which they were drawn. Here they become words, in upright coordinates: an accent
that was drawn as a sign of its own goes onto its letter, and a letter that the font does not tell becomes `UNTOLD`.
"""

import ctypes
import math
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

import pypdfium2
from pypdfium2 import raw

from index.loaders.pdf_painting import Box, Painting, luminance
from index.loaders.pdf_spelling import (
    ACCENT,
    BULLET,
    UNTOLD,
    composed,
    is_bullet,
    is_letter,
    is_usual,
    spelled,
)

MIN_SIZE = 1.0  # points; smaller text is not for readers
MIN_ALPHA = 12  # of 255
UNSEEN = 3  # text render mode: what OCR writes under the picture of a page
REACH = 3  # characters, spaces mostly, that may stand between an accent and its letter

_TOKEN = re.compile(r"[^\s\x02\ufffe]+[\x02\ufffe]?|[\x02\ufffe]")
_LINE = re.compile(r"[^\r\n]+")
_MERGED = "\u2060"  # in place of a sign that went onto its letter, so that indices stay right
_BOLD = re.compile(rb"bold|black|heavy|demi", re.IGNORECASE)
_MONO = re.compile(rb"mono|courier|cmtt|sftt|typewriter|consol", re.IGNORECASE)
_FIXED_PITCH = 1  # bit of the flags of a font


@dataclass(slots=True)
class Word:
    """Letters without a space between them; lengths are points, and y grows upwards."""

    text: str
    left: float
    right: float
    baseline: float
    size: float
    bold: bool
    mono: bool  # all letters of its font are of one width
    link: str = ""
    is_glued: bool = False  # no space before it


@dataclass(frozen=True, slots=True)
class PageWords:
    """What a page shows."""

    words: list[Word]
    aside: list[list[Word]]  # drawn in other directions than most, a list for each
    left_out: Counter[str]
    painting: Painting


class _Face(NamedTuple):
    bold: bool
    mono: bool


@dataclass(frozen=True, slots=True)
class _Run:
    """What the characters share that were drawn at once."""

    address: int
    size: float
    degrees: int  # of its direction, to the left of upright
    face: _Face
    luminance: float
    is_faint: bool
    is_unseen: bool
    is_untold: bool  # its font has no table of letters


def read_words(pdf: pypdfium2.PdfDocument, page: pypdfium2.PdfPage, textpage: pypdfium2.PdfTextPage) -> PageWords:
    """Return the words of a page, those of each direction in the order in which they were drawn."""
    painting = Painting(page)
    shown = Box(*page.get_bbox())
    links = list(_links(pdf, page))
    directions: dict[int, list[Word]] = {}
    left_out: Counter[str] = Counter()
    hidden = 0  # address of the run that was hidden last
    for run, word, x, y in _Characters(textpage).words():
        if reason := _hidden(run, x, y, shown, painting):
            left_out[reason] += run.address != hidden
            hidden = run.address
            continue
        word.link = next((address for box, address in links if box.holds(x, y)), "")
        directions.setdefault(run.degrees, []).append(word)
    upright = max(directions, key=lambda degrees: (degrees % 90 == 0, len(directions[degrees])), default=0)
    aside = [words for degrees, words in directions.items() if degrees != upright]
    return PageWords(directions.get(upright, []), aside, left_out, painting)


def _hidden(run: _Run, x: float, y: float, shown: Box, painting: Painting) -> str:
    """Return how to count a word that a reader of the page does not see; "" for one that he sees."""
    if not shown.holds(x, y):
        return "texts outside the page"
    if run.is_unseen and painting.is_on_picture(x, y):
        return ""
    is_hidden = run.is_unseen or run.is_faint or run.size <= MIN_SIZE
    return "hidden texts" if is_hidden or painting.hides(run.address, run.luminance, x, y) else ""


class _Characters:
    """The characters of a page, by the numbers that PDFium gives them."""

    def __init__(self, textpage: pypdfium2.PdfTextPage) -> None:
        self._handle = textpage.raw
        self._text = _text(textpage)
        self._faces: dict[int, _Face] = {}  # by the address of a font
        self._rectangle = raw.FS_RECTF()
        self._point = (ctypes.c_double(), ctypes.c_double())
        if ACCENT.search(self._text):
            self._put_accents_on_letters()

    def words(self) -> Iterator[tuple[_Run, Word, float, float]]:
        """Yield each word with its run, and the middle of it on the page."""
        run, end_before = None, -1
        for line in _LINE.finditer(self._text):
            is_one_run = 0 != self._address(line.start()) == self._address(line.end() - 1)
            for token in _TOKEN.finditer(self._text, *line.span()):
                for start, end in [token.span()] if is_one_run else self._pieces(*token.span()):
                    if run is None or not (is_one_run and start > line.start()):
                        run = self._run(start, run)
                    if text := self._spelled(run, start, end):
                        first, last = self._box(start), self._box(end - 1)
                        word = self._word(run, text, start, end, first, last)
                        word.is_glued = start == end_before
                        yield run, word, (first.left + last.right) / 2, (first.bottom + last.top) / 2
                    end_before = end

    def _pieces(self, start: int, end: int) -> Iterator[tuple[int, int]]:
        """Cut what stands between spaces where another run begins."""
        if self._address(start) == self._address(end - 1):
            yield start, end
            return
        addresses = [self._address(at) for at in range(start, end)]
        borders = [at for at in range(1, len(addresses)) if addresses[at] != addresses[at - 1]]
        yield from ((start + a, start + b) for a, b in zip([0, *borders], [*borders, end - start], strict=True))

    def _word(self, run: _Run, text: str, start: int, end: int, first: Box, last: Box) -> Word:
        x, y = self._origin(start)
        if not run.degrees:
            return Word(text, first.left, last.right, y, run.size, *run.face)
        end_x, end_y = self._origin(end - 1)
        if run.degrees % 90:
            advance = run.size / 2  # about: the box of a letter that leans says little
        else:
            advance = last.right - last.left if run.degrees == 180 else last.top - last.bottom
        cosine, sine = math.cos(math.radians(run.degrees)), math.sin(math.radians(run.degrees))
        right = end_x * cosine + end_y * sine + advance
        return Word(text, x * cosine + y * sine, right, y * cosine - x * sine, run.size, *run.face)

    def _spelled(self, run: _Run, start: int, end: int) -> str:
        """Return the letters as they are written, `UNTOLD` for those that the font does not tell."""
        text = self._text[start:end]
        if text.isascii() and text.isprintable() and not run.is_untold:
            return text
        if is_bullet(text):
            return BULLET
        if text[-1] in "\x02\ufffe" and raw.FPDFText_IsHyphen(self._handle, end - 1):
            text = text[:-1] + "-"
        told = (UNTOLD if self._is_untold(run, sign, start + at) else sign for at, sign in enumerate(text))
        return spelled("".join(told))

    def _is_untold(self, run: _Run, sign: str, at: int) -> bool:
        if not is_letter(sign):
            return True
        return (run.is_untold or not is_usual(sign)) and raw.FPDFText_HasUnicodeMapError(self._handle, at) == 1

    def _put_accents_on_letters(self) -> None:
        """Put each accent that was drawn as a sign of its own onto the letter that it stands over."""
        signs = list(self._text)
        for found in ACCENT.finditer(self._text):
            at = found.start()
            box = self._ink(at)
            middle = (box.left + box.right) / 2
            for letter in (self._beside(at, 1), self._beside(at, -1)):
                if letter is None or not self._ink(letter).left <= middle <= self._ink(letter).right:
                    continue
                if whole := composed(signs[letter], found[0]):
                    for between in range(min(at, letter), max(at, letter) + 1):
                        signs[between] = _MERGED
                    signs[letter] = whole
                    break
        self._text = "".join(signs)

    def _beside(self, at: int, step: int) -> int | None:
        """Return the letter after an accent (step 1) or before it (-1)."""
        for place in range(at + step, at + step * (REACH + 1), step):
            if not 0 <= place < len(self._text):
                return None
            if not self._text[place].isspace():
                return place if self._text[place].isalpha() else None
        return None

    def _run(self, at: int, before: _Run | None) -> _Run:
        """Return the run of a character; the one before it, if it is the same."""
        drawn = raw.FPDFText_GetTextObject(self._handle, at)
        address = ctypes.addressof(drawn.contents) if drawn else 0
        if before is not None and address == before.address:
            return before
        matrix = raw.FS_MATRIX()
        raw.FPDFText_GetMatrix(self._handle, at, matrix)
        mode = raw.FPDFTextObj_GetTextRenderMode(drawn)
        is_outline = mode == raw.FPDF_TEXTRENDERMODE_STROKE
        colour = [ctypes.c_uint() for _ in range(4)]
        (raw.FPDFText_GetStrokeColor if is_outline else raw.FPDFText_GetFillColor)(self._handle, at, *colour)
        red, green, blue, alpha = (channel.value for channel in colour)
        return _Run(
            address,
            size=abs(raw.FPDFText_GetFontSize(self._handle, at)) * math.hypot(matrix.c, matrix.d),
            degrees=round(math.degrees(math.atan2(matrix.b, matrix.a))) % 360,
            face=self._face(raw.FPDFTextObj_GetFont(drawn)),
            luminance=luminance(red, green, blue),
            is_faint=alpha < MIN_ALPHA,
            is_unseen=mode == UNSEEN,
            is_untold=raw.FPDFText_HasUnicodeMapError(self._handle, at) == 1,
        )

    def _face(self, font: Any) -> _Face:
        address = ctypes.addressof(font.contents) if font else 0
        if address not in self._faces:
            name = ctypes.create_string_buffer(200)
            raw.FPDFFont_GetBaseFontName(font, name, len(name))
            is_fixed = raw.FPDFFont_GetFlags(font) & _FIXED_PITCH == 1 or _MONO.search(name.value) is not None
            self._faces[address] = _Face(_BOLD.search(name.value) is not None, is_fixed)
        return self._faces[address]

    def _address(self, at: int) -> int:
        drawn = raw.FPDFText_GetTextObject(self._handle, at)
        return ctypes.addressof(drawn.contents) if drawn else 0

    def _origin(self, at: int) -> tuple[float, float]:
        x, y = self._point
        raw.FPDFText_GetCharOrigin(self._handle, at, x, y)
        return x.value, y.value

    def _box(self, at: int) -> Box:
        """Return the box that a character takes in its line."""
        box = self._rectangle
        raw.FPDFText_GetLooseCharBox(self._handle, at, box)
        return Box(box.left, box.bottom, box.right, box.top)

    def _ink(self, at: int) -> Box:
        """Return the box of what is drawn of a character."""
        left, right, bottom, top = (ctypes.c_double() for _ in range(4))
        raw.FPDFText_GetCharBox(self._handle, at, left, right, bottom, top)
        return Box(left.value, bottom.value, right.value, top.value)


def _text(textpage: pypdfium2.PdfTextPage) -> str:
    """Return the text of a page, one character for each that PDFium counts."""
    count = textpage.count_chars()
    text: str = textpage.get_text_range(errors="replace")
    if len(text) == count:
        return text
    codes = (raw.FPDFText_GetUnicode(textpage, at) for at in range(count))
    return "".join(chr(code) if code <= 0x10FFFF else UNTOLD for code in codes)


def _links(pdf: pypdfium2.PdfDocument, page: pypdfium2.PdfPage) -> Iterator[tuple[Box, str]]:
    """Yield the boxes that lead to web pages, and their addresses."""
    at, link = ctypes.c_int(), raw.FPDF_LINK()
    while raw.FPDFLink_Enumerate(page, at, link):
        action = raw.FPDFLink_GetAction(link)
        size = raw.FPDFAction_GetURIPath(pdf, action, None, 0) if action else 0
        box = raw.FS_RECTF()
        if size > 1 and raw.FPDFLink_GetAnnotRect(link, box):
            written = ctypes.create_string_buffer(size)
            raw.FPDFAction_GetURIPath(pdf, action, written, size)
            address = written.value.decode("utf-8", "replace").strip().replace(" ", "%20")
            if re.fullmatch(r"https?://[^\s<>\[\]]+", address, re.IGNORECASE):
                yield (
                    Box(box.left, box.bottom, box.right, box.top),
                    address.replace("(", "%28").replace(")", "%29"),
                )
