"""Turn bytes into text when nobody says how they are encoded."""

import codecs
import re
from functools import partial
from itertools import islice
from statistics import fmean
from typing import NamedTuple

from index.loaders.loaded import UnreadableError
from index.loaders.plausibility import ABOVE_ASCII, weight

FITNESS = 0.7
"""Share of the characters above ASCII that must fit where they stand, as French or English."""

MAX_WEIGHED = 20_000  # characters above ASCII that are looked at; a long book in French holds more

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_LEGACY = {"cp1252": 4.0, "iso-8859-15": 2.0, "mac-roman": 2.0, "cp858": 0.0, "cp437": 0.0}
"""What old files may be in: Windows, Unix, Macintosh and DOS; how much likelier each is before a byte is looked at."""

_WINDOWS = frozenset({"iso8859-1", "ascii"})  # what pages declare that are in cp1252, as browsers take it
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f\x7f\x80-\x84\x86-\x9f]")
_LINE_END = re.compile("\r\n|[\r\f\x85]")  # of Windows, Macintosh, a page, a mainframe
_RUN = re.compile(r"[^\x00-\x7f]+")
_STRAY = re.compile(r"[\udc80-\udcff]")  # a byte that was no UTF-8, as Python's surrogateescape has it
_LOST = "\ufffd"
_SAMPLE = 4096  # bytes, or characters: enough to know a text by
_UNKNOWN = "is in no encoding of French or English, or is not a text file: save it again as UTF-8"


class Decoded(NamedTuple):
    """A text, and how many of its bytes were not in the encoding of the others."""

    text: str
    strays: int = 0

    @property
    def left_out(self) -> dict[str, int]:
        """What `Loaded.left_out` says of them."""
        return {"stray bytes": self.strays} if self.strays else {}


def decode(data: bytes, declared: str | None = None) -> Decoded:
    r"""Return the text, with `\n` at the end of every line and without byte order mark.

    UTF-8, UTF-16 and UTF-32 prove themselves, even with a few bytes that are something else. What is left is an old
    encoding of Windows, Unix, Macintosh or DOS: the one whose characters above ASCII are the likeliest French and
    English. What was encoded twice is decoded twice.

    Args:
        data: what a file holds.
        declared: encoding that the file itself names; believed if it fits and the bytes do not prove another.

    Raises:
        UnreadableError: it is not text, or in no encoding that could be told.
    """
    text, strays = _decode(data, declared)
    text = _decoded_again(text)
    if _CONTROL.search(text, 0, _SAMPLE):
        raise UnreadableError("holds control characters: it is not a text file")
    return Decoded(_LINE_END.sub("\n", text), strays)


def _decode(data: bytes, declared: str | None) -> Decoded:
    marked = next((encoding for mark, encoding in _MARKS if data.startswith(mark)), None)
    for encoding in (marked, _utf16_without_mark(data), "utf-8", _named(declared)):
        try:
            if encoding:
                return Decoded(data.decode(encoding))
        except (UnicodeError, LookupError):  # LookupError: decodes no bytes
            continue
    return _with_strays(data) or Decoded(_legacy(data))


def _named(declared: str | None) -> str | None:
    """Return the encoding that a file means by the name that it declares."""
    try:
        return "cp1252" if declared and codecs.lookup(declared).name in _WINDOWS else declared
    except LookupError:
        return None


def _utf16_without_mark(data: bytes) -> str | None:
    """Recognise UTF-16 by its zeros: every other byte of Latin text."""
    sample = data[:_SAMPLE]
    for first, encoding in ((1, "utf-16-le"), (0, "utf-16-be")):
        zeros, others = sample[first::2].count(0), sample[1 - first :: 2].count(0)
        if zeros > len(sample) // 4 and others == 0:
            return encoding
    return None


def _with_strays(data: bytes) -> Decoded | None:
    """Return UTF-8 with some stray bytes: no more than it has likely characters above ASCII, which no other text shows.

    Most stray bytes were pasted from a text of Windows. One whose character there does not fit is lost.
    """
    text = data.decode("utf-8", "surrogateescape")
    strays = len(_STRAY.findall(text))
    if strays > sum(weight(text, high.start()) > 0 for high in ABOVE_ASCII.finditer(text)):
        return None
    return Decoded(_STRAY.sub(_pasted, text), strays)


def _pasted(stray: re.Match[str]) -> str:
    sign = bytes([ord(stray[0]) - 0xDC00]).decode("cp1252", "replace")
    around = stray.string[max(stray.start() - 2, 0) : stray.start()], stray.string[stray.end() : stray.end() + 2]
    return sign if weight(f"{around[0]}{sign}{around[1]}", len(around[0])) > 0 else _LOST


def _legacy(data: bytes) -> str:
    """Return the text in the old encoding that makes it the likeliest."""
    found = []
    for encoding, prior in _LEGACY.items():
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        weights = _weights(text)
        fitting = sum(one > 0 for one in weights) / max(len(weights), 1)
        found.append((prior + sum(weights), fitting, text))
    _, fitting, text = max(found, key=lambda one: one[0])
    if fitting < FITNESS:
        raise UnreadableError(_UNKNOWN)
    return text


def _weights(text: str) -> list[float]:
    """Return how likely each of the first characters above ASCII is where it stands."""
    return [weight(text, high.start()) for high in islice(ABOVE_ASCII.finditer(text), MAX_WEIGHED)]


def _decoded_again(text: str) -> str:
    """Return a text that was UTF-8, read as something else, and written as UTF-8 again, as it was: Ã© is é."""
    runs = _RUN.findall(text)
    for encoding in ("cp1252", "mac-roman"):
        if runs and sum(_again(run, encoding) is not None for run in runs) >= 0.8 * len(runs):
            again = _RUN.sub(partial(_repaired, encoding), text)
            if fmean(_weights(again)) >= fmean(_weights(text)):  # «ß is no ǧ that was encoded twice
                return again
    return text


def _repaired(encoding: str, run: re.Match[str]) -> str:
    return _again(run[0], encoding) or run[0]


def _again(run: str, encoding: str) -> str | None:
    """Return what characters above ASCII are once they are decoded again; None where they were decoded right."""
    try:
        return b"".join(_byte(sign, encoding) for sign in run).decode("utf-8")
    except UnicodeError:
        return None


def _byte(sign: str, encoding: str) -> bytes:
    return bytes([ord(sign)]) if "\x80" <= sign <= "\x9f" else sign.encode(encoding)  # cp1252 leaves some undefined
