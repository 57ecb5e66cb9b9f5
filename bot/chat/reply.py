"""Read what a chat model wrote: make it fit to show, then find what it claims and which passages it rests on.

    what the model wrote ─sanitise─▶ text ─read_reply─▶ Reply

The checks and the citations both work on this `Reply`, so that what was checked is what is shown.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.chat.code import BLANKED, Copied, code_in, copied_in, outside_code, plain_fence, without_code
from bot.chat.orders import Parted, part_orders
from bot.chat.passages import Given
from bot.chat.prompts import MARKER
from index.schema import Language
from index.sentences import split_sentences
from index.text import INVISIBLE

_THOUGHT = re.compile(r"<think(?:ing)?>.*?(?:</think(?:ing)?>|\Z)", re.DOTALL | re.IGNORECASE)
"""What some models on one's own machine write before the reply; their servers may pass it on."""

_UNSEEN = re.compile(rf"{INVISIBLE.pattern}|[\r\u2028\u2029\ufe0f]")  # and other line ends, and the colour of emoji
_LIST = re.compile(r"\[(\d+(?:\s*[,;]\s*\d+)+)\]")
_LINE_START = re.compile(r"^[ \t]*(?:>[ \t]*)+", re.MULTILINE)  # would look like a quote under the answer
_BLANK_LINES = re.compile(r"\s*\n\s*")

_NO_LINK = r"\s()<>\[\]«»“”\""  # ends a link wherever it stands
_HOST = rf"[^{_NO_LINK}/?#'’]*+"
LINK = re.compile(
    rf"(?:(?<![a-z0-9+.-])[a-z0-9+.-]{{2,}}+:/+(?:[^{_NO_LINK}/?#@]*@)?(?:www\.)*(?P<host>{_HOST})"
    rf"|\b(?:mailto:|www\.)+(?P<rest>{_HOST})"
    r"|\b(?P<bare>(?:[a-z0-9-]++\.)+[a-z]{2,})(?=/))"
    rf"(?:[^{_NO_LINK}]*(?<![.,;:!?…]))?",
    re.IGNORECASE,
)
"""What a terminal or Discord may make a link of: an address with its scheme, with www., or a domain with a path."""

QUOTED = re.compile(
    r"«([^«»]*)»"
    r"|“([^“”]*)”"
    r'|"([^"]*)"'
    r"|‘((?:[^‘’]|’(?=\w))*)’(?!\w)"  # an apostrophe stands between letters
    r"|(?<![\w'])'((?=\S)(?:[^'\n]|'(?=\w))*)'(?!\w)"
)
"""Text between quotation marks, in the one group that matched; a quotation inside another belongs to it."""

