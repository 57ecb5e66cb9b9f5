"""A chat model's reply, read: its sentences, what each quotes, and the passages that each rests on."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.chat.checks.orders import Parted, part_orders
from index.schema import Chunk, Language
from index.sentences import split_sentences

_MARKER = re.compile(r"\[(\d{1,9}(?:[^\S\n]?[,;][^\S\n]?\d{1,9})*)\]")  # [2], [1, 3]
QUOTED = re.compile(
    r"«([^«»]*)»"
    r"|“([^“”]*)”"
    r'|"([^"]*)"'
    r"|‘((?:[^‘’]|’(?=\w))*)’(?!\w)"  # an apostrophe stands between letters
    r"|(?<![\w'])'((?=\S)(?:[^'\n]|'(?=\w))*)'(?!\w)"
)
"""Text between quotation marks, in the one group that matched; a quotation inside another belongs to it."""

_END_MARKS = ".!?…"


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a passage may be cited for."""

    text: str  # its title, its date and its text, without what orders a model about
    language: Language


@dataclass(frozen=True, slots=True)
class Claim:
    """A sentence of a reply, and what it rests on."""

    text: str  # in the reply's own words: what it quotes is blanked out, its markers too
    quotes: tuple[str, ...]
    markers: tuple[int, ...]  # of its passages, each once; without a marker, all that the reply cites


@dataclass(frozen=True, slots=True)
class Reply:
    """A reply and what it was given."""

    text: str
    claims: tuple[Claim, ...]
    markers: tuple[int, ...]  # in the order of the text, repeats kept
    evidence: Mapping[int, Evidence]  # by marker, for those that name a passage
    size: int  # passages that could be cited
    question: str  # without what orders a model about
    orders: tuple[str, ...]  # to a model, in the passages and in the question
    language: Language  # that the reply should be in


def read_reply(text: str, passages: Sequence[Chunk], question: str, language: Language) -> Reply:
    """Part a reply into claims; a marker that names no passage is left for its check to report."""
    blanked = _blank_quotes(text)
    quotations = list(QUOTED.finditer(text))
    markers = _markers(blanked)
    cited = _naming(markers, len(passages))
    claims = [
        Claim(
            text=_MARKER.sub(" ", QUOTED.sub(" ", blanked[start:end])),
            quotes=tuple(_inside(found) for found in quotations if start <= found.start() < end),
            markers=_naming(_markers(blanked[start:end]), len(passages)) or cited,
        )
        for start, end in _sentences(blanked)
    ]
    parted = [_part(passage) for passage in passages]
    asked = part_orders(question)
    return Reply(
        text=text,
        claims=tuple(claims),
        markers=markers,
        evidence={n: Evidence(parted[n - 1].said, passages[n - 1].language) for n in cited},
        size=len(passages),
        question=asked.said,
        orders=tuple(found.orders for found in (*parted, asked) if found.orders),
        language=language,
    )


def _part(passage: Chunk) -> Parted:
    """Part the title, the date and the text of a passage."""
    return part_orders("\n\n".join(filter(None, (passage.title, passage.date, passage.text))))


def _inside(quotation: re.Match[str]) -> str:
    return quotation[quotation.lastindex] if quotation.lastindex else ""


def _blank_quotes(text: str) -> str:
    """Return `text` with each character inside quotation marks made a blank, but for an end mark before the last."""
    return QUOTED.sub(_blank, text)


def _blank(quotation: re.Match[str]) -> str:
    opening, inside, closing = quotation[0][0], quotation[0][1:-1], quotation[0][-1]
    last = len(inside.rstrip()) - 1
    kept = "".join(c if at == last and c in _END_MARKS else "\u00a0" for at, c in enumerate(inside))
    return opening + kept + closing


def _markers(text: str) -> tuple[int, ...]:
    return tuple(int(number) for found in _MARKER.finditer(text) for number in re.findall(r"\d+", found[1]))


def _naming(markers: Sequence[int], passages: int) -> tuple[int, ...]:
    return tuple(marker for marker in dict.fromkeys(markers) if 1 <= marker <= passages)


_LEADING_MARKERS = re.compile(rf"(?:\s*{_MARKER.pattern})+[.,;]?")


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
