"""Search an index: take candidates by vectors and by words, then rank them by a fused score."""

import functools
from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import replace
from itertools import takewhile
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from index.bm25 import K1, BM25Index, Group
from index.chunking import sentence_words, text_under_headings
from index.cosines import Cosines
from index.generations import Store
from index.model.embedding import TextEmbeddings
from index.named import named_section
from index.schema import Chunk, Language, SearchHit
from index.sections import section_around
from index.text import stems
from index.translation import Lexicon

CANDIDATES = 50
"""Chunks that vectors and words each propose before fusion, at least."""

LEXICAL_WEIGHT = 0.25
"""score = cosine(chunk) + best cosine(sentence) + 0.25 × coverage, chosen on the dev sets. R@1 / R@5: PIAF 0.800 /
0.947 and SQuAD 2 0.883 / 0.976, against 0.783 / 0.940 and 0.861 / 0.971 for cosine(chunk) + 0.05 × (BM25 / best
BM25). Where a chunk says which question it answers, twice the cosine with that stands for the first two if it is higher
(docs/decisions.md). Coverage is BM25 divided by the highest value that the question could reach. Divided by the best
BM25 found, a poor match would count in full where all others are poorer: an English question on French paragraphs has
R@1 0.72 with coverage and 0.65 with that."""

OVERLAP_WEIGHT = 0.04
"""Of the hits that are found, each gets 0.04 × (its overlap + the best of its sentences), and they are put in order
anew. R@1 rises from 0.820 to 0.838 (400 questions of PIAF), 0.870 to 0.880 (400 of SQuAD 2) and 0.887 to 0.919 (62 on a
documentation); R@5 is 0.940 instead of 0.948, 0.973 instead of 0.975, and 0.984 as before. Words of the title count,
which a chunk of a page seldom repeats."""

FAR = 500
"""Chunks on each side of a hit among which its document is looked through for a section that the question names: 470 kB
of a documentation, read in 22 ms."""

BLOCK = 128  # rows; a million rows are 8,000 blocks, of which about 50 reach the fiftieth score


class Searcher:
    """Searches one opened index. Thread-safe: it keeps no state between calls."""

    def __init__(self, store: Store, embeddings: TextEmbeddings) -> None:
        """Search `store` with the model that embedded its texts.

        Raises:
            IndexingError: the lexicon of translations is missing or damaged.
        """
        self.store = store
        self._embeddings = embeddings
        self._lexicon = Lexicon.load()

    def search(self, query: str, language: Language, k: int) -> list[SearchHit]:
        """Return at most `k` hits, best first.

        Args:
            query: the question, in any case, with or without accents.
            language: of the question; its words are stemmed in it, and translated for texts in the other.
            k: 1 or more.
        """
        if not query.strip() or not self.store.manifest.chunks:
            return []
        return self.search_near(self._embeddings.encode_query(query), query, language, k)

    def search_near(self, vector: NDArray[np.float32], query: str, language: Language, k: int) -> list[SearchHit]:
        """Return what `search` does, for a question whose vector is known."""
        if not self.store.manifest.chunks:
            return []
        bm25 = self.store.bm25
        terms = {into: _query_terms(bm25, self._lexicon.groups(query, language, into)) for into in bm25.languages}
        covered = coverage(bm25, terms)
        width = max(k, CANDIDATES)
        rows = sorted({*self.store.dense_top(vector, width), *best_rows(covered, width)})
        look = _Look(self.store, vector, covered, terms)
        look.measure(rows)
        fused = np.array([look.nearness(row) for row in rows]) + LEXICAL_WEIGHT * covered[rows]
        best = [rows[i] for i in np.argsort(-fused, kind="stable")[:k].tolist()]
        self.store.read_ahead(best)
        hits = _with_words_counted([look.hit(row) for row in best])
        groups = {into: of_language.groups for into, of_language in terms.items()}
        section = named_section(query, language, hits, look.document_of, groups)
        return _with_section_first(look.read_in(section), hits) if section else hits


