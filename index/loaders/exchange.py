"""What the process that loads files tells the build, as JSON."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from index.blocks import Block
from index.loaders.loaded import Fault, Item, Loaded

OUT_OF_MEMORY = 77  # exit status: after that, what memory is left is anybody's guess


def to_records(items: Sequence[Item]) -> list[dict[str, Any]]:
    """Return the items as JSON takes them."""
    return [asdict(item) for item in items]


def from_records(records: Sequence[dict[str, Any]]) -> list[Item]:
    """Return the items that `to_records` turned into JSON."""
    return [Fault(**r) if "place" in r else Loaded(**{**r, "blocks": tuple(map(_block, r["blocks"]))}) for r in records]


def _block(record: dict[str, Any]) -> Block:
    return Block(**{**record, "rows": tuple(map(tuple, record["rows"]))})
