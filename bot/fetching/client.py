"""Make one GET, within bounds: of time, of bytes as they come and as they unpack, of where it leads."""

import ssl
import time
import zlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from types import TracebackType
from typing import Self

import httpcore

from bot.errors import FetchError
from bot.fetching.addresses import Address
from bot.fetching.connecting import Clock, Deadline, GuardedBackend, trusted_roots
from bot.fetching.guard import Guard

PAGE_SECONDS = 30
"""For one request, from the look-up of its host to its last byte: 20 MB, the largest that are kept, at 5 Mbit/s."""

STEP_SECONDS = 10.0  # until a connection stands, or the next bytes come

MAX_STEP = 1 << 16  # bytes that are unpacked at once

ACCEPTED = "text/html, application/xhtml+xml, application/pdf, application/xml;q=0.9, */*;q=0.5"

_GZIP = {"gzip", "x-gzip"}
_PLAIN = {"", "identity"}


@dataclass(frozen=True, slots=True)
class Reply:
    """What a server replied."""

    address: Address
    status: int
    headers: Mapping[str, str]  # names in small letters
    body: bytes = b""

    @property
    def media_type(self) -> str:
        """What the server takes the body for, such as text/html; "" where it does not say."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()


class Client:
    """Makes one request after another."""

    def __init__(
        self,
        guard: Guard,
        agent: str,
        clock: Clock = time.monotonic,
        page_seconds: float = PAGE_SECONDS,
        step_seconds: float = STEP_SECONDS,
    ) -> None:
        """Set the bounds; connections are made later. No proxy is used, as it would look hosts up by itself.

        Args:
            guard: which machines may be asked.
            agent: what the client calls itself.
            clock: tells the seconds.
            page_seconds: for one request.
            step_seconds: for one step of it.
        """
        self._deadline = Deadline(clock)
        self._page_seconds = page_seconds
        self._timeout = dict.fromkeys(("connect", "read", "write", "pool"), step_seconds)
        self._headers = {"User-Agent": agent, "Accept": ACCEPTED, "Accept-Encoding": "gzip"}
        self._guard = guard
        self._pool: httpcore.ConnectionPool | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._pool is not None:
            self._pool.close()

    def get(
        self, address: Address, max_bytes: int, headers: Mapping[str, str] | None = None, *, cuts: bool = False
    ) -> Reply:
        """Return what a server replies; a redirect is a reply as well. A body comes with status 200 alone.

        Args:
            address: of the page.
            max_bytes: of the body, unpacked.
            headers: to send beside those of every request.
            cuts: whether to leave out what is above the bound, instead of the page.

        Raises:
            FetchError: the page cannot be had within the bounds, or its address may not be asked for.
        """
        if self._pool is None:
            backend = GuardedBackend(self._guard, self._deadline)
            self._pool = httpcore.ConnectionPool(trusted_roots(), max_connections=4, network_backend=backend)
        self._deadline.start(self._page_seconds)
        with _told_plainly(address, self._page_seconds):
            url = httpcore.URL(
                scheme=address.scheme.encode(),
                host=address.host.encode(),
                port=address.port,
                target=address.target.encode(),
            )
            sent = {"Host": address.authority, **self._headers, **(headers or {})}
            with self._pool.stream(
                "GET", url, headers=list(sent.items()), extensions={"timeout": self._timeout}
            ) as response:
                told = {k.decode("latin-1").lower(): v.decode("latin-1") for k, v in response.headers}
                if response.status != 200:
                    return Reply(address, response.status, told)
                body = _body(response.iter_stream(), told, max_bytes, address, cuts)
                return Reply(address, response.status, told, body)


def _body(parts: Iterable[bytes], headers: Mapping[str, str], max_bytes: int, address: Address, cuts: bool) -> bytes:
    """Return a body, as long as it is no longer than that, unpacked."""
    length = headers.get("content-length", "")
    if not cuts and length.isdecimal() and int(length) > max_bytes:
        raise _too_large(address, max_bytes)
    encoding = headers.get("content-encoding", "").strip().lower()
    if encoding not in _GZIP | _PLAIN:
        raise FetchError(f"{address} comes packed as {encoding[:40]}, unasked: save it, and add the file")
    body = bytearray()
    for part in parts if encoding in _PLAIN else unpack(parts):
        body += part
        if len(body) > max_bytes:
            if cuts:
                break
            raise _too_large(address, max_bytes)
    return bytes(body[:max_bytes])


def unpack(parts: Iterable[bytes]) -> Iterator[bytes]:
    """Yield what gzip packed, a little at a time: a bomb is given up before it is unpacked.

    Raises:
        zlib.error: it is not gzip, or it is cut short.
    """
    unpacker = zlib.decompressobj(zlib.MAX_WBITS | 16)
    for part in parts:
        packed = part
        while packed:
            if unpacker.eof:  # members may follow each other
                unpacker = zlib.decompressobj(zlib.MAX_WBITS | 16)
            yield unpacker.decompress(packed, MAX_STEP)
            packed = unpacker.unconsumed_tail or unpacker.unused_data
    while rest := unpacker.decompress(b"", MAX_STEP):
        yield rest
    if not unpacker.eof:
        raise zlib.error("it is cut short")


def _too_large(address: Address, max_bytes: int) -> FetchError:
    megabytes = max_bytes / 1_000_000
    return FetchError(f"{address} has more than {megabytes:,.3g} MB: give a part of it, or raise MAX_FILE_MB")


@contextmanager
def _told_plainly(address: Address, seconds: float) -> Iterator[None]:
    """Turn what can go wrong on a network into a foreseen fault."""
    try:
        yield
    except httpcore.TimeoutException as error:
        raise FetchError(f"{address} takes more than {seconds:g} s: try again later", "silent") from error
    except (httpcore.ConnectError, ssl.SSLError) as error:
        if "CERTIFICATE" in str(error).upper():
            raise FetchError(
                f"{address} does not prove that it is {address.host}: its certificate is not valid", "silent"
            ) from error
        raise FetchError(f"{address} cannot be reached: check the address, or try again later", "silent") from error
    except (httpcore.NetworkError, httpcore.ProtocolError, zlib.error) as error:
        raise FetchError(f"{address} breaks off, or does not speak HTTP: try again later", "silent") from error
