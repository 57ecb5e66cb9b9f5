"""The words of a passage, and whether a word of a reply is one of them, a form of one, or the same in translation.

Canada is in a passage that says « canadien », Londres in one that says London, « économie » in one that says "economy".
"""

import json
import re
from collections.abc import Iterator, Mapping
from functools import cache
from itertools import takewhile
from pathlib import Path

from bot.chat.reply import Evidence
from index.schema import Language
from index.text import fold, stems, words
from index.translation import Lexicon

EXONYMS = Path(__file__).with_name("exonyms.json")
"""Names that differ in French and English, folded, as pairs: of countries, regions, languages and large cities, from
the Unicode CLDR (`python -m benchmarks.exonyms` writes it), of Canada's provinces and of some organisations."""

_DERIVED = re.compile(r"(?:i?an|n|i?en|i?enne|ese|ish|ais|aise|ois|oise|ain|aine|er|ique|ic|al|ale)?e?s?")
_ENDINGS = re.compile(r"(?:ie|ia|[aeiouy])?s?")
"""What a name loses and what takes its place: Canad-a, canad-ien, Canad-ians."""

_MIN_SHARED = 4  # letters at the start of two forms of a word; across languages one more, unless one letter differs
_MAX_REST = 3  # letters that may differ after these across languages; after six shared ones, any number


class Wording:
    """The words of one passage."""

    def __init__(self, evidence: Evidence) -> None:
        """Read a passage once for all the words that are looked for in it."""
        self._language = evidence.language
        found = words(evidence.text)
        self._words = frozenset(found)
        self._stems = frozenset(stems(evidence.text, evidence.language))
        self._text = f" {' '.join(found)} "
        self._initials = "".join(re.findall(r"\b[^\W\d_a-zà-ÿ](?=[^\W\d_])", evidence.text)).casefold()
        self._alike: dict[str, list[str]] = {}
        for word in self._words:
            self._alike.setdefault(word[:_MIN_SHARED], []).append(word)

    def holds(self, word: str, language: Language) -> bool:
        """Whether the passage has a word of a reply in `language`."""
        folded = fold(word)
        if folded in self._words or self._stems.intersection(stems(word, self._language)):
            return True
        if language != self._language and self._stems.intersection(translations(word, language)):
            return True
        if any(self._related(folded, other, language) for other in self._alike.get(folded[:_MIN_SHARED], ())):
            return True
        if word.isupper() and len(word) > 2 and folded in self._initials:
            return True
        return any(re.search(rf" {re.escape(name)}(?:[ns]?es?|s)? ", self._text) for name in _other_names(folded))

    def _related(self, word: str, other: str, language: Language) -> bool:
        """Whether two words, with the same first `_MIN_SHARED` letters, are forms of one."""
        shared = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(word, other, strict=False)))
        if language != self._language:
            rest = max(len(word), len(other)) - shared
            return (shared > _MIN_SHARED and (rest <= _MAX_REST or shared > 5)) or rest <= 1
        rests = word[shared:], other[shared:]
        return any(_ENDINGS.fullmatch(a) and _DERIVED.fullmatch(b) for a, b in (rests, rests[::-1]))


def translations(word: str, language: Language) -> frozenset[str]:
    """Return the stems that translate a word of `language` into the other one; most names have none."""
    return frozenset(other for stem in stems(word, language) for other in _lexicon().translations(stem, language))


@cache
def _lexicon() -> Lexicon:
    return Lexicon.load()


def has_another_name(word: str) -> bool:
    """Whether a word belongs to a name that differs in the other language."""
    return fold(word) in _exonyms()


def _other_names(word: str) -> Iterator[str]:
    """Yield the names in the other language of what a folded word names, alone or with others."""
    yield from _exonyms().get(word, ())


@cache
def _exonyms() -> Mapping[str, tuple[str, ...]]:
    """Return the other names of each word that belongs to a name."""
    others: dict[str, tuple[str, ...]] = {}
    for pair in json.loads(EXONYMS.read_text(encoding="utf-8")):
        for name, other in (pair, pair[::-1]):
            for word in name.split():
                others[word] = (*others.get(word, ()), other)
    return others
