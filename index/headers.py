"""A table of a chunk, and its header, without which a row says little."""

from index.schema import Chunk, ChunkBlock


def table_at(chunk: Chunk, start: int) -> ChunkBlock | None:
    """Return the table that a place of the chunk is in, if it is in one."""
    return next((block for block in chunk.blocks if block.kind == "table" and block.start <= start < block.end), None)


def header_above(chunk: Chunk, start: int) -> str:
    """Return the header of the table whose row starts there; "" where no row does, or it is the header itself.

    It opens the table, or is the lead of a chunk that holds a later part of it.
    """
    table = table_at(chunk, start)
    if table is None:
        return ""
    if table.start == 0 and chunk.lead:
        return chunk.lead
    return chunk.text[table.start : table.end].split("\n", 1)[0] if start > table.start else ""
