"""The files of the journal: a SQLite database for its owner alone, and a secret beside it."""

import os
import secrets
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock

from bot.database import check_whole, read_only
from bot.errors import JournalError

SCHEMA = 2
"""`user_version` of the file: a new number comes with the code that brings older files up to date."""

BUSY_SECONDS = 10.0  # to wait for another process: erasing rewrites the file, 0.7 s for 100,000 rows (65 MB)
SECRET_BYTES = 32  # the length of a SHA-256 digest, as RFC 2104 (section 3) asks

_TABLES = """
CREATE TABLE entries (
    id INTEGER PRIMARY KEY AUTOINCREMENT, -- never used twice: the buttons of old messages carry it
    asked REAL NOT NULL, -- seconds since 1970, UTC
    guild INTEGER, -- NULL in a private conversation
    user BLOB NOT NULL,
    language TEXT NOT NULL, -- of the reply
    question TEXT NOT NULL,
    abstention TEXT, -- NULL when there was an answer
    confidence REAL NOT NULL,
    citations TEXT NOT NULL, -- JSON list of {title, source, chunk_id, start, end}
    latency_ms REAL NOT NULL,
    generation TEXT NOT NULL,
    private INTEGER NOT NULL DEFAULT 0 -- 1 where whoever asked in a server let nobody else see the answer
);
CREATE INDEX entries_by_age ON entries (asked);
CREATE INDEX entries_by_user ON entries (user);
CREATE TABLE votes (
    entry INTEGER NOT NULL REFERENCES entries (id) ON DELETE CASCADE,
    user BLOB NOT NULL,
    helpful INTEGER NOT NULL, -- 1 up, 0 down
    PRIMARY KEY (entry, user)
) WITHOUT ROWID;
CREATE INDEX votes_by_user ON votes (user);
"""


_STEPS = {1: "ALTER TABLE entries ADD COLUMN private INTEGER NOT NULL DEFAULT 0;"}
"""What brings a file of each older version to the next."""


def open_private(path: Path) -> tuple[sqlite3.Connection, bytes]:
    """Open the journal, or make it: return a connection, which one thread at a time may use, and the secret.

    Raises:
        JournalError: the file cannot be opened, or is not a journal.
    """
    with translated_errors(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))  # SQLite gives the files beside it the same mode
        path.chmod(0o600)
        connection = sqlite3.connect(path, BUSY_SECONDS, isolation_level=None, check_same_thread=False)
    try:
        # One process at a time: SQLite does not wait for others when it switches the write-ahead log on.
        with translated_errors(path), FileLock(_beside(path, ".lock"), timeout=BUSY_SECONDS):
            _set_up(connection, path)
            return connection, drawn_secret(secret_file(path))
    except BaseException:
        connection.close()
        raise


def check_journal(path: Path) -> tuple[int, bool]:
    """Return how many questions the journal holds, and whether the next start brings it up to date; change nothing.

    Raises:
        JournalError: the file is not a journal, is damaged or cannot be read, or its secret is missing or damaged.
    """
    secret = secret_file(path)
    with translated_errors(path), read_only(path) as connection:
        [version] = connection.execute("PRAGMA user_version").fetchone()
        if version == 0:  # a bot was killed as it started; the next start makes the tables
            return 0, False
        _check_version(path, version)
        check_whole(connection)
        [count] = connection.execute("SELECT count(*) FROM entries").fetchone()
        if not secret.exists():
            raise JournalError(
                f"{secret}, the secret of the journal, is missing: put it back from a backup, else the next start "
                "draws a new one, and `/forget-me` no longer finds the older rows"
            )
        _read_secret(secret)
    return int(count), bool(version < SCHEMA)


def scrub(connection: sqlite3.Connection, path: Path) -> None:
    """Rewrite the database and empty the write-ahead log, so that no byte of the deleted rows is left.

    `secure_delete` is not enough: a cell that moved to another page leaves its bytes behind. When 20 users were
    erased one by one from 1,500 rows, 2 to 10 of their texts could still be read; after VACUUM none could.

    Raises:
        JournalError: another program is reading the log, or there is no space.
    """
    with translated_errors(path):
        connection.execute("VACUUM")
        busy, *_ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    if busy:
        raise JournalError(
            f"the rows are deleted, but their text may still be in {path}-wal, which another program is "
            "reading: try again when it is done"
        )


@contextmanager
def translated_errors(path: Path) -> Iterator[None]:
    """Turn errors of SQLite and of the system into a `JournalError` that says what to do."""
    try:
        yield
    except (sqlite3.Error, OSError) as error:
        raise JournalError(
            f"the journal {path} cannot be used ({error}): check the folder, its space and its owner, or set DATA_DIR; "
            "a file that is damaged or not a journal can be moved away, and a new one is started"
        ) from error


def secret_file(path: Path) -> Path:
    """Return where the secret of a journal is kept."""
    return _beside(path, ".key")


def _beside(path: Path, suffix: str) -> Path:
    return path.with_name(path.name + suffix)


def _set_up(connection: sqlite3.Connection, path: Path) -> None:
    """Prepare the connection, make the tables if there are none, and bring older ones up to date."""
    for pragma in ("journal_mode = WAL", "foreign_keys = ON", "secure_delete = ON", "temp_store = MEMORY"):
        connection.execute(f"PRAGMA {pragma}")
    [version] = connection.execute("PRAGMA user_version").fetchone()
    if version == 0:
        connection.executescript(f"BEGIN; {_TABLES} PRAGMA user_version = {SCHEMA}; COMMIT;")
        return
    _check_version(path, version)
    if version < SCHEMA:
        steps = "".join(_STEPS[old] for old in range(version, SCHEMA))
        connection.executescript(f"BEGIN IMMEDIATE; {steps} PRAGMA user_version = {SCHEMA}; COMMIT;")


def _check_version(path: Path, version: int) -> None:
    if version > SCHEMA:
        raise JournalError(
            f"the journal {path} has version {version}, and this program reads version {SCHEMA}: "
            "use the program that wrote it, or set DATA_DIR to another folder"
        )


def drawn_secret(path: Path) -> bytes:
    """Return the secret; when there is none, draw one and write it all at once.

    Raises:
        JournalError: the file is something else.
        OSError: it cannot be read or written.
    """
    if not path.exists():
        descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=path.name)  # for its owner alone
        with open(descriptor, "wb") as file:  # noqa: PTH123 - a descriptor has no path
            file.write(secrets.token_bytes(SECRET_BYTES))
            file.flush()
            os.fsync(descriptor)
        Path(temporary).replace(path)
    return _read_secret(path)


def _read_secret(path: Path) -> bytes:
    secret = path.read_bytes()
    if len(secret) != SECRET_BYTES:
        raise JournalError(
            f"{path} is not the secret of the journal: put the one that was there back, or delete it; without it "
            "the rows of a user cannot be found, and go when they are old"
        )
    return secret
