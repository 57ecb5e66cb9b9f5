"""BM25 over French and English stems: the half of the search that matches words.

Stems are a sorted array and postings are flat arrays, so that an index of any size opens as a memory map.
"""

from array import array
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from index.schema import Language
from index.text import stems

K1 = 1.2
B = 0.75
"""Robertson & Zaragoza, *The Probabilistic Relevance Framework: BM25 and Beyond* (2009), section 3.5."""

TERM_BYTES = 32  # longer stems are cut, so that the array of stems is flat; no French or English stem is longer

Group = Mapping[str, float]
"""The stems that may stand for one word of a question, each with a weight from 0 to 1: its own, or its translations."""


class BM25Index:
    """BM25 postings: those of term `t`, a row each, lie from `indptr[t]` to `indptr[t + 1]`."""

    def __init__(
        self,
        terms: NDArray[np.bytes_],
        indptr: NDArray[np.int64],
        rows: NDArray[np.int32],
        counts: NDArray[np.uint16],
        weights: NDArray[np.float32],
        french: NDArray[np.bool_],
    ) -> None:
        """Wrap arrays.

        Args:
            terms: the stems, sorted, shape (t,).
            indptr: where the postings of each term start and the last ones end, shape (t + 1,).
            rows: of the postings, ascending within a term, shape (p,).
            counts: how often the row has the term, shape (p,).
            weights: what the term adds to the score of the row, shape (p,).
            french: whether each row is French, else it is English, shape (n,).
        """
        self._terms, self._indptr, self._rows = terms, indptr, rows
        self._counts, self._weights = counts, weights
        self.french = french
        self.size = len(french)

    @classmethod
    def empty(cls) -> Self:
        """Return an index of nothing."""
        none = np.zeros(0, np.int32)
        return cls(
            terms=np.zeros(0, f"S{TERM_BYTES}"),
            indptr=np.zeros(1, np.int64),
            rows=none,
            counts=none.astype(np.uint16),
            weights=none.astype(np.float32),
            french=none.astype(np.bool_),
        )

    @classmethod
    def build(cls, texts: Sequence[tuple[str, Language]]) -> Self:
        """Index the texts; row i is the i-th text. Stems come from the language given with each."""
        return cls.empty().updated([None] * len(texts), texts)

    def updated(self, kept: Sequence[int | None], new: Iterable[tuple[str, Language]]) -> Self:
        """Return an index of some of these rows and of new texts: the same as if it were built from all of their texts.

        Args:
            kept: for each row of the result, the row of this index that it copies, or None for the next of `new`.
            new: a text and its language for each None of `kept`, in order.
        """
        fresh = _count((row for row, old in enumerate(kept) if old is None), new)
        moved_to = np.full(self.size, -1, np.int32)
        for row, old in enumerate(kept):
            if old is not None:
                moved_to[old] = row
        old_rows = moved_to[self._rows]
        stays = old_rows >= 0
        old_ids = np.repeat(np.arange(len(self._terms)), np.diff(self._indptr))[stays]
        vocabulary = np.unique(np.concatenate([self._terms, fresh.terms]))
        ids = np.concatenate(
            [np.searchsorted(vocabulary, self._terms)[old_ids], np.searchsorted(vocabulary, fresh.terms)[fresh.ids]]
        )
        rows = np.concatenate([old_rows[stays], fresh.rows])
        counts = np.concatenate([self._counts[stays], fresh.counts])
        order = np.lexsort((rows, ids))
        rows, counts = rows[order], counts[order]
        found_in = np.bincount(ids, minlength=len(vocabulary))
        terms, found_in = vocabulary[found_in > 0], found_in[found_in > 0]
        size = len(kept)
        of_new = iter(fresh.french)
        french = np.array([next(of_new) if old is None else self.french[old] for old in kept], np.bool_)
        length = np.bincount(rows, counts, minlength=size).astype(np.float32)
        norm = K1 * (1 - B + B * length / max(float(length.mean()) if size else 0.0, 1.0))
        frequency = counts.astype(np.float32)
        idf = np.repeat(inverse_document_frequency(found_in, size), found_in)
        weights = (idf * frequency * (K1 + 1) / (frequency + norm[rows])).astype(np.float32)
        return type(self)(terms, np.concatenate([[0], np.cumsum(found_in)]), rows, counts, weights, french)

    @property
    def languages(self) -> dict[Language, int]:
        """The number of chunks in each language that has some."""
        french = int(np.count_nonzero(self.french))
        counts: dict[Language, int] = {"fr": french, "en": self.size - french}
        return {language: count for language, count in counts.items() if count}

    def scores(self, query: Sequence[Group]) -> NDArray[np.float32]:
        """Return the score of every chunk for the words of a question, shape (size,), never negative.

        Each word adds the best score of its stems: weight × BM25.
        """
        total = np.zeros(self.size, dtype=np.float32)
        best = np.zeros(self.size, dtype=np.float32)  # score among the stems of one word
        for spans in self._spans(query):
            for weight, start, end in spans:
                rows, score = self._rows[start:end], weight * self._weights[start:end]
                if len(spans) > 1:
                    score = np.maximum(score - best[rows], 0)
                    best[rows] += score
                total[rows] += score
            if len(spans) > 1:
                for _, start, end in spans:
                    best[self._rows[start:end]] = 0
        return total

    def idf(self, query: Sequence[Group]) -> NDArray[np.float32]:
        """Return the inverse document frequency (idf) of each word, same order; an unknown word has the highest.

        It is the best of the word's stems in the index, weight × idf. No chunk scores more for a word than its idf
        times K1 + 1.
        """
        unknown = [(np.float32(1), 0, 0)]
        spans = [found or unknown for found in self._spans(query)]
        found_in = np.array([end - start for found in spans for _, start, end in found], np.int64)
        weights = np.array([weight for found in spans for weight, _, _ in found], np.float32)
        idf = weights * inverse_document_frequency(found_in, self.size)
        firsts = np.cumsum([0, *map(len, spans)])[:-1]
        best: NDArray[np.float32] = np.maximum.reduceat(idf, firsts) if spans else idf
        return best

    def is_in(self, stem: str, language: Language) -> bool:
        """Whether a text in the language has the stem."""
        [spans] = self._spans([{stem: 1.0}])
        return any(bool((self.french[self._rows[start:end]] == (language == "fr")).any()) for _, start, end in spans)

    def _spans(self, query: Sequence[Group]) -> list[list[tuple[np.float32, int, int]]]:
        """Return, for each word, the weight and the range of postings of each of its stems that the index has."""
        keys = [_key(stem) for group in query for stem in group]
        if not keys or not len(self._terms):
            return [[] for _ in query]
        ids = np.searchsorted(self._terms, np.array(keys, dtype=f"S{TERM_BYTES}"))
        candidates = iter(zip(keys, ids.tolist(), strict=True))
        spans: list[list[tuple[np.float32, int, int]]] = []
        for group in query:
            found = []
            for weight, (key, term) in zip(group.values(), candidates, strict=False):
                if term < len(self._terms) and self._terms[term] == key:
                    found.append((np.float32(weight), int(self._indptr[term]), int(self._indptr[term + 1])))
            spans.append(found)
        return spans

    def save(self, folder: Path) -> None:
        """Write the arrays into `folder`, which exists."""
        for name, values in self._arrays().items():
            np.save(folder / f"lexical.{name}.npy", values, allow_pickle=False)

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Open what `save` wrote, as memory maps.

        Raises:
            OSError, ValueError: a file is missing or is no array.
        """
        terms, indptr, rows, counts, weights, french = (
            np.load(folder / f"lexical.{name}.npy", mmap_mode="r", allow_pickle=False)
            for name in ("terms", "indptr", "rows", "counts", "weights", "french")
        )
        return cls(terms, indptr, rows, counts, weights, french)

    def _arrays(self) -> dict[str, NDArray[np.generic]]:
        return {
            "terms": self._terms,
            "indptr": self._indptr,
            "rows": self._rows,
            "counts": self._counts,
            "weights": self._weights,
            "french": self.french,
        }


def inverse_document_frequency(found_in: NDArray[np.int64], size: int) -> NDArray[np.float32]:
    """Return ln(1 + (N - n + 0.5) / (n + 0.5)): Lucene's form, never negative."""
    idf: NDArray[np.float32] = np.log1p((size - found_in + 0.5) / (found_in + 0.5)).astype(np.float32)
    return idf


class _Counted(NamedTuple):
    """How often each text has each of its stems: text `rows[i]` has `terms[ids[i]]` `counts[i]` times."""

    terms: NDArray[np.bytes_]
    ids: NDArray[np.int32]
    rows: NDArray[np.int32]
    counts: NDArray[np.uint16]
    french: NDArray[np.bool_]  # for each text


def _count(rows: Iterable[int], texts: Iterable[tuple[str, Language]]) -> _Counted:
    vocabulary: dict[bytes, int] = {}
    ids, found_in, counts, french = array("i"), array("i"), array("H"), array("B")
    for row, (text, language) in zip(rows, texts, strict=True):
        french.append(language == "fr")
        for term, count in Counter(_key(stem) for stem in stems(text, language)).items():
            ids.append(vocabulary.setdefault(term, len(vocabulary)))
            found_in.append(row)
            counts.append(min(count, 65_535))  # the most that 16 bits hold
    terms = np.array(list(vocabulary), f"S{TERM_BYTES}")
    numbers = np.array(ids, np.int32), np.array(found_in, np.int32), np.array(counts, np.uint16)
    return _Counted(terms, *numbers, np.array(french, np.bool_))


def _key(stem: str) -> bytes:
    return stem.encode()[:TERM_BYTES]
