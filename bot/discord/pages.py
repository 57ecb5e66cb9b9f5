"""Cut long Markdown into messages that Discord takes, and show text as it is, whatever it holds.

`split` first reads the text into tokens: stretches that must not be cut. Each knows the marks that open a page that
starts with it and close a page that ends with it (of a quote, of a code fence). Pages are filled with whole tokens. The
gap between two tokens stays as it is, or is dropped where a page ends.

Discord's limit counts "characters" in its documents, code points according to its engineers
(discord/discord-api-docs#1315). Here a character outside the basic plane counts twice, as in UTF-16: never too few.
"""

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import accumulate
from typing import NamedTuple

MAX_MESSAGE = 2_000  # characters that Discord takes

MIN_LIMIT = 4  # a quote mark, a space and one character, which may count twice

_SPACE = r"[^\S\n\u00a0\u2007\u202f]"  # where a line may break: not in « où » or 5 km, whose spaces are no-break
_WORD = r"[\S\u00a0\u2007\u202f]"
_MARKER = r"(?:[-*+]|-?\#{1,3}|\d{1,9}[.)])"  # of a list or a heading

# The time is linear: no loop runs over a character with which its own alternative could start again.
_PIECE = re.compile(
    rf"""
    (?P<quote> ^>\x20 )
    | (?: ^ | (?<=^>\x20) ) (?: {_SPACE}*+ {_MARKER} )? {_SPACE}++ (?=\S)       # indentation and marker of a line
    | (?P<gap> {_SPACE}+ | \n )
    | (?P<fence> ```(?:(?P<language>[\w+.\#-]{{0,20}})\n)?(?P<code>.*?)``` )
    | \\\S                                                                      # an escaped character
    | \[ (?: \\[^\n] | [^\[\]\\\n] )*+ \] \( (?: [^()\s] | \([^()\s]*+\) )*+ \)  # a link
    | <[^<>\s]++>                                                               # a mention, an emoji, a URL
    | \*\*(?: \\[^\n] | [^*\\\n] )++\*\*                                          # bold words
    | `[^`\n]++`                                                                # code in a line
    | https?://[^\s<>\\]++
    | (?P<plain> [^\W_]++ | {_WORD} )
    """,
    re.VERBOSE | re.MULTILINE | re.DOTALL,
)
_RUN = re.compile(rf"{_WORD}++")
_CODE = re.compile(rf"(?:^{_SPACE}++(?=\S))?{_WORD}++", re.MULTILINE)
_QUOTED_CODE = re.compile(rf"(?P<quote>^>\x20)|(?:(?<=^>\x20){_SPACE}++(?=\S))?{_WORD}++", re.MULTILINE)
_BLANK_LINE = re.compile(r"\n[> \t]*\n")
_CLOSERS = "\u00a0\u202f»”\"’')]*_~|"  # may follow the full stop of a sentence

# How good it is to end a page after a token, the best last.
_INSIDE_WORD, _EARLY, _AT_SPACE, _AT_SENTENCE, _AT_LINE, _AT_BLANK_LINE = range(6)


class _Token(NamedTuple):
    """A stretch `text[start:end]` that is not cut."""

    start: int
    end: int
    opening: str  # of a page that starts with it
    closing: str  # of a page that ends with it


def split(text: str, limit: int = MAX_MESSAGE) -> list[str]:
    """Return Markdown as messages of at most `limit` characters, none of them blank.

    Words, links, emojis, and code fences that fit in a message stay whole; only what is longer than a message is cut
    inside. Once it is half full, which bounds the number of pages, a page ends after a blank line, else after a line, a
    sentence or a word. A fence that is cut is closed and opened again; a quoted line (`> `) that is cut is quoted on
    the next page too.

    Raises:
        ValueError: `limit` leaves no room for a quoted character.
    """
    if limit < MIN_LIMIT:
        raise ValueError(f"a page takes at least {MIN_LIMIT} characters")
    return _Pages(text, limit).cut()


