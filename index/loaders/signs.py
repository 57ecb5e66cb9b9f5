"""Take out of a text the signs that nobody sees: zero widths, soft hyphens, turns of direction."""

from collections import Counter
from dataclasses import replace

from index.blocks import Block
from index.loaders.loaded import Loaded
from index.text import INVISIBLE


def without_invisible(loaded: Loaded) -> Loaded:
    """Return the text without invisible signs, and their number in `left_out`."""
    blocks = tuple(map(_block, loaded.blocks))
    title = loaded.title and INVISIBLE.sub("", loaded.title)
    clean = replace(loaded, blocks=blocks, title=title)
    counts = Counter(loaded.left_out)
    counts["invisible signs"] += loaded.length - clean.length
    return replace(clean, left_out=dict(+counts))


def _block(block: Block) -> Block:
    text = INVISIBLE.sub("", block.text)
    rows = tuple(tuple(INVISIBLE.sub("", cell) for cell in row) for row in block.rows)
    return block if (text, rows) == (block.text, block.rows) else replace(block, text=text, rows=rows)
