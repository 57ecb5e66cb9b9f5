"""Open the bot; while what keeps the index does not answer, wait for it, and tell so on `/health` and `/metrics`.

A service that ended instead would be started again and again, and after some starts not any more.
"""

import asyncio
import logging
import signal
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, nullcontext, suppress

from bot.config import BotSettings
from bot.discord.health import health_endpoint
from bot.live import LiveBot
from index.errors import UnreachableStoreError

RETRY_SECONDS = 5.0
"""Between two tries. The compose file of Milvus gives it 90 s to start; a try costs no more than a connection."""

log = logging.getLogger(__name__)


@contextmanager
def open_live(settings: BotSettings) -> Iterator[LiveBot | None]:
    """Open the index, follow it, and close it at the end; None when SIGINT or SIGTERM came before it could be reached.

    Raises:
        IndexingError: the index is missing, stale or damaged, or the model cannot be loaded.
        HealthError: the port of /health cannot be used.
    """
    try:
        live: LiveBot | None = LiveBot(settings)
    except UnreachableStoreError as error:
        log.warning("waiting for the index: %s", error)
        live = asyncio.run(_waited_for(settings))
    with closing(live) if live is not None else nullcontext():
        yield live


def stop_signals() -> asyncio.Event:
    """Return an event of the running loop that SIGINT and SIGTERM set from now on."""
    stopping = asyncio.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        with suppress(NotImplementedError):  # Windows has no signal handlers on a loop; Ctrl-C ends it there
            asyncio.get_running_loop().add_signal_handler(name, stopping.set)
    return stopping


async def _waited_for(settings: BotSettings) -> LiveBot | None:
    stopping = stop_signals()
    pages: Callable[[], tuple[bytes, str]] | None = None
    if settings.health_port:
        from bot.discord.metrics import CONTENT_TYPE, Metrics  # prometheus_client is for the endpoint alone

        metrics = Metrics(lambda: None)
        pages = lambda: (metrics.exposition(), CONTENT_TYPE)  # noqa: E731
    async with health_endpoint(settings.health_port, lambda: {"ready": False, "reachable": False}, pages):
        while True:
            with suppress(TimeoutError):
                await asyncio.wait_for(stopping.wait(), RETRY_SECONDS)
            if stopping.is_set():
                return None
            with suppress(UnreachableStoreError):
                live = await asyncio.to_thread(LiveBot, settings)
                log.warning("the index can be reached again")
                return live
