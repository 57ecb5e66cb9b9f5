"""A SQLite file that threads and processes share: opened, brought to the version of today, written all or nothing."""

import os
import sqlite3
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from bot.errors import StorageError

BUSY_SECONDS = 10.0  # to wait for another process: a change takes milliseconds

Steps = Sequence[Sequence[str]]
"""The statements that bring a file of each version to the next; a new file takes them all."""


class Database:
    """One file and one connection, which one thread at a time uses."""

    def __init__(
        self,
        path: Path,
        keeps: str,
        steps: Steps,
        pragmas: Sequence[str] = (),
        *,
        is_private: bool = False,
        busy_seconds: float = BUSY_SECONDS,
    ) -> None:
        """Open the file, or make it and its folder, and bring it up to date.

        Args:
            path: of the file.
            keeps: what it holds, in the words of a message: "which keeps …".
            steps: of all versions.
            pragmas: of the connection, beside the write-ahead log.
            is_private: whether only its owner can read the file.
            busy_seconds: to wait for another process.

        Raises:
            StorageError: it cannot be used, or a later version wrote it.
        """
        self._path, self._keeps = path, keeps
        self._lock = threading.RLock()
        with self.access():
            path.parent.mkdir(parents=True, exist_ok=True)
            if is_private:
                os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))  # SQLite gives the files beside it the same mode
            self.connection = sqlite3.connect(path, timeout=busy_seconds, isolation_level=None, check_same_thread=False)
        try:
            self._prepare(steps, pragmas)
        except BaseException:
            self.connection.close()
            raise

    def close(self) -> None:
        """Close the file; nothing can be read or changed any more."""
        with self._lock:
            self.connection.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Write all or nothing; no other process writes between the read and the write."""
        with self.access():
            self.connection.execute("BEGIN IMMEDIATE")
            try:
                yield
                self.connection.execute("COMMIT")
            except BaseException:
                if self.connection.in_transaction:
                    self.connection.execute("ROLLBACK")
                raise

    @contextmanager
    def access(self) -> Iterator[None]:
        """Hold the lock, and turn errors of the file into `StorageError`."""
        with self._lock:
            try:
                yield
            except (OSError, sqlite3.Error) as error:
                raise self.unusable(error) from error

    def unusable(self, error: Exception) -> StorageError:
        """Return what to say of a file that cannot be used."""
        return StorageError(
            f"cannot use {self._path}, which keeps {self._keeps}: {error};"
            " see that its folder can be written and has room, or move a damaged file away"
        )

    def _prepare(self, steps: Steps, pragmas: Sequence[str]) -> None:
        with self.access():
            with suppress(sqlite3.OperationalError):  # another process may be doing the same right now
                # readers do not wait for a writer; the file remembers the mode
                self.connection.execute("PRAGMA journal_mode = WAL")
            for pragma in pragmas:
                self.connection.execute(f"PRAGMA {pragma}")
        with self.transaction():
            (version,) = self.connection.execute("PRAGMA user_version").fetchone()
            if version > len(steps):
                raise StorageError(
                    f"{self._path} was written by a later version of Babillard: upgrade, or move the file away"
                )
            for statement in (one for step in steps[version:] for one in step):
                self.connection.execute(statement)
            self.connection.execute(f"PRAGMA user_version = {len(steps)}")
