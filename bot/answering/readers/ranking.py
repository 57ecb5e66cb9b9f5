"""A sentence that may answer, and its score."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import NamedTuple

from bot.answering.readers.span_model import Span
from index.schema import SearchHit

HITS_READ = 5
"""Chunks read. The right sentence comes first as often with 5 as with 10; less often with 3 (PIAF and SQuAD 2 dev)."""


class RankingWeights(NamedTuple):
    """How much each part counts in the score of a sentence, which is their weighted sum."""

    margin: float  # of the likeliest words in it, as the span model reads it; 0 where nothing read it
    dense: float  # cosine of question and sentence
    overlap: float  # share of the question's stems in the sentence
    hit: float  # score of its chunk in the search


class Candidate(NamedTuple):
    """A sentence of a hit: `hit.chunk.sentences[position]`."""

    score: float
    hit: SearchHit
    position: int
    answer: Span | None = None  # its likeliest words, as places in the text of the chunk; None when nothing read it

    @property
    def dense(self) -> float:
        """Cosine of question and sentence."""
        return self.hit.sentence_dense[self.position]

    @property
    def overlap(self) -> float:
        """Share of the question's stems in the sentence, 0 to 1."""
        return self.hit.sentence_overlap[self.position]

    @property
    def span(self) -> tuple[int, int]:
        """Where the sentence stands in the text of its chunk."""
        sentence = self.hit.chunk.sentences[self.position]
        return sentence.start, sentence.end

    @property
    def text(self) -> str:
        """Its words."""
        start, end = self.span
        return self.hit.chunk.text[start:end]

    def scored(self, weights: RankingWeights) -> "Candidate":
        """Return the candidate with its score under these weights."""
        return self._replace(
            score=weights.margin * (self.answer.margin if self.answer else 0.0)
            + weights.dense * self.dense
            + weights.overlap * self.overlap
            + weights.hit * self.hit.score
        )


def rank(candidates: Iterable[Candidate], weights: RankingWeights) -> list[Candidate]:
    """Return the candidates with their scores, the likeliest answer first.

    Where a model reads them, a sentence that lies past its last token comes after those that it read.
    """
    return sorted((c.scored(weights) for c in candidates), key=lambda c: (c.answer is None, -c.score))


def reranked(ranked: Sequence[Candidate], hits: Sequence[SearchHit]) -> list[SearchHit]:
    """Return the hits in the order of their best sentences, those without one last, and number them anew."""
    read = {c.hit.chunk.id: c.hit for c in ranked}
    rest = [hit for hit in hits if hit.chunk.id not in read]
    return [replace(hit, rank=number) for number, hit in enumerate([*read.values(), *rest], start=1)]
