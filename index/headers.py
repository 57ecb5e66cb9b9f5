"""The header of a table, without which a row says little."""

from index.schema import Chunk


def header_above(chunk: Chunk, start: int) -> str:
    """Return the header of the table whose row starts there; "" where no row does, or it is the header itself.

    It opens the table, or is the lead of a chunk that holds a later part of it.
    """
    table = next((b for b in chunk.blocks if b.kind == "table" and b.start <= start < b.end), None)
    if table is None:
        return ""
    if table.start == 0 and chunk.lead:
        return chunk.lead
    return chunk.text[table.start : table.end].split("\n", 1)[0] if start > table.start else ""
