"""Vectors that need not be computed again: those of the serving generation, and those an interrupted build left.

A vector is known by the hash of the text it embeds. New ones are appended to a log as they are
computed, so a build that is killed resumes where it stopped; the log goes when the build is done.
"""

import hashlib
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.errors import IndexingError
from index.model.embedding import TextEmbeddings
from index.store import KEY_BYTES, IndexStore

BLOCK = 256
"""Texts embedded between two writes of the log: about five seconds of work, the most that a kill loses."""


def text_key(text: str) -> bytes:
    """Return the hash by which the vector of `text` is known, `KEY_BYTES` long."""
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=KEY_BYTES).digest()


def remove_log(log: Path) -> None:
    """Remove a log, once the generation that serves holds all that it kept.

    Raises:
        IndexingError: it cannot be removed.
    """
    with _writing(log.parent):
        for path in _log_files(log):
            path.unlink(missing_ok=True)


class KnownVectors:
    """Looks vectors up by text, computes what is missing, and keeps what it computed."""

    def __init__(self, log: Path, embeddings: TextEmbeddings, previous: IndexStore | None) -> None:
        """Know what `previous` holds, and what `log` kept of a build that used the same model.

        Args:
            log: path of the log, without suffix; its name tells the model.
            embeddings: computes what is missing.
            previous: a generation made with the same model, or None.
        """
        self._embeddings = embeddings
        self._keys_path, self._vectors_path = _log_files(log)
        with _writing(log.parent):
            self._exact: dict[bytes, NDArray[np.float32]] = dict(self._read_log())
        self._rounded: dict[bytes, NDArray[np.float16]] = {}
        if previous is not None:
            self._exact.update(previous.known_chunks())
            self._rounded.update(previous.known_sentences())

    def missing(self, chunks: Mapping[bytes, str], sentences: Mapping[bytes, str]) -> dict[bytes, str]:
        """Return what must be embedded, by key. A chunk needs its vector in full, a sentence rounded to float16."""
        lacking = {key: text for key, text in chunks.items() if key not in self._exact}
        return lacking | {
            key: text for key, text in sentences.items() if key not in self._exact and key not in self._rounded
        }

    def compute(self, missing: dict[bytes, str], progress: Callable[[int], None]) -> None:
        """Embed the texts, longest first, logging them block by block.

        Raises:
            EmbeddingError: the model cannot be used.
            IndexingError: the log cannot be written.
        """
        ordered = sorted(missing.items(), key=lambda item: -len(item[1]))
        for at in range(0, len(ordered), BLOCK):
            block = ordered[at : at + BLOCK]
            vectors = self._embeddings.encode_documents([text for _, text in block], progress)
            self._append([key for key, _ in block], vectors)
            self._exact.update(zip((key for key, _ in block), vectors, strict=True))

    def chunk_vectors(self, keys: Iterable[bytes]) -> NDArray[np.float32]:
        """Return the vectors of the texts with these keys, shape (n, d); all must be known."""
        return self._stack([self._exact[key] for key in keys], np.float32)

    def sentence_vectors(self, keys: Iterable[bytes]) -> NDArray[np.float16]:
        """Return the rounded vectors of the texts with these keys, shape (n, d); all must be known."""
        return self._stack([self._exact[k] if k in self._exact else self._rounded[k] for k in keys], np.float16)

    def _stack(self, vectors: Sequence[NDArray[np.floating]], dtype: type[np.floating]) -> NDArray[np.floating]:
        stacked = np.empty((len(vectors), self._embeddings.dimension), dtype)
        for row, vector in enumerate(vectors):
            stacked[row] = vector
        return stacked

    def _read_log(self) -> Iterator[tuple[bytes, NDArray[np.float32]]]:
        """Yield what the log holds in full; a kill may have cut its last block."""
        width = self._embeddings.dimension
        try:
            keys = self._keys_path.read_bytes()
            vectors = np.fromfile(self._vectors_path, np.float32)
        except FileNotFoundError:  # nothing was logged, or a build was killed between the two files
            remove_log(self._keys_path)
            return
        whole = min(len(keys) // KEY_BYTES, len(vectors) // width)
        for row in range(whole):
            yield keys[row * KEY_BYTES : (row + 1) * KEY_BYTES], vectors[row * width : (row + 1) * width]
        with self._keys_path.open("r+b") as file:
            file.truncate(whole * KEY_BYTES)
        with self._vectors_path.open("r+b") as file:
            file.truncate(whole * width * 4)

    def _append(self, keys: Sequence[bytes], vectors: NDArray[np.float32]) -> None:
        """Write the vectors, then their keys: a key is there only if its vector is."""
        with _writing(self._keys_path.parent):
            for path, data in ((self._vectors_path, vectors.tobytes()), (self._keys_path, b"".join(keys))):
                with path.open("ab") as file:
                    file.write(data)
                    file.flush()
                    os.fsync(file.fileno())


def _log_files(log: Path) -> tuple[Path, Path]:
    return log.with_suffix(".keys"), log.with_suffix(".vectors")


@contextmanager
def _writing(folder: Path) -> Iterator[None]:
    """Say what to do when the log cannot be kept."""
    try:
        yield
    except OSError as error:
        raise IndexingError(
            f"{folder} cannot be written ({error.strerror}): free some space, then run the build again; "
            "what was embedded is kept, and the old index, if any, still serves"
        ) from error
