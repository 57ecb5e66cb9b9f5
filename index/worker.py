"""Parse files in a process of their own, so that none can hang the build or use up the memory."""

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
"""For one file. A PDF of 5,000 pages takes 4 s, a .docx as long as the longest novel 3 s; both less than 160 MB."""


class Worker:
    """A process that parses one file after another. It starts when first needed, and again after it was killed."""

    def __init__(
        self, command: Sequence[str] | None = None, seconds: float = SECONDS, megabytes: int = MEGABYTES
    ) -> None:
        """Set the limits; the process starts later.

        Args:
            command: to run instead of `index.loaders`.
            seconds: after which a file is given up and the process killed.
            megabytes: of address space that the process may use, where the system can limit it.
        """
        limits = (str(megabytes), str(int(seconds) + 5))  # it ends by itself if this build does not live to kill it
        self._command = command or (sys.executable, "-P", "-m", "index.loaders", *limits)
        self._seconds, self._megabytes = seconds, megabytes
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        """Return the worker; its process ends with the block."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._end()

    def load(self, data: bytes, suffix: str, address: str = "") -> list[Item]:
        """Return the items of a file.

        Args:
            data: the bytes of the file.
            suffix: of its name, in lower case.
            address: where it was fetched; "" where nobody knows.

        Raises:
            UnreadableError: nothing in it can be read, or not within the limits.
        """
        if self._process is None:
            self._process = self._start()
        process, expired = self._process, threading.Event()

        def expire() -> None:
            expired.set()
            process.kill()

        timer = threading.Timer(self._seconds, expire)
        timer.start()
        try:
            reply = _ask(process, data, suffix, address)
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
            with suppress(OSError):  # it may have died before it read the request
                process.stdin.close()
        try:
            process.wait(0.2)
        except subprocess.TimeoutExpired:
            process.kill()
        with process:
            return process.wait()


def _ask(process: subprocess.Popen[bytes], data: bytes, suffix: str, address: str) -> bytes:
    """Return the line that the process replies: incomplete or empty if it dies."""
    if process.stdin is None or process.stdout is None:
        raise ValueError("the process has no pipes")
    try:
        request = {"suffix": suffix, "bytes": len(data), "address": address}
        process.stdin.write(json.dumps(request).encode() + b"\n")
        process.stdin.write(data)
        process.stdin.flush()
        return process.stdout.readline()
    except OSError:
        return b""
