"""Speak with a Milvus: the few calls that an index needs, each with its time-out, its faults turned into ours.

`VECTOR_STORE` is the address of a Milvus (`http://localhost:19530`, with a path for a database of its own), or a file
that ends in `.db`: Milvus Lite then opens it inside this process, which holds it alone.
"""

import functools
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Literal
from urllib.parse import urlsplit

import numpy as np
from numpy.typing import NDArray

from index.errors import UnreachableStoreError
from index.milvus.connection import REMEDY, Engine, connect, said

ASK_SECONDS = 10.0
"""For one call of a search. A question has 60 s (`bot.discord.desk.ANSWER_TIMEOUT_SECONDS`) for about five of them."""

LOOK_SECONDS = 3.0
"""For a look at the pointer, which is made for every question and twice a second: it must not hold up what waits."""

WORK_SECONDS = 600.0
"""For one step of a build: a batch that is written, an index that is made, a collection that is loaded."""

LOOKS_APART_SECONDS = 0.5
"""A pointer that was read is taken for true so long, as by whoever follows the index (`bot.live.POLL_SECONDS`)."""

NOT_FOUND = (100, 1600)
"""ErrCollectionNotFound and ErrAliasNotFound of Milvus (pkg/util/merr/errors.go); Milvus Lite has the first alone."""

NOT_LOADED = (101, 103)
"""ErrCollectionNotLoaded and ErrCollectionNotFullyLoaded of the same file; Milvus Lite has the first alone."""

MAX_BYTES = 65_535  # of a text, in UTF-8: https://milvus.io/docs/limitations.md
MAX_PIECES = 256  # of one field; Milvus takes up to 4,096
MAX_REQUEST = 16_000_000  # bytes of texts and vectors that are sent at once; Milvus takes 64 MB

Row = dict[str, Any]


class GoneError(Exception):
    """A collection, or an alias, is not there; who asked for it knows whether that is a fault."""


