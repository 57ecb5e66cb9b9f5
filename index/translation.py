"""Translate the words of a question, so that BM25 finds texts in the other language.

`lexicon.npz` has pairs of stems that translate each other; `training/lexicon.py` learned them from the parallel
sentences that `lexicon.md` names. It translates word by word: meaning is for the vectors.
"""

import zlib
from pathlib import Path
from typing import Self
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from index.bm25 import TERM_BYTES, Group
from index.errors import IndexingError
from index.schema import Language
from index.text import content_words, stem_words

SHIPPED = Path(__file__).with_name("lexicon.npz")


class Lexicon:
    """Pairs of an English and a French stem, each with a weight."""

    def __init__(
        self,
        english: NDArray[np.bytes_],
        french: NDArray[np.bytes_],
        pairs: NDArray[np.uint16],
        weights: NDArray[np.uint8],
    ) -> None:
        """Wrap arrays.

        Args:
            english: stems, sorted.
            french: stems, sorted.
            pairs: numbers of an English stem and of a French one, in ascending order, shape (n, 2).
            weights: how good a translation each pair is, 1 to 255.

        Raises:
            ValueError: the arrays do not fit together.
        """
        if pairs.shape != (len(weights), 2) or (pairs >= [len(english), len(french)]).any() or (weights == 0).any():
            raise ValueError("the pairs do not fit the stems")
        by_french = np.argsort(pairs[:, 1], kind="stable")
        self._sides = {
            "en": _Side(english, pairs[:, 0], french[pairs[:, 1]], weights),
            "fr": _Side(french, pairs[by_french, 1], english[pairs[by_french, 0]], weights[by_french]),
        }

    @classmethod
    def load(cls, path: Path = SHIPPED) -> Self:
        """Read a lexicon.

        Raises:
            IndexingError: it is missing or damaged.
        """
        try:
            with path.open("rb") as file, np.load(file, allow_pickle=False) as arrays:
                return cls(arrays["english"], arrays["french"], arrays["pairs"], arrays["weights"])
        except (OSError, EOFError, ValueError, KeyError, AttributeError, BadZipFile, zlib.error) as error:
            raise IndexingError(f"{path} is missing or damaged ({error}): install Babillard again") from error

    def translations(self, stem: str, language: Language) -> dict[str, float]:
        """Return the translations of a stem with their weights, of which the best is 1; none if the stem is unknown."""
        return self._sides[language].translations(stem)

    def groups(self, text: str, language: Language, into: Language) -> dict[str, Group]:
        """Return each distinct stem of `text`, in order, with the stems that stand for it in texts in `into`.

        In its own language a stem stands for itself. In the other, its translations do, and the word itself as either
        language stems it: it may be a name, or a cognate (« économique » and “economic” have the same stem).

        Args:
            text: a question.
            language: of the question.
            into: of the texts.
        """
        content = content_words(text, language)
        stems = stem_words(content, language)
        if into == language:
            return {stem: {stem: 1.0} for stem in stems}
        unchanged = dict(zip(stems, stem_words(content, into), strict=True))
        return {stem: self.translations(stem, language) | {stem: 1.0, same: 1.0} for stem, same in unchanged.items()}


class _Side:
    """One direction: pair `p` gives `translations[p]` for `terms[term_of[p]]`; pairs are sorted by term."""

    def __init__(
        self,
        terms: NDArray[np.bytes_],
        term_of: NDArray[np.uint16],
        translations: NDArray[np.bytes_],
        weights: NDArray[np.uint8],
    ) -> None:
        self._terms, self._translations, self._weights = terms, translations, weights
        self._starts = np.searchsorted(term_of, np.arange(len(terms) + 1))

    def translations(self, stem: str) -> dict[str, float]:
        key = stem.encode()[:TERM_BYTES]
        i = int(np.searchsorted(self._terms, np.bytes_(key)))
        if i == len(self._terms) or self._terms[i] != key:
            return {}
        span = slice(int(self._starts[i]), int(self._starts[i + 1]))
        weights = self._weights[span] / self._weights[span].max()
        return dict(zip((t.decode() for t in self._translations[span].tolist()), weights.tolist(), strict=True))
