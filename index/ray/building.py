"""Let the workers of a cluster do what takes long in a build; the driver reads the files and writes the index."""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager

import numpy as np
from numpy.typing import NDArray

from index.loaders.exchange import from_records
from index.loaders.loaded import Item
from index.model.embedding import TextEmbeddings
from index.parsing import Parse, Raw
from index.ray.cluster import Cluster, reach
from index.ray.worker import Embedding, Parsing, Row, load_model

WINDOW = 64_000_000
"""Bytes of files that are parsed at a time: a third of the memory that a local cluster shares."""

TASKS_EACH = 8  # parts of a window for each worker, so that all end together


@contextmanager
def workers_at(address: str, embeddings: TextEmbeddings) -> Iterator[tuple[TextEmbeddings, Parse]]:
    """Give what embeds and what parses on the workers of a cluster, for the time of a build.

    Args:
        address: see `index.ray.cluster.reach`.
        embeddings: the model on this machine.

    Raises:
        ClusterError: they cannot be reached, or have another version.
    """
    with reach(address) as cluster:
        yield RayEmbeddings(embeddings, cluster), parse_there(cluster)


class RayEmbeddings(TextEmbeddings):
    """A model of which each worker has a copy."""

    def __init__(
        self, here: TextEmbeddings, cluster: Cluster, load: Callable[[str], TextEmbeddings] = load_model
    ) -> None:
        """Embed as `here` does, which embeds the questions.

        Args:
            here: the model on this machine.
            cluster: who embeds.
            load: gives each worker its model, by its name.
        """
        self._here, self._cluster, self._load = here, cluster, load
        self.model, self.revision, self.dimension = here.model, here.revision, here.dimension

    def encode_query(self, text: str) -> NDArray[np.float32]:
        """Return the unit vector of a question, shape (d,)."""
        return self._here.encode_query(text)

    def encode_documents(
        self, texts: Sequence[str], progress: Callable[[int], None] | None = None
    ) -> NDArray[np.float32]:
        """Return the unit vectors of the texts, shape (n, d), same order."""
        blocks = dict(self.encode_blocks([texts], progress))
        return blocks[0]

    def encode_blocks(
        self, blocks: Sequence[Sequence[str]], progress: Callable[[int], None] | None = None
    ) -> Iterator[tuple[int, NDArray[np.float32]]]:
        """Yield the number and the vectors of each block, as a worker embedded it: as a block is at home.

        A model that embeds several texts at once rounds by their lengths, so its blocks may not be divided.
        """
        if not blocks:
            return
        rows = [{"number": number, "texts": json.dumps(list(block))} for number, block in enumerate(blocks)]
        given = (self._cluster.expected, self._load, self.model, self.revision)
        for row in self._cluster.work(rows, Embedding, given, tasks=len(rows)):
            vectors = np.frombuffer(row["vectors"], np.float32).reshape(-1, self.dimension)
            if progress is not None:
                progress(len(vectors))
            yield row["number"], vectors


def parse_there(cluster: Cluster, window: int = WINDOW) -> Parse:
    """Return what parses files on the workers.

    Args:
        cluster: who parses.
        window: bytes that are read before they are sent.
    """

    def parse(files: Iterable[Raw]) -> Iterator[list[Item]]:
        rows: list[Row] = []
        size = 0
        for file in files:
            rows.append(
                {"number": len(rows), "kind": file.kind, "data": file.data, "address": json.dumps(file.address)}
            )
            size += len(file.data)
            if size >= window:
                yield from _parsed(cluster, rows)
                rows, size = [], 0
        if rows:
            yield from _parsed(cluster, rows)

    return parse


def _parsed(cluster: Cluster, rows: Sequence[Row]) -> Iterator[list[Item]]:
    tasks = min(len(rows), TASKS_EACH * cluster.workers)
    items = {row["number"]: row["items"] for row in cluster.work(rows, Parsing, (cluster.expected,), tasks)}
    for number in range(len(rows)):
        yield from_records(json.loads(items.pop(number)))
