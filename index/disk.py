"""Read parts of a file as they are asked for, without holding or mapping it.

A mapped file counts, as memory of the process, every page around whatever was read: at a million chunks
4.2 GB after two hundred questions. Read this way, the same rows leave nothing behind.
"""

import threading
import weakref
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray


class SliceFile:
    """Slices of a file's bytes; safe from several threads, and closed when nothing uses it."""

    def __init__(self, path: Path) -> None:
        """Open the file for as long as this object lives.

        Raises:
            OSError: it cannot be opened.
        """
        self._file = path.open("rb", buffering=0)
        weakref.finalize(self, self._file.close)
        self._reading = threading.Lock()
        self.size = path.stat().st_size

    def read(self, start: int, end: int) -> bytes:
        """Return the bytes from `start` to `end`; fewer when the file is shorter."""
        with self._reading:  # `os.pread` would need no lock, and is not everywhere
            self._file.seek(start)
            return self._file.read(end - start)


class RowFile:
    """Rows of a saved two-dimensional array."""

    def __init__(self, path: Path) -> None:
        """Open what `numpy.save` wrote.

        Raises:
            OSError, ValueError: it is not there, or is not such an array.
        """
        array = np.load(path, mmap_mode="r", allow_pickle=False)
        self.shape: tuple[int, ...] = array.shape
        self._dtype, self._offset = array.dtype, array.offset
        self._row_bytes = array.strides[0] if array.ndim == 2 else 0
        self._slices = SliceFile(path)

    def slice(self, start: int, end: int) -> NDArray[Any]:
        """Return the rows from `start` to `end`, shape (end - start, d)."""
        raw = self._slices.read(self._offset + start * self._row_bytes, self._offset + end * self._row_bytes)
        return np.frombuffer(raw, self._dtype).reshape(end - start, self.shape[1])

    def take(self, rows: Sequence[int]) -> NDArray[Any]:
        """Return the rows, in the order given, shape (len(rows), d)."""
        return np.concatenate([self.slice(row, row + 1) for row in rows]) if rows else self.slice(0, 0)
