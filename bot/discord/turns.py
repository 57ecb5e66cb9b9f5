"""Open sessions with Discord in turn: all processes of a bot together may open one every few seconds."""

import asyncio
import logging
import random
from collections.abc import Awaitable, Callable
from typing import Protocol

from bot.errors import StorageError

SPREAD_SECONDS = 0.5  # at most, by which those who wait for the same turn ask for it one after another

log = logging.getLogger(__name__)


class TurnsKeeper(Protocol):
    """Knows when any process of the bot opened a session last. `bot.discord.turns_postgres` is one, for many machines.

    Its method waits for a server, and belongs into a thread.
    """

    def take(self, bucket: int) -> float:
        """Take the turn of a bucket and return 0, or the seconds after which to ask again; a `StorageError` if lost."""
        ...


class Turns:
    """Waits for the turns of one process."""

    def __init__(self, keeper: TurnsKeeper, sleep: Callable[[float], Awaitable[None]] = asyncio.sleep) -> None:
        """Ask `keeper`, and wait with `sleep`."""
        self._keeper, self._sleep = keeper, sleep

    async def wait(self, bucket: int) -> bool:
        """Wait until a session of this bucket may be opened; False where nobody knows, which the log tells."""
        try:
            while (seconds := await asyncio.to_thread(self._keeper.take, bucket)) > 0:
                await self._sleep(seconds + random.uniform(0, SPREAD_SECONDS))  # noqa: S311 - no secret
        except StorageError as error:
            log.warning("a session is opened without a turn", extra={"reason": str(error)})
            return False
        return True
