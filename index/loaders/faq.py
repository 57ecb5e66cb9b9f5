"""Read tables of text: question-answer pairs from CSV or JSON lines, and any other table from CSV."""

from index.loaders.decoding import decode
from index.loaders.loaded import Item
from index.loaders.pairs import has_pairs, read_pairs
from index.loaders.rows import csv_rows, find_header, jsonl_rows, plain_rows
from index.loaders.sheets import Sheet, SheetRow, read_sheets


def load_csv(data: bytes) -> list[Item]:
    """Return the pairs of a CSV file with commas, semicolons or tabs, or its one table where it holds no pairs.

    Raises:
        UnreadableError: it is not text, or no row can be read.
    """
    found = decode(data)
    text = found.text
    if find_header(text, has_pairs):
        return read_pairs(csv_rows(text, has_pairs, "has no columns named question and answer"), found.left_out)
    table = plain_rows(text)
    width = max(map(len, table))
    rows = [
        SheetRow(number, (*cells, *[""] * (width - len(cells))), sum(map(bool, cells)))
        for number, cells in enumerate(([cell.strip() for cell in row] for row in table), start=1)
        if any(cells)
    ]
    return read_sheets([Sheet("", rows)], None, found.left_out)


def load_jsonl(data: bytes) -> list[Item]:
    """Return the pairs of a file with one JSON object a line.

    Raises:
        UnreadableError: it is not text, or no line can be read.
    """
    found = decode(data)
    return read_pairs(jsonl_rows(found.text), found.left_out)
