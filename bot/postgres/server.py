"""The PostgreSQL that DATABASE_URL names: reached through a few connections, its tables brought to those of today."""

import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, Self, cast

from pydantic import SecretStr
from sqlalchemy import URL, Connection, Engine, create_engine, event, func, select, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as NoConnectionError

from bot.errors import AwayError, StorageError
from bot.postgres.patience import PatientConnection
from bot.postgres.tables import HEAD, VERSION_TABLE

CONNECTIONS = 5
"""Of one process at most: the desk has four workers and one thread more for the journal. PostgreSQL takes 100 in all by
default (`max_connections`), which is 19 processes with some left for whoever looks after it."""

SECONDS = 2
"""That anything short may take, also to connect: a change takes milliseconds, and Discord waits 3 s for the first word
about a command (https://discord.com/developers/docs/interactions/receiving-and-responding)."""

LONG_SECONDS = 60  # for what reads or deletes very many rows, such as a report, or all that is too old

GRACE_SECONDS = 0.5  # in which the server says itself that something took too long; after them it is given up

REST_SECONDS = 10.0
"""After a connection that failed, all that would use another fails at once for so long: threads, and the event loop,
are not held up by a server that is not there. `look` does not wait for the end of that: a bot calls it more often."""

SCHEMES = ("postgresql", "postgres", "postgresql+psycopg")  # the second is what hosts hand out

MIGRATING: Final = -0x626162  # of the advisory lock under which tables are changed; those of servers are positive

_MIGRATIONS = Path(__file__).parent / "migrations"

log = logging.getLogger(__name__)