class _NotLoadedError(UnreachableStoreError):
    """A collection is there, and cannot be searched before it is loaded: so after Milvus was started again."""


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a collection beside its key and its vector: a number, a text, or a text cut into pieces."""

    name: str
    kind: Literal["number", "text", "pieces"]


class Client:
    """Calls one Milvus; connects with the first call. Thread-safe."""

    def __init__(self, uri: str, token: str = "", patience: float = ASK_SECONDS) -> None:
        """Remember whom to call.

        Args:
            uri: an address, or a file that ends in `.db`.
            token: `user:password` or a key; "" for none.
            patience: seconds that the first connection may take.
        """
        self._uri, self._token, self._patience = uri, token, patience
        self._connecting = threading.Lock()
        self._connected: Engine | None = None
        self._looked: dict[str, tuple[float, str | None]] = {}  # alias -> when, and what it pointed to

    def __str__(self) -> str:
        """Return the address, without a password."""
        parts = urlsplit(self._uri)
        return self._uri.replace(f"{parts.username}:{parts.password}@", "") if parts.password else self._uri

    # -------------------------------------------------------------------------------------------------------- pointers
    def target(self, alias: str) -> str | None:
        """Return the collection that an alias points to; None where there is no such alias."""
        found: str | None
        try:
            with self._faults() as milvus:
                found = milvus.describe_alias(alias, timeout=LOOK_SECONDS)["collection_name"]
        except GoneError:
            found = None
        self._looked[alias] = (time.monotonic(), found)
        return found

    def glance(self, alias: str) -> str | None:
        """Return what `target` does, or what it did `LOOKS_APART_SECONDS` ago at most."""
        when, found = self._looked.get(alias, (-LOOKS_APART_SECONDS, None))
        return found if time.monotonic() - when < LOOKS_APART_SECONDS else self.target(alias)

    def point(self, alias: str, collection: str) -> None:
        """Let an alias point to a collection, in one step where it pointed to another."""
        move = "create_alias" if self.target(alias) is None else "alter_alias"
        with self._faults() as milvus:
            getattr(milvus, move)(collection, alias, timeout=WORK_SECONDS)
        self._looked.pop(alias, None)

    def drop_alias(self, alias: str) -> None:
        """Remove an alias that is there."""
        with self._faults() as milvus:
            milvus.drop_alias(alias, timeout=WORK_SECONDS)
        self._looked.pop(alias, None)

    # ----------------------------------------------------------------------------------------------------- collections
    def collections(self) -> list[str]:
        """Return the names of all collections."""
        with self._faults() as milvus:
            names: list[str] = milvus.list_collections(timeout=ASK_SECONDS)
            return names

    def create(self, name: str, dimension: int, fields: Sequence[Field]) -> None:
        """Make a collection of rows with a number for key, `row`, and a vector, `dense`.

        The fields are left on the disk of the server where it can: they are read for a few rows of each question.
        """
        with self._faults() as milvus:
            schema = milvus.create_schema(auto_id=False, enable_dynamic_field=False)
            kinds = self._engine().kinds
            schema.add_field("row", kinds.INT64, is_primary=True)
            schema.add_field("dense", kinds.FLOAT_VECTOR, dim=dimension)
            for field in fields:
                if field.kind == "number":
                    schema.add_field(field.name, kinds.INT64)
                elif field.kind == "text":
                    schema.add_field(field.name, kinds.VARCHAR, max_length=MAX_BYTES, mmap_enabled=True)
                else:
                    schema.add_field(
                        field.name,
                        kinds.ARRAY,
                        element_type=kinds.VARCHAR,
                        max_capacity=MAX_PIECES,
                        max_length=MAX_BYTES,
                        mmap_enabled=True,
                    )
            milvus.create_collection(name, schema=schema, consistency_level="Bounded", timeout=WORK_SECONDS)

    def insert(self, name: str, rows: Sequence[Row]) -> None:
        """Write rows, `MAX_REQUEST` bytes at most together."""
        with self._faults() as milvus:
            milvus.insert(name, list(rows), timeout=WORK_SECONDS)

    def finish(self, name: str, kind: str, parameters: Mapping[str, int]) -> None:
        """Seal what was written, index its vectors by their inner product, and load it."""
        with self._faults() as milvus:
            milvus.flush(name, timeout=WORK_SECONDS)
            indexes = milvus.prepare_index_params()
            indexes.add_index("dense", index_type=kind, metric_type="IP", params=dict(parameters))
            milvus.create_index(name, indexes, timeout=WORK_SECONDS)
            milvus.load_collection(name, timeout=WORK_SECONDS)

    def load(self, name: str, timeout: float = WORK_SECONDS) -> None:
        """Be sure that a collection can be searched: a server that was started again may have let go of it."""
        with self._faults() as milvus:
            milvus.load_collection(name, timeout=timeout)

    def drop(self, name: str) -> None:
        """Remove a collection, if it is there."""
        with self._faults() as milvus:
            milvus.drop_collection(name, timeout=WORK_SECONDS)

    # ------------------------------------------------------------------------------------------------------------ rows
    def count(self, name: str) -> int:
        """Return the number of rows, all that were written."""
        [found] = self._read(name, "query", filter="", output_fields=["count(*)"], consistency_level="Strong")
        return int(found["count(*)"])

    def rows(self, name: str, filter_: str, fields: Sequence[str]) -> list[Row]:
        """Return the fields of the rows that a filter lets through, in any order."""
        return [dict(row) for row in self._read(name, "query", filter=filter_, output_fields=["row", *fields])]

    def nearest(self, name: str, query: NDArray[np.float32], k: int, parameters: Mapping[str, int]) -> list[int]:
        """Return the keys of the `k` rows nearest to a vector, best first."""
        [hits] = self._read(
            name,
            "search",
            data=[query],
            anns_field="dense",
            limit=k,
            search_params={"metric_type": "IP", "params": dict(parameters)},
            output_fields=["row"],
        )
        return [int(hit["row"]) for hit in hits]

    def _read(self, name: str, call: str, **options: Any) -> Any:
        """Return what a collection answers to a call; load it where Milvus was started again, and has let go of it."""
        try:
            with self._faults() as milvus:
                return getattr(milvus, call)(name, timeout=ASK_SECONDS, **options)
        except _NotLoadedError:
            self.load(name, ASK_SECONDS)
        with self._faults() as milvus:
            return getattr(milvus, call)(name, timeout=ASK_SECONDS, **options)

    # --------------------------------------------------------------------------------------------------------- the edge
    @contextmanager
    def _faults(self) -> Iterator[Any]:
        """Give the connected client, and turn its faults into those of the index.

        Raises:
            GoneError: what is asked for is not there.
            UnreachableStoreError: it does not answer, or refuses; `_NotLoadedError` where a collection must be loaded.
        """
        engine = self._engine()
        try:
            yield engine.milvus
        except engine.faults as error:
            code = getattr(error, "code", None)
            if code in NOT_FOUND:
                raise GoneError(said(error)) from error
            kind = _NotLoadedError if code in NOT_LOADED else UnreachableStoreError
            raise kind(f"{self} does not serve the index ({said(error)}): {REMEDY}") from error

    def _engine(self) -> Engine:
        with self._connecting:
            if self._connected is None:
                self._connected = connect(self._uri, self._token, self._patience, str(self))
            return self._connected


@functools.cache
def client_of(uri: str, token: str) -> Client:
    """Return the client of an address, one for all of the process: a file of Milvus Lite is opened once."""
    return Client(uri, token)
