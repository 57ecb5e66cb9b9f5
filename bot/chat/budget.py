"""What the chat model may use in a day, for each server: tokens, or money at the prices of the settings.

One small SQLite file, so that a restart forgets nothing and the terminal and the Discord bot count together.
"""

import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
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


class BudgetKeeper(Protocol):
    """Counts what the chat model used: `Budget` in a file, `bot.chat.budget_postgres` on a server for many machines."""

    def check(self, guild: int | None, tokens_in: int) -> None:
        """Refuse a call whose prompt of `tokens_in` would go over the day's budget."""
        ...

    def used(self, guild: int | None) -> tuple[int, int]:
        """Return the tokens read and written today."""
        ...

    def add(self, guild: int | None, tokens_in: int, tokens_out: int) -> None:
        """Count what a call used."""
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

    def check(self, guild: int | None, tokens_in: int) -> None:
        """Refuse a call whose prompt of `tokens_in` would go over the day's budget.

        What the model will write is not known yet, so the last answer of a day may go over by its own length.

        Raises:
            ChatUnavailableError: the budget is used up.
            StorageError: the file cannot be read.
        """
        self._limits.check(self.used(guild), tokens_in)

    def used(self, guild: int | None) -> tuple[int, int]:
        """Return the tokens read and written today; (0, 0) when nothing is counted."""
        if self._db is None:
            return 0, 0
        with self._lock, self._storage():
            row = self._db.execute(
                "SELECT tokens_in, tokens_out FROM used WHERE guild = ? AND day = ?", self._row(guild)
            ).fetchone()
        return (row[0], row[1]) if row else (0, 0)

    def add(self, guild: int | None, tokens_in: int, tokens_out: int) -> None:
        """Count what a call used, and drop earlier days.

        Raises:
            StorageError: the file cannot be written.
        """
        if self._db is None:
            return
        with self._lock, self._storage():
            key = self._row(guild)
            self._db.execute(
                "INSERT INTO used VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET"
                " tokens_in = tokens_in + excluded.tokens_in, tokens_out = tokens_out + excluded.tokens_out",
                (*key, tokens_in, tokens_out),
            )
            self._db.execute("DELETE FROM used WHERE day < ?", (key[1],))

    def close(self) -> None:
        """Close the file."""
        if self._db is not None:
            self._db.close()

    def _row(self, guild: int | None) -> tuple[int, str]:
        return PRIVATE if guild is None else guild, self._now().astimezone(UTC).date().isoformat()

    @contextmanager
    def _storage(self) -> Iterator[None]:
        try:
            yield
        except (sqlite3.Error, OSError) as error:
            raise StorageError(
                f"the budget {self._path} cannot be used ({error}): check the folder, its space and its owner, set "
                "DATA_DIR, or move the file away, and the day's count starts anew"
            ) from error
