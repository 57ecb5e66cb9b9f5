"""The similarity ranker: it compares the vectors and the words of each sentence with those of the question.

Its weights, in `similarity.json`, were chosen on the dev sets: the first quote holds a gold answer for 0.617 of PIAF
and 0.815 of SQuAD 2, against 0.54 and 0.75 with the cosine alone. So was the margin of a second quote, 0.02: it is
given for 0.22 of PIAF and 0.16 of SQuAD 2, and one of the two quotes then holds a gold answer for 0.68 and 0.84.
"""

from collections.abc import Sequence
from dataclasses import fields

from bot.answering.readers.confidence import Evidence, Features, extract_features
from bot.answering.readers.ranking import HITS_READ, Candidate, RankingWeights, rank
from index.schema import Language, SearchHit


class SimilarityRanker:
    """Puts the sentence first that is nearest to the question."""

    name = "similarity"
    feature_names = tuple(field.name for field in fields(Features))
    reorders_hits = False

    def __init__(self, weights: RankingWeights) -> None:
        """Rank with these weights; that of `margin` has no effect."""
        self._weights = weights

    def rank(self, question: str, hits: Sequence[SearchHit]) -> list[Candidate]:
        """Return the sentences of the first `HITS_READ` hits, the likeliest answer first."""
        return rank(
            (Candidate(0.0, hit, place) for hit in hits[:HITS_READ] for place in range(len(hit.chunk.sentences))),
            self._weights,
        )

    def evidence(
        self, question: str, language: Language, hits: Sequence[SearchHit], ranked: Sequence[Candidate]
    ) -> Evidence:
        """Return what the confidence rests on: the features of the best sentence."""
        return Evidence(extract_features(question, language, ranked, hits), ranked[0].hit.chunk.language)