_END_MARKS = ".!?…"
_LEADING_MARKERS = re.compile(rf"(?:\s*{MARKER.pattern})+[.,;]?")


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a passage may be cited for."""

    text: str  # its title, its date and its text, without orders to a model
    language: Language


@dataclass(frozen=True, slots=True)
class Marker:
    """A marker `[number]` at `reply.text[start:end]`; what looks like one inside a quotation or code is none."""

    number: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Claim:
    """A sentence of a reply, at `reply.text[start:end]`, and what it rests on."""

    start: int
    end: int  # after the markers that follow its full stop
    text: str  # in the reply's own words: without its markers, its code and what it quotes
    quotes: tuple[str, ...]
    copied: tuple[Copied, ...]  # code and what looks like a command, also what follows it up to the next sentence
    markers: tuple[Marker, ...]
    passages: tuple[int, ...]  # that its markers name, each once; without a marker, all that the reply cites


@dataclass(frozen=True, slots=True)
class Reply:
    """A reply and what the model was given."""

    text: str
    prose: str  # the same, with blanks for its code
    claims: tuple[Claim, ...]  # in the order of the text
    evidence: Mapping[int, Evidence]  # of each passage that a marker names, by its number
    size: int  # passages that could be cited
    question: str  # without orders to a model
    orders: tuple[str, ...]  # to a model, in the passages and in the question
    language: Language  # that the reply should be in

    @property
    def markers(self) -> tuple[Marker, ...]:
        """All the markers, in the order of the text."""
        return tuple(marker for claim in self.claims for marker in claim.markers)


def clean(text: str) -> str:
    """Return what a model meant to be read: no thoughts, nothing invisible, no blank lines, and [1][3] for [1, 3].

    Code keeps its lines, its brackets and what stands before them, less the indentation of its fence.
    """
    shown = _THOUGHT.sub("", _UNSEEN.sub("", text))
    parts, at = [], 0
    for code in (code for code in code_in(shown) if code.is_block):
        parts += [_tidy(shown[at : code.start]), plain_fence(shown[code.start : code.end])]
        at = code.end
    return "\n".join(filter(None, [*parts, _tidy(shown[at:])]))


def _tidy(prose: str) -> str:
    listed = outside_code(prose, lambda own: _LIST.sub(_one_by_one, own))
    return _BLANK_LINES.sub("\n", _LINE_START.sub("", listed)).strip()


def _one_by_one(listed: re.Match[str]) -> str:
    return "".join(f"[{n}]" for n in re.findall(r"\d+", listed[1]))


def without_links(text: str) -> str:
    """Return `text` with the name of its site for each link, so that nothing in it can be clicked."""
    while LINK.search(text):  # a name may be a link again: that of www.https:www.site.example
        text = LINK.sub(lambda link: link["host"] or link["rest"] or link["bare"] or "", text)
    return text


def sanitise(text: str) -> str:
    """Return a reply as it is shown if it passes the checks.

    A link inside a quotation becomes the name of its site, and a domain loses its path wherever it stands but in code.
    Other links in the reply's own words are left for the checks to refuse.
    """
    return outside_code(clean(text), _without_quoted_links)


def _without_quoted_links(own: str) -> str:
    unlinked = QUOTED.sub(lambda found: found[0][0] + without_links(found[0][1:-1]) + found[0][-1], own)
    return LINK.sub(lambda link: link["bare"] or link[0], unlinked)


def read_reply(text: str, passages: Sequence[Given], question: str, language: Language) -> Reply:
    """Part a reply into claims; a marker that names no passage is left for its check to report.

    Args:
        text: sanitised, with a marker such as [2] after what it takes from a passage.
        passages: what the model was given, in the order of the markers: [1] names the first.
        question: what was asked, as the model was given it.
        language: that the reply should be in.
    """
    prose = without_code(text, code_in(text))
    blanked = QUOTED.sub(_blank, prose)
    quotations = list(QUOTED.finditer(prose))
    copied = copied_in(text)
    markers = [Marker(int(found[1]), *found.span()) for found in MARKER.finditer(blanked)]
    cited = _named(markers, len(passages))
    claims = []
    sentences = _sentences(blanked)
    begins = [0, *(start for start, _ in sentences[1:]), len(text) + 1]
    for number, (start, end) in enumerate(sentences):
        own = [marker for marker in markers if start <= marker.start < end]
        claims.append(
            Claim(
                start=start,
                end=end,
                text=BLANKED.sub(" ", MARKER.sub(" ", QUOTED.sub(" ", blanked[start:end]))),
                quotes=tuple(_inside(found, text) for found in quotations if start <= found.start() < end),
                copied=tuple(one for one in copied if begins[number] <= one.start < begins[number + 1]),
                markers=tuple(own),
                passages=_named(own, len(passages)) or cited,
            )
        )
    parted = [_part(passage) for passage in passages]
    asked = part_orders(question)
    return Reply(
        text=text,
        prose=prose,
        claims=tuple(claims),
        evidence={n: Evidence(parted[n - 1].said, passages[n - 1].language) for n in cited},
        size=len(passages),
        question=asked.said,
        orders=tuple(found.orders for found in (*parted, asked) if found.orders),
        language=language,
    )


def _part(passage: Given) -> Parted:
    """Part the title, the date and the text of a passage."""
    return part_orders("\n\n".join(filter(None, (passage.title, passage.date, passage.text))))


def _inside(quotation: re.Match[str], text: str) -> str:
    start, end = quotation.span(quotation.lastindex or 0)
    return text[start:end]


def _blank(quotation: re.Match[str]) -> str:
    """Return as many characters, blank but for the quotation marks and an end mark, which may end the sentence too."""
    opening, inside, closing = quotation[0][0], quotation[0][1:-1], quotation[0][-1]
    last = len(inside.rstrip()) - 1
    kept = "".join(c if at == last and c in _END_MARKS else "\u00a0" for at, c in enumerate(inside))
    return opening + kept + closing


def _named(markers: Sequence[Marker], passages: int) -> tuple[int, ...]:
    """Return the numbers of the passages that markers name, each once."""
    return tuple(number for number in dict.fromkeys(m.number for m in markers) if 1 <= number <= passages)


def _sentences(text: str) -> list[tuple[int, int]]:
    """Return the ranges of the sentences; the markers that open one belong to the sentence before."""
    ranges: list[tuple[int, int]] = []
    for start, end in split_sentences(text):
        opening = _LEADING_MARKERS.match(text, start, end) if ranges else None
        begins = opening.end() if opening else start
        if opening:
            ranges[-1] = (ranges[-1][0], begins)
        if text[begins:end].strip():
            ranges.append((begins, end))
    return ranges
