"""Look again and again, in the background, whether something is due."""

import asyncio
import time
from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable
from contextlib import suppress

from bot.errors import BotError


class Periodic(ABC):
    """Looks after each pause of the same length. Belongs to one event loop."""

    def __init__(self, name: str, seconds: float) -> None:
        """Wait so many seconds before each look; the name is that of the task."""
        self.sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
        self.clock: Callable[[], float] = time.time  # seconds since 1970
        self._name, self._seconds = name, seconds
        self._task: asyncio.Task[None] | None = None

    def begin(self) -> None:
        """Look from now on, unless that goes on already."""
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._go_on(), name=self._name)

    def close(self) -> None:
        """Look no more; the next start goes on."""
        if self._task is not None:
            self._task.cancel()

    @abstractmethod
    async def look(self) -> None:
        """Do what is due, if anything is."""

    async def _go_on(self) -> None:
        while True:
            await self.sleep(self._seconds)
            with suppress(BotError):  # `StorageError`: whoever changes a rule is told
                await self.look()
