"""Search a generation in Milvus."""

import threading
from collections import OrderedDict
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.bm25 import BM25Index
from index.cosines import Cosines, measured
from index.errors import DamagedIndexError
from index.glossary import Glossary
from index.milvus.client import Client, GoneError, Row
from index.milvus.layout import decode_chunk_of, decode_parts, decode_vector, probes_of
from index.schema import Chunk, Manifest
from index.store import KEY_BYTES, REBUILD
from index.vocabulary import Vocabulary

BESIDE = 12
"""Chunks on each side of a hit that are fetched with it: `index.sections` reads 4,000 characters there, and a chunk has
400 to 800. One that is missing costs a call of its own: more than a few kilobytes in a call that is made anyway."""

BLOCK = 32  # chunks that are fetched when one of them is asked for, and none around it was

MAX_CHUNKS = 4_096  # that are kept in memory, those of the last questions: about 10 MB

BATCH = 256  # rows with all their vectors: 2.3 MB, where a chunk has 8 parts

MAX_BATCH = 16_000  # rows of one answer; Milvus gives 16,384


class MilvusStore:
    """An open generation. Thread-safe."""

    def __init__(self, client: Client, collection: str, manifest: Manifest, folder: Path) -> None:
        """Open the copies of the files, and see that the rows are there.

        Args:
            client: the Milvus.
            collection: of the generation.
            manifest: of the generation.
            folder: the copies of its files.

        Raises:
            GoneError: the collection is not there.
            OSError, ValueError: the files cannot be read, or the rows are not those that the manifest counts.
        """
        self.manifest = manifest
        self._client, self._collection, self._folder = client, collection, folder
        self.bm25 = BM25Index.load(folder)
        self.vocabulary = Vocabulary.load(folder)
        self.glossary = Glossary.load(folder)
        self._known: OrderedDict[int, Chunk] = OrderedDict()
        self._knowing = threading.Lock()
        client.load(collection)
        if client.count(collection) != manifest.chunks or self.bm25.size != manifest.chunks:
            raise ValueError("it does not hold the rows that its manifest counts")

    def chunk(self, row: int) -> Chunk:
        """Return a chunk, and keep those beside it for the next call.

        Raises:
            DamagedIndexError: the row is not there any more.
            UnreachableStoreError: Milvus does not answer.
        """
        known = self._recall(row)
        if known is None:
            start = row // BLOCK * BLOCK
            known = self._learn(range(start, min(start + BLOCK, self.manifest.chunks)))[row]
        return known

    def chunks(self, rows: range) -> Iterator[Chunk]:
        """Yield the chunks of some rows, in order; raises what `chunk` does."""
        return map(decode_chunk_of, self._in_batches(rows, "chunk"))

    def read_ahead(self, rows: Sequence[int]) -> None:
        """Fetch these chunks and those beside them at once; raises what `chunk` does."""
        last = self.manifest.chunks
        near = {beside for row in rows for beside in range(max(row - BESIDE, 0), min(row + BESIDE + 1, last))}
        self._learn(sorted(row for row in near if self._recall(row) is None))

    def dense_top(self, query: NDArray[np.float32], k: int) -> list[int]:
        """Return the rows nearest to a unit vector (d,), at most `k`, best first; a large index rounds.

        Raises:
            DamagedIndexError: the collection is not there any more.
            UnreachableStoreError: Milvus does not answer.
        """
        total = self.manifest.chunks
        try:
            return self._client.nearest(self._collection, query, min(k, total), probes_of(total)) if total else []
        except GoneError as error:
            raise self._gone() from error

    def cosines(self, query: NDArray[np.float32], rows: Sequence[int]) -> list[Cosines]:
        """Return the exact cosines of a unit vector (d,) and the chunk of each row, same order.

        Raises:
            DamagedIndexError: a row is not there any more.
            UnreachableStoreError: Milvus does not answer.
        """
        if not rows:
            return []
        d = self.manifest.dimension
        found = self._rows(rows, ["exact", "parts", "sentences"])
        vectors = np.stack([decode_vector(row, d) for row in found])
        return measured(query, vectors, (decode_parts(row, d) for row in found), (row["sentences"] for row in found))

    def chunk_vectors(self) -> Iterator[tuple[bytes, NDArray[np.float32]]]:
        """Yield the key and the vector of the text of each chunk; raises what `chunk` does."""
        vectors = (decode_vector(row, self.manifest.dimension) for row in self._all_rows("exact"))
        return zip(self._keys(0, self.manifest.chunks), vectors, strict=True)

    def part_vectors(self) -> Iterator[tuple[bytes, NDArray[np.float16]]]:
        """Yield the key and the vector of the text of each part of a chunk; raises what `chunk` does."""
        vectors = (vector for row in self._all_rows("parts") for vector in decode_parts(row, self.manifest.dimension))
        return zip(self._keys(self.manifest.chunks, None), vectors, strict=True)

    def sizes(self) -> dict[str, int]:
        """Return the size of each file that is copied here, in bytes; what Milvus keeps of the rows is not told."""
        return {path.name: path.stat().st_size for path in sorted(self._folder.iterdir())}

    def _keys(self, start: int, end: int | None) -> list[bytes]:
        raw = np.load(self._folder / "keys.npy", mmap_mode="r", allow_pickle=False)[start:end].tobytes()
        return [raw[i : i + KEY_BYTES] for i in range(0, len(raw), KEY_BYTES)]

    def _all_rows(self, field: str) -> Iterator[Row]:
        return self._in_batches(range(self.manifest.chunks), field)

    def _in_batches(self, rows: range, field: str) -> Iterator[Row]:
        for start in range(rows.start, rows.stop, BATCH):
            yield from self._rows(range(start, min(start + BATCH, rows.stop)), [field])

    def _recall(self, row: int) -> Chunk | None:
        with self._knowing:
            known = self._known.get(row)
            if known is not None:
                self._known.move_to_end(row)
            return known

    def _learn(self, rows: Sequence[int]) -> dict[int, Chunk]:
        found = dict(zip(rows, map(decode_chunk_of, self._rows(rows, ["chunk"])), strict=True))
        with self._knowing:
            self._known.update(found)
            while len(self._known) > MAX_CHUNKS:
                self._known.popitem(last=False)
        return found

    def _rows(self, rows: Sequence[int], fields: Sequence[str]) -> list[Row]:
        """Return the fields of some rows, in their order."""
        found: dict[int, Row] = {}
        try:
            for start in range(0, len(rows), MAX_BATCH):
                wanted = _filter(rows[start : start + MAX_BATCH])
                found.update((row["row"], row) for row in self._client.rows(self._collection, wanted, fields))
            return [found[row] for row in rows]
        except (GoneError, KeyError) as error:
            raise self._gone() from error

    def _gone(self) -> DamagedIndexError:
        return DamagedIndexError(f"{self._collection} in {self._client} has lost rows, or was removed: {REBUILD}")


def _filter(rows: Iterable[int]) -> str:
    if isinstance(rows, range):
        return f"row >= {rows.start} and row < {rows.stop}"
    return f"row in {[*rows]}"
