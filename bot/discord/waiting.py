"""Wait, at the start, for a server that does not answer yet, and tell so on `/health` and `/metrics`.

A service that ended instead would be started again and again, and after some starts not any more.
"""

import asyncio
import logging
import signal
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Final, Protocol, TypeVar

from bot.discord.health import health_endpoint
from bot.discord.observing import Awaited

RETRY_SECONDS = 5.0
"""Between two tries, each of which costs a connection. The compose file of Milvus gives it 90 s to start."""

_TOLD: Final[Mapping[Awaited, Mapping[str, object]]] = {
    Awaited.INDEX: {"ready": False, "reachable": False},
    Awaited.DATABASE: {"ready": False, "database": {"answers": False}},
}
"""What `/health` answers meanwhile, in the words of `bot.discord.supervisor.health`."""

log = logging.getLogger(__name__)


class Opened(Protocol):
    """What holds something open."""

    def close(self) -> None:
        """Let go of it."""
        ...


T = TypeVar("T", bound=Opened)


class ToldToEndError(Exception):
    """SIGINT or SIGTERM came while the start waited."""


def waited_for(
    opened: Callable[[], T],
    away: type[Exception],
    what: Awaited,
    health_port: int,
    retry_seconds: float = RETRY_SECONDS,
) -> T:
    """Return what `opened` returns, as soon as it does. Call it from the main thread, where signals arrive.

    Args:
        opened: opens it, in another thread once it had to be waited for.
        away: what it raises while the server does not answer.
        what: is waited for.
        health_port: of `/health`; 0 for none.
        retry_seconds: between two tries.

    Raises:
        ToldToEndError: SIGINT or SIGTERM came first.
        HealthError: the port cannot be used.
        Exception: anything else that `opened` raises.
    """
    try:
        return opened()
    except away as error:
        log.warning("waiting for %s: %s", what.value, error)
    return asyncio.run(_opened_later(opened, away, what, health_port, retry_seconds))


def stop_signals() -> asyncio.Event:
    """Return an event of the running loop that SIGINT and SIGTERM set from now on."""
    stopping = asyncio.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        with suppress(NotImplementedError):  # Windows has no signal handlers on a loop; Ctrl-C ends it there
            asyncio.get_running_loop().add_signal_handler(name, stopping.set)
    return stopping


async def _opened_later(
    opened: Callable[[], T], away: type[Exception], what: Awaited, health_port: int, retry_seconds: float
) -> T:
    stopping = stop_signals()
    pages: Callable[[], tuple[bytes, str]] | None = None
    if health_port:
        from bot.discord.metrics import CONTENT_TYPE, Metrics  # prometheus_client is for the endpoint alone

        metrics = Metrics(lambda: what)
        pages = lambda: (metrics.exposition(), CONTENT_TYPE)  # noqa: E731
    async with health_endpoint(health_port, lambda: _TOLD[what], pages):
        while True:
            with suppress(TimeoutError):
                await asyncio.wait_for(stopping.wait(), retry_seconds)
            if stopping.is_set():
                raise ToldToEndError
            with suppress(away):
                found = await asyncio.to_thread(opened)
                if stopping.is_set():
                    found.close()
                    raise ToldToEndError
                log.warning("%s can be reached again", what.value)
                return found
