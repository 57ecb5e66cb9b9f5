"""A SQLite file that threads and processes share: opened, brought to the version of today, written all or nothing."""

import os
import sqlite3
import threading
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, suppress
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
        return _unusable(self._path, self._keeps, error)

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
                raise _later(self._path)
            for statement in (one for step in steps[version:] for one in step):
                self.connection.execute(statement)
            self.connection.execute(f"PRAGMA user_version = {len(steps)}")


@contextmanager
def read_only(path: Path) -> Iterator[sqlite3.Connection]:
    """Open a file that is there, to read it and change nothing beside it either."""
    # Even to read, SQLite makes a `-shm` file beside another, unless it is told that nobody writes.
    mode = "ro" if path.with_name(f"{path.name}-wal").exists() else "ro&immutable=1"
    with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode={mode}", uri=True)) as connection:
        yield connection


def check_whole(connection: sqlite3.Connection) -> None:
    """Let a file pass that is as SQLite wrote it.

    Raises:
        sqlite3.DatabaseError: it is damaged.
    """
    [result] = connection.execute("PRAGMA quick_check(1)").fetchone()
    if result != "ok":
        raise sqlite3.DatabaseError(result)


def check_database(path: Path, keeps: str, steps: Steps) -> bool:
    """Return whether a file is of an older version, which opening it brings up to date; change nothing.

    Args:
        path: of the file.
        keeps: what it holds, as `Database` takes it.
        steps: of all versions.

    Raises:
        StorageError: it is damaged or cannot be read, or a later version wrote it.
    """
    try:
        with read_only(path) as connection:
            (version,) = connection.execute("PRAGMA user_version").fetchone()
            if version > len(steps):
                raise _later(path)
            check_whole(connection)
    except (OSError, sqlite3.Error) as error:
        raise _unusable(path, keeps, error) from error
    return bool(0 < version < len(steps))  # 0: the process that made it was killed at once


def _later(path: Path) -> StorageError:
    return StorageError(f"{path} was written by a later version of Babillard: upgrade, or move the file away")


def _unusable(path: Path, keeps: str, error: Exception) -> StorageError:
    return StorageError(
        f"cannot use {path}, which keeps {keeps}: {error};"
        " see that its folder can be written and has room, or move a damaged file away"
    )
