"""A real PostgreSQL for the tests, of the wheel `pgserver`: started once, its tables emptied for each test."""

import os
import shutil
import signal
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import ModuleType
from typing import Any

import psycopg
import pytest
from pydantic import SecretStr

from bot.postgres.tables import METADATA, VERSION_TABLE


class Server:
    """A server on a socket of its own; no port is opened."""

    def __init__(self, pgserver: ModuleType, folder: Path) -> None:
        with warnings.catch_warnings():  # it looks for a folder that a session without a desktop lacks
            warnings.simplefilter("ignore")
            self._server: Any = pgserver.get_server(folder, cleanup_mode="stop")
        self._pgserver = pgserver
        with (folder / "postgresql.conf").open("a", encoding="utf-8") as file:
            # Nothing of the tests must outlive the machine; a start after a crash would sync each file first.
            file.write(f"fsync = off\nlisten_addresses = ''\nunix_socket_directories = '{folder}'\n")
        self._control("reload")

    @property
    def url(self) -> SecretStr:
        return SecretStr(self._server.get_uri())

    def execute(self, statement: str) -> list[Any]:
        """Run one statement behind the back of the bot."""
        with psycopg.connect(self.url.get_secret_value(), autocommit=True) as connection:
            cursor = connection.execute(statement.encode())
            return cursor.fetchall() if cursor.description else []

    def empty(self) -> None:
        """Leave the tables as a new database has them, where there are any."""
        if self.execute(f"SELECT to_regclass('{VERSION_TABLE}')") != [(None,)]:
            names = ", ".join(METADATA.tables)
            self.execute(f"TRUNCATE {names} RESTART IDENTITY CASCADE")

    def drop_tables(self) -> None:
        """Leave nothing."""
        self.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public")

    @contextmanager
    def locking(self, table: str) -> Iterator[None]:
        """Let nobody else use a table."""
        with psycopg.connect(self.url.get_secret_value()) as connection:
            connection.execute(f"LOCK TABLE {table}".encode())
            yield

    def stop(self) -> None:
        """End it as a machine that fails would."""
        self._control("-w", "-m", "immediate", "stop")

    def start(self) -> None:
        """Start it, where it does not run, and wait until it takes connections."""
        if not (self._server.pgdata / "postmaster.pid").exists():
            self._control("-w", "-t", "120", "-l", str(self._server.log), "start")
        self._server.ensure_postgres_running()

    @contextmanager
    def paused(self) -> Iterator[None]:
        """Let none of its processes go on: it takes connections, and answers nothing."""
        server = int((self._server.pgdata / "postmaster.pid").read_text().split()[0])
        processes = [server, *(pid for (pid,) in self.execute("SELECT pid FROM pg_stat_activity"))]
        for process in processes:
            with suppress(ProcessLookupError):  # that of the query itself is gone
                os.kill(process, signal.SIGSTOP)
        try:
            yield
        finally:
            for process in processes:
                with suppress(ProcessLookupError):
                    os.kill(process, signal.SIGCONT)

    def _control(self, *arguments: str) -> None:
        self._pgserver._commands.pg_ctl(list(arguments), pgdata=self._server.pgdata, user=self._server.system_user)

    def close(self) -> None:
        self.start()
        self._server.cleanup()


@contextmanager
def running() -> Iterator[Server]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        pgserver = pytest.importorskip("pgserver", reason="there is no PostgreSQL in a wheel for this platform")
    folder = Path(tempfile.mkdtemp(prefix="babillard-postgres-"))  # a short path: that of a socket has 107 bytes
    try:
        server = Server(pgserver, folder)
        yield server
        server.close()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
