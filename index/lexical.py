"""BM25 over stems, French and English: the half of the search that knows exact words.

The words of a text are lower-cased, freed of accents and elisions (`l’école` and `ecole` are one
word), dropped when they only bind a sentence together, and stemmed. Stems are stored as a sorted
array and postings as flat arrays, so that an index of any size opens by memory map.
"""

import re
import threading
import unicodedata
from array import array
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple, Self

import numpy as np
import Stemmer
from numpy.typing import NDArray

from index.schema import Language

K1 = 1.2
B = 0.75
"""Robertson & Zaragoza, *The Probabilistic Relevance Framework: BM25 and Beyond* (2009), section 3.5."""

TERM_BYTES = 32  # longer stems are cut: no French or English stem is longer, and the array stays flat

WORD = re.compile(r"[^\W_]+(?:[.,]\d+)*")
_ELISION = re.compile(r"\b(?:[cdjlmnst]|qu|jusqu|lorsqu|puisqu|quoiqu)['’ʼ](?=\w)", re.IGNORECASE)
_POSSESSIVE = re.compile(r"['’ʼ]s\b", re.IGNORECASE)

_FUNCTIONWORDS: dict[Language, frozenset[str]] = {
    "fr": frozenset(
        "a ai ainsi alors apres as au aucun aucune aussi autre autres aux avait avaient avant avec avez avoir "
        "avons ayant  c ca car ce ceci cela celle celles celui ces cet cette ceux chaque chez ci combien "
        "comme comment d dans de depuis  des dont du elle elles en entre es est et etaient etait etant etc "
        "ete etes etre eu eut eux fait faut font fut furent  ici il ils j je l la laquelle le lequel les "
        "lesquelles lesquels leur leurs lors lui m ma mais me meme memes mes moi  mon n ne ni nos notre nous "
        "on ont ou par parce pas pendant peu peut peuvent plus pour pourquoi puis qu quand que  quel quelle "
        "quelles quels qui quoi s sa sans se sera seront ses si soit son sont sous suis sur t ta te tes toi "
        "ton  tous tout toute toutes tres tu un une va vers vos votre vous y".split()
    ),
    "en": frozenset(
        "a about after all also am an and any are as at be because been before being both but by can could d "
        "did do does  doing during each for from had has have having he her here hers him his how i if in "
        "into is it its itself ll many me  might more most much must my no nor not of off on once or other "
        "our ours out over own re s same she should so some  such t than that the their theirs them then "
        "there these they this those through to too under until up us ve very  was we were what when where "
        "which while who whom whose why will with would you your yours".split()
    ),
}


def fold(text: str) -> str:
    """Return `text` in lower case without accents or ligatures: « Œuvre » and `oeuvre` are equal."""
    decomposed = unicodedata.normalize("NFKD", text.casefold().replace("œ", "oe").replace("æ", "ae"))
    return "".join(c for c in decomposed if not unicodedata.combining(c))


def words(text: str) -> list[str]:
    """Return the folded words of `text` in order, elisions and possessives cut off."""
    return WORD.findall(fold(_POSSESSIVE.sub("", _ELISION.sub("", text))))


class _Stemmers(threading.local):
    """One pair of stemmers a thread: a Snowball stemmer keeps state while it works."""

    def __init__(self) -> None:
        self.by_language = {"fr": Stemmer.Stemmer("french"), "en": Stemmer.Stemmer("english")}


_STEMMERS = _Stemmers()


def stems(text: str, language: Language) -> list[str]:
    """Return the stems of the content words of `text`, in order, repeats kept."""
    content = [w for w in words(text) if w not in _FUNCTIONWORDS[language]]
    stemmed: list[str] = _STEMMERS.by_language[language].stemWords(content)
    return stemmed


