"""Where an index is kept: what a store of any kind offers to a build, and to a search.

`FolderGenerations` keeps it in files; `index.milvus` keeps it in a Milvus. `index.places` says which of them serves.
"""

import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from index.bm25 import BM25Index
from index.cosines import Cosines
from index.glossary import Glossary
from index.schema import Chunk, Manifest
from index.store import (
    Contents,
    open_store,
    read_manifest,
    remove_others,
    serving_generation,
    write_generation,
)
from index.vocabulary import Vocabulary


class Store(Protocol):
    """An open generation. Thread-safe. Row i is chunk i, in all of it.

    Its methods raise `DamagedIndexError` where what was written is no longer there, and `UnreachableStoreError` where
    another program keeps it, and does not answer.
    """

    @property
    def manifest(self) -> Manifest:
        """What it contains, and what it was built from."""
        ...

    @property
    def bm25(self) -> BM25Index:
        """The words of its chunks."""
        ...

    @property
    def vocabulary(self) -> Vocabulary:
        """The words as they are written."""
        ...

    @property
    def glossary(self) -> Glossary:
        """The house words."""
        ...

    def chunk(self, row: int) -> Chunk:
        """Return a chunk."""
        ...

    def chunks(self, rows: range) -> Iterator[Chunk]:
        """Yield the chunks of some rows, in order."""
        ...

    def read_ahead(self, rows: Sequence[int]) -> None:
        """Be ready to return these chunks and those beside them: a hint, to a store that many small reads cost much."""
        ...

    def dense_top(self, query: NDArray[np.float32], k: int) -> list[int]:
        """Return the rows nearest to a unit vector (d,), at most `k`, best first; a large index rounds."""
        ...

    def cosines(self, query: NDArray[np.float32], rows: Sequence[int]) -> list[Cosines]:
        """Return the exact cosines of a unit vector (d,) and the chunk of each row, same order."""
        ...

    def chunk_vectors(self) -> Iterator[tuple[bytes, NDArray[np.float32]]]:
        """Yield the key and the vector of the text of each chunk."""
        ...

    def part_vectors(self) -> Iterator[tuple[bytes, NDArray[np.float16]]]:
        """Yield the key and the vector of the text of each part of a chunk."""
        ...

    def sizes(self) -> dict[str, int]:
        """Return the size of each file in bytes."""
        ...


class Generations(Protocol):
    """The generations of one index, of which one serves."""

    @property
    def folder(self) -> Path:
        """Where a build keeps its lock and its log; it need not be there yet."""
        ...

    def serving(self) -> str | None:
        """Return the name of the generation that serves; None where none does.

        Raises:
            UnreachableStoreError: another program keeps it, and does not answer.
        """
        ...

    def manifest(self) -> Manifest:
        """Return the manifest of the generation that serves.

        Raises:
            IndexingError: as `index.store.read_manifest` does, or the store cannot be reached.
        """
        ...

    def open(self, fingerprint: str | None = None) -> Store:
        """Check and open the generation that serves.

        Args:
            fingerprint: of the settings in force; None opens any index.

        Raises:
            IndexingError: as `index.store.open_store` does, or the store cannot be reached.
        """
        ...

    def write(self, contents: Contents, manifest: Manifest) -> Manifest:
        """Write a generation, then make it the one that serves, in one step; return its manifest.

        Raises:
            IndexingError: it cannot be written; the old generation still serves.
        """
        ...

    def remove_others(self, serving: str) -> None:
        """Remove the generations before the one that serves, also those that killed builds left."""
        ...

    def remove(self) -> None:
        """Remove the whole index.

        Raises:
            UnreachableStoreError: another program keeps it, and does not answer.
        """
        ...


@dataclass(frozen=True, slots=True)
class FolderGenerations:
    """Generations in a folder: see `index.store`."""

    folder: Path

    def serving(self) -> str | None:
        """Read it from the pointer."""
        return serving_generation(self.folder)

    def manifest(self) -> Manifest:
        """Read it from its file."""
        return read_manifest(self.folder)

    def open(self, fingerprint: str | None = None) -> Store:
        """Open the files, every byte checked."""
        return open_store(self.folder, fingerprint)

    def write(self, contents: Contents, manifest: Manifest) -> Manifest:
        """Write the files, then replace the pointer."""
        return write_generation(self.folder, contents, manifest)

    def remove_others(self, serving: str) -> None:
        """Remove the folders of the others."""
        remove_others(self.folder, serving)

    def remove(self) -> None:
        """Remove the folder."""
        shutil.rmtree(self.folder, ignore_errors=True)


def kept_in(index: Path | Generations) -> Generations:
    """Return what keeps an index; a path stands for its files in that folder."""
    return FolderGenerations(index) if isinstance(index, Path) else index
