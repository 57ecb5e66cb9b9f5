"""The SQLite files of the data folder: what each keeps, a copy of one moment, and whether somebody has them open."""

import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from bot.channels.store import FILE_NAME as CHANNELS_FILE
from bot.channels.store import KEEPS as KEEPS_CHANNELS
from bot.channels.store import STEPS as CHANNELS_STEPS
from bot.database import check_whole, read_only
from bot.discord.rules_store import FILE_NAME as RULES_FILE
from bot.discord.rules_store import KEEPS as KEEPS_RULES
from bot.discord.rules_store import STEPS as RULES_STEPS
from bot.errors import BackupError
from bot.journal.file import SCHEMA
from bot.journal.journal import FILE_NAME as JOURNAL_FILE
from bot.journal.spool import FILE_NAME as WAITING_FILE
from bot.journal.spool import KEEPS as KEEPS_WAITING
from bot.journal.spool import STEPS as WAITING_STEPS
from bot.teaching.store import FILE_NAME as TAUGHT_FILE
from bot.teaching.store import KEEPS as KEEPS_TAUGHT
from bot.teaching.store import STEPS as TAUGHT_STEPS

BESIDE = ("-wal", "-shm", "-journal")  # what SQLite puts beside a file while it is open, or after a crash

PAGES_AT_ONCE = 2_048  # of 4 KB, copied at a time

IDLE_SECONDS = 2.0
"""For which a file is waited for: a command such as `babillard taught list` ends within it, and a bot does not."""


@dataclass(frozen=True, slots=True)
class Kind:
    """One of the files."""

    file: str  # in the data folder
    keeps: str  # in the words of a message
    version: int  # that this program writes
    rows: str  # what is counted, in the manifest
    count: str  # the query that counts them


KINDS = (
    Kind(JOURNAL_FILE, "the journal", SCHEMA, "questions", "SELECT count(*) FROM entries"),
    Kind(
        RULES_FILE,
        KEEPS_RULES,
        len(RULES_STEPS),
        "servers",
        "SELECT count(*) FROM (SELECT guild FROM guilds UNION SELECT guild FROM channels)",
    ),
    Kind(TAUGHT_FILE, KEEPS_TAUGHT, len(TAUGHT_STEPS), "taught", "SELECT count(*) FROM entries"),
    Kind(CHANNELS_FILE, KEEPS_CHANNELS, len(CHANNELS_STEPS), "messages", "SELECT count(*) FROM messages"),
    Kind(WAITING_FILE, KEEPS_WAITING, len(WAITING_STEPS), "waiting", "SELECT count(*) FROM waiting"),
)


def copy_database(path: Path, copy: Path, pages: int = PAGES_AT_ONCE) -> None:
    """Copy a file as it is at one moment, whoever writes to it meanwhile (https://sqlite.org/backup.html).

    Raises:
        BackupError: it is damaged, or cannot be read.
    """
    try:
        with (
            closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=rw", uri=True, isolation_level=None)) as source,
            closing(sqlite3.connect(copy, isolation_level=None)) as target,
        ):
            source.execute("BEGIN")
            source.execute("SELECT count(*) FROM sqlite_master").fetchone()  # from here on, all is read as of now
            source.backup(target, pages=pages)
            target.execute("PRAGMA journal_mode = DELETE")  # one plain file, without a log beside it
            check_whole(target)
    except (OSError, sqlite3.Error) as error:
        raise BackupError(f"{path} cannot be backed up ({error}): `babillard doctor` looks at it") from error


def check_copy(path: Path, kind: Kind) -> int:
    """Return how many rows a copy holds, once this program is known to read it.

    Raises:
        BackupError: it is damaged, a later version wrote it, or it would run code of its own.
    """
    try:
        with read_only(path) as connection:
            connection.execute("PRAGMA trusted_schema = OFF")
            (version,) = connection.execute("PRAGMA user_version").fetchone()
            if version > kind.version:
                raise BackupError(f"{kind.file} was written by a later version of Babillard: upgrade, then restore")
            check_whole(connection)
            code = "SELECT count(*) FROM sqlite_master WHERE type IN ('trigger', 'view')"
            if connection.execute(code).fetchone() != (0,):
                raise BackupError(f"{kind.file} holds triggers or views, which no file of Babillard does")
            return int(connection.execute(kind.count).fetchone()[0]) if version else 0
    except sqlite3.Error as error:
        raise BackupError(f"{kind.file}, which keeps {kind.keeps}, is damaged ({error})") from error


@contextmanager
def held(data: Path) -> Iterator[None]:
    """Let nobody open the files of a data folder, once nobody has.

    Whoever has a file with a write-ahead log open holds a lock on it, also a bot that is idle, and the log cannot be
    switched off meanwhile (https://sqlite.org/wal.html).

    Raises:
        BackupError: a bot runs on the folder, or another command does.
    """
    with ExitStack() as stack:
        for path in (data / kind.file for kind in KINDS):
            if path.exists():
                stack.enter_context(_held(path))
        yield


@contextmanager
def _held(path: Path) -> Iterator[None]:
    address = f"{path.absolute().as_uri()}?mode=rw"
    with closing(sqlite3.connect(address, IDLE_SECONDS, isolation_level=None, uri=True)) as connection:
        try:
            connection.execute("PRAGMA journal_mode = DELETE").fetchone()
            connection.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
                raise BackupError(f"{path} is in use: stop the bot that runs on {path.parent}, then restore") from error
            raise BackupError(f"{path} cannot be written ({error}): give it to whoever restores") from error
        except sqlite3.DatabaseError:
            pass  # it is damaged, and nobody can use it
        yield
