"""Everything that was taught, in one SQLite file with the history of each entry."""

import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self

from bot.database import Database, Steps
from bot.errors import TeachingError
from bot.teaching.entry import Action, Change, Entry, checked

FILE_NAME = "taught.sqlite3"  # in the data folder

KEEPS = "what was taught"

STEPS: Steps = (
    (
        """
        CREATE TABLE entries (
            number INTEGER PRIMARY KEY AUTOINCREMENT, -- never used twice: buttons carry it
            guild INTEGER NOT NULL,
            question TEXT NOT NULL,
            answer TEXT NOT NULL,
            link TEXT NOT NULL,
            active INTEGER NOT NULL
        )
        """,
        "CREATE INDEX entries_by_guild ON entries (guild)",
        """
        CREATE TABLE changes (
            number INTEGER NOT NULL REFERENCES entries (number) ON DELETE CASCADE,
            made REAL NOT NULL, -- seconds since 1970, UTC
            action TEXT NOT NULL,
            teacher INTEGER, -- NULL once they asked to be forgotten
            question TEXT NOT NULL,
            answer TEXT NOT NULL
        )
        """,
        "CREATE INDEX changes_by_entry ON changes (number)",
        "CREATE INDEX changes_by_teacher ON changes (teacher)",
    ),
)

_ENTRIES = """
SELECT number, guild, entries.question, entries.answer, link, max(made), teacher, active
FROM entries JOIN changes USING (number) WHERE guild = ? {more} GROUP BY number ORDER BY number
"""  # of a group, SQLite takes the bare columns from the row of the maximum


