"""A real Milvus Lite behind an address, in a process of its own, which a test can halt, kill and start again."""

import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

from tests.processes import surroundings

START_SECONDS = 120.0  # on a busy machine; 2 s on one that does nothing else


class Served:
    """A server over one file."""

    def __init__(self, folder: Path) -> None:
        """Choose a port; nobody listens there before `start`."""
        self._folder = folder
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self._port = int(free.getsockname()[1])
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def uri(self) -> str:
        """The address."""
        return f"http://127.0.0.1:{self._port}"

    def start(self) -> None:
        """Start it where it does not run, and wait until it listens."""
        if self._process is not None:
            self._signal(signal.SIGCONT)
            return
        program = str(Path(sys.executable).with_name("milvus-lite"))
        where = ["--data-dir", str(self._folder / "served.db"), "--host", "127.0.0.1", "--port", str(self._port)]
        with (self._folder / "served.log").open("ab") as log:
            self._process = subprocess.Popen([program, "server", *where], stdout=log, stderr=log, env=surroundings())
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline and self._process.poll() is None:
            try:
                socket.create_connection(("127.0.0.1", self._port), 1).close()
                return
            except OSError:
                time.sleep(0.05)
        raise RuntimeError((self._folder / "served.log").read_text(encoding="utf-8"))

    def halt(self) -> None:
        """Let it answer nothing, with its connections open, until `start`."""
        self._signal(signal.SIGSTOP)

    def kill(self) -> None:
        """End it at once, if it runs."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def _signal(self, number: signal.Signals) -> None:
        assert self._process is not None
        self._process.send_signal(number)
