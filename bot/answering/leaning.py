"""Which language the words of a message are of, where no function word tells: « horaires », "opening hours".

Each word counts by how frequent it is in either language, and by whether the French or the English articles have it:
« adhesion » is a word of both, and over French articles it is French.
"""

import math
from collections.abc import Mapping, Sequence

from index.bm25 import BM25Index
from index.schema import Language
from index.text import names, stem_words, words
from index.wordlist import WordList, key_of

LEAST = 1e-7  # frequency of a word that a language does not have: one in ten million
MOST = 4.0  # log-odds that the frequency of one word may give
IN_ARTICLES = 1.5
"""Log-odds of a word that the articles of one language alone have."""


class Leaning:
    """Tells French words from English ones, for the articles that a question sees."""

    def __init__(self, common: Mapping[Language, WordList], stemmed: Sequence[BM25Index]) -> None:
        """Take the common words of each language, and the stems of the articles."""
        self._common, self._stemmed = common, stemmed

    def __call__(self, text: str) -> float:
        """Return the log-odds that a text is French, by its words; 0 where none is known.

        Names tell nothing: people write « Netflix » in both languages.
        """
        named = {word for name in names(text) for word in words(name)}
        found = [word for word in words(text) if word not in named]
        if named and len(found) == 1 and words(text)[0] == found[0] and text.lstrip()[0].isupper():
            return 0.0  # "Netflix Canada": a name that opens a text cannot be told from another word
        keys = [key_of(word) for word in found]
        french, english = (self._frequencies(language, keys) for language in ("fr", "en"))
        odds = sum(
            max(-MOST, min(MOST, math.log((f + LEAST) / (e + LEAST)))) for f, e in zip(french, english, strict=True)
        )
        return odds + IN_ARTICLES * (self._in_articles(found, "fr") - self._in_articles(found, "en"))

    def _frequencies(self, language: Language, keys: Sequence[str]) -> list[float]:
        known = self._common[language]
        return [float(known.frequencies[n]) if n >= 0 else 0.0 for n in known.find(keys)]

    def _in_articles(self, found: list[str], language: Language) -> int:
        """Return how many of the words stand in the articles of one language."""
        return sum(any(bm25.is_in(stem, language) for bm25 in self._stemmed) for stem in stem_words(found, language))
