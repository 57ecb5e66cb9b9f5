"""What was fitted for one ranker, as `similarity.json` and `span.json` hold it.

{"data": what it was fitted on, "command": what wrote the file, "model_sha256": of the model that was read, or null,
"ranking": the weights of the score of a sentence, "second": …, "bold": … or null,
"confidence": {"weights": by feature, "bias": …, "thresholds": by language of the question, then of the text,
"sections": times the threshold of one language for passages under headings},
"figures": how good it is, by both languages, "baseline": the same figures by similarity, or null}
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.answering.readers.confidence import Calibration
from bot.answering.readers.ranking import RankingWeights


@dataclass(frozen=True, slots=True)
class Fit:
    """The numbers that a reader works with."""

    ranking: RankingWeights
    second: float  # a second sentence of the same chunk is quoted when its score is this close to the best
    bold: float | None  # margin from which the words that answer are shown in bold; None: never
    calibration: Calibration
    model_sha256: str | None = None  # of the model that the ranker reads with; None without one

    @classmethod
    def load(cls, file: Path) -> "Fit":
        """Read a file that `benchmarks.calibrate` or `training.reader.calibrate` wrote.

        Raises:
            OSError: it cannot be read.
            ValueError, KeyError, TypeError: it holds something else.
        """
        record = json.loads(file.read_text(encoding="utf-8"))
        return cls(
            ranking=RankingWeights(**record["ranking"]),
            second=record["second"],
            bold=record["bold"],
            calibration=Calibration(**record["confidence"], data=record["data"]),
            model_sha256=record["model_sha256"],
        )


def fit_text(fit: Fit, command: str, figures: Mapping[str, Any], baseline: Mapping[str, Any] | None = None) -> str:
    """Return the text of a file that `Fit.load` reads."""
    record = {
        "data": fit.calibration.data,
        "command": command,
        "model_sha256": fit.model_sha256,
        "ranking": fit.ranking._asdict(),
        "second": fit.second,
        "bold": fit.bold,
        "confidence": {
            "weights": fit.calibration.weights,
            "bias": fit.calibration.bias,
            "thresholds": fit.calibration.thresholds,
            "sections": fit.calibration.sections,
        },
        "figures": figures,
        "baseline": baseline,
    }
    return json.dumps(record, indent=2, ensure_ascii=False) + "\n"
