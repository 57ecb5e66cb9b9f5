"""Rebuild the index in a process of its own, whose memory goes back to the machine, and follow how far it is."""

import asyncio
import json
import logging
import signal
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from bot.config import BotSettings
from bot.errors import RebuildError, RebuildKilledError

MAX_LINE = 32 * 1024 * 1024
"""Bytes of one line of the process; a longer one is skipped. The report, on one line, names each file that could not be
read, in some 200 bytes: there is room for 160,000 files. The default of asyncio, 64 KiB, has room for 300."""

MAX_COMPLAINT = 64 * 1024  # bytes that are kept of standard error, the last ones: its last line says what is wrong

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class RebuildReport:
    """What was built."""

    documents: int
    chunks: int
    skipped: int  # files
    seconds: float


def rebuild_command(settings: BotSettings) -> tuple[str, ...]:
    """Return the command that rebuilds the index of these settings."""
    return (sys.executable, "-m", "index", "rebuild", "--json", "--progress", *settings.folder_options)


async def rebuild(command: Sequence[str], on_progress: Callable[[int, int], Awaitable[None]]) -> RebuildReport:
    """Run the command to its end; it is killed when this is cancelled or fails.

    Args:
        command: writes JSON objects on standard output, one a line: how far it is, and last the report.
        on_progress: is told how many texts are embedded, and how many there are.

    Raises:
        RebuildError: the command cannot be started, or failed; the message says why, in the command's own words.
        RebuildKilledError: it was killed, as the system does when memory runs out.
        ValueError: it ended well, but gave no report that can be read.
    """
    try:
        process = await asyncio.create_subprocess_exec(
            *command, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE, limit=MAX_LINE
        )
    except OSError as error:
        raise RebuildError(f"{command[0]} cannot be started: {error.strerror}") from error
    if process.stdout is None or process.stderr is None:
        raise RuntimeError("both are pipes")
    complaining = asyncio.create_task(_last_bytes(process.stderr))
    try:
        report: dict[str, Any] = {}
        async for record in _records(process.stdout):
            if "documents" in record:
                report = record
            elif {"done", "total"} <= record.keys():
                await on_progress(record["done"], record["total"])
        complaint = (await complaining).decode("utf-8", "replace").strip().splitlines()
        status = await process.wait()
    finally:
        complaining.cancel()
        if process.returncode is None:
            process.kill()
            await process.wait()
    if status == -signal.SIGKILL:
        raise RebuildKilledError("the process was killed")
    if status != 0:
        log.warning("rebuild failed", extra={"status": status, "complaint": complaint})
        raise RebuildError(complaint[-1] if complaint else f"exit status {status}")
    try:
        return RebuildReport(report["documents"], report["chunks"], len(report["skipped"]), report["seconds"])
    except (KeyError, TypeError) as error:
        raise ValueError("the rebuild ended well, but its report cannot be read") from error


async def _records(stream: asyncio.StreamReader) -> AsyncIterator[dict[str, Any]]:
    """Yield each JSON object that the process writes on a line; whatever else it writes is skipped."""
    while True:
        try:
            line = await stream.readline()
        except ValueError:  # longer than `MAX_LINE`
            continue
        if not line:
            return
        with suppress(ValueError):
            if isinstance(record := json.loads(line), dict):
                yield record


async def _last_bytes(stream: asyncio.StreamReader) -> bytes:
    """Read the stream to its end, and return the last `MAX_COMPLAINT` bytes."""
    kept = b""
    while piece := await stream.read(MAX_COMPLAINT):
        kept = (kept + piece)[-MAX_COMPLAINT:]
    return kept
