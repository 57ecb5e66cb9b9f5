"""Find the words within one or two edits of what was typed.

A signature of 64 bits says which letters a word has, and which it has twice. One edit changes at most two bits of it,
so that counting bits leaves few words to compare, and misses none.
"""

from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import OSA

from index.wordlist import WordList

_LETTERS = 26
_BITS = 2  # that one edit changes at most: a letter for another


class Nearest:
    """The words of a list that may be proposed; they are sorted at the first question that asks."""

    def __init__(self, words: WordList, least: float = 0.0) -> None:
        """Look among words that are more frequent than `least`."""
        self._words, self._least = words, least

    def find(self, key: str, edits: int) -> list[int]:
        """Return the numbers of the words within `edits` of a key of letters from a to z; a swap is one edit."""
        numbers, signatures, lengths = self._sorted
        start, end = np.searchsorted(lengths, [len(key) - edits, len(key) + edits + 1]).tolist()
        typed = _signatures(np.array([key.encode()]))[0]
        near = np.bitwise_count(signatures[start:end] ^ typed) <= _BITS * edits
        found = numbers[start:end][near]
        keys = self._words.keys[found].tolist()
        return [
            number
            for number, other in zip(found.tolist(), keys, strict=True)
            if OSA.distance(key, other.decode(), score_cutoff=edits) <= edits
        ]

    @cached_property
    def _sorted(self) -> tuple[NDArray[np.int32], NDArray[np.uint64], NDArray[np.uint8]]:
        """The numbers of the words by their length, with their signatures and their lengths."""
        proposed = np.flatnonzero(self._words.frequencies > self._least).astype(np.int32)
        keys = self._words.keys[proposed]
        lengths = np.strings.str_len(keys).astype(np.uint8)
        order = np.argsort(lengths, kind="stable")
        return proposed[order], _signatures(keys)[order], lengths[order]


def _signatures(keys: NDArray[np.bytes_]) -> NDArray[np.uint64]:
    """Return a bit for each letter of a word, and another for each that it has more than once."""
    width = keys.dtype.itemsize
    letters = np.ascontiguousarray(keys).view(np.uint8).reshape(len(keys), width)
    once = np.zeros(len(keys), np.uint64)
    twice = np.zeros(len(keys), np.uint64)
    for column in letters.T:
        place = column - np.uint8(ord("a"))
        bit = np.where(place < _LETTERS, np.uint64(1) << place.astype(np.uint64), np.uint64(0))
        twice |= once & bit
        once |= bit
    return once | (twice << np.uint64(_LETTERS))
