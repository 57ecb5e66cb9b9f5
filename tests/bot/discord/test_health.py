import socket
from contextlib import suppress
from pathlib import Path

import aiohttp
import pytest

from bot.discord.health import health_endpoint
from bot.errors import HealthError

OPEN_FILES = Path("/proc/self/fd")


@pytest.fixture
def port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def open_sockets() -> set[str]:
    """Return the sockets of this process; one that is closed meanwhile, by the garbage collector, may be missing."""
    sockets = set()
    for file in OPEN_FILES.iterdir():
        with suppress(FileNotFoundError):
            sockets.add(str(file.readlink()))
    return {name for name in sockets if name.startswith("socket:")}


@pytest.mark.parametrize(("ready", "status"), [(True, 200), (False, 503)])
async def test_health_tells_the_state(port: int, ready: bool, status: int) -> None:
    async with health_endpoint(port, lambda: {"ready": ready, "waiting": 3}), aiohttp.ClientSession() as session:
        async with session.get(f"http://127.0.0.1:{port}/health") as response:
            assert (response.status, await response.json()) == (status, {"ready": ready, "waiting": 3})
        async with session.get(f"http://127.0.0.1:{port}/") as response:
            assert response.status == 404


async def test_without_metrics_there_is_no_such_page(port: int) -> None:
    async with (
        health_endpoint(port, lambda: {"ready": True}),
        aiohttp.ClientSession() as session,
        session.get(f"http://127.0.0.1:{port}/metrics") as response,
    ):
        assert response.status == 404


@pytest.mark.skipif(not OPEN_FILES.exists(), reason="reads /proc")
async def test_no_port_serves_nothing() -> None:
    before = open_sockets()
    async with health_endpoint(0, lambda: {"ready": True}):
        assert open_sockets() <= before


async def test_a_port_that_is_taken_is_named(port: int) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", port))
        taken.listen()
        with pytest.raises(HealthError, match=f"port {port} cannot be used .*: set HEALTH_PORT"):
            async with health_endpoint(port, lambda: {"ready": True}):
                pass
