"""Turn bytes into text when nobody says how they are encoded."""

import codecs
import re

from index.loaders.loaded import UnreadableError

FITNESS = 0.7
"""Share of the characters above ASCII. The 790 PIAF paragraphs, written in cp1252 and in Mac OS Roman and cut to 200
characters, have 0.86 or more in their own encoding, and all are told right; cut to 40, all but 11 of 1,127."""

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_LEGACY = ("cp1252", "mac-roman")
_EXPECTED = frozenset("éèêëàâäùûüçîïôöœæÉÈÊËÀÂÙÛÇÎÏÔŒÆ«»’‘“”–—…•€°²³£©®™½¼¾×±µ§áíóúñÁÍÓÚÑäößÄÖÜ\u00a0")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f\x7f\x80-\x84\x86-\x9f]")
_ABOVE_ASCII = re.compile(r"[^\x00-\x7f]")
_SAMPLE = 4096  # bytes, or characters: enough to know a text by


def decode(data: bytes, declared: str | None = None) -> str:
    r"""Return the text, with `\n` at the end of every line and without byte order mark.

    UTF-8, UTF-16 and UTF-32 prove themselves. What is left is Windows or old Macintosh: the one whose
    characters above ASCII are those of French and English.

    Args:
        data: what a file holds.
        declared: encoding that the file itself names; believed if it fits and the bytes do not prove another.

    Raises:
        UnreadableError: it is not text.
    """
    text = _decode(data, declared)
    if _CONTROL.search(text, 0, _SAMPLE):
        raise UnreadableError("holds control characters: it is not a text file")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _decode(data: bytes, declared: str | None) -> str:
    marked = next((encoding for mark, encoding in _MARKS if data.startswith(mark)), None)
    for encoding in (marked, _utf16_without_mark(data), "utf-8", declared):
        try:
            if encoding:
                return data.decode(encoding)
        except (UnicodeError, LookupError):  # LookupError: no such encoding
            continue
    best, text = max((_fitness(data, encoding) for encoding in _LEGACY), key=lambda found: found[0])
    if best < FITNESS:
        raise UnreadableError("is in no encoding of French or English, or is not a text file: save it again as UTF-8")
    return text


def _utf16_without_mark(data: bytes) -> str | None:
    """Recognise UTF-16 by its zeros: every other byte of Latin text."""
    sample = data[:_SAMPLE]
    for first, encoding in ((1, "utf-16-le"), (0, "utf-16-be")):
        zeros, others = sample[first::2].count(0), sample[1 - first :: 2].count(0)
        if zeros > len(sample) // 4 and others == 0:
            return encoding
    return None


def _fitness(data: bytes, encoding: str) -> tuple[float, str]:
    """Return the share of expected characters among those above ASCII, and the text."""
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        return 0.0, ""
    high = [found.span() for found in _ABOVE_ASCII.finditer(text)]
    return sum(_fits(text, *span) for span in high) / max(len(high), 1), text


def _fits(text: str, at: int, end: int) -> bool:
    """Whether French or English may hold this character here: in the middle of a word, a letter as small as its own."""
    if text[at - 1 : at].islower() and text[end : end + 1].islower():
        return text[at] in _EXPECTED and (text[at].islower() or text[at] == "’")
    return text[at] in _EXPECTED
