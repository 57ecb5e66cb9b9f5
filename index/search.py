"""Search an index: take candidates by vectors and by words, then rank them by a fused score."""

import functools
from collections.abc import Mapping, Sequence, Set
from dataclasses import replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from index.bm25 import K1, BM25Index, Group
from index.chunking import sentence_words, text_under_headings
from index.model.embedding import TextEmbeddings
from index.schema import Language, SearchHit
from index.sections import section_around
from index.store import IndexStore
from index.text import stems
from index.translation import Lexicon

CANDIDATES = 50
"""Chunks that vectors and words each propose before fusion, at least."""

LEXICAL_WEIGHT = 0.25
"""score = cosine(chunk) + best cosine(sentence) + 0.25 × coverage, chosen on the dev sets. R@1 / R@5: PIAF 0.800 /
0.947 and SQuAD 2 0.883 / 0.976, against 0.783 / 0.940 and 0.861 / 0.971 for cosine(chunk) + 0.05 × (BM25 / best
BM25). Coverage is BM25 divided by the highest value that the question could reach. Divided by the best BM25 found, a
poor match would count in full where all others are poorer: an English question on French paragraphs has R@1 0.72 with
coverage and 0.65 with that."""

OVERLAP_WEIGHT = 0.04
"""Of the hits that are found, each gets 0.04 × (its overlap + the best of its sentences), and they are put in order
anew. R@1 rises from 0.820 to 0.838 (400 questions of PIAF), 0.870 to 0.880 (400 of SQuAD 2) and 0.887 to 0.919 (62 on a
documentation); R@5 is 0.940 instead of 0.948, 0.973 instead of 0.975, and 0.984 as before. Words of the title count,
which a chunk of a page seldom repeats."""

BLOCK = 128  # rows; a million rows are 8,000 blocks, of which about 50 reach the fiftieth score


class Searcher:
    """Searches one opened index. Thread-safe: it keeps no state between calls."""

    def __init__(self, store: IndexStore, embeddings: TextEmbeddings) -> None:
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
        vector = self._embeddings.encode_query(query)
        bm25 = self.store.bm25
        terms = {into: _query_terms(bm25, self._lexicon.groups(query, language, into)) for into in bm25.languages}
        covered = coverage(bm25, terms)
        width = max(k, CANDIDATES)
        rows = sorted({*self.store.dense_top(vector, width), *best_rows(covered, width)})
        dense = self.store.dense_scores(vector, rows)
        sentences = [self.store.sentence_scores(vector, row) for row in rows]
        nearest = np.array([s.max() if len(s) else d for s, d in zip(sentences, dense, strict=True)])
        fused = dense + nearest + LEXICAL_WEIGHT * covered[rows]
        chunk_at = functools.cache(self.store.chunk)  # sections of one document share chunks
        hits = []
        for rank, i in enumerate(np.argsort(-fused, kind="stable")[:k].tolist(), start=1):
            chunk = chunk_at(rows[i])
            query_terms = terms[chunk.language]
            in_chunk = set(stems(text_under_headings(chunk), chunk.language))
            in_sentences = [set(stems(sentence_words(chunk, s), chunk.language)) for s in chunk.sentences]
            hits.append(
                SearchHit(
                    chunk=chunk,
                    rank=rank,
                    score=float(fused[i]),
                    dense=float(dense[i]),
                    lexical=float(covered[rows[i]]),
                    overlap=query_terms.overlap(in_chunk),
                    sentence_dense=tuple(sentences[i].tolist()),
                    sentence_overlap=tuple(query_terms.overlap(found) for found in in_sentences),
                    matched=tuple(stem for stem, group in query_terms.groups.items() if not in_chunk.isdisjoint(group)),
                    section=section_around(rows[i], chunk_at, self.store.manifest.chunks, query_terms.stems),
                )
            )
        return _with_words_counted(hits)


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
