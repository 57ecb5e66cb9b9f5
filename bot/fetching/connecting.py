"""Open connections to the addresses that were checked, and to no others, until the time of a page is up."""

import ssl
import time
from collections.abc import Callable, Iterable
from typing import Any

import certifi
import httpcore

from bot.fetching.guard import Guard

MAX_TRIED = 4  # addresses of one host, of which some may not answer

Clock = Callable[[], float]


class Deadline:
    """When the time of one page is up."""

    def __init__(self, clock: Clock = time.monotonic) -> None:
        """Set no end yet.

        Args:
            clock: tells the seconds.
        """
        self._clock = clock
        self._end = float("inf")

    def start(self, seconds: float) -> None:
        """Let so many seconds from now on."""
        self._end = self._clock() + seconds

    def left(self, seconds: float | None) -> float:
        """Return how long one step may wait: so many seconds, or what is left.

        Raises:
            httpcore.ReadTimeout: nothing is left.
        """
        left = self._end - self._clock()
        if left <= 0:
            raise httpcore.ReadTimeout("the time of this page is up")
        return left if seconds is None else min(seconds, left)


class GuardedBackend(httpcore.NetworkBackend):
    """Looks a host up once, checks what comes back, and connects to that: a second look-up cannot tell otherwise.

    httpcore sends the name of the host in `Host` and to TLS, whatever is connected to.
    """

    def __init__(self, guard: Guard, deadline: Deadline) -> None:
        self._guard, self._deadline = guard, deadline
        self._network = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        """Connect to a host.

        Raises:
            FetchError: the host is not known, or may not be asked.
            httpcore.NetworkError, httpcore.TimeoutException: it does not answer.
        """
        failed: Exception | None = None
        for ip in self._guard.look_up(host, port)[:MAX_TRIED]:
            try:
                seconds = self._deadline.left(timeout)
                stream = self._network.connect_tcp(ip, port, seconds, local_address, socket_options)
                return _TimedStream(stream, self._deadline)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failed = error
        raise failed or httpcore.ConnectError("there is nothing to connect to")

    def connect_unix_socket(
        self, path: str, timeout: float | None = None, socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None
    ) -> httpcore.NetworkStream:
        """Refuse: no page is behind one."""
        raise httpcore.ConnectError("pages do not come from sockets of this machine")


class _TimedStream(httpcore.NetworkStream):
    """Waits no longer than the page may take: who sends a byte now and then is cut off as well."""

    def __init__(self, stream: httpcore.NetworkStream, deadline: Deadline) -> None:
        self._stream, self._deadline = stream, deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, self._deadline.left(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, self._deadline.left(timeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        stream = self._stream.start_tls(ssl_context, server_hostname, self._deadline.left(timeout))
        return _TimedStream(stream, self._deadline)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


def trusted_roots() -> ssl.SSLContext:
    """Return who is believed about the names of hosts: those of the system, and of Mozilla where it has none."""
    context = ssl.create_default_context()
    context.load_verify_locations(certifi.where())
    return context
