"""Say why a translation may not be shown: it must say no more and no less than its sentence, as far as code can tell.

The checks are those of what a chat model writes (`bot.chat.checks`), with the sentence as the only passage, and once
more the other way round: what a translation leaves out is as wrong as what it makes up.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping

from bot.chat.checks.dates import check_dates
from bot.chat.checks.language import check_language
from bot.chat.checks.links import check_links
from bot.chat.checks.names import check_names
from bot.chat.checks.numbers import check_numbers
from bot.chat.checks.support import check_support
from bot.chat.reply import Claim, Evidence, Reply
from bot.translation.negation import agree, negation
from bot.translation.protected import blanked, kept_spans
from index.schema import Language
from index.sentences import split_sentences
from index.text import INVISIBLE

_MADE_UP: Mapping[str, Callable[[Reply], Iterable[str]]] = {
    "numbers": check_numbers,
    "dates": check_dates,
    "names": check_names,
    "links": check_links,
    "language": check_language,
}
_LEFT_OUT: Mapping[str, Callable[[Reply], Iterable[str]]] = {
    "numbers": check_numbers,
    "dates": check_dates,
    "names": check_names,
}

MIN_LENGTH, MAX_LENGTH, SHORT = 0.65, 1.9, 10
"""How long the French may be beside the English, in characters, with `SHORT` more or less. Of 405,356 pairs of
sentences (laws, help, dialogue) 0.2 % are shorter than that and 0.1 % longer."""

_WORD = re.compile(r"\w+")
_UNIT = re.compile(
    r"\d\s?(?P<after>[€$£%°])|(?P<before>[€$£])\s?\d|\b(?P<word>euro|dollar|per ?cent|pour cent)s?\b", re.IGNORECASE
)
_SIGNS = {"euro": "€", "dollar": "$", "per cent": "%", "percent": "%", "pour cent": "%"}


def failures(source: str, translated: str, pair: tuple[Language, Language]) -> Iterator[str]:
    """Yield the name of each check that a translation fails; none means that it may be shown.

    Args:
        source: a sentence.
        translated: what a model made of it.
        pair: the languages of both.
    """
    if not _WORD.search(translated):
        yield "empty"
        return
    texts = source, translated
    if INVISIBLE.search(translated):
        yield "characters"
    if not _may_be_as_long(*(texts if pair[0] == "en" else texts[::-1])):
        yield "length"
    if _repeats(translated) > max(_repeats(source), 2):
        yield "repetition"
    if _kept(source) != _kept(translated):
        yield "code"
    if _units(source) != _units(translated):
        yield "units"
    plain, said = blanked(source), blanked(translated)
    if not agree(negation(plain, pair[0]), negation(said, pair[1])):
        yield "negation"
    made_up = _reply(said, pair[1], plain, pair[0])
    left_out = _reply(plain, pair[0], said, pair[1])
    for checks, reply in ((_MADE_UP, made_up), (_LEFT_OUT, left_out)):
        yield from (name for name, check in checks.items() if any(True for _ in check(reply)))
    if any(True for _ in check_support(_reply(said, pair[1], plain, pair[0], parted=False))):
        yield "support"


def _reply(own: str, language: Language, passage: str, other: Language, *, parted: bool = True) -> Reply:
    """Return a text as a reply that rests on another one; nothing in it counts as a quotation.

    Args:
        own: the text.
        language: of the text.
        passage: the other one.
        other: its language.
        parted: whether each sentence of the text is a claim; else all of it is one.
    """
    claims = tuple(
        Claim(start, end, own[start:end], quotes=(), copied=(), markers=(), passages=(1,))
        for start, end in (split_sentences(own) if parted else [(0, len(own))])
    )
    evidence = {1: Evidence(passage, other)}
    return Reply(own, own, claims, evidence, size=1, question="", orders=(), language=language)


def _may_be_as_long(english: str, french: str) -> bool:
    return MIN_LENGTH * len(english) - SHORT <= len(french) <= MAX_LENGTH * len(english) + SHORT


def _repeats(text: str) -> int:
    """Return how often a run of one to four words follows itself, at the most."""
    words = [word.casefold() for word in _WORD.findall(text)]
    most = 1
    for size in range(1, 5):
        run = 0
        for at in range(size, len(words)):
            run = run + 1 if words[at] == words[at - size] else 0
            most = max(most, run // size + 1)
    return most


def _kept(sentence: str) -> Counter[str]:
    return Counter(sentence[start:end] for start, end in kept_spans(sentence))


def _units(text: str) -> set[str]:
    """Return the currencies, the per cent and the degrees of a text as signs."""
    found = set()
    for match in _UNIT.finditer(text):
        found.add(match["after"] or match["before"] or _SIGNS[match["word"].lower()])
    return found
