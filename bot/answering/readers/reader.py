"""The reader: quotes the sentence that answers word for word, and says how likely it does. It writes nothing itself."""

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Protocol

from bot.answering.answer import Citation, Reading
from bot.answering.readers.asked import asks_for_words, is_key_words
from bot.answering.readers.confidence import Calibration, Evidence
from bot.answering.readers.expected import expected
from bot.answering.readers.fit import Fit
from bot.answering.readers.passages import is_plain_prose, quote_passages
from bot.answering.readers.quoting import cite, leaves_open, quote_best
from bot.answering.readers.ranking import Candidate, reranked
from bot.answering.readers.rows import asked_row
from bot.answering.readers.versions import current_first
from index.headers import header_above
from index.schema import Language, SearchHit
from index.text import fold

NEAR_MISS = 0.5
"""Share of the threshold that is left to what lacks the kind of words that is asked for: it is near, and no answer."""


class Ranker(Protocol):
    """Orders the sentences of the hits, and says what the confidence in the first of them rests on."""

    name: str
    feature_names: tuple[str, ...]  # in the order of the fields of its features
    reorders_hits: bool  # the hits follow the order of their sentences; else they stay in that of the search

    def rank(self, question: str, hits: Sequence[SearchHit]) -> list[Candidate]:
        """Return the sentences that were read, the likeliest answer first."""
        ...

    def evidence(
        self, question: str, language: Language, hits: Sequence[SearchHit], ranked: Sequence[Candidate]
    ) -> Evidence:
        """Return what the confidence rests on.

        Args:
            question: what was asked.
            language: of the question.
            hits: best first.
            ranked: what `rank` made of them, one sentence or more.
        """
        ...


class Reader:
    """A ranker, and what was fitted for it."""

    def __init__(self, ranker: Ranker, fit: Fit) -> None:
        """Read with both.

        Raises:
            ValueError: the confidence was fitted on other features than the ranker gives.
        """
        if set(fit.calibration.weights) != set(ranker.feature_names):
            raise ValueError(f"the confidence was not fitted on the features of the {ranker.name} ranker")
        self._ranker = ranker
        self._fit = fit

    @property
    def name(self) -> str:
        """That of the ranker, "span" or "similarity"."""
        return self._ranker.name

    @property
    def feature_names(self) -> tuple[str, ...]:
        """What the confidence is computed from, in the order of the fields of the features."""
        return self._ranker.feature_names

    @property
    def calibration(self) -> Calibration:
        """The weights and thresholds of the confidence."""
        return self._fit.calibration

    def calibrated(self, calibration: Calibration) -> "Reader":
        """Return the same reader with other weights and thresholds of the confidence.

        Raises:
            ValueError: they were fitted on other features.
        """
        return Reader(self._ranker, replace(self._fit, calibration=calibration))

    def evidence(self, question: str, language: Language, hits: Sequence[SearchHit]) -> Evidence | None:
        """Return what the confidence rests on; None when the hits hold no sentence."""
        ranked = self._ranked(question, hits)
        return self._ranker.evidence(question, language, hits, ranked) if ranked else None

    def read(self, question: str, language: Language, hits: Sequence[SearchHit]) -> Reading:
        """Return the quotes and the confidence in them; no quote when the hits hold no sentence.

        Args:
            question: what was asked.
            language: of the question, not of the reply.
            hits: best first.
        """
        thresholds = self.calibration.thresholds[language]
        ranked = self._ranked(question, hits)
        if not ranked:
            return Reading((), 0.0, thresholds[language])
        evidence = self._ranker.evidence(question, language, hits, ranked)
        confidence, threshold = self.calibration.confidence(evidence.features), thresholds[evidence.language]
        is_prose = is_plain_prose(ranked[0].hit, hits) and is_plain_prose(hits[0], hits)
        if not (is_prose or hits[0].chunk.question):
            threshold = max(threshold, self.calibration.sections * thresholds[language])
        wanted = expected(question)
        row, is_missing = asked_row(question, language, hits)
        if hits[0].is_named or row is not None:
            confidence = max(confidence, threshold)  # the question says itself where its answer stands
        if row is not None:
            reading = Reading((cite(1, row),), confidence, threshold)
        elif hits[0].is_named or self._asks_for_passage(question, ranked[0], is_prose):
            by_sentence = is_prose and self._ranker.reorders_hits and not hits[0].is_named
            ordered = reranked(ranked, hits) if by_sentence else hits  # sections are found better by the search
            passage = quote_passages(ordered, ranked)
            more = "\n\n".join(chunk.text for chunk in ordered[0].section) if passage.is_cut else ""
            reading = Reading(passage.citations, confidence, threshold, more=more)
        else:
            ranked = current_first(question, _expected_first(wanted, ranked))
            first, *others = quote_best(ranked, self._fit.second)
            reading = Reading(
                citations=(self._marked(first, ranked[0]), *others),
                confidence=confidence,
                threshold=threshold,
                hits=tuple(reranked(ranked, hits)) if self._ranker.reorders_hits else (),
            )
        if (wanted is not None and not _holds(wanted, reading)) or is_missing:
            reading = replace(reading, confidence=min(confidence, NEAR_MISS * threshold))
        return reading

    def _ranked(self, question: str, hits: Sequence[SearchHit]) -> list[Candidate]:
        """Return the sentences that were read, the likeliest answer first.

        What the search finds first by the question that it answers stays first: no other sentence was written for it.
        """
        ranked = self._ranker.rank(question, hits)
        if not hits or not hits[0].chunk.question:
            return ranked
        answer = {chunk.id for chunk in hits[0].read_in}
        return sorted(ranked, key=lambda candidate: candidate.hit.chunk.id not in answer)

    def _asks_for_passage(self, question: str, best: Candidate, is_prose: bool) -> bool:
        """Whether to quote a passage rather than the best sentence.

        A sentence answers where a few words are asked for and it is sure which; in plain prose there is nothing else,
        but key words ask for all that there is about them. Of a table the rows that match are a passage.
        """
        if is_prose:
            return is_key_words(question)
        is_row = header_above(best.hit.chunk, best.span[0]) != ""
        return is_row or leaves_open(best.text) or not (asks_for_words(question) and self._is_sure(best))

    def _is_sure(self, best: Candidate) -> bool:
        """Whether it is sure which words answer; no reader that sees no words is."""
        return best.answer is not None and self._fit.bold is not None and best.answer.margin >= self._fit.bold

    def _marked(self, citation: Citation, best: Candidate) -> Citation:
        """Return the citation with the place of the words that answer, when that is sure enough."""
        if best.answer is None or not self._is_sure(best):
            return citation
        return replace(citation, span=(best.answer.start - citation.start, best.answer.end - citation.start))


def _expected_first(wanted: re.Pattern[str] | None, ranked: list[Candidate]) -> list[Candidate]:
    """Put the best sentence of the best chunk first that holds the kind of words that is asked for, where one does."""
    if wanted is None or wanted.search(fold(ranked[0].text)):
        return ranked
    best = next((c for c in ranked if c.hit is ranked[0].hit and wanted.search(fold(c.text))), ranked[0])
    return [best, *(c for c in ranked if c is not best)]


def _holds(wanted: re.Pattern[str], reading: Reading) -> bool:
    """Whether what is quoted holds the kind of words that is asked for."""
    return any(wanted.search(fold(f"{c.lead} {c.quote}")) for c in reading.citations)