class Postgres:
    """A database for several threads of this process, and for other processes. No message shows its address."""

    def __init__(self, url: SecretStr, clock: Callable[[], float] = time.monotonic, *, prepares: bool = True) -> None:
        """Connect, and bring the tables up to date; no other process does so at the same time.

        Args:
            url: postgresql://user:password@host:port/database.
            clock: seconds, from any moment on.
            prepares: False to leave the tables as they are, and connect when first asked.

        Raises:
            StorageError: the address is none, the database cannot be used, or a later version changed its tables.
        """
        self._clock, self._rests_until = clock, 0.0
        self._closed = threading.Event()
        self._is_away: bool | None = None  # None before the first connection
        address = _address(url)
        self._password = address.password or ""
        self._engine = _engine(address)
        try:
            if prepares:
                self._prepare()
        except BaseException:
            self._engine.dispose()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections; nothing can be read or changed any more."""
        self._closed.set()
        self._engine.dispose()

    @property
    def answers(self) -> bool:
        """Whether it answered when it was last asked."""
        return not self._is_away

    def look(self) -> bool:
        """Ask whether it answers, also where it rests: if it does, nobody lets it rest any more."""
        try:
            with self._transaction(None, False) as connection:
                connection.execute(select(1))
        except StorageError:
            return False
        self._rests_until = 0.0
        return True

    @contextmanager
    def transaction(self, lock: int | None = None, *, is_long: bool = False) -> Iterator[Connection]:
        """Read and write all or nothing.

        Args:
            lock: of those who name the same number, here and in other processes, one at a time goes on.
            is_long: whether it may take `LONG_SECONDS`, rather than `SECONDS`.

        Raises:
            StorageError: the database cannot be used.
        """
        if self._clock() < self._rests_until:
            raise AwayError(_unusable("it did not answer a moment ago"))
        with self._transaction(lock, is_long) as connection:
            yield connection

    @contextmanager
    def _transaction(self, lock: int | None, is_long: bool) -> Iterator[Connection]:
        if self._closed.is_set():
            raise StorageError("the database is closed: the bot is about to stop")
        try:
            with self._engine.begin() as connection:
                self._note_back()
                with _patience(connection, LONG_SECONDS if is_long else SECONDS):
                    if lock is not None:
                        connection.execute(select(func.pg_advisory_xact_lock(lock)))
                    yield connection
        except SQLAlchemyError as error:
            # What was said beside may quote rows: only the first line of the server's own words is told.
            said = _unusable(self._said(error))
            if not _is_away(error):
                raise StorageError(said) from None
            self._note_away(said)
            raise AwayError(said) from None

    def _note_back(self) -> None:
        if self._is_away:
            log.warning("the database answers again")
        self._is_away = False

    def _note_away(self, said: str) -> None:
        self._rests_until = self._clock() + REST_SECONDS
        if self._is_away is False:  # whoever connects for the first time is told by the error alone
            log.warning("the database is away", extra={"reason": said})
            self._is_away = True

    def describe(self) -> str:
        """Return what answers, such as "PostgreSQL 16.2".

        Raises:
            StorageError: the database cannot be used.
        """
        with self.transaction() as connection:
            version = connection.execute(text("SHOW server_version")).scalar_one()
        return f"PostgreSQL {str(version).split()[0]}"

    def is_prepared(self) -> bool:
        """Whether the tables are those of this version.

        Raises:
            StorageError: the database cannot be used.
        """
        with self.transaction() as connection:
            return _version(connection) == HEAD

    def _prepare(self) -> None:
        with self.transaction(lock=MIGRATING, is_long=True) as connection:
            version = _version(connection)
            if version != HEAD:
                _migrate(connection, version)

    def _said(self, error: SQLAlchemyError) -> str:
        if isinstance(error, NoConnectionError):
            return "all connections are busy"
        said = str(error.orig if isinstance(error, DBAPIError) else error).strip() or type(error).__name__
        said = said.splitlines()[0]
        return said.replace(self._password, "***") if self._password else said


def _unusable(said: str) -> str:
    return (
        f"the database of DATABASE_URL cannot be used: {said}; see that it runs, that this machine reaches it, "
        "and that the user of the address may use it"
    )


def _address(url: SecretStr) -> URL:
    try:
        address = make_url(url.get_secret_value().strip())
    except (ArgumentError, ValueError):
        address = None
    if address is None or address.drivername not in SCHEMES:
        raise StorageError(
            "DATABASE_URL is no address of a PostgreSQL: write postgresql://user:password@host:5432/database, "
            "signs such as @ or / in the password as %40 or %2F"
        )
    return address.set(drivername="postgresql+psycopg")


def _engine(address: URL) -> Engine:
    waits = f"-c statement_timeout={SECONDS}s -c idle_in_transaction_session_timeout={LONG_SECONDS}s"
    given = address.query.get("options", "")
    defaults = {
        "connect_timeout": SECONDS,
        "tcp_user_timeout": SECONDS * 1_000,  # else a machine that went away is noticed after minutes
        "application_name": "babillard",
        "client_encoding": "utf8",
    }
    engine = create_engine(
        address.difference_update_query(["options"]),
        pool_size=CONNECTIONS,
        max_overflow=0,
        pool_timeout=SECONDS,
        pool_pre_ping=True,  # a connection that broke while it lay idle is made again, and nobody notices
        hide_parameters=True,  # they hold what people asked
        connect_args={name: value for name, value in defaults.items() if name not in address.query}
        | {"options": " ".join((waits, *([given] if isinstance(given, str) else given))).strip()},
    )
    event.listen(engine, "do_connect", _connect)
    return engine


def _connect(_dialect: object, _record: object, arguments: list[Any], options: dict[str, Any]) -> PatientConnection:
    made = PatientConnection.connect(*arguments, **options)
    made.patience = SECONDS + GRACE_SECONDS
    return made


@contextmanager
def _patience(connection: Connection, seconds: int) -> Iterator[None]:
    """Let what follows take so long, on the server and here."""
    if seconds == SECONDS:  # as each connection begins
        yield
        return
    connection.execute(text(f"SET LOCAL statement_timeout = '{seconds}s'"))
    with cast(PatientConnection, connection.connection.driver_connection).waiting(seconds + GRACE_SECONDS):
        yield


def _is_away(error: SQLAlchemyError) -> bool:
    """Whether the server is not there or too busy, rather than the statement wrong.

    PostgreSQL's classes of errors: 08 no connection, 53 no resources, 57 an operator, or the time, ended it.
    """
    if not isinstance(error, OperationalError):
        return isinstance(error, NoConnectionError) or (isinstance(error, DBAPIError) and error.connection_invalidated)
    state = getattr(error.orig, "sqlstate", None)
    return error.connection_invalidated or state is None or state[:2] in ("08", "53", "57")


def _version(connection: Connection) -> str | None:
    if connection.execute(select(func.to_regclass(VERSION_TABLE))).scalar() is None:
        return None
    version = connection.execute(text(f"SELECT version_num FROM {VERSION_TABLE}")).scalar()  # noqa: S608 - a name of ours
    return None if version is None else str(version)


def _migrate(connection: Connection, version: str | None) -> None:
    """Run the migrations that are missing; Alembic takes 9 MB and is imported for them alone."""
    from alembic import command
    from alembic.config import Config
    from alembic.script import ScriptDirectory
    from alembic.util import CommandError

    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    try:
        if version is not None:
            ScriptDirectory.from_config(config).get_revision(version)
        command.upgrade(config, HEAD)
    except CommandError as error:
        raise StorageError(
            "the tables of DATABASE_URL were made by a later version of Babillard: upgrade, or name another database"
        ) from error
