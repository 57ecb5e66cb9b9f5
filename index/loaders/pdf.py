"""Read a PDF: its pages as a person reads them, columns one after the other, without what they hide or repeat."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice

import pypdfium2
from pypdfium2 import PdfiumError

from index.loaders.loaded import MAX_TEXT, Fault, Item, Loaded, UnreadableError
from index.loaders.pdf_blocks import read_blocks
from index.loaders.pdf_columns import lines_of
from index.loaders.pdf_furniture import is_page_number, key, same, without_furniture
from index.loaders.pdf_lines import Line, lines_of_text
from index.loaders.pdf_words import read_words

MAX_PAGES = 5_000
"""As many characters as `MAX_TEXT` at 2,000 a page."""

MAX_PLACED = 3_000_000
"""Characters of a file that are read with their places. What comes after them is read line by line, without columns:
10 million characters would take longer than the 30 s that a file may."""

MAX_STAMP = 120  # characters that a scanner may print on the picture of a page

_WRONG_PASSWORD = 4  # FPDF_ERR_PASSWORD
_JUNK_TITLE = re.compile(
    r"untitled|sans titre|microsoft word|\(?(?:anonymous|unspecified)\)?$|document\d*$"
    r"|.*\.(?:docx?|odt|pdf|indd|qxd|tex|dvi|pptx?|xlsx?|rtf|txt)$",
    re.IGNORECASE,
)
_SCANNER = re.compile(r"scan|numéris", re.IGNORECASE)
_SCANNED = "holds no text: a scan must go through OCR first"


@dataclass(slots=True)
class _Page:
    """A page as it was read."""

    number: int  # from 1
    lines: list[Line] = field(default_factory=list)
    length: int = 0  # characters
    left_out: Counter[str] = field(default_factory=Counter)
    is_damaged: bool = False
    is_pictured: bool = False  # a picture takes most of it
    shows_more: bool = False  # than text


def load(data: bytes) -> list[Item]:
    """Return the one text of the file, and the pages that could not be read.

    Raises:
        UnreadableError: it is encrypted, damaged, too long, or holds no text that can be read.
    """
    try:
        pdf = pypdfium2.PdfDocument(data)
    except PdfiumError as error:
        if error.err_code == _WRONG_PASSWORD:
            raise UnreadableError("is encrypted: save it without a password") from error
        raise UnreadableError("is damaged or is not a PDF") from error
    with pdf:
        if len(pdf) > MAX_PAGES:
            raise UnreadableError(f"has {len(pdf):,} pages, more than the {MAX_PAGES:,} that are read: split it")
        pages = list(_read_pages(pdf))
        title = " ".join(pdf.get_metadata_value("Title").split())
        outline = {key(mark.get_title()): mark.level + 1 for mark in islice(pdf.get_toc(max_depth=6), MAX_PAGES)}
    _drop_stamps(pages)
    body = without_furniture([page.lines for page in pages])
    blocks, untold = read_blocks(body.pages, body.titles | outline)
    faults = [Fault(page.number, f"page {page.number} is damaged") for page in pages if page.is_damaged]
    if not blocks:
        raise UnreadableError(_untold(untold) if untold else faults[0].reason if faults else _SCANNED)
    faults += [Fault(numbers[0], _textless(numbers)) for numbers in _runs(pages)]
    if untold:
        faults.append(Fault(untold[0], _untold(untold)))
    left_out = sum((page.left_out for page in pages), body.left_out)
    return [
        Loaded(
            tuple(blocks),
            None if not title or _JUNK_TITLE.match(title) else title,
            left_out=dict(+left_out),
        ),
        *sorted(faults, key=lambda fault: fault.place),
    ]


def _read_pages(pdf: pypdfium2.PdfDocument) -> Iterator[_Page]:
    """Yield the pages, without lines where they cannot be read."""
    length = 0
    for number in range(1, len(pdf) + 1):
        try:
            page = _read_page(pdf, number, is_placed=length < MAX_PLACED)
        except PdfiumError:
            page = _Page(number, is_damaged=True)
        length += page.length
        if length > MAX_TEXT:
            raise UnreadableError(f"holds more than {MAX_TEXT:,} characters: split it")
        yield page


def _read_page(pdf: pypdfium2.PdfDocument, number: int, is_placed: bool) -> _Page:
    page = pdf[number - 1]
    textpage = page.get_textpage()
    try:
        length = textpage.count_chars()
        if not is_placed:
            return _Page(number, lines_of_text(textpage.get_text_bounded(), number), length)
        found = read_words(pdf, page, textpage)
        lines = lines_of(found.words, number)
        for words in found.aside:
            for line in lines_of(words, number):
                line.is_aside = True
                lines.append(line)
        painting = found.painting
        return _Page(
            number,
            lines,
            length,
            found.left_out,
            is_pictured=painting.pictured > 0.5,
            shows_more=not painting.is_blank,
        )
    finally:
        textpage.close()
        page.close()


def _drop_stamps(pages: Sequence[_Page]) -> None:
    """Drop what a scanner printed on the pictures of pages: the same line on each, or its own name."""
    counts = Counter(text for page in pages for text in {same(line.words) for line in page.lines})
    for page in pages:
        if page.is_pictured and sum(len(line.words) for line in page.lines) <= MAX_STAMP:
            kept = [line for line in page.lines if not _is_stamp(line.words, counts[same(line.words)])]
            page.left_out["stamps"] += len(page.lines) - len(kept)
            page.lines = kept


def _is_stamp(text: str, pages: int) -> bool:
    return pages > 1 or is_page_number(text) or bool(_SCANNER.search(text))


def _runs(pages: Sequence[_Page]) -> list[list[int]]:
    """Return the numbers of the pages that show something but hold no text, those together that follow each other."""
    runs: list[list[int]] = []
    for page in pages:
        if not page.lines and page.shows_more:
            if runs and runs[-1][-1] == page.number - 1:
                runs[-1].append(page.number)
            else:
                runs.append([page.number])
    return runs


def _textless(numbers: Sequence[int]) -> str:
    if len(numbers) == 1:
        return f"page {numbers[0]} holds no text: what it shows must go through OCR first"
    return f"pages {numbers[0]} to {numbers[-1]} hold no text: what they show must go through OCR first"


def _untold(pages: Sequence[int]) -> str:
    """Say where letters are missing.

    Args:
        pages: of each passage that is left out.
    """
    numbers = list(dict.fromkeys(pages))
    named = ", ".join(map(str, numbers[:5])) + (f" and {len(numbers) - 5} more" if len(numbers) > 5 else "")
    where = f"page{'s' if len(numbers) > 1 else ''} {named}"
    return f"has letters that the font does not tell on {where}: save it again from its source, or put it through OCR"
