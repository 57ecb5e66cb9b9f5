"""The default reader: no language model, it picks the sentence that answers and quotes it verbatim."""

from collections.abc import Sequence

from bot.answer import Citation, Reading
from bot.readers.confidence import Calibration, extract_features
from bot.readers.ranking import Candidate, rank_sentences
from index.schema import Language, SearchHit

SECOND_MARGIN = 0.02
"""A second sentence of the same chunk is quoted when its score is this close: for 0.22 of PIAF and 0.16 of SQuAD 2,
where one of the two then holds a gold answer for 0.68 and 0.84."""


class ExtractiveReader:
    """Quotes the likeliest sentence, and says how likely it answers."""

    def __init__(self, calibration: Calibration) -> None:
        """Read with these weights and thresholds."""
        self._calibration = calibration

    def read(self, question: str, language: Language, hits: Sequence[SearchHit]) -> Reading:
        """Return the quotes and the confidence in them; no quote when the hits hold no sentence.

        Args:
            question: what was asked.
            language: of the question, not of the reply.
            hits: best first.
        """
        threshold = self._calibration.thresholds[language]
        ranked = rank_sentences(hits)
        if not ranked:
            return Reading((), 0.0, threshold)
        features = extract_features(question, language, ranked, hits)
        return Reading(quote_best(ranked), self._calibration.confidence(features), threshold)


def quote_best(ranked: Sequence[Candidate]) -> tuple[Citation, ...]:
    """Return the best sentence as a citation, with the next one of the same chunk when they are too close to call."""
    close = [c for c in ranked[1:] if ranked[0].score - c.score < SECOND_MARGIN and c.hit is ranked[0].hit]
    return tuple(_cite(marker, c) for marker, c in enumerate([ranked[0], *close[:1]], start=1))


def _cite(marker: int, candidate: Candidate) -> Citation:
    chunk = candidate.hit.chunk
    sentence = chunk.sentences[candidate.position]
    return Citation(
        marker=marker,
        title=chunk.title,
        source=chunk.source,
        quote=candidate.text,
        language=chunk.language,
        chunk_id=chunk.id,
        start=sentence.start,
        end=sentence.end,
        score=candidate.dense,
    )
