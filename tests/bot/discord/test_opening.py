"""The start of the bot beside a Milvus that does not run yet."""

import json
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.request import urlopen

import pytest

from tests.milvus import Served
from tests.processes import surroundings

START_SECONDS = 120.0  # on a busy machine


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Served]:
    served = Served(tmp_path)
    yield served
    served.kill()


class Waiting:
    """A bot that was started as a service is, over an address where nobody listens."""

    def __init__(self, server: Served, folder: Path) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = int(free.getsockname()[1])
        folders = {f"{name}_DIR": str(folder / name.lower()) for name in ("SEEDS", "INDEX", "DATA")}
        given = surroundings(VECTOR_STORE=server.uri, DISCORD_TOKEN="none", HEALTH_PORT=str(self.port), **folders)
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


@pytest.fixture
def waiting(server: Served, tmp_path: Path) -> Iterator[Waiting]:
    bot = Waiting(server, tmp_path)
    yield bot
    bot.process.kill()
    bot.process.communicate()


def test_it_waits_tells_so_and_ends_when_it_is_told_to(waiting: Waiting) -> None:
    status, told = waiting.page("/health")
    assert (status, json.loads(told)) == (503, {"ready": False, "reachable": False})
    status, metrics = waiting.page("/metrics")
    assert (status, "babillard_index_reachable 0.0" in metrics) == (200, True)
    waiting.process.send_signal(signal.SIGTERM)
    _, log = waiting.process.communicate(timeout=START_SECONDS)
    assert waiting.process.returncode == 0
    [line] = log.splitlines()
    assert "waiting for the index" in line
    assert "see that it runs, and that VECTOR_STORE" in line


def test_it_goes_on_as_soon_as_the_index_can_be_reached(waiting: Waiting, server: Served) -> None:
    waiting.page("/health")
    server.start()
    _, log = waiting.process.communicate(timeout=START_SECONDS)
    assert waiting.process.returncode == 1
    assert log.splitlines()[-1].startswith(f"babillard: there is no index in {server.uri} (babillard_articles): build")
