"""Find the section that a question names: by its number (« la règle 4 », "release 2.9.1"), or as a series' newest.

A series is a document whose headings tell versions or dates, such as a changelog, or documents whose titles differ in
their dates alone, such as minutes. What else the question says must stand there as well; else it asks for something
else, and is searched as any other.
"""

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import NamedTuple

from index.dating import Day, day_in, day_of, version_in, without_dates
from index.schema import Chunk, Language, SearchHit
from index.text import fold, stems, words


class _Section(NamedTuple):
    """What stands under one heading of a document; under 0 headings, all of it."""

    chunk: Chunk  # a part of it
    depth: int  # how many headings of that chunk are above the section, its own among them


_EDITION = (
    r"(?:versions?|releases?|editions?|updates?|issues?|minutes|meetings?|newsletters?|announcements?|changes|changelog"
    r"|mises? a jour|numeros?|comptes?[- ]rendus?|proces[- ]verba(?:l|ux)|pv|reunions?|assemblees?(?: generales?)?"
    r"|bulletins?|annonces?|infolettres?|livraisons?|parutions?|changements)"
)
_NEWEST = re.compile(
    rf"\b(?:latest|newest|most recent|current|last|dernier|derniere|derniers|dernieres) (?:\w+ )?{_EDITION}\b"
    rf"|\b{_EDITION} (?:(?:la|le|les) plus recent(?:e|s|es)?|actuel(?:le|s|les)?|courante?s?)\b"
    r"|\bwhat ?(?:'?s|is) new\b|\bquoi de (?:neuf|nouveau)\b|\bnouveautes?\b"
)
_SAID = re.compile(
    rf"\b{_EDITION}\b|\b(?:chang\w*|add(?:s|ed)?|ajout\w*|apport\w*|nouveau\w*|nouvel\w*|new|neuf|c[ao]mes? out"
    r"|released?|sort(?:i\w*)?|parue?s?|publi\w*|contien\w*|contain\w*|includ\w*|compren\w*|dates?|dit|dis|says?|said|stipul\w*|prevoi\w*)\b"
)
"""What is asked of a section as a whole: these words need not stand in it."""

_KINDS = {
    "article": "article",
    "art": "article",
    "regle": "rule",
    "rule": "rule",
    "section": "section",
    "chapitre": "chapter",
    "chapter": "chapter",
    "etape": "step",
    "step": "step",
    "annexe": "appendix",
    "appendix": "appendix",
    "point": "point",
    "partie": "part",
    "part": "part",
    "lecon": "lesson",
    "lesson": "lesson",
}
_NUMBERED = re.compile(rf"\b({'|'.join(_KINDS)})s?\.? ?(?:n[o°]\.? ?|numero |number |# ?)?(\d+(?:\.\d+)*)\b")
_DOTTED = re.compile(r"\bv?\d+(?:\.\d+)+\b")
_OPENING_NUMBER = re.compile(r"\W*(\d+(?:\.\d+)*)\b")


def named_section(
    query: str,
    language: Language,
    hits: Sequence[SearchHit],
    document_of: Callable[[Chunk], Sequence[Chunk]],
    stand_for: Mapping[Language, Mapping[str, Collection[str]]],
) -> list[Chunk]:
    """Return the chunks of the section that a question names, in the order of the document; [] where it names none.

    Args:
        query: the question.
        language: of the question.
        hits: what was found, best first.
        document_of: returns the chunks of the document of a chunk, in order.
        stand_for: by language of a text, the stems that stand for each stem of the question in it.
    """
    asked = fold(query).replace("’", "'")
    if version := version_in(asked):
        chosen = _of_version(version, hits, document_of)
        rest = _DOTTED.sub(" ", asked)
    elif numbered := _NUMBERED.search(asked):
        sections = (_numbered(hit.chunk, _KINDS[numbered[1]], numbered[2]) for hit in hits)
        chosen = next(filter(None, sections), None)
        rest = asked.replace(numbered[0], " ")
    elif _NEWEST.search(asked):
        chosen = _newest(hits, document_of)
        rest = _NEWEST.sub(" ", asked)
    else:
        return []
    if chosen is None:
        return []
    chunk, above = chosen.chunk, chosen.chunk.headings[: chosen.depth]
    section = [other for other in document_of(chunk) if other.headings[: chosen.depth] == above]
    text = "\n".join([chunk.title, *(f"{other.path}\n{other.text}" for other in section)])
    found, groups = set(stems(text, chunk.language)), stand_for[chunk.language]
    wanted = stems(_SAID.sub(" ", rest), language)
    return section if all(not found.isdisjoint(groups.get(stem, (stem,))) for stem in wanted) else []


