"""Leave out what a PDF prints for turning its pages: running heads and feet, page numbers, tables of contents."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import NamedTuple

from index.loaders.pdf_lines import LEADERS, Line

RUNNING = 4
"""Pages that the same line opens or ends, but for its numbers, before it is taken for a running head or foot; the head
of a short chapter comes no oftener, and three pages of a form may well begin alike."""

MIN_ENTRIES = 3  # lines that lead to a page, before they are taken for a table of contents that has no title

_DIGITS = re.compile(r"\d+")
_ROMAN = r"(?=[ivxl])(?:xc|xl|l?x{0,3})(?:ix|iv|v?i{0,3})"  # to 99
_PAGE_NUMBER = re.compile(r"\W*(?:page|p\.)?\W*\d{1,5}(?:\s*(?:/|de|of|sur|-)\s*\d{1,5})?\W*", re.IGNORECASE)
_ROMAN_NUMBER = re.compile(rf"[-–—\s]*{_ROMAN}[-–—\s]*", re.IGNORECASE)
_BARE = re.compile(r"\w+\W?")
_NUMBER_AT_END = re.compile(rf"(?:\d{{1,4}}|\b{_ROMAN})$")
_CONTENTS = re.compile(
    r"(?:table\s+des\s+mati[èe]res|sommaire|(?:table\s+of\s+)?contents|plan\s+du\s+document)\W*", re.IGNORECASE
)
_NUMBERING = re.compile(r"\d{1,2}(?:\.\d{1,2})*[.)]?(?=\s)")


@dataclass(slots=True)
class Body:
    """The pages without their furniture."""

    pages: list[list[Line]]
    titles: dict[str, int] = field(default_factory=dict)  # of a table of contents, by `key`, and the depth of each
    left_out: Counter[str] = field(default_factory=Counter)


class _Entry(NamedTuple):
    """A line that ends with a number, such as "2. Prix ........ 12"."""

    title: str
    page: str
    has_leaders: bool


def without_furniture(pages: Sequence[list[Line]]) -> Body:
    """Return the pages without running lines, page numbers and tables of contents."""
    body = Body([])
    known = {key(line.words) for page in pages for line in page}
    for page, kept in zip(pages, _without_running_lines(pages), strict=True):
        body.left_out["running lines"] += len(page) - len(kept)
        body.pages.append(_without_contents(kept, known, body))
    return body


def key(title: str) -> str:
    """Return the words of a title as they are compared."""
    return " ".join(re.findall(r"\w+", title.casefold()))


def same(text: str) -> str:
    """Return a line without what changes from page to page."""
    return _DIGITS.sub("0", text.casefold())


def is_page_number(text: str) -> bool:
    """Whether a line says no more than the number of its page."""
    return len(text) < 40 and bool(_PAGE_NUMBER.fullmatch(text) or _ROMAN_NUMBER.fullmatch(text))


def _without_running_lines(pages: Sequence[list[Line]]) -> list[list[Line]]:
    """Leave out page numbers, and the lines that open or end several pages, if anything is left.

    A line with the number of its page is one of them, whatever else it says: « Chapitre 2 : la vis   14 ».
    """
    outer = [_outer(page) for page in pages]
    counts = Counter(mark for page, at in zip(pages, outer, strict=True) for mark in {_mark(page[n]) for n in at})
    steps = Counter(step for page in pages for line in _outmost(page) for step in _steps(line))
    kept = []
    for page, places in zip(pages, outer, strict=True):
        running = {n for n in places if counts[_mark(page[n])] >= RUNNING}
        running |= {
            at
            for at in {0, len(page) - 1}
            if page and (_is_folio(page, at) or any(steps[step] >= RUNNING for step in _steps(page[at])))
        }
        kept.append([line for at, line in enumerate(page) if at not in running] or page)
        for line, beside in _apart(kept[-1]):
            if counts[_mark(line)] > 1 and line.size <= beside.size:
                line.is_aside = True  # too rare to be left out, but no part of a sentence that goes on over the page
    return kept


def _is_folio(page: Sequence[Line], at: int) -> bool:
    """Whether a line is the number of its page; a bare number may end a sentence, unless a blank line parts it."""
    line, beside = page[at], page[1 if at == 0 else -2] if len(page) > 1 else None
    is_apart = beside is None or abs(line.baseline - beside.baseline) > 1.5 * beside.size
    return is_page_number(line.words) and (is_apart or not _BARE.fullmatch(line.words))


def _apart(page: Sequence[Line]) -> list[tuple[Line, Line]]:
    """Return the first and the last line of a page where a blank line parts them from the others, with the next one."""
    ends = [(page[0], page[1]), (page[-1], page[-2])] if len(page) > 2 else []
    return [(line, beside) for line, beside in ends if abs(line.baseline - beside.baseline) > 1.8 * beside.size]


def _mark(line: Line) -> tuple[str, float]:
    """Return what running lines share; the title of a document is larger than the head that repeats it."""
    return same(line.words), line.size


def _outer(page: Sequence[Line]) -> set[int]:
    """Return the places of the lines that may be printed on every page."""
    return {at for at, line in enumerate(page) if at < 2 or at >= len(page) - 2 or line.is_aside}


def _outmost(page: Sequence[Line]) -> Sequence[Line]:
    return (page[0], page[-1]) if len(page) > 1 else ()


def _steps(line: Line) -> set[int]:
    """Return how far the numbers that open and end a line are from the number of its page in the file."""
    numbers = re.findall(r"^\d{1,4}(?=\s)|(?<=\s)\d{1,4}$", line.words)
    return {int(number) - line.page for number in numbers}


def _without_contents(page: list[Line], known: set[str], body: Body) -> list[Line]:
    """Leave out the lines of a table of contents, and keep its titles."""
    entries = {at: entry for at, line in enumerate(page) if (entry := _entry(line.words))}
    dropped: set[int] = set()
    for stretch in _stretches(page, entries):
        found = [entries[at] for at in stretch if at in entries]
        if _CONTENTS.fullmatch(page[stretch[0]].words) or _lead_to_pages(found, known):
            dropped.update(stretch)
            body.titles.update((key(entry.title), _depth(entry.title)) for entry in found)
    body.left_out["lines of a table of contents"] += len(dropped)
    return [line for at, line in enumerate(page) if at not in dropped]


def _entry(text: str) -> _Entry | None:
    number = _NUMBER_AT_END.search(text)
    before = text[: number.start()] if number else ""
    title = before.rstrip(LEADERS)
    if number is None or title == before or not re.search(r"[^\W\d_]", title):
        return None
    return _Entry(title, number[0], "…" in before[len(title) :])


def _stretches(page: Sequence[Line], entries: Mapping[int, _Entry]) -> list[range]:
    """Return where entries follow each other, with the title above them; an entry may take two lines."""
    stretches: list[range] = []
    for at in entries:
        above = stretches[-1].stop if stretches else 0
        if stretches and at - above <= 1:
            stretches[-1] = range(stretches[-1].start, at + 1)
        else:
            start = next(
                (n for n in range(at - 1, max(at - 3, above - 1), -1) if _CONTENTS.fullmatch(page[n].words)), at
            )
            stretches.append(range(start, at + 1))
    return stretches


def _lead_to_pages(entries: Sequence[_Entry], known: set[str]) -> bool:
    """Whether lines that end with numbers name what stands on these pages: a list of prices does not."""
    numbers = [int(entry.page) for entry in entries if entry.page.isdigit()]
    return (
        len(entries) >= MIN_ENTRIES
        and all(a <= b for a, b in pairwise(numbers))
        and 2 * sum(entry.has_leaders for entry in entries) >= len(entries)
        and 2 * sum(key(entry.title) in known for entry in entries) >= len(entries)
    )


def _depth(title: str) -> int:
    """Return how deep an entry is numbered: 1 for "2. Prix", 2 for "2.1 Prix"."""
    numbering = _NUMBERING.match(title)
    return len(_DIGITS.findall(numbering[0])) if numbering else 1