class _Look:
    """What one question finds in the chunks of a store."""

    def __init__(
        self,
        store: Store,
        vector: NDArray[np.float32],
        covered: NDArray[np.float32],
        terms: Mapping[Language, "QueryTerms"],
    ) -> None:
        self._store = store
        self._vector = vector
        self._covered = covered
        self._terms = terms
        self._rows: dict[str, int] = {}  # of the chunks that were looked at
        self._cosines: dict[int, Cosines] = {}
        self._chunk_at = functools.cache(self._read)  # sections of one document share chunks

    def measure(self, rows: Sequence[int]) -> None:
        """Take the cosines of the question and chunks, all at once."""
        new = [row for row in rows if row not in self._cosines]
        self._cosines.update(zip(new, self._store.cosines(self._vector, new), strict=True))

    def nearness(self, row: int) -> float:
        """Return the cosines of the question and a chunk, and its best sentence; or twice that of its own question."""
        dense, sentences, question = self._cosines[row]
        near = dense + max(sentences, default=dense)
        return near if question is None else max(near, 2 * question)

    def hit(self, row: int) -> SearchHit:
        """Return a chunk that was measured, ranked first, with the score of the fusion."""
        chunk = self._chunk_at(row)
        terms = self._terms[chunk.language]
        in_chunk = set(stems(text_under_headings(chunk), chunk.language))
        in_sentences = [set(stems(sentence_words(chunk, s), chunk.language)) for s in chunk.sentences]
        return SearchHit(
            chunk=chunk,
            rank=1,
            score=self.nearness(row) + LEXICAL_WEIGHT * float(self._covered[row]),
            dense=self._cosines[row].chunk,
            lexical=float(self._covered[row]),
            overlap=terms.overlap(in_chunk),
            sentence_dense=self._cosines[row].sentences,
            sentence_overlap=tuple(terms.overlap(found) for found in in_sentences),
            matched=tuple(stem for stem, group in terms.groups.items() if not in_chunk.isdisjoint(group)),
            section=section_around(row, self._chunk_at, self._store.manifest.chunks, terms.stems),
        )

    def document_of(self, chunk: Chunk) -> list[Chunk]:
        """Return the chunks of the document of a chunk that was looked at, in order, `FAR` on each side at most."""
        row = self._rows[chunk.id]
        before = takewhile(self._is_beside(chunk), map(self._chunk_at, range(row - 1, max(row - FAR, 0) - 1, -1)))
        last = min(row + FAR, self._store.manifest.chunks)
        after = takewhile(self._is_beside(chunk), map(self._chunk_at, range(row + 1, last)))
        return [*reversed(list(before)), chunk, *after]

    def read_in(self, section: Sequence[Chunk]) -> SearchHit:
        """Return the best hit in a section that the question names, read in that section."""
        rows = [self._rows[chunk.id] for chunk in section]
        self.measure(rows)
        best = max(map(self.hit, rows), key=lambda hit: hit.score)
        return replace(best, section=tuple(section), is_named=True)

    def _is_beside(self, chunk: Chunk) -> Callable[[Chunk], bool]:
        return lambda other: other.document_id == chunk.document_id

    def _read(self, row: int) -> Chunk:
        chunk = self._store.chunk(row)
        self._rows[chunk.id] = row
        return chunk


def _with_section_first(named: SearchHit, hits: Sequence[SearchHit]) -> list[SearchHit]:
    """Return as many hits with the one that the question names in first place, as good as the best."""
    others = [hit for hit in hits if hit.chunk.id != named.chunk.id]
    first = replace(named, score=max(named.score, hits[0].score))
    return [replace(hit, rank=rank) for rank, hit in enumerate([first, *others][: len(hits)], start=1)]


def _with_words_counted(hits: Sequence[SearchHit]) -> list[SearchHit]:
    """Return the hits with the overlaps added to their scores, in that order."""
    scored = [
        replace(hit, score=hit.score + OVERLAP_WEIGHT * (hit.overlap + max(hit.sentence_overlap, default=0.0)))
        for hit in hits
    ]
    scored.sort(key=lambda hit: -hit.score)
    return [replace(hit, rank=rank) for rank, hit in enumerate(scored, start=1)]


class QueryTerms(NamedTuple):
    """The stems of a question, as they are looked up in texts in one language."""

    groups: Mapping[str, Group]  # stem of the question -> the stems that stand for it
    shares: Mapping[str, float]  # stem of the question -> its share of the sum of all idf
    max_score: float  # the highest BM25 that a text could reach

    @property
    def stems(self) -> frozenset[str]:
        """The stems of the question, and those that stand for them."""
        return frozenset(stem for group in self.groups.values() for stem in group)

    def overlap(self, found: Set[str]) -> float:
        """Return the share of the question that the stems `found` cover, 0 to 1; a translation counts by its weight."""
        return sum(
            share * max((weight for stem, weight in self.groups[word].items() if stem in found), default=0.0)
            for word, share in self.shares.items()
        )


def _query_terms(bm25: BM25Index, groups: Mapping[str, Group]) -> QueryTerms:
    idf = bm25.idf([*groups.values()])
    total = max(float(idf.sum()), 1e-9)
    return QueryTerms(groups, dict(zip(groups, (idf / total).tolist(), strict=True)), total * (K1 + 1))


def coverage(bm25: BM25Index, terms: Mapping[Language, QueryTerms]) -> NDArray[np.float32]:
    """Return how much of the question each chunk covers, by the terms in its language: shape (chunks,), 0 to 1."""
    by_language = {
        language: bm25.scores([*t.groups.values()]) / np.float32(t.max_score) for language, t in terms.items()
    }
    if len(by_language) == 2:
        return np.where(bm25.french, by_language["fr"], by_language["en"])
    return next(iter(by_language.values()), np.zeros(0, np.float32))


def best_rows(scores: NDArray[np.float32], k: int) -> list[int]:
    """Return the rows of the `k` highest scores above zero, unordered.

    The rows are taken in blocks. The k-th highest maximum of a block is no more than the k-th highest score, so only
    rows that reach it are sorted: of a million rows that takes 1 ms, where sorting all takes 8.
    """
    min_score = np.float32(0)
    blocks = len(scores) // BLOCK
    if blocks > k:
        maxima = scores[: blocks * BLOCK].reshape(blocks, BLOCK).max(axis=1)
        min_score = np.partition(maxima, -k)[-k]
    rows = np.flatnonzero((scores >= min_score) & (scores > 0))
    if len(rows) > k:
        rows = rows[np.argpartition(scores[rows], -k)[-k:]]
    top: list[int] = rows.tolist()
    return top