class LexicalIndex:
    """BM25 postings: from `indptr[t]` to `indptr[t + 1]`, the rows that hold term `t`, how often, and what it adds."""

    def __init__(
        self,
        terms: NDArray[np.bytes_],
        indptr: NDArray[np.int64],
        rows: NDArray[np.int32],
        counts: NDArray[np.uint16],
        weights: NDArray[np.float32],
        size: int,
    ) -> None:
        """Wrap arrays: `terms` sorted, `rows` ascending within a term, `size` the number of chunks."""
        self._terms, self._indptr, self._rows = terms, indptr, rows
        self._counts, self._weights = counts, weights
        self.size = size

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
            size=0,
        )

    @classmethod
    def build(cls, texts: Sequence[tuple[str, Language]]) -> Self:
        """Index the texts; row i is the i-th text. Stems come from the language given with each."""
        return cls.empty().updated([None] * len(texts), texts)

    def updated(self, kept: Sequence[int | None], new: Iterable[tuple[str, Language]]) -> Self:
        """Return an index of some of these rows and of new texts, equal to one built from all of their texts.

        Args:
            kept: for each row of the result, the row of this index that it repeats, or None for the next of `new`.
            new: a text and its language for each None, in order.
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
        length = np.bincount(rows, counts, minlength=size).astype(np.float32)
        norm = K1 * (1 - B + B * length / max(float(length.mean()) if size else 0.0, 1.0))
        frequency = counts.astype(np.float32)
        idf = np.repeat(inverse_document_frequency(found_in, size), found_in)
        weights = (idf * frequency * (K1 + 1) / (frequency + norm[rows])).astype(np.float32)
        return type(self)(terms, np.concatenate([[0], np.cumsum(found_in)]), rows, counts, weights, size)

    def scores(self, query: Sequence[str]) -> NDArray[np.float32]:
        """Return the BM25 score of every chunk for the stems of a question, shape (size,), 0 and above."""
        total = np.zeros(self.size, dtype=np.float32)
        for start, end in self._ranges(query):
            total[self._rows[start:end]] += self._weights[start:end]
        return total

    def idf(self, query: Sequence[str]) -> NDArray[np.float32]:
        """Return the inverse document frequency of each stem, same order; the highest for an unknown one."""
        found_in = np.array([end - start for start, end in self._ranges(query)], dtype=np.int64)
        return inverse_document_frequency(found_in, self.size)

    def _ranges(self, query: Sequence[str]) -> list[tuple[int, int]]:
        keys = [_key(stem) for stem in query]
        if not keys or not len(self._terms):
            return [(0, 0)] * len(keys)
        at = np.searchsorted(self._terms, np.array(keys, dtype=f"S{TERM_BYTES}"))
        return [
            (int(self._indptr[i]), int(self._indptr[i + 1]))
            if i < len(self._terms) and self._terms[i] == key
            else (0, 0)
            for i, key in zip(at, keys, strict=True)
        ]

    def save(self, folder: Path) -> None:
        """Write the arrays into `folder`, which exists."""
        for name, values in self._arrays().items():
            np.save(folder / f"lexical.{name}.npy", values, allow_pickle=False)

    @classmethod
    def load(cls, folder: Path, size: int) -> Self:
        """Open what `save` wrote, by memory map.

        Raises:
            OSError, ValueError: a file is missing or is not an array; the store says which.
        """
        terms, indptr, rows, counts, weights = (
            np.load(folder / f"lexical.{name}.npy", mmap_mode="r", allow_pickle=False)
            for name in ("terms", "indptr", "rows", "counts", "weights")
        )
        return cls(terms, indptr, rows, counts, weights, size)

    def _arrays(self) -> dict[str, NDArray[np.generic]]:
        return {
            "terms": self._terms,
            "indptr": self._indptr,
            "rows": self._rows,
            "counts": self._counts,
            "weights": self._weights,
        }


def inverse_document_frequency(found_in: NDArray[np.int64], size: int) -> NDArray[np.float32]:
    """Return ln(1 + (N - n + 0.5) / (n + 0.5)): Lucene's form, never negative."""
    idf: NDArray[np.float32] = np.log1p((size - found_in + 0.5) / (found_in + 0.5)).astype(np.float32)
    return idf


class _Counted(NamedTuple):
    """One entry for each stem of each text: text `rows[i]` holds `terms[ids[i]]` `counts[i]` times."""

    terms: NDArray[np.bytes_]
    ids: NDArray[np.int32]
    rows: NDArray[np.int32]
    counts: NDArray[np.uint16]


def _count(rows: Iterable[int], texts: Iterable[tuple[str, Language]]) -> _Counted:
    vocabulary: dict[bytes, int] = {}
    ids, at, counts = array("i"), array("i"), array("H")
    for row, (text, language) in zip(rows, texts, strict=True):
        for term, count in Counter(_key(stem) for stem in stems(text, language)).items():
            ids.append(vocabulary.setdefault(term, len(vocabulary)))
            at.append(row)
            counts.append(min(count, 65_535))
    terms = np.array(list(vocabulary), f"S{TERM_BYTES}")
    return _Counted(terms, np.array(ids, np.int32), np.array(at, np.int32), np.array(counts, np.uint16))


def _key(stem: str) -> bytes:
    return stem.encode()[:TERM_BYTES]
