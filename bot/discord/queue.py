"""Who is answered next: each user has a waiting line of their own, and the lines take turns."""

import asyncio
from collections import OrderedDict, deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bot.errors import BusyError


class FairQueue:
    """Lets `workers` questions run at once; the others wait. Belongs to one event loop.

    Somebody who asks ten questions does not delay the first question of another: after each turn, a user goes behind
    all others who wait.
    """

    def __init__(self, capacity: int, per_user: int, workers: int = 1) -> None:
        """Start with nobody waiting.

        Args:
            capacity: how many questions may wait, of all users together.
            per_user: how many of them may be of one user.
            workers: turns at the same time.

        Raises:
            ValueError: a negative number, or no worker.
        """
        if capacity < 0 or per_user < 0 or workers < 1:
            raise ValueError("capacity and per_user are at least 0, workers at least 1")
        self._capacity = capacity
        self._per_user = per_user
        self._workers = workers
        self._running = 0  # nobody waits while it is below `workers`
        self._lines: OrderedDict[int, deque[asyncio.Future[None]]] = OrderedDict()  # user -> line, next user first
        self._stopping = False
        self._idle = asyncio.Event()
        self._idle.set()

    @property
    def waiting(self) -> int:
        """Questions that wait for their turn, of all users together."""
        return sum(len(line) for line in self._lines.values())

    @property
    def running(self) -> int:
        """Questions that hold a turn."""
        return self._running

    @asynccontextmanager
    async def turn(self, user: int) -> AsyncIterator[None]:
        """Wait for a turn, and hold it until the block ends.

        Raises:
            BusyError: at once, when the queue or the user's line is full, or no more questions are taken.
        """
        await self._begin(user)
        try:
            yield
        finally:
            self._end()

    async def drain(self, timeout: float) -> bool:
        """Take no more questions; return whether those that run and wait were done within `timeout` seconds."""
        self._stopping = True
        try:
            async with asyncio.timeout(timeout):
                await self._idle.wait()
        except TimeoutError:
            return False
        return True

    async def _begin(self, user: int) -> None:
        if self._stopping:
            raise BusyError("stopping")
        if self._running < self._workers:
            self._running += 1
            self._idle.clear()
            return
        if self.waiting >= self._capacity:
            raise BusyError("queue_full")
        if len(self._lines.get(user, ())) >= self._per_user:
            raise BusyError("line_full")
        place = asyncio.get_running_loop().create_future()
        self._lines.setdefault(user, deque()).append(place)
        try:
            await place
        except asyncio.CancelledError:
            if place.cancelled():
                self._leave(user, place)
            else:  # its turn had just come, and passes on
                self._end()
            raise

    def _end(self) -> None:
        """Give the turn to whoever is next."""
        while self._lines:
            user, line = next(iter(self._lines.items()))
            place = line.popleft()
            if not line:
                del self._lines[user]
            if place.done():  # cancelled, and not yet out of the line
                continue
            if line:
                self._lines.move_to_end(user)
            place.set_result(None)
            return
        self._running -= 1
        if not self._running:
            self._idle.set()

    def _leave(self, user: int, place: asyncio.Future[None]) -> None:
        line = self._lines.get(user)
        if line and place in line:
            line.remove(place)
            if not line:
                del self._lines[user]
