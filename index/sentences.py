"""Split a text into sentences: what is quoted, and what a chunk is made of.

Every span is an exact slice of the text. A sentence ends at a mark (`.`, `!`, `?`, `…`, and closing quotes after it)
that is followed by white space and then by something that can open a sentence. French and English abbreviations,
initials and decimal points end none.
"""

import re

from index.schema import Span

MAX_SENTENCE = 600
"""Characters. A longer run without an end mark is cut at its last weaker mark. 99.8 % of the sentences of the PIAF and
SQuAD 2 dev paragraphs are shorter, and a quote of that length fits a field of a Discord embed."""


# Abbreviations that never end a sentence: a name, a number or an explanation follows.
_BEFORE_MORE = frozenset(
    "m mm mr mrs ms mme mmes mlle mlles me mes dr drs pr prof st ste sts stes gen gén col lt sgt cpt capt cmdt "
    "gov sen rep hon rev rév mgr sr jr messrs ex cf vs v no nos n° art arts chap vol vols fig figs p pp éd ed eds "
    "env approx ca av apr boul bd ave rte app tél tel réf réfs e.g i.e p.ex c.-à-d c.à.d viz al dir trad coll ms mss "
    "op cit ibid id vers ver ph.d mt ft".split()
)
# Abbreviations that end a sentence if the next word has a capital.
_MAY_END = frozenset(
    "etc inc ltd ltée corp cie co a.m p.m j.-c u.s u.s.a u.k e.u n.-b q.c janv févr avr juil sept oct nov déc "
    "jan feb mar apr aug dec".split()
)

MAX_ASIDE = 200  # characters of a quotation that may stand inside a sentence: titles and exclamations are shorter

_OPENERS = "«“„\"'‘’([{¿¡*_`"
_CLOSERS = "»”\"'’)]}*_`"
_END_MARK = re.compile(rf"(?<![.!?…。])[.!?…。]++(?:[\s\u00a0\u202f]?[»”]|[{re.escape(_CLOSERS)}])*(?=\s|$)")
# Linear time: a pattern that begins with a run of characters may match only where the run begins.
_HARD_BREAK = re.compile(
    r"(?<![ \t\r])[ \t\r]*\n(?:[ \t\r]*\n)+[ \t]*"  # a blank line
    r"|(?<![ \t\r])[ \t\r]*\n(?=[ \t]*(?:[-*+•–]|\d{1,3}[.)]|\#{1,6}|>|\||```)[ \t`])"  # an item, a heading, a row
    r"|(?<=\|)[ \t\r]*\n"  # the end of a table row
)
_HEADING_LINE = re.compile(r"^[ \t]*#{1,6}[ \t][^\n]*\n", re.MULTILINE)
_LAST_WORD = re.compile(r"[\w.°’'-]+$")
_INITIALS = re.compile(r"(?:\w\.-?)*[^\W\d_a-zà-ÿ]")  # J  J.R  J.-C  U.S, their last full stop left out
_SENTENCE_OPENER = re.compile(r"(?:The|In|He|She|It|They|But|And|A|We|Il|Elle|Le|La|Les|En)\b")
_NOT_SPACE = re.compile(r"\S")
_WEAK_BORDERS = (re.compile(r"[;:]\s|,\s"), re.compile(r"\s"))


def split_sentences(text: str) -> list[Span]:
    """Return the sentences of `text` in order, without the white space around them.

    None is empty or longer than `MAX_SENTENCE`, and every character but white space lies in exactly one.
    """
    spans: list[Span] = []
    for block in _blocks(text):
        start = block.start
        for mark in _END_MARK.finditer(text, block.start, block.end):
            if mark.start() >= start and _is_border(text, start, mark, block.end):
                spans.extend(_bounded(text, start, mark.end()))
                start = mark.end()
        spans.extend(_bounded(text, start, block.end))
    return spans


def _blocks(text: str) -> list[Span]:
    """Split where a sentence always ends: at blank lines, list items, headings and table rows."""
    breaks = [(m.start(), m.end()) for m in _HARD_BREAK.finditer(text)]
    breaks += [(m.end(), m.end()) for m in _HEADING_LINE.finditer(text)]
    blocks, begin = [], 0
    for start, end in sorted(breaks):
        if start >= begin:
            blocks.append(Span(begin, start))
            begin = end
    blocks.append(Span(begin, len(text)))
    return blocks


def _is_border(text: str, start: int, mark: re.Match[str], end: int) -> bool:
    following = text[mark.end() : min(end, mark.end() + 40)].lstrip()
    if not following:
        return True
    first = following.lstrip(_OPENERS + "—–- \u00a0\u202f")[:1]
    if first.islower() or _is_quoted_aside(text, start, mark, end):  # « Quoi ? » demanda-t-il; "Yes!" he said
        return False
    is_full_stop = mark.group().rstrip(_CLOSERS + " \u00a0\u202f") == "."
    return not is_full_stop or not _abbreviates(text, start, mark.start(), following, first)


def _abbreviates(text: str, start: int, stop: int, following: str, first: str) -> bool:
    """Whether a full stop ends an abbreviation, an initial or a number, and not the sentence.

    Args:
        text: that holds it.
        start: of the sentence.
        stop: where the full stop is.
        following: what comes next, without white space.
        first: its first character that can open a sentence.
    """
    last = _LAST_WORD.search(text, max(start, stop - 30), stop)
    word = last.group() if last else ""
    low = word.lower().split("’")[-1].split("'")[-1]
    if low == "j.-c" and stop - start <= len(word):  # J.-C. Martin opens the sentence: no year stands before it
        return True
    if low in _MAY_END and low not in _BEFORE_MORE:
        return not first.isupper() or following[0] == "(" or _goes_on(low, following)
    return (
        low in _BEFORE_MORE
        or (low == "h" and first.isdigit())  # 18 h. 30
        or _INITIALS.fullmatch(word) is not None
        or (word.isdigit() and stop - start <= 3)  # "1. First": a numbered item
    )


def _is_quoted_aside(text: str, start: int, mark: re.Match[str], end: int) -> bool:
    """Whether the mark ends a sentence inside « … » that lies within another: « Ça alors ! Encore vous ? » est joué."""
    since = max(start, mark.start() - MAX_ASIDE)
    if text.rfind("«", since, mark.start()) <= text.rfind("»", since, mark.end()):
        return False
    closing = text.find("»", mark.end(), min(end, mark.end() + MAX_ASIDE))
    return closing > 0 and text[closing + 1 : closing + 30].lstrip()[:1].islower()


def _goes_on(abbreviation: str, following: str) -> bool:
    """Whether the capital after an abbreviated country goes on with its name, as in U.S. Senate."""
    return abbreviation in {"u.s", "u.k", "u.s.a", "e.u"} and _SENTENCE_OPENER.match(following) is None


def _bounded(text: str, start: int, end: int) -> list[Span]:
    """Return the range without white space at its ends, cut into pieces of at most `MAX_SENTENCE` characters."""
    spans: list[Span] = []
    while first := _NOT_SPACE.search(text, start, end):
        start = first.start()
        cut = end if end - start <= MAX_SENTENCE else _last_weak_border(text, start)
        spans.append(Span(start, start + len(text[start:cut].rstrip())))
        start = cut
    return spans


def _last_weak_border(text: str, start: int) -> int:
    """Return where to cut a sentence that is too long: after the last clause that fits, else after the last word."""
    for border in _WEAK_BORDERS:
        fitting = [m.end() for m in border.finditer(text, start + MAX_SENTENCE // 2, start + MAX_SENTENCE)]
        if fitting:
            return fitting[-1]
    return start + MAX_SENTENCE
