"""What the process that parses files sends to the build, as JSON."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from index.loaders.loaded import Fault, Item, Loaded
from index.schema import Section

OUT_OF_MEMORY = 77  # exit status: after a MemoryError the process cannot be relied on


def to_records(items: Sequence[Item]) -> list[dict[str, Any]]:
    """Return the items as values that JSON has."""
    return [asdict(item) for item in items]


def from_records(records: Sequence[dict[str, Any]]) -> list[Item]:
    """Return the items that `to_records` turned into JSON."""
    return [
        Fault(**r) if "place" in r else Loaded(**{**r, "sections": tuple(Section(**s) for s in r["sections"])})
        for r in records
    ]
