"""What is known of a word: whether the articles or either language has it, how often, and how it is written."""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from bot.answering.spelling.nearest import Nearest
from index.schema import Language
from index.wordlist import WordList, key_of

OWN_SHARE = 0.5
"""Share of the words of a question that are expected from the articles, by their frequency there; the others are
expected from the language."""

LEAST_COMMON = 3e-7  # frequency of a word of the language that may be meant, unless the articles have it

ASKING = 4.0
"""Bits by which a word that asks is more frequent in a question than elsewhere, by wordfreq: 4.2 for the French ones
together on PIAF dev, 6.9 for « quelle »; 2.9 for the English ones on SQuAD 2 dev, 4.5 for “what”."""

_ASKING: Mapping[Language, frozenset[str]] = {
    "fr": frozenset("quel quelle quels quelles quoi comment combien pourquoi quand lequel laquelle".split()),
    "en": frozenset("what when where which who whose whom why how".split()),
}


@dataclass(frozen=True, slots=True)
class Word:
    """A word that may be meant."""

    text: str  # in lower case, but for the names of the articles
    key: str
    bits: float  # log2 of its frequency
    is_own: bool = False  # the articles have it
    is_name: bool = False  # and write it with a capital


class KnownWords:
    """The words of the articles and of both languages, as they are looked up by key."""

    def __init__(self, own: WordList, common: Mapping[Language, WordList]) -> None:
        """Take the words of the articles, and the common ones of each language."""
        self._own, self._common = own, common
        self._near_own = Nearest(own)
        self._near_common = {language: Nearest(words, LEAST_COMMON) for language, words in common.items()}

    def knows(self, word: str) -> bool:
        """Whether the articles or a language has the word, whatever its accents."""
        key = key_of(word)
        return any(words.find([key])[0] >= 0 for words in (self._own, *self._common.values()))

    def word(self, key: str, language: Language) -> Word | None:
        """Return the word with a key, if the articles or the language has it and it may be proposed."""
        own, common = self._own.find([key])[0], self._common[language].find([key])[0]
        return self._word(key, own, common, language)

    def written(self, key: str, language: Language) -> str:
        """Return how the language writes a key, in lower case, else the articles; "" if neither has it."""
        for words in (self._common[language], self._own):
            if (number := words.find([key])[0]) >= 0:
                return words.form(number)
        return ""

    def near(self, key: str, edits: int, language: Language) -> Iterator[Word]:
        """Yield the words of the articles and of the language within `edits` of a key."""
        own = {self._own.keys[n].decode(): n for n in self._near_own.find(key, edits)}
        words = self._common[language]
        common = {words.keys[n].decode(): n for n in self._near_common[language].find(key, edits)}
        for other in own.keys() | common.keys():
            number = own.get(other, -1)
            found = self._word(other, number, common.get(other, -1), language)
            if found is not None:
                yield found

    def _word(self, key: str, own: int, common: int, language: Language) -> Word | None:
        frequency = OWN_SHARE * float(self._own.frequencies[own]) if own >= 0 else 0.0
        words = self._common[language]
        if common >= 0:
            frequency += (1 - OWN_SHARE) * float(words.frequencies[common])
        if not frequency:
            return None
        form = words.form(common) if common >= 0 and words.frequencies[common] else self._own.form(own)
        bits = math.log2(frequency) + (ASKING if key in _ASKING[language] else 0.0)
        return Word(form, key, bits, own >= 0, own >= 0 and self._own.form(own)[:1].isupper())
