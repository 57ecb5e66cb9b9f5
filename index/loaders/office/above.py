"""Go on from the block above: with a line of code, with a paragraph of a quote."""

from collections.abc import Sequence
from dataclasses import replace

from index.blocks import Block


def join_code(blocks: list[Block], line: str, depth: int) -> bool:
    """Add a line to the code that ends the blocks, if some does at that depth; return whether it does."""
    last = blocks[-1] if blocks else None
    if last is None or last.kind != "code" or last.depth != depth:
        return False
    blocks[-1] = replace(last, text=f"{last.text}\n{line}")
    return True


def frame_above(blocks: Sequence[Block]) -> int:
    """Return the number of the quote that ends the blocks; 0 if none does."""
    return blocks[-1].frame if blocks else 0
