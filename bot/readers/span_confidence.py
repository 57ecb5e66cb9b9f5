"""What the trained reader was fitted to: the weights of its scores, and how likely its quote answers.

Everything fitted stands in `span-reader.json`, written by `training.reader.calibrate`.
"""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from bot.readers.confidence import Calibration, Features, extract_features
from bot.readers.ranking import Candidate, SpanWeights
from index.schema import Language, SearchHit

UNREAD = -20.0
"""Margin of a sentence that the model did not reach: lower than any that it gives on the dev sets."""


@dataclass(frozen=True, slots=True)
class SpanFeatures(Features):
    """What speaks for the best sentence, with what the span model says; margins are sums of logits."""

    answer: float  # margin of its span over no answer
    answer_lead: float  # the same, over the best of another document, 0 without another
    score_lead: float  # its score over the best sentence of another chunk, 0 without another


def extract_span_features(
    question: str, language: Language, ranked: Sequence[Candidate], hits: Sequence[SearchHit]
) -> SpanFeatures:
    """Return the features of the best of `ranked`, which holds one sentence or more, best first."""
    best = ranked[0]
    elsewhere = [_margin(c) for c in ranked if c.hit.chunk.document_id != best.hit.chunk.document_id]
    rivals = [c.score for c in ranked if c.hit is not best.hit]
    return SpanFeatures(
        **asdict(extract_features(question, language, ranked, hits)),
        answer=_margin(best),
        answer_lead=_margin(best) - max(elsewhere) if elsewhere else 0.0,
        score_lead=best.score - max(rivals) if rivals else 0.0,
    )


def _margin(candidate: Candidate) -> float:
    return candidate.answer.margin if candidate.answer else UNREAD


@dataclass(frozen=True, slots=True)
class SpanCalibration:
    """All that was fitted."""

    weights: SpanWeights
    confidence: Calibration
    second: float  # a second sentence of the same chunk is quoted when its score is this close
    bold: float  # margin from which the span is shown in bold
    sha256: str  # of the model that it was fitted for

    @classmethod
    def load(cls, file: Path) -> "SpanCalibration":
        """Read a file that `training.reader.calibrate` wrote.

        Raises:
            OSError: it cannot be read.
            ValueError, KeyError, TypeError: it holds something else.
        """
        record = json.loads(file.read_text(encoding="utf-8"))
        thresholds = {language: dict.fromkeys(("fr", "en"), t) for language, t in record["thresholds"].items()}
        return cls(
            weights=SpanWeights(**record["ranking"]),
            # One threshold whatever the language of the quote.
            confidence=Calibration(record["weights"], record["bias"], thresholds, record["data"]),
            second=record["second"],
            bold=record["bold"],
            sha256=record["model_sha256"],
        )
