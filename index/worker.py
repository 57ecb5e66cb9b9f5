"""Read files in a process apart, so that none can hang the build or exhaust the machine."""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

from index.loaders.exchange import OUT_OF_MEMORY, from_records
from index.loaders.loaded import Item, UnreadableError

SECONDS = 30
MEGABYTES = 1024
"""For one file. A PDF of 5,000 pages takes 4 s, a .docx as long as the longest novel 3 s, both less than 160 MB."""


class Worker:
    """A process that loads one file after another; started when first needed, and again after it was killed."""

    def __init__(
        self, command: Sequence[str] | None = None, seconds: float = SECONDS, megabytes: int = MEGABYTES
    ) -> None:
        """Set the limits; nothing is started yet.

        Args:
            command: what to run instead of `index.loaders`.
            seconds: for one file, after which the process is killed.
            megabytes: of address space for the process, where the system can tell.
        """
        limits = (str(megabytes), str(int(seconds) + 5))  # the process ends by itself later than we kill it
        self._command = command or (sys.executable, "-P", "-m", "index.loaders", *limits)
        self._seconds, self._megabytes = seconds, megabytes
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        """Return the worker; leaving ends its process."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._end()

    def load(self, data: bytes, suffix: str) -> list[Item]:
        """Return what the bytes of a file hold.

        Raises:
            UnreadableError: nothing can be read in it, or not within the limits.
        """
        if self._process is None:
            self._process = self._start()
        process, expired = self._process, threading.Event()

        def cut() -> None:
            expired.set()
            process.kill()

        timer = threading.Timer(self._seconds, cut)
        timer.start()
        try:
            reply = _ask(process, data, suffix)
        finally:
            timer.cancel()
        if expired.is_set():
            self._end()
            raise UnreadableError(f"takes more than {self._seconds:g} seconds to read")
        if not reply.endswith(b"\n"):
            code = self._end()
            if code == OUT_OF_MEMORY:
                raise UnreadableError(f"takes more than {self._megabytes:,} MB of memory to read")
            raise UnreadableError(f"makes its parser fail (exit status {code})")
        answer = json.loads(reply)
        if "reason" in answer:
            raise UnreadableError(answer["reason"])
        return from_records(answer["items"])

    def _start(self) -> subprocess.Popen[bytes]:
        root = str(Path(__file__).parents[1])
        path = os.pathsep.join(filter(None, [root, os.environ.get("PYTHONPATH")]))
        return subprocess.Popen(  # noqa: S603 - our own command
            self._command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "PYTHONPATH": path},
        )

    def _end(self) -> int:
        """Kill the process, if there is one, and return its exit status."""
        process, self._process = self._process, None
        if process is None:
            return 0
        if process.stdin:
            with suppress(OSError):  # it may have died with a request unread
                process.stdin.close()
        try:
            process.wait(0.2)
        except subprocess.TimeoutExpired:
            process.kill()
        with process:
            return process.wait()


def _ask(process: subprocess.Popen[bytes], data: bytes, suffix: str) -> bytes:
    """Return the line that the process replies, cut short or empty if it dies."""
    if process.stdin is None or process.stdout is None:
        raise ValueError("the process has no pipes")
    try:
        process.stdin.write(json.dumps({"suffix": suffix, "bytes": len(data)}).encode() + b"\n")
        process.stdin.write(data)
        process.stdin.flush()
        return process.stdout.readline()
    except OSError:
        return b""
