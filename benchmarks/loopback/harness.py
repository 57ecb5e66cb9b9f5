"""Run a bot in a process of its own, connected to the loopback server."""

import asyncio
import contextlib
import os
import signal
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

from benchmarks.loopback.server import LoopbackDiscord
from benchmarks.surroundings import REPOSITORY, surroundings

PATCH = Path(__file__).with_name("client_patch")


class BotProcess:
    """A running bot; what it writes is kept."""

    def __init__(self, process: asyncio.subprocess.Process, server: LoopbackDiscord) -> None:
        self._process = process
        self._server = server
        self._mark = len(server.records)
        self._lines: list[str] = []
        self._more = asyncio.Condition()
        self._reading = asyncio.create_task(self._read())

    @property
    def pid(self) -> int:
        """Of the process."""
        return self._process.pid

    @property
    def log(self) -> str:
        """What it wrote on standard error and standard output so far."""
        return "".join(self._lines)

    async def ready(self, timeout: float = 30.0) -> None:
        """Wait until the bot has opened a session with the gateway.

        Raises:
            RuntimeError: the process ended before; the message holds its log.
            TimeoutError: it did not within `timeout` seconds; the message holds its log.
        """
        identified = asyncio.create_task(self._server.wait_for("IDENTIFY", timeout, self._mark))
        ended = asyncio.create_task(self._process.wait())
        await asyncio.wait((identified, ended), return_when=asyncio.FIRST_COMPLETED)
        ended.cancel()
        if not identified.done():
            identified.cancel()
            await self._reading
            raise RuntimeError(f"the bot ended with status {self._process.returncode}:\n{self.log}")
        try:
            await identified
        except TimeoutError as error:
            raise TimeoutError(f"{error}\n{self.log}") from None

    async def logged(self, text: str, timeout: float = 5.0) -> None:
        """Wait until the log holds a text.

        Raises:
            TimeoutError: it does not within `timeout` seconds, or the process ended without it.
        """
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(timeout), self._more:
                await self._more.wait_for(lambda: text in self.log or self._reading.done())
        if text not in self.log:
            raise TimeoutError(f"no {text!r} in the log within {timeout} s:\n{self.log}")

    async def wait(self, timeout: float = 10.0) -> int:
        """Return the exit status once the process has ended by itself.

        Raises:
            TimeoutError: it has not within `timeout` seconds.
        """
        status = await asyncio.wait_for(self._process.wait(), timeout)
        await self._reading
        return status

    async def stop(self, timeout: float = 10.0) -> int:
        """Send SIGTERM and return the exit status; negative: the signal that ended it.

        Raises:
            TimeoutError: the process did not end within `timeout` seconds; it is killed.
        """
        self._signal(signal.SIGTERM)
        try:
            return await self.wait(timeout)
        except TimeoutError:
            await self.kill()
            raise TimeoutError(f"SIGTERM did not end the bot within {timeout} s:\n{self.log}") from None

    async def kill(self) -> None:
        """End the process at once, as a crash would."""
        self._signal(signal.SIGKILL)
        await self._process.wait()
        await self._reading

    def _signal(self, number: signal.Signals) -> None:
        """Send a signal past asyncio, which takes the exit status of a process that just ended from its own watcher."""
        if self._process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self._process.pid, number)

    async def _read(self) -> None:
        assert self._process.stdout is not None
        async for line in self._process.stdout:
            async with self._more:
                self._lines.append(line.decode(errors="replace"))
                self._more.notify_all()
        async with self._more:
            self._more.notify_all()


@contextlib.asynccontextmanager
async def bot_process(
    argv: Sequence[str | Path], server: LoopbackDiscord, **environment: str
) -> AsyncIterator[BotProcess]:
    """Run a bot inside the block, and kill what is left of it at the end.

    Args:
        argv: the command, such as `[sys.executable, "-m", "bot", "discord"]`.
        server: which Discord it is to meet.
        environment: more variables: the token, the settings.
    """
    changes = {
        "PYTHONPATH": os.pathsep.join((str(PATCH), str(REPOSITORY))),
        "DISCORD_LOOPBACK_PORT": str(server.port),
        "PYTHONUNBUFFERED": "1",
        **environment,
    }
    process = await asyncio.create_subprocess_exec(
        *map(str, argv),
        env=surroundings(**changes),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    bot = BotProcess(process, server)
    try:
        yield bot
    finally:
        await bot.kill()
