"""Read subtitles, SubRip or WebVTT: what is said, in paragraphs, without times."""

import html
import re
from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from index.blocks import Block
from index.loaders.decoding import decode
from index.loaders.loaded import Loaded, UnreadableError

PAUSE = 4.0  # seconds without words that end a paragraph
PARAGRAPH = 600  # characters from which the end of a sentence ends it too: the median paragraph of PIAF has 674

_TIMES = re.compile(
    r"[ \t]*(?:(\d{1,3}):)?(\d{1,2}):(\d{2})[.,](\d{1,3})[ \t]*-->[ \t]*(?:(\d{1,3}):)?(\d{1,2}):(\d{2})[.,](\d{1,3})"
)
_BLANK = re.compile(r"\n[ \t]*\n\s*")
_TAG = re.compile(r"</?[a-zA-Z][^<>\n]{0,200}>|<[\d:.]{5,15}>|\{\\[^{}\n]{0,200}\}")
_VOICE = re.compile(r"<v(?:\.[\w.]*)?[ \t]+([^<>\n]{1,100})>")
_SENTENCE_END = re.compile(r"[.!?…][\s»”\"')]*$")
_SPACES = re.compile(r"[ \t\n]+")  # no-break spaces stay
_NOT_SAID = ("NOTE", "STYLE", "REGION")


class _Cue(NamedTuple):
    start: float  # seconds
    end: float
    voice: str
    lines: tuple[str, ...]


def load(data: bytes) -> list[Loaded]:
    """Return the one text of the file.

    Raises:
        UnreadableError: it is not text, or has no times.
    """
    found = decode(data)
    text = found.text
    parts = _BLANK.split(text.strip())
    cues = list(filter(None, map(_cue, parts)))
    if not cues:
        raise UnreadableError("holds no times of subtitles")
    comments = Counter("comments" for part in parts if part.startswith("NOTE"))
    title = re.match(r"WEBVTT[ \t]+(?:-[ \t]*)?(\S[^\n]*)", text)
    blocks = tuple(Block("paragraph", words) for words in _paragraphs(cues))
    return [Loaded(blocks, title[1].strip() if title else None, left_out={**found.left_out, **comments})]


def _cue(part: str) -> _Cue | None:
    """Return a part of the file as what is said between two times; None where it is something else."""
    lines = part.split("\n")
    at = next((n for n, line in enumerate(lines[:3]) if _TIMES.match(line)), None)
    if at is None or (at and lines[0].startswith(_NOT_SAID)):
        return None
    times = _TIMES.match(lines[at])
    if times is None:
        return None
    voice = _VOICE.search(part)
    said = (_SPACES.sub(" ", html.unescape(_TAG.sub("", line))).strip() for line in lines[at + 1 :])
    start, end = _seconds(*times.groups()[:4]), _seconds(*times.groups()[4:])
    return _Cue(start, end, " ".join(voice[1].split()) if voice else "", tuple(filter(None, said)))


def _seconds(hours: str | None, minutes: str, seconds: str, fraction: str) -> float:
    return int(hours or 0) * 3600 + int(minutes) * 60 + int(seconds) + float(f"0.{fraction}")


def _paragraphs(cues: list[_Cue]) -> Iterator[str]:
    """Join what is said over the cues; a pause, another voice, and a sentence end once it is long end a paragraph."""
    words: list[str] = []
    length = 0
    before: _Cue | None = None
    for cue in cues:
        lines = _new_lines(cue, before)
        turns = before is not None and (cue.start - before.end > PAUSE or cue.voice != before.voice)
        is_full = length > PARAGRAPH and _SENTENCE_END.search(words[-1])
        if words and (turns or is_full):
            yield " ".join(words)
            words, length = [], 0
        if lines and not words and cue.voice:
            words.append(f"{cue.voice}:")
        words += lines
        length += sum(map(len, lines))
        before = cue if cue.lines else before
    if words:
        yield " ".join(words)


def _new_lines(cue: _Cue, before: _Cue | None) -> tuple[str, ...]:
    """Return the lines of a cue but for those still shown of the one before, as captions that roll up repeat them."""
    if before is not None and cue.start - before.end < PAUSE:
        for shown in range(min(len(before.lines), len(cue.lines)), 0, -1):
            if before.lines[-shown:] == cue.lines[:shown]:
                return cue.lines[shown:]
    return cue.lines
