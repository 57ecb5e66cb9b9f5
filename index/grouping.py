"""Keep together the blocks that make sense together, when chunks are cut and when an answer is."""

from collections.abc import Iterable, Sequence
from typing import Protocol, TypeVar

from index.blocks import Kind


class Grouped(Protocol):
    """What is looked at of a block."""

    @property
    def kind(self) -> Kind:
        """What it is."""
        ...

    @property
    def depth(self) -> int:
        """How many list items and definitions are around it."""
        ...

    @property
    def announces(self) -> bool:
        """Whether what comes next belongs to it."""
        ...


B = TypeVar("B", bound=Grouped)


def together(blocks: Iterable[B]) -> list[list[B]]:
    """Return the blocks in their order, in groups that are not parted.

    A group is what is announced and its announcement, an item and what it holds, code and the words before it, or a
    term and its definitions. A heading is a group of its own.
    """
    groups: list[list[B]] = []
    for block in blocks:
        if groups and _belongs(groups[-1], block):
            groups[-1].append(block)
        else:
            groups.append([block])
    return groups


def _belongs(group: Sequence[Grouped], block: Grouped) -> bool:
    """Whether a block may not be parted from those before it."""
    last = group[-1]
    if block.kind == "heading":
        return False
    if last.announces or last.kind in ("admonition", "term") or block.kind in ("code", "definition"):
        return last.kind != "heading"
    if block.depth > 0 and block.kind != "item":
        return True
    # the items of a list stay with what announced its first one
    return block.kind == "item" and (block.depth > group[0].depth or group[0].announces)
