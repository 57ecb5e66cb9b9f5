"""Read the text of a PDF, without the running heads and feet of its pages."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence

import pypdfium2
from pypdfium2 import PdfiumError

from index.loaders.loaded import MAX_TEXT, Fault, Item, Loaded, UnreadableError
from index.loaders.sections import page_section
from index.schema import Section

MAX_PAGES = 5_000
"""At 2,000 characters a page that is `MAX_TEXT`, and 4 s of work."""

RUNNING = 4
"""Pages that begin or end with the same line, its numbers apart, before it is taken for a running head or foot. More
would miss the head of a short chapter, fewer would cut what three pages of a form have in common."""

_WRONG_PASSWORD = 4  # FPDF_ERR_PASSWORD
_HYPHEN_AT_LINE_END = re.compile(r"[\x02\ufffe](?=(\w?))")  # PDFium's mark where it joins a divided word
_NOISE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ufffe\uffff]")
_LIGATURES = str.maketrans({"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "ft", "ﬆ": "st"})
_DIGITS = re.compile(r"\d+")
_PAGE_NUMBER = re.compile(r"\W*(?:page|p\.)?\W*\d{1,5}(?:\s*(?:/|de|of|sur|-)\s*\d{1,5})?\W*", re.IGNORECASE)
_ENDS_SENTENCE = re.compile(r"[.!?…:»”)]\W*$")
_OPENS_BLOCK = re.compile(r"[-–—•*▪◦]\s|\d{1,3}[.)]\s")
_JUNK_TITLE = re.compile(
    r"untitled|sans titre|microsoft word|.*\.(?:docx?|odt|pdf|indd|qxd|tex|dvi|pptx?|xlsx?|rtf|txt)$", re.IGNORECASE
)


def load(data: bytes) -> list[Item]:
    """Return the text of the file, and the pages that could not be read.

    Raises:
        UnreadableError: it is encrypted, damaged, too long or holds no text.
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
        pages, faults = _read_pages(pdf)
        title = " ".join(pdf.get_metadata_value("Title").split())
    text, sections = _join(_without_running_lines(pages))
    if not text:
        raise UnreadableError(faults[0].reason if faults else "holds no text: a scan must go through OCR first")
    return [Loaded(text, None if not title or _JUNK_TITLE.match(title) else title, sections=sections), *faults]


def _read_pages(pdf: pypdfium2.PdfDocument) -> tuple[list[list[str]], list[Fault]]:
    """Return the lines of each page, none if it cannot be read, and the faults."""
    pages: list[list[str]] = []
    faults: list[Fault] = []
    length = 0
    for number in range(1, len(pdf) + 1):
        try:
            page = pdf[number - 1]
            textpage = page.get_textpage()
            text = textpage.get_text_bounded()
            textpage.close()
            page.close()
        except PdfiumError:
            faults.append(Fault(number, f"page {number} is damaged"))
            text = ""
        length += len(text)
        if length > MAX_TEXT:
            raise UnreadableError(f"holds more than {MAX_TEXT:,} characters: split it")
        pages.append(_clean(text))
    return pages, faults


def _clean(text: str) -> list[str]:
    """Return the lines that are not blank, with divided words joined; Trois-Rivières keeps its hyphen."""
    text = _HYPHEN_AT_LINE_END.sub(lambda found: "-" if found[1].isupper() else "", text)
    lines = (line.strip() for line in _NOISE.sub("", text.replace("\r", "\n").translate(_LIGATURES)).split("\n"))
    return [line for line in lines if line]


def _without_running_lines(pages: Sequence[list[str]]) -> list[list[str]]:
    """Return the pages without page numbers and running lines, unless nothing would be left of a page."""

    def ends(page: list[str]) -> set[str]:
        return {_DIGITS.sub("0", line) for line in (*page[:2], *page[-2:])}

    counts = Counter(line for page in pages for line in ends(page))
    running = {line for line, count in counts.items() if count >= RUNNING}

    def kept(page: list[str]) -> Iterator[str]:
        for position, line in enumerate(page):
            is_outer, is_outmost = position < 2 or position >= len(page) - 2, position in (0, len(page) - 1)
            if is_outer and _DIGITS.sub("0", line) in running:
                continue
            if not (is_outmost and len(line) < 40 and _PAGE_NUMBER.fullmatch(line)):
                yield line

    return [list(kept(page)) or page for page in pages]


def _join(pages: Sequence[list[str]]) -> tuple[str, tuple[Section, ...]]:
    """Return one text, in which a sentence may run on to the next page, and a section for each page."""
    parts: list[str] = []
    sections: list[Section] = []
    length, before = 0, ""
    for number, lines in enumerate(pages, start=1):
        width = max(map(len, lines), default=0)
        for position, line in enumerate(lines):
            if before:
                goes_on = line[:1].islower() if position == 0 else not _ends_block(before, line, width)
                parts.append("\n" if goes_on else "\n\n")
                length += len(parts[-1])
            if position == 0:
                sections.append(page_section(length, number))
            parts.append(line)
            length, before = length + len(line), line
    return "".join(parts), tuple(sections)


def _ends_block(line: str, following: str, width: int) -> bool:
    """Whether a paragraph or a heading ends with this line: a PDF has nothing but lines, so a short one is a sign."""
    if _OPENS_BLOCK.match(following):
        return True
    if _ENDS_SENTENCE.search(line):
        return len(line) < 0.8 * width
    return len(line) < 0.6 * width and not following[:1].islower()
