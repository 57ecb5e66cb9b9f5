"""Rows that wait on this machine while the database that should have them is away: a small SQLite file, bounded."""

import json
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

from bot.database import Database, Steps, check_database, read_only

FILE_NAME = "journal-waiting.sqlite3"  # in the data folder

MAX_WAITING = 100_000
"""Rows: at ten questions a second, which is a busy day for one machine, nearly three hours; some 65 MB."""

KEEPS = "questions that wait for the database"

STEPS: Steps = (
    (
        "CREATE TABLE waiting (number INTEGER PRIMARY KEY AUTOINCREMENT, asker BLOB NOT NULL, asked REAL NOT NULL,"
        " row TEXT NOT NULL)",
        "CREATE INDEX waiting_by_asker ON waiting (asker)",
    ),
)


def count_waiting(path: Path) -> int:
    """Return how many rows wait in a file, where there is one; change nothing.

    Raises:
        StorageError: it is damaged or cannot be read, or a later version wrote it.
    """
    if not path.exists():
        return 0
    check_database(path, KEEPS, STEPS)
    with read_only(path) as connection:
        [count] = connection.execute("SELECT count(*) FROM waiting").fetchone()
    return int(count)


class Spool:
    """What waits, the oldest first. Safe to use from several threads and processes."""

    def __init__(self, path: Path, most: int = MAX_WAITING) -> None:
        """Open the file, or make it and its folder; only its owner can read it.

        Raises:
            StorageError: it cannot be used.
        """
        pragmas = ("secure_delete = ON", "synchronous = FULL")
        self._file = Database(path, KEEPS, STEPS, pragmas, is_private=True)
        self._db, self._most = self._file.connection, most

    def close(self) -> None:
        """Close the file; what waits is safe."""
        self._file.close()

    def __len__(self) -> int:
        with self._file.access():
            [count] = self._db.execute("SELECT count(*) FROM waiting").fetchone()
        return int(count)

    def add(self, asker: bytes, asked: float, row: Mapping[str, Any]) -> bool:
        """Let a row wait; return False where there is no room for it.

        Raises:
            StorageError: the file cannot be written.
        """
        with self._file.transaction():
            [count] = self._db.execute("SELECT count(*) FROM waiting").fetchone()
            if count >= self._most:
                return False
            text = json.dumps(row, ensure_ascii=False)
            self._db.execute("INSERT INTO waiting (asker, asked, row) VALUES (?, ?, ?)", (asker, asked, text))
        return True

    def first(self, count: int) -> dict[int, dict[str, Any]]:
        """Return number -> row of the first that wait.

        Raises:
            StorageError: the file cannot be read.
        """
        query = "SELECT number, asker, asked, row FROM waiting ORDER BY number LIMIT ?"
        with self._file.access():
            rows = self._db.execute(query, (count,)).fetchall()
        return {number: {"asker": asker, "asked": asked, **json.loads(row)} for number, asker, asked, row in rows}

    def drop(self, numbers: Collection[int]) -> None:
        """Let rows wait no more.

        Raises:
            StorageError: the file cannot be written.
        """
        with self._file.transaction():
            self._db.executemany("DELETE FROM waiting WHERE number = ?", [(number,) for number in numbers])

    def forget(self, asker: bytes) -> int:
        """Erase what waits of somebody, down to the last byte, and return how many rows that was.

        Raises:
            StorageError: the file cannot be written.
        """
        with self._file.transaction():
            count = self._db.execute("DELETE FROM waiting WHERE asker = ?", (asker,)).rowcount
        with self._file.access():  # deleted rows leave bytes behind: see `bot.journal.file.scrub`
            self._db.execute("VACUUM")
            self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        return count
