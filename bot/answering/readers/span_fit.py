"""What was fitted for the span model: the weights of its scores, the confidence, and when a span is shown.

It stands in `span-reader.json`, written by `training.reader.calibrate`.
"""

import json
from dataclasses import dataclass
from pathlib import Path

from bot.answering.readers.confidence import Calibration
from bot.answering.readers.ranking import SpanWeights


@dataclass(frozen=True, slots=True)
class SpanFit:
    """All that was fitted, for one file of the model."""

    weights: SpanWeights
    second: float  # a second sentence of the same chunk is quoted when its score is this close
    bold: float  # margin from which the words are shown in bold
    calibration: Calibration  # of the confidence
    sha256: str  # of the model

    @classmethod
    def load(cls, file: Path) -> "SpanFit":
        """Read a file that `training.reader.calibrate` wrote.

        Raises:
            OSError: it cannot be read.
            ValueError, KeyError, TypeError: it holds something else.
        """
        record = json.loads(file.read_text(encoding="utf-8"))
        weights = SpanWeights(**record["ranking"])
        calibration = Calibration(**record["confidence"], data=record["data"])
        return cls(weights, record["second"], record["bold"], calibration, record["model_sha256"])
