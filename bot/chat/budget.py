"""What the chat model may use in a day, for each server: tokens, or money at the prices of the settings.

One small SQLite file, so that a restart forgets nothing and the terminal and the Discord bot count together.
"""

import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Protocol

from bot.errors import ChatUnavailableError, StorageError

FILE_NAME = "chat_budget.sqlite3"

PRIVATE = 0
"""The guild under which the terminal and all private conversations are counted together."""

MILLION = 1_000_000

_BUSY_SECONDS = 5
_TABLE = (
    "CREATE TABLE IF NOT EXISTS used (guild INTEGER NOT NULL, day TEXT NOT NULL, tokens_in INTEGER NOT NULL,"
    " tokens_out INTEGER NOT NULL, PRIMARY KEY (guild, day)) WITHOUT ROWID"
)


@dataclass(frozen=True, slots=True)
class Limits:
    """What one server may use in one day (UTC); 0 means no limit."""

    tokens: int = 0
    cost: float = 0.0  # in the currency of the prices
    price_in: float = 0.0  # for a million tokens that the model reads
    price_out: float = 0.0  # for a million tokens that it writes

    def __bool__(self) -> bool:
        """Whether there is anything to count."""
        return bool(self.tokens or self.cost)

    def price(self, tokens_in: int, tokens_out: int) -> float:
        """Return the cost of these tokens."""
        return (tokens_in * self.price_in + tokens_out * self.price_out) / MILLION

    def allow(self, tokens_in: int, tokens_out: int) -> bool:
        """Whether these tokens are within the limits."""
        return (not self.tokens or tokens_in + tokens_out <= self.tokens) and (
            not self.cost or self.price(tokens_in, tokens_out) <= self.cost
        )

    def check(self, used: tuple[int, int], tokens_in: int) -> None:
        """Refuse a call.

        Args:
            used: tokens that were read and written that day.
            tokens_in: those of the prompt of the call.

        Raises:
            ChatUnavailableError: they would go over the limits.
        """
        used_in, used_out = used
        if not self.allow(used_in + tokens_in, used_out):
            raise ChatUnavailableError("budget", "the day's budget for the model is used up")


@dataclass(frozen=True, slots=True)
class Reserved:
    """What is counted for a call while it is made."""

    guild: int
    day: date
    tokens_in: int
    tokens_out: int


class BudgetKeeper(Protocol):
    """Counts what the chat model used: `Budget` in a file, `bot.chat.budget_postgres` on a server for many machines."""

    def reserve(self, guild: int | None, tokens_in: int, tokens_out: int) -> Reserved:
        """Count a call before it is made, or refuse it."""
        ...

    def settle(self, reserved: Reserved, tokens_in: int, tokens_out: int) -> None:
        """Count what a call used in place of what was reserved for it."""
        ...

    def used(self, guild: int | None) -> tuple[int, int]:
        """Return the tokens read and written today, with those that are reserved."""
        ...

    def close(self) -> None:
        """Close it."""
        ...


class Budget:
    """Counts tokens by server and day, in a file. Safe from several threads and processes."""

    def __init__(self, path: Path, limits: Limits, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        """Open the file, or create it and its folder; without a limit there is nothing to count, and no file.

        Raises:
            StorageError: it cannot be used.
        """
        self._path, self._limits, self._now = path, limits, now
        self._lock = threading.Lock()
        self._db: sqlite3.Connection | None = None
        if limits:
            with self._storage():
                path.parent.mkdir(parents=True, exist_ok=True)
                self._db = sqlite3.connect(path, timeout=_BUSY_SECONDS, isolation_level=None, check_same_thread=False)
                self._db.execute(_TABLE)

    def reserve(self, guild: int | None, tokens_in: int, tokens_out: int) -> Reserved:
        """Count a call before it is made, so that those made at the same time know of it; or refuse it.

        It is refused when its prompt, with all that is counted, goes over the day's budget. Its reply is not known yet,
        so the last reply of a day may go over by its own length.

        Args:
            guild: the server; None in private and at the terminal.
            tokens_in: of the prompt.
            tokens_out: of the longest reply.

        Raises:
            ChatUnavailableError: the budget is used up; nothing is counted.
            StorageError: the file cannot be used.
        """
        reserved = Reserved(number_of(guild), day_of(self._now()), tokens_in, tokens_out)
        if self._db is not None:
            with self._changing(self._db):
                self._limits.check(_counted(self._db, reserved.guild, reserved.day), tokens_in)
                _add(self._db, reserved, tokens_in, tokens_out)
        return reserved

    def settle(self, reserved: Reserved, tokens_in: int, tokens_out: int) -> None:
        """Count what a call used in place of what was reserved for it, and drop earlier days.

        Raises:
            StorageError: the file cannot be written; what was reserved stays counted.
        """
        if self._db is None:
            return
        with self._changing(self._db):
            _add(self._db, reserved, tokens_in - reserved.tokens_in, tokens_out - reserved.tokens_out)
            self._db.execute("DELETE FROM used WHERE day < ?", (day_of(self._now()).isoformat(),))

    def used(self, guild: int | None) -> tuple[int, int]:
        """Return the tokens read and written today, with those that are reserved; (0, 0) when nothing is counted."""
        if self._db is None:
            return 0, 0
        with self._lock, self._storage():
            return _counted(self._db, number_of(guild), day_of(self._now()))

    def close(self) -> None:
        """Close the file."""
        if self._db is not None:
            self._db.close()

    @contextmanager
    def _changing(self, db: sqlite3.Connection) -> Iterator[None]:
        """Let one thread of one process at a time read and write, all or nothing."""
        with self._lock, self._storage():
            db.execute("BEGIN IMMEDIATE")
            with db:  # commits, or rolls back
                yield

    @contextmanager
    def _storage(self) -> Iterator[None]:
        try:
            yield
        except (sqlite3.Error, OSError) as error:
            raise StorageError(
                f"the budget {self._path} cannot be used ({error}): check the folder, its space and its owner, set "
                "DATA_DIR, or move the file away, and the day's count starts anew"
            ) from error


def number_of(guild: int | None) -> int:
    """Return the number under which the calls of a server are counted, or those of all private conversations."""
    return PRIVATE if guild is None else guild


def day_of(moment: datetime) -> date:
    """Return the day of UTC."""
    return moment.astimezone(UTC).date()


def _counted(db: sqlite3.Connection, guild: int, day: date) -> tuple[int, int]:
    query = "SELECT tokens_in, tokens_out FROM used WHERE guild = ? AND day = ?"
    row = db.execute(query, (guild, day.isoformat())).fetchone()
    return (row[0], row[1]) if row else (0, 0)


def _add(db: sqlite3.Connection, reserved: Reserved, tokens_in: int, tokens_out: int) -> None:
    db.execute(
        "INSERT INTO used VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET"
        " tokens_in = tokens_in + excluded.tokens_in, tokens_out = tokens_out + excluded.tokens_out",
        (reserved.guild, reserved.day.isoformat(), tokens_in, tokens_out),
    )
