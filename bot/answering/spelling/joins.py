"""Part what was typed in one: « jai » is « j’ai », and “howmany” is “how many”."""

import re
from collections.abc import Iterator

from bot.answering.spelling.known import KnownWords, Word
from index.schema import Language

APOSTROPHE = 3.0  # bits of leaving out an apostrophe, which phones hide: as cheap as the likeliest slips

SPACE = 4.0  # bits of leaving out a space
LEAST_PAIR = -25.5
"""Bits of two words that were typed in one, together: each is among the 5,000 most frequent, about."""

_ELIDED = re.compile(r"(?=(j|[cdlmnst](?=[aeiouyh])))?(?=((?:qu|jusqu|lorsqu|puisqu|quoiqu)(?=[aeiouyh])))?")
_ALONE = frozenset("aiy")  # words of one letter, in either language


def with_apostrophe(key: str, known: KnownWords, language: Language) -> Iterator[Word]:
    """Yield the French words that a key is when an elision is cut off."""
    if language != "fr" or not (match := _ELIDED.match(key)):
        return
    for elided in filter(None, match.groups()):
        word = known.word(key[len(elided) :], language)
        if word is not None and len(word.key) > 1:
            yield Word(f"{elided}'{word.text}", word.key, word.bits - APOSTROPHE)


def in_two(key: str, known: KnownWords, language: Language) -> Iterator[Word]:
    """Yield the frequent words that a key is two of."""
    for cut in range(1, len(key) - 1):
        first, second = key[:cut], key[cut:]
        if (cut == 1 and first not in _ALONE) or (len(second) == 2 and cut > 2):
            continue  # an ending is rather a part of the word
        words = known.word(first, language), known.word(second, language)
        if words[0] is not None and words[1] is not None and words[0].bits + words[1].bits > LEAST_PAIR:
            yield Word(f"{words[0].text} {words[1].text}", second, words[0].bits + words[1].bits - SPACE)
