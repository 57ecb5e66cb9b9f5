"""Write a generation into Milvus, make it the one that serves, and remove those before it.

A generation is two collections: see `index.milvus.layout`. They are written and loaded in full before the alias is
moved, in one step; when a build dies, the alias still points to the old one.
"""

import contextlib
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.chunking import part_texts
from index.durable import checksums
from index.errors import DamagedIndexError, IndexingError, MissingIndexError, StaleIndexError, UnreachableStoreError
from index.milvus.client import MAX_REQUEST, Client, GoneError, Row
from index.milvus.files import fetch_files, read_manifest, write_files
from index.milvus.layout import (
    CHUNK_FIELDS,
    alias_of,
    collection_of,
    encode_row,
    files_of,
    generation_of,
    index_of,
    size_of,
)
from index.milvus.store import MilvusStore
from index.schema import Manifest
from index.store import REBUILD, Contents, new_generation


@dataclass(frozen=True, slots=True)
class MilvusGenerations:
    """The generations of one layer in a Milvus; beside them, in a folder, copies of their files."""

    client: Client
    layer: str  # "" for the articles
    folder: Path

    @property
    def alias(self) -> str:
        """The pointer."""
        return alias_of(self.layer)

    def serving(self) -> str | None:
        """Return the generation that the alias points to.

        Raises:
            UnreachableStoreError: Milvus does not answer.
        """
        collection = self.client.glance(self.alias)
        return collection and generation_of(self.alias, collection)

    def manifest(self) -> Manifest:
        """Return the manifest of the generation that serves.

        Raises:
            MissingIndexError: there is no index.
            StaleIndexError: another version of the program wrote it.
            DamagedIndexError: what the alias points to is no index.
            UnreachableStoreError: Milvus does not answer.
        """
        return self._manifest(self._target())

    def open(self, fingerprint: str | None = None) -> MilvusStore:
        """Check the files and count the rows of the generation that serves, and open it.

        Raises:
            MissingIndexError, StaleIndexError, DamagedIndexError, UnreachableStoreError: as `manifest` does, or it was
                built with other settings.
        """
        collection = self._target()
        manifest = self._manifest(collection)
        collection = collection_of(self.alias, manifest.generation)  # a build may have replaced it meanwhile
        if fingerprint is not None and manifest.fingerprint != fingerprint:
            raise StaleIndexError(
                f"the index in {self._place} was built with other settings (model {manifest.model}): {REBUILD}"
            )
        copy = self._copy(manifest.generation)
        try:
            fetch_files(self.client, collection, manifest.files, copy)
            store = MilvusStore(self.client, collection, manifest, copy)
        except (GoneError, OSError, ValueError) as error:
            if self._target() != collection:  # a build replaced it meanwhile
                return self.open(fingerprint)
            raise DamagedIndexError(f"the index in {self._place} is damaged ({error}): {REBUILD}") from error
        self._remove_copies(manifest.generation)
        return store

    def write(self, contents: Contents, manifest: Manifest) -> Manifest:
        """Write a generation, point the alias to it, and remove those before the one that served until now.

        The one that served is kept until the next build: who has it open must not lose it in the middle of a question.

        Raises:
            IndexingError: it cannot be written; the old generation still serves.
        """
        generation = new_generation()
        collection, copy = collection_of(self.alias, generation), self._copy(generation)
        try:
            before = self.client.target(self.alias)
            copy.mkdir(parents=True)
            contents.save_words(copy)
            created = datetime.now(UTC).isoformat("T", "seconds")
            written = replace(manifest, generation=generation, created=created, files=checksums(copy))
            write_files(self.client, collection, copy, written)
            self._write_rows(collection, contents, manifest.dimension)
            self.client.point(self.alias, collection)
        except (GoneError, UnreachableStoreError, OSError) as error:
            shutil.rmtree(copy, ignore_errors=True)
            self._drop([collection, files_of(collection)])
            raise IndexingError(
                f"the index cannot be written in {self._place} ({error}); the old one, if any, still serves"
            ) from error
        self._remove_before(generation, kept=before)
        return written

    def remove_others(self, serving: str) -> None:
        """Remove the generations before the one that serves; one that is written just now is later than it."""
        self._remove_before(serving)
        self._remove_copies(serving)

    def remove(self) -> None:
        """Remove the alias, every generation, and the folder.

        Raises:
            UnreachableStoreError: Milvus does not answer; the folder is left, so that the removal is tried again.
        """
        if self.client.target(self.alias) is not None:
            with contextlib.suppress(GoneError):  # another process was first
                self.client.drop_alias(self.alias)
        self._drop([name for name in self.client.collections() if generation_of(self.alias, name)])
        shutil.rmtree(self.folder, ignore_errors=True)

    @property
    def _place(self) -> str:
        return f"{self.client} ({self.alias})"

    def _copy(self, generation: str) -> Path:
        return self.folder / "copies" / generation

    def _target(self) -> str:
        collection = self.client.target(self.alias)
        if collection is None:
            raise MissingIndexError(f"there is no index in {self._place}: build it with `babillard index rebuild`")
        if generation_of(self.alias, collection) is None:
            raise DamagedIndexError(
                f"the alias {self.alias} in {self.client} points to {collection}, which is no index of Babillard: "
                f"remove it, then {REBUILD}"
            )
        return collection

    def _manifest(self, collection: str) -> Manifest:
        try:
            return read_manifest(self.client, collection)
        except StaleIndexError as error:
            raise StaleIndexError(f"the index in {self._place}: {error}: {REBUILD}") from error
        except (GoneError, ValueError) as error:
            if (now := self._target()) != collection:  # a build replaced it meanwhile
                return self._manifest(now)
            raise DamagedIndexError(f"the manifest of {collection} cannot be read ({error}): {REBUILD}") from error

    def _write_rows(self, collection: str, contents: Contents, dimension: int) -> None:
        self.client.create(collection, dimension, CHUNK_FIELDS)
        for batch in _batches(_rows(contents)):
            self.client.insert(collection, batch)
        self.client.finish(collection, *index_of(len(contents.chunks)))
        written = self.client.count(collection)
        if written != len(contents.chunks):
            raise UnreachableStoreError(f"{written} of {len(contents.chunks)} rows arrived")

    def _remove_before(self, generation: str, kept: str | None = None) -> None:
        """Drop what is older, but for one collection; another build that is at work on what is older then fails."""
        spared = {kept, kept and files_of(kept)}
        with contextlib.suppress(IndexingError, GoneError):  # the next build removes them
            names = self.client.collections()
            old = [name for name in names if (generation_of(self.alias, name) or generation) < generation]
            self._drop([name for name in old if name not in spared])

    def _remove_copies(self, serving: str) -> None:
        for old in (self.folder / "copies").glob("*"):
            if old.name[: len(serving)] < serving:
                shutil.rmtree(old, ignore_errors=True)

    def _drop(self, collections: Sequence[str]) -> None:
        for name in collections:
            with contextlib.suppress(IndexingError, GoneError):
                self.client.drop(name)


def _rows(contents: Contents) -> Iterator[Row]:
    start = 0
    for row, (chunk, vector) in enumerate(zip(contents.chunks, contents.vectors, strict=True)):
        end = start + len(part_texts(chunk))
        parts: NDArray[np.float16] = contents.part_vectors[start:end]
        yield encode_row(row, chunk, vector, parts)
        start = end


def _batches(rows: Iterator[Row]) -> Iterator[list[Row]]:
    """Yield rows together that may be sent at once."""
    batch: list[Row] = []
    size = 0
    for row in rows:
        if batch and size + size_of(row) > MAX_REQUEST:
            yield batch
            batch, size = [], 0
        batch.append(row)
        size += size_of(row)
    if batch:
        yield batch