class _Pages:
    """One text on its way to its pages."""

    def __init__(self, text: str, limit: int) -> None:
        self._text = text
        self._limit = limit
        self._offsets = [0, *accumulate(2 if c > "\uffff" else 1 for c in text)]  # in UTF-16 code units

    def cut(self) -> list[str]:
        tokens = list(self._tokens())
        pages: list[str] = []
        first = 0
        while first < len(tokens):
            token = tokens[first]
            room = self._limit - width_of(token.opening + token.closing)
            if self._width(token.start, token.end) <= room:
                last = self._last_of_page(tokens, first)
                end, closing = tokens[last].end, tokens[last].closing
                first = last + 1
            else:
                end, closing = self._end_inside(token.start, room), token.closing
                tokens[first] = token._replace(start=end)
            if not self._text[token.start : end].isspace():
                pages.append(token.opening + self._text[token.start : end] + closing)
        return pages

    def _width(self, start: int, end: int) -> int:
        return self._offsets[end] - self._offsets[start]

    def _end_inside(self, start: int, room: int) -> int:
        """Return where to cut a token that is longer than a page: after a whole character, if one fits."""
        end = bisect_right(self._offsets, self._offsets[start] + room) - 1
        whole = end
        while whole > start and _parts_character(self._text, start, whole):
            whole -= 1
        return whole if whole > start else end

    def _last_of_page(self, tokens: Sequence[_Token], first: int) -> int:
        start, room = tokens[first].start, self._limit - width_of(tokens[first].opening)
        fitting: list[int] = []
        for i in range(first, len(tokens)):
            width = self._width(start, tokens[i].end)
            if width > room:
                break
            if width + len(tokens[i].closing) <= room:
                fitting.append(i)
        if fitting[-1] == len(tokens) - 1:
            return fitting[-1]

        def merit(i: int) -> tuple[int, int]:
            place = self._place(tokens[i], tokens[i + 1])
            half_full = 2 * self._width(start, tokens[i].end) >= room
            return (place if half_full else min(place, _EARLY), i)

        return max(fitting, key=merit)

    def _place(self, token: _Token, following: _Token) -> int:
        gap = self._text[token.end : following.start]
        if not gap:
            return _INSIDE_WORD
        if _BLANK_LINE.search(gap):
            return _AT_BLANK_LINE
        if "\n" in gap:
            return _AT_LINE
        ends_sentence = self._text[token.start : token.end].rstrip(_CLOSERS).endswith((".", "!", "?", "…"))
        return _AT_SENTENCE if ends_sentence else _AT_SPACE

    def _tokens(self) -> Iterator[_Token]:
        mark = ""  # of the line: "> " when it is quoted
        word: list[re.Match[str]] = []  # pieces with no gap between them
        for piece in _PIECE.finditer(self._text):
            fence = self._long_fence(piece, mark) if piece.lastgroup == "fence" else None
            if piece.lastgroup not in ("gap", "quote") and fence is None:
                word.append(piece)
                continue
            yield from self._word(word, mark)
            word = []
            if fence is not None:
                yield from fence
            elif piece.lastgroup == "quote":
                mark = "> "
            elif piece[0] == "\n":
                mark = ""
        yield from self._word(word, mark)

    def _word(self, pieces: Sequence[re.Match[str]], mark: str) -> Iterator[_Token]:
        """Yield one token; if a page cannot hold it, one for each of its pieces."""
        room = self._limit - len(mark)
        if not pieces:
            return
        start, end = pieces[0].start(), pieces[-1].end()
        for piece in [(start, end)] if self._width(start, end) <= room else _joined(pieces):
            if self._width(*piece) <= room:
                yield _Token(*piece, mark, "")
            else:
                yield from (_Token(*run.span(), mark, "") for run in _RUN.finditer(self._text, *piece))

    def _long_fence(self, piece: re.Match[str], mark: str) -> Iterator[_Token] | None:
        """Return the words of a code fence longer than a page; None if it fits, or its marks alone fill a page."""
        opening, closing = f"{mark}```{piece['language'] or ''}\n{mark}", f"\n{mark}```"
        fits = len(mark) + self._width(*piece.span()) <= self._limit
        if fits or 2 * width_of(opening + closing) > self._limit:
            return None
        words = (_QUOTED_CODE if mark else _CODE).finditer(self._text, *piece.span("code"))
        return (_Token(*word.span(), opening, closing) for word in words if word.lastgroup != "quote")


def width_of(text: str) -> int:
    """Return how many characters of a message Discord may count a text as."""
    return len(text) + sum(c > "\uffff" for c in text)


def _joined(pieces: Sequence[re.Match[str]]) -> Iterator[tuple[int, int]]:
    """Yield the range of each piece; consecutive plain pieces are one."""
    start = end = pieces[0].start()
    plain = False
    for piece in pieces:
        if end > start and not (plain and piece.lastgroup == "plain"):
            yield start, end
            start = end
        plain, end = piece.lastgroup == "plain", piece.end()
    yield start, end


def _parts_character(text: str, start: int, i: int) -> bool:
    """Whether a cut before `text[i]` divides what a reader sees as one character; looks back to `start`."""
    character = text[i]
    if unicodedata.category(character) in ("Mn", "Mc", "Me") or "\u200d" in (character, text[i - 1]):
        return True
    if _is_flag_half(character):
        halves = 0
        while i - halves > start and _is_flag_half(text[i - halves - 1]):
            halves += 1
        return halves % 2 == 1
    return "\U0001f3fb" <= character <= "\U0001f3ff" or "\U000e0020" <= character <= "\U000e007f"  # skins, flag tags


def _is_flag_half(character: str) -> bool:
    return "\U0001f1e6" <= character <= "\U0001f1ff"


_MARKDOWN = re.compile(
    r"""
    (?P<url> (?:https?|steam)://[^\s<]*[^\s<.,:;"'\]] )  # Discord makes a link of it, and reads no Markdown there
    | (?P<before>
        ^[ \t]*+ (?=[\#>-])             # a heading, a quote, a list
        | ^[ \t]*+\d++ (?=\.)           # a numbered list
        | (?= [\\*_~`|\[\]()<@] )       # emphasis, code, a spoiler, a link, a mention
        | (?= :[\w+-]++: )              # an emoji by its name
      ) (?P<mark>.)
    """,
    re.VERBOSE | re.MULTILINE,
)


def escape(text: str) -> str:
    """Return text that Discord shows as exactly these characters; bare URLs still become links.

    This is about what a reader sees; `allowed_mentions` decides who is notified.
    """
    return _MARKDOWN.sub(lambda found: found["url"] or f"{found['before']}\\{found['mark']}", text)
