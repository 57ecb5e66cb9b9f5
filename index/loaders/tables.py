"""Put the cells of a table into a block."""

from collections.abc import Iterable, Sequence

from index.blocks import Block
from index.loaders.grid import Row, lay_out


def flat(blocks: Iterable[Block]) -> str:
    """Return on one line what the blocks of a cell say."""
    texts = (text for block in blocks for text in (block.text.replace("\n", " "), *map(" ".join, block.rows)))
    return " ".join(filter(None, texts))


def table_or_content(rows: Sequence[Row], held: Sequence[Block], depth: int = 0) -> list[Block]:
    """Return a table under its titles; where it only lays out the page, in one column or around headings, its content.

    Args:
        rows: of the table.
        held: what its cells hold, in their order.
        depth: of the table.
    """
    grid = lay_out(rows)
    if not grid.rows or len(grid.rows[0]) == 1 or any(block.kind == "heading" for block in held):
        return list(held)
    titles = [Block("paragraph", title, depth=depth) for title in grid.titles]
    return [*titles, Block("table", rows=grid.rows, depth=depth)]
