"""Parse the bytes of files: one after another here; `index.ray` lets other machines do the same."""

from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from index.loaders import formats
from index.loaders.loaded import Fault, Item, UnreadableError
from index.worker import Worker


class Raw(NamedTuple):
    """A file before it is parsed."""

    kind: str  # as `index.loaders.formats.kind_of` tells it
    data: bytes
    address: str  # of the page that it holds; "" for a file that is no page


Parse = Callable[[Iterable[Raw]], Iterator[list[Item]]]
"""Turns each file into its items, in their order; reads no more of them ahead than it must."""


def parse_here(files: Iterable[Raw]) -> Iterator[list[Item]]:
    """Yield the items of each file, in their order; one file is in memory at a time."""
    with Worker() as worker:
        for file in files:
            yield parse_file(file, worker)


def parse_file(file: Raw, worker: Worker) -> list[Item]:
    """Return the items of a file, or one fault if nothing of it can be read.

    Args:
        file: what to parse.
        worker: parses the formats that may hang or use up the memory.
    """
    try:
        if file.kind in formats.SIMPLE:
            return formats.load(file.kind, file.data)
        return worker.load(file.data, file.kind, file.address)
    except UnreadableError as error:
        return [Fault(0, str(error))]
