"""Read parts of a file on demand, without loading or memory-mapping it.

Every page of a mapped file that was ever read counts as memory of the process: 4.2 GB after two hundred questions on a
million chunks. Plain reads leave nothing behind.
"""

import threading
import weakref
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray


class SliceFile:
    """Reads slices of the bytes of a file. Thread-safe; the file closes with the last reference to this object."""

    def __init__(self, path: Path) -> None:
        """Open the file.

        Raises:
            OSError: it cannot be opened.
        """
        self._file = path.open("rb", buffering=0)
        weakref.finalize(self, self._file.close)
        self._reading = threading.Lock()
        self.size = path.stat().st_size

    def read(self, start: int, end: int) -> bytes:
        """Return the bytes from `start` to `end`, fewer when the file ends before."""
        with self._reading:  # `os.pread` would need no lock, but Windows lacks it
            self._file.seek(start)
            return self._file.read(end - start)


class RowFile:
    """Reads rows of a two-dimensional array that `numpy.save` wrote."""

    def __init__(self, path: Path) -> None:
        """Open the file.

        Raises:
            OSError, ValueError: it is missing, or is no such array.
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
