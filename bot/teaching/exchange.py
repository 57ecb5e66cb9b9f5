"""Write what was taught as a table of questions and answers, for `seeds/` and for git, and read such a table."""

import csv
import io
from collections.abc import Iterable
from pathlib import Path

from bot.errors import BotError
from bot.teaching.entry import Entry
from index.loaders.decoding import decode
from index.loaders.loaded import UnreadableError
from index.loaders.pairs import has_pairs
from index.loaders.rows import csv_rows

COLUMNS = ("question", "answer", "source", "date", "author")


def table(entries: Iterable[Entry], *, signed: bool = True) -> str:
    """Return a CSV file that a build reads as an FAQ; the same entries give the same text.

    Args:
        entries: in the order of the rows.
        signed: whether to say who taught each, which no build reads.
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS if signed else COLUMNS[:-1])
    for entry in entries:
        row = (entry.question, entry.answer, entry.link, f"{entry.changed:%Y-%m-%d}")
        writer.writerow((*row, entry.teacher or "") if signed else row)
    return text.getvalue()


def read_table(path: Path) -> list[tuple[str, str, str]]:
    """Return the question, the answer and the source of each row of a table that `table` or a person wrote.

    Raises:
        BotError: the file cannot be read, or has no columns named question and answer.
    """
    try:
        text = decode(path.read_bytes()).text
        rows = list(csv_rows(text, has_pairs, "has no columns named question and answer"))
    except OSError as error:
        raise BotError(f"{path} cannot be read ({error.strerror}): name another file") from error
    except UnreadableError as error:
        raise BotError(f"{path} {error}") from error
    found = []
    for line, row in rows:
        if isinstance(row, str):
            raise BotError(f"{path}, line {line} {row}")
        found.append((str(row.get("question", "")), str(row.get("answer", "")), str(row.get("source", ""))))
    return found
