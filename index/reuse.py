"""Reuse vectors: those of the generation that serves, and those that a killed build left in its log.

The key of a vector is the hash of the text that it embeds. A build appends the vectors that it computes to a log, so
that the next one goes on where it was killed; a build that ends removes the log.
"""

import hashlib
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.errors import IndexingError
from index.generations import Store
from index.model.embedding import TextEmbeddings
from index.store import KEY_BYTES

BLOCK = 256
"""Texts embedded between two writes of the log: about five seconds of work, which is what a kill loses at most."""


def text_key(text: str) -> bytes:
    """Return the key of the vector of `text`, `KEY_BYTES` long."""
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=KEY_BYTES).digest()


def remove_log(log: Path) -> None:
    """Remove a log, once its vectors are in the generation that serves.

    Raises:
        IndexingError: it cannot be removed.
    """
    with _writing(log.parent):
        for path in _log_files(log):
            path.unlink(missing_ok=True)


class VectorCache:
    """The vectors that are known, by the key of their text; computes those that are missing, and logs them."""

    def __init__(self, log: Path, embeddings: TextEmbeddings, previous: Store | None) -> None:
        """Take the vectors of `previous`, and those that a killed build left in `log`.

        Args:
            log: path of the log without suffix, one for each fingerprint.
            embeddings: computes what is missing.
            previous: a generation with the same fingerprint, or None.

        Raises:
            IndexingError: the log cannot be read or mended.
        """
        self._embeddings = embeddings
        self._keys_path, self._vectors_path = _log_files(log)
        with _writing(log.parent):
            self._exact: dict[bytes, NDArray[np.float32]] = dict(self._read_log())
        self._rounded: dict[bytes, NDArray[np.float16]] = {}
        if previous is not None:
            self._exact.update(previous.chunk_vectors())
            self._rounded.update(previous.part_vectors())

    def missing(self, chunks: Mapping[bytes, str], parts: Mapping[bytes, str]) -> dict[bytes, str]:
        """Return the texts to embed, by key. Chunks need theirs in float32; for parts float16 is enough."""
        of_chunks = {key: text for key, text in chunks.items() if key not in self._exact}
        return of_chunks | {
            key: text for key, text in parts.items() if key not in self._exact and key not in self._rounded
        }

    def compute(self, missing: dict[bytes, str], progress: Callable[[int], None]) -> None:
        """Embed the texts, longest first, logging each block when it is done.

        Raises:
            EmbeddingError: the model cannot be used.
            IndexingError: the log cannot be written.
        """
        ordered = sorted(missing.items(), key=lambda item: -len(item[1]))
        blocks = [ordered[start : start + BLOCK] for start in range(0, len(ordered), BLOCK)]
        texts = [[text for _, text in block] for block in blocks]
        for number, vectors in self._embeddings.encode_blocks(texts, progress):
            keys = [key for key, _ in blocks[number]]
            self._append(keys, vectors)
            self._exact.update(zip(keys, vectors, strict=True))

    def of_chunks(self, keys: Iterable[bytes]) -> NDArray[np.float32]:
        """Return the vectors with these keys, which are all known, shape (n, d)."""
        return self._stack([self._exact[key] for key in keys], np.float32)

    def of_parts(self, keys: Iterable[bytes]) -> NDArray[np.float16]:
        """Return the vectors with these keys, which are all known, rounded, shape (n, d)."""
        return self._stack([self._exact[k] if k in self._exact else self._rounded[k] for k in keys], np.float16)

    def _stack(self, vectors: Sequence[NDArray[np.floating]], dtype: type[np.floating]) -> NDArray[np.floating]:
        stacked = np.empty((len(vectors), self._embeddings.dimension), dtype)
        for row, vector in enumerate(vectors):
            stacked[row] = vector
        return stacked

    def _read_log(self) -> Iterator[tuple[bytes, NDArray[np.float32]]]:
        """Yield the keys and vectors of the log, and cut off what a kill left unfinished."""
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
        """Write the vectors, then their keys, so that no key is without its vector."""
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
    """Turn a fault of the disk into what to do."""
    try:
        yield
    except OSError as error:
        raise IndexingError(
            f"{folder} cannot be written ({error.strerror}): free some space, then run the build again; "
            "what was embedded is kept, and the old index, if any, still serves"
        ) from error
