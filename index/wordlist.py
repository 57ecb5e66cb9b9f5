"""Words in the order of their keys, to be looked up and listed: what a vocabulary and the lists of common words share.

The key of a word is the word in lower case, without accents or apostrophes: « l’Été » has two words, of which the
second has the key `ete`.
"""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from index.text import fold

KEY_BYTES = 32  # longer keys are cut; only chemistry and mistakes are longer

_APOSTROPHES = str.maketrans("", "", "'’ʼ")


def key_of(word: str) -> str:
    """Return the key of a word."""
    return fold(word).translate(_APOSTROPHES)


class WordList:
    """Sorted keys, each with the form that is written for it and how frequent it is."""

    def __init__(self, keys: NDArray[np.bytes_], frequencies: NDArray[np.float32], form: Callable[[int], str]) -> None:
        """Wrap arrays.

        Args:
            keys: sorted, distinct, in UTF-8.
            frequencies: share of all words, for each key; 0 for one that is known and never proposed.
            form: returns the written form of the key with a number.
        """
        self.keys, self.frequencies, self.form = keys, frequencies, form

    def __len__(self) -> int:
        return len(self.keys)

    def find(self, keys: Sequence[str]) -> list[int]:
        """Return the number of each key, or -1, same order."""
        if not len(self.keys) or not keys:
            return [-1] * len(keys)
        cut = [key.encode()[:KEY_BYTES] for key in keys]
        wanted = np.array(cut, self.keys.dtype)  # of another width, numpy would convert all of the keys
        at = np.minimum(np.searchsorted(self.keys, wanted), len(self.keys) - 1).tolist()
        return [i if found == key else -1 for i, found, key in zip(at, self.keys[at].tolist(), cut, strict=True)]

    @classmethod
    def joined(cls, lists: Sequence["WordList"]) -> "WordList":
        """Return the words of several lists, one or more; a word of several is as frequent as where it is most so."""
        if len(lists) == 1:
            return lists[0]
        keys = np.unique(np.concatenate([one.keys for one in lists]))
        frequencies = np.full(len(keys), -1, np.float32)
        places = np.zeros((len(keys), 2), np.int32)  # which list, and the number in it
        for number, one in enumerate(lists):
            at = np.searchsorted(keys, one.keys)
            better = one.frequencies > frequencies[at]
            frequencies[at[better]] = one.frequencies[better]
            places[at[better]] = np.stack([np.full(int(better.sum()), number), np.flatnonzero(better)], axis=1)

        def form(number: int) -> str:
            return lists[int(places[number, 0])].form(int(places[number, 1]))

        return cls(keys, frequencies, form)
