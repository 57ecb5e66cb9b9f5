"""The start of the bot beside a Milvus or a PostgreSQL that does not run yet."""

import json
import logging
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.request import urlopen

import pytest

from bot.discord.observing import Awaited
from bot.discord.waiting import ToldToEndError, waited_for
from bot.errors import AwayError, StorageError
from tests.milvus import Served
from tests.postgres import Server
from tests.processes import surroundings

START_SECONDS = 120.0  # on a busy machine


class Door:
    """Is open after some tries."""

    def __init__(self, tries: int, on_try: Callable[[int], None] = lambda tries: None) -> None:
        self.tries, self.needed, self.on_try = 0, tries, on_try
        self.closed = False

    def open(self) -> "Door":
        self.tries += 1
        self.on_try(self.tries)
        if self.tries < self.needed:
            raise AwayError("nobody answers")
        return self

    def close(self) -> None:
        self.closed = True


def wait_for(door: Door) -> Door:
    return waited_for(door.open, AwayError, Awaited.DATABASE, health_port=0, retry_seconds=0.01)


def test_what_answers_is_not_waited_for(caplog: pytest.LogCaptureFixture) -> None:
    assert wait_for(Door(1)).tries == 1
    assert caplog.messages == []


def test_it_is_tried_until_it_answers_and_told_twice(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        assert wait_for(Door(4)).tries == 4
    assert caplog.messages == [
        "waiting for the database: nobody answers",
        "the database can be reached again",
    ]


def test_what_only_a_person_can_mend_is_not_waited_for() -> None:
    def locked(tries: int) -> None:
        if tries == 2:
            raise StorageError("another version made its tables")

    door = Door(4, locked)
    with pytest.raises(StorageError, match="another version"):
        wait_for(door)
    assert door.tries == 2


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_ends_when_it_is_told_to_while_it_waits(number: signal.Signals) -> None:
    with pytest.raises(ToldToEndError):
        wait_for(Door(1_000, lambda tries: signal.raise_signal(number) if tries == 2 else None))


def test_what_is_opened_when_it_is_told_to_end_is_closed() -> None:
    door = Door(2, lambda tries: signal.raise_signal(signal.SIGTERM) if tries == 2 else None)
    with pytest.raises(ToldToEndError):
        wait_for(door)
    assert door.closed


class Waiting:
    """A bot that was started as a service is, over an address where nobody listens."""

    def __init__(self, folder: Path, **setting: str) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = int(free.getsockname()[1])
        folders = {f"{name}_DIR": str(folder / name.lower()) for name in ("SEEDS", "INDEX", "DATA")}
        given = surroundings(DISCORD_TOKEN="none", HEALTH_PORT=str(self.port), **folders, **setting)
        command = [sys.executable, "-m", "bot", "discord"]
        self.process = subprocess.Popen(command, env=given, stderr=subprocess.PIPE, encoding="utf-8")

    def page(self, path: str) -> tuple[int, str]:
        """Return the status and the text of a page, as soon as it is served."""
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline and self.process.poll() is None:
            with suppress(URLError):
                try:
                    with urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=10) as reply:
                        return reply.status, reply.read().decode()
                except HTTPError as error:
                    return error.code, error.read().decode()
            time.sleep(0.1)
        raise AssertionError("nobody serves the page")

    def end(self) -> list[str]:
        """Tell it to end, and return the lines of its log."""
        self.process.send_signal(signal.SIGTERM)
        _, log = self.process.communicate(timeout=START_SECONDS)
        assert self.process.returncode == 0
        return log.splitlines()

    def close(self) -> None:
        self.process.kill()
        self.process.communicate()


@pytest.fixture
def milvus(tmp_path: Path) -> Iterator[Served]:
    served = Served(tmp_path)
    yield served
    served.kill()


def test_without_its_milvus_it_waits_tells_so_and_ends_when_it_is_told_to(milvus: Served, tmp_path: Path) -> None:
    with closing(Waiting(tmp_path, VECTOR_STORE=milvus.uri)) as bot:
        status, told = bot.page("/health")
        assert (status, json.loads(told)) == (503, {"ready": False, "reachable": False})
        status, metrics = bot.page("/metrics")
        assert (status, "babillard_index_reachable 0.0" in metrics) == (200, True)
        [line] = bot.end()
    assert "waiting for the index" in line
    assert "see that it runs, and that VECTOR_STORE" in line


def test_without_its_database_it_waits_tells_so_and_ends_when_it_is_told_to(postgres: Server, tmp_path: Path) -> None:
    postgres.stop()
    try:
        with closing(Waiting(tmp_path, DATABASE_URL=postgres.url.get_secret_value())) as bot:
            status, told = bot.page("/health")
            assert (status, json.loads(told)) == (503, {"ready": False, "database": {"answers": False}})
            status, metrics = bot.page("/metrics")
            assert (status, "babillard_database_up 0.0" in metrics) == (200, True)
            assert "babillard_index_reachable" not in metrics  # nobody looked yet
            [line] = bot.end()
    finally:
        postgres.start()
    assert "waiting for the database" in line
    assert "DATABASE_URL" in line


def test_it_goes_on_as_soon_as_the_index_can_be_reached(milvus: Served, tmp_path: Path) -> None:
    with closing(Waiting(tmp_path, VECTOR_STORE=milvus.uri)) as bot:
        bot.page("/health")
        milvus.start()
        _, log = bot.process.communicate(timeout=START_SECONDS)
        assert bot.process.returncode == 1
    last = log.splitlines()[-1]
    assert last.startswith(f"babillard: there is no index in {milvus.uri} (babillard_articles): build")