class TaughtStore:
    """What all servers taught. Safe to use from several threads and processes."""

    def __init__(self, path: Path, clock: Callable[[], float] = time.time) -> None:
        """Open the file, or make it and its folder.

        Args:
            path: of the file, which only its owner can read.
            clock: seconds since 1970.

        Raises:
            StorageError: it cannot be used.
        """
        self._clock = clock
        self._file = Database(
            path,
            KEEPS,
            STEPS,
            ("foreign_keys = ON", "secure_delete = ON", "synchronous = FULL"),
            is_private=True,
        )
        self._db = self._file.connection

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def teach(
        self,
        guild: int,
        question: str,
        answer: str,
        teacher: int | None,
        link: str = "",
        action: Action = "taught",
    ) -> Entry:
        """Keep a question with its answer; the same two, kept already, are not kept twice.

        Args:
            guild: whose it is.
            question: on one line.
            answer: in Markdown.
            teacher: who taught it; None for what came as a file.
            link: where it was said.
            action: what the history calls it; what is proposed answers nothing until it is restored.

        Raises:
            TeachingError: the question or the answer is empty or too long.
            StorageError: the file cannot be written.
        """
        question, answer = checked(question, answer)
        with self._file.transaction():
            same = self._one("AND entries.question = ? AND entries.answer = ? AND active", guild, question, answer)
            if same is not None:
                return same
            row = (guild, question, answer, link, action != "proposed")
            inserted = "INSERT INTO entries (guild, question, answer, link, active) VALUES (?, ?, ?, ?, ?)"
            number = int(self._db.execute(inserted, row).lastrowid or 0)
            self._note(number, action, teacher, question, answer)
        return self.entry(guild, number)

    def edit(self, guild: int, number: int, question: str, answer: str, teacher: int) -> Entry:
        """Put another question and answer in place of those of an entry; its number and its history stay.

        Raises:
            TeachingError: the question or the answer is empty or too long, or there is no such entry.
            StorageError: the file cannot be written.
        """
        question, answer = checked(question, answer)
        with self._file.transaction():
            self._known(guild, number)
            changed = "UPDATE entries SET question = ?, answer = ? WHERE number = ?"
            self._db.execute(changed, (question, answer, number))
            self._note(number, "edited", teacher, question, answer)
        return self.entry(guild, number)

    def supersede(self, guild: int, old: int, new: int, teacher: int) -> Entry:
        """Withdraw one entry and restore another, both or neither; return the one that answers now.

        Raises:
            TeachingError: there is no such entry.
            StorageError: the file cannot be written.
        """
        with self._file.transaction():
            self._set_active(guild, old, teacher, active=False)
            self._set_active(guild, new, teacher, active=True)
        return self.entry(guild, new)

    def withdraw(self, guild: int, number: int, teacher: int) -> Entry:
        """Let an entry answer no more; it is kept, and can be restored.

        Raises:
            TeachingError: there is no such entry.
            StorageError: the file cannot be written.
        """
        with self._file.transaction():
            self._set_active(guild, number, teacher, active=False)
        return self.entry(guild, number)

    def restore(self, guild: int, number: int, teacher: int) -> Entry:
        """Let a withdrawn entry answer again.

        Raises:
            TeachingError, StorageError: as `withdraw`.
        """
        with self._file.transaction():
            self._set_active(guild, number, teacher, active=True)
        return self.entry(guild, number)

    def entry(self, guild: int, number: int) -> Entry:
        """Return an entry of a server.

        Raises:
            TeachingError: there is no such entry.
            StorageError: the file cannot be read.
        """
        with self._file.access():
            return self._known(guild, number)

    def entries(self, guild: int) -> list[Entry]:
        """Return all that a server was taught, also what was withdrawn, in the order of the numbers.

        Raises:
            StorageError: the file cannot be read.
        """
        with self._file.access():
            return [_entry(row) for row in self._db.execute(_ENTRIES.format(more=""), (guild,))]

    def history(self, guild: int, number: int) -> list[Change]:
        """Return what was done to an entry, the oldest first.

        Raises:
            TeachingError: there is no such entry.
            StorageError: the file cannot be read.
        """
        query = "SELECT made, action, teacher, question, answer FROM changes WHERE number = ? ORDER BY rowid"
        with self._file.access():
            rows = self._db.execute(query, (self._known(guild, number).number,)).fetchall()
        return [Change(datetime.fromtimestamp(made, UTC), *rest) for made, *rest in rows]

    def guilds(self) -> list[int]:
        """Return the servers that were taught something, sorted.

        Raises:
            StorageError: the file cannot be read.
        """
        with self._file.access():
            return [guild for (guild,) in self._db.execute("SELECT DISTINCT guild FROM entries ORDER BY guild")]

    def forget(self, user: int) -> int:
        """Keep no longer who taught what a person taught, and return how many changes that was.

        Raises:
            StorageError: the file cannot be written.
        """
        with self._file.transaction():
            return self._db.execute("UPDATE changes SET teacher = NULL WHERE teacher = ?", (user,)).rowcount

    def forget_guild(self, guild: int) -> None:
        """Delete all that a server was taught, with its history.

        Raises:
            StorageError: the file cannot be written.
        """
        with self._file.transaction():
            self._db.execute("DELETE FROM entries WHERE guild = ?", (guild,))

    def _set_active(self, guild: int, number: int, teacher: int, active: bool) -> None:
        entry = self._known(guild, number)
        if entry.active != active:
            self._db.execute("UPDATE entries SET active = ? WHERE number = ?", (active, number))
            action: Action = "restored" if active else "withdrawn"
            self._note(number, action, teacher, entry.question, entry.answer)

    def _note(self, number: int, action: Action, teacher: int | None, question: str, answer: str) -> None:
        row = (number, self._clock(), action, teacher, question, answer)
        self._db.execute("INSERT INTO changes VALUES (?, ?, ?, ?, ?, ?)", row)

    def _known(self, guild: int, number: int) -> Entry:
        entry = self._one("AND number = ?", guild, number)
        if entry is None:
            raise TeachingError("gone")
        return entry

    def _one(self, more: str, *values: object) -> Entry | None:
        row = self._db.execute(_ENTRIES.format(more=more), values).fetchone()
        return None if row is None else _entry(row)


def _entry(row: tuple[Any, ...]) -> Entry:
    number, guild, question, answer, link, changed, teacher, active = row
    return Entry(
        number, guild, question, answer, link, datetime.fromtimestamp(changed, UTC), teacher, active=bool(active)
    )