def _of_version(
    version: tuple[int, ...], hits: Sequence[SearchHit], document_of: Callable[[Chunk], Sequence[Chunk]]
) -> _Section | None:
    """Return the section of a version; where only its first numbers are told (2.9), of the newest of these."""
    for hit in hits:
        if _edition(hit.chunk):
            editions = _editions(document_of(hit.chunk))
            right = [(chunk, found) for chunk, found in editions if found.version[: len(version)] == version]
            if right:
                chunk, found = max(right, key=lambda pair: pair[1].version)
                return _Section(chunk, found.depth)
    return None


def _numbered(chunk: Chunk, kind: str, number: str) -> _Section | None:
    """Return the section with this number: after the word for what is counted, or where a heading above it has that."""
    above = fold(chunk.title)
    for depth, told in enumerate(map(fold, chunk.headings), start=1):
        if any(_KINDS[found[1]] == kind and found[2] == number for found in _NUMBERED.finditer(told)):
            return _Section(chunk, depth)
        opening = _OPENING_NUMBER.match(told)
        if opening and opening[1] == number and kind in {_KINDS.get(word.removesuffix("s")) for word in words(above)}:
            return _Section(chunk, depth)
        above = f"{above} {told}"
    return None


def _newest(hits: Sequence[SearchHit], document_of: Callable[[Chunk], Sequence[Chunk]]) -> _Section | None:
    """Return the newest section of the first document whose headings are a series, or of the first series of documents.

    Of versions without dates the highest is the newest.
    """
    for hit in hits:
        if _edition(hit.chunk):
            editions = _editions(document_of(hit.chunk))
            chunk, newest = max(editions, key=lambda pair: (pair[1].day, pair[1].version))
            if any((found.day, found.version) != (newest.day, newest.version) for _, found in editions):
                return _Section(chunk, newest.depth)
        elif series := _series(hit, hits):
            chunk = max((other.chunk for other in series), key=lambda chunk: _day(chunk) or Day(0))
            return _Section(chunk, len(chunk.headings))
    return None


def _series(hit: SearchHit, hits: Sequence[SearchHit]) -> list[SearchHit]:
    """Return the hits in documents with the title of this one, dates apart; [] where it is the only one."""
    title = without_dates(hit.chunk.title)
    series = [other for other in hits if _day(other.chunk) and without_dates(other.chunk.title) == title]
    return series if len({other.chunk.document_id for other in series}) > 1 else []


def _day(chunk: Chunk) -> Day | None:
    return day_in(chunk.title) or day_of(chunk)


class _Edition(NamedTuple):
    """The part of a document that is from one day, or about one version."""

    depth: int  # of its heading
    day: Day
    version: tuple[int, ...]


def _edition(chunk: Chunk) -> _Edition | None:
    """Return the edition that a chunk belongs to, by the outermost heading that tells a date or a version."""
    for depth, told in enumerate(chunk.headings, start=1):
        day, version = day_in(told), version_in(told)
        if day or version:
            return _Edition(depth, day or Day(0), version or ())
    return None


def _editions(chunks: Iterable[Chunk]) -> list[tuple[Chunk, _Edition]]:
    return [(chunk, found) for chunk in chunks if (found := _edition(chunk))]
