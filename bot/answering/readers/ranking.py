"""Order the sentences of the hits by how likely they answer."""

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from bot.answering.readers.spans import Span, SpanModel
from index.schema import SearchHit

HITS_READ = 5
"""Chunks read. The right sentence comes first as often with 5 as with 10; less often with 3 (PIAF and SQuAD 2 dev)."""

OVERLAP_WEIGHT = 0.08
HIT_WEIGHT = 0.5
"""score of a sentence = its cosine + 0.08 × its overlap + 0.5 × the score of its chunk, chosen on the dev sets: the
first quote holds a gold answer for 0.617 of PIAF and 0.815 of SQuAD 2, against 0.54 and 0.75 for the cosine alone."""


class Candidate(NamedTuple):
    """A sentence of a hit: `hit.chunk.sentences[position]`."""

    score: float
    hit: SearchHit
    position: int
    answer: Span | None = None  # the likeliest within the sentence, in the text of the chunk; None when nothing read it

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


def rank_sentences(hits: Sequence[SearchHit]) -> list[Candidate]:
    """Return the sentences of the first `HITS_READ` hits, the likeliest answer first."""
    candidates = [
        Candidate(dense + OVERLAP_WEIGHT * overlap + HIT_WEIGHT * hit.score, hit, position)
        for hit in hits[:HITS_READ]
        for position, (dense, overlap) in enumerate(zip(hit.sentence_dense, hit.sentence_overlap, strict=True))
    ]
    return sorted(candidates, key=lambda c: -c.score)


class SpanWeights(NamedTuple):
    """What the score of a sentence is made of where the span model reads; fitted by `training.reader.calibrate`."""

    margin: float  # of its likeliest span
    dense: float
    overlap: float
    hit: float  # score of its chunk


def rank_spans(question: str, hits: Sequence[SearchHit], model: SpanModel, weights: SpanWeights) -> list[Candidate]:
    """Return the sentences of the first `HITS_READ` hits with the likeliest span of each, the likeliest answer first.

    A sentence that the model did not reach, past its last token, comes after those that it read.
    """
    candidates = []
    for hit in hits[:HITS_READ]:
        logits = model.read(question, hit.chunk.text)
        for position, sentence in enumerate(hit.chunk.sentences):
            answer = logits.best_within(sentence.start, sentence.end)
            candidate = Candidate(0.0, hit, position, answer)
            candidates.append(candidate._replace(score=_combined(candidate, weights)))
    return sorted(candidates, key=lambda c: (c.answer is None, -c.score))


def _combined(candidate: Candidate, weights: SpanWeights) -> float:
    return (
        weights.margin * (candidate.answer.margin if candidate.answer else 0.0)
        + weights.dense * candidate.dense
        + weights.overlap * candidate.overlap
        + weights.hit * candidate.hit.score
    )


def reranked(ranked: Sequence[Candidate], hits: Sequence[SearchHit]) -> list[SearchHit]:
    """Return the hits in the order of their best sentences, those without one last, and number them anew."""
    read = {c.hit.chunk.id: c.hit for c in ranked}
    rest = [hit for hit in hits if hit.chunk.id not in read]
    return [replace(hit, rank=rank) for rank, hit in enumerate([*read.values(), *rest], start=1)]
