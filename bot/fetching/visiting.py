"""Visit pages as a guest: where robots.txt lets, one request at a time, with a pause between two of them."""

import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from bot.errors import FetchError
from bot.fetching.addresses import Address, read_address
from bot.fetching.client import Client, Reply
from bot.fetching.connecting import Clock
from bot.fetching.robots import MAX_ROBOTS, NOTHING, Robots, read_robots

NAME = "babillard"

MAX_REDIRECTS = 5  # RFC 9309 asks for five of robots.txt

PAUSE = 1.0  # seconds between two requests to one host, where it asks for no other
MAX_PAUSE = 30.0
"""Seconds that are waited where Crawl-delay asks for more, so that 60 pages take half an hour."""

MAX_WAIT = 60.0
"""Seconds that are waited where a busy server asks for it (Retry-After); one that asks for more is left alone."""

SILENCES = 3  # requests in a row without a reply, after which a host is left alone

_REDIRECTS = {301, 302, 303, 307, 308}
_LASTING = {301, 308}
_GONE = {404, 410}
_BUSY = {429, 503}
_STATUSES = {
    401: "asks for a password: save it, and add the file",
    403: "is not shown to robots: save it, and add the file",
    404: "is not there: check the address",
    410: "is not there any more",
}


@dataclass(frozen=True, slots=True)
class Visit:
    """What came of a visit: a page, or the word that it has not changed."""

    address: Address  # after redirects that are meant to last
    reply: Reply  # its own address is that after all redirects
    is_unchanged: bool = False


@dataclass(slots=True)
class Host:
    """What is known of one host."""

    robots: dict[str, Robots] = field(default_factory=dict)  # origin -> what it asks for
    asked: float = float("-inf")  # when it was asked last
    silences: int = 0  # requests in a row that got no reply
    closed: str = ""  # why it is left alone


@dataclass(slots=True)
class Visitor:
    """Visits one page after another. Not for several threads at once."""

    client: Client
    max_bytes: int  # of one page
    clock: Clock = time.monotonic
    sleep: Callable[[float], None] = time.sleep
    today: Callable[[], datetime] = lambda: datetime.now(UTC)
    hosts: dict[str, Host] = field(default_factory=dict)  # by name; visitors one after another may share what is known

    def visit(self, address: Address, headers: Mapping[str, str] | None = None) -> Visit:
        """Return the page at an address.

        Args:
            address: of the page.
            headers: to send: conditions under which the page is wanted.

        Raises:
            FetchError: it may not be had, or not within the bounds.
        """
        lasting, at = address, address
        seen = [address]
        while True:
            robots = self._robots(at)
            if not robots.allows(at.target):
                if robots is NOTHING:
                    raise FetchError(
                        f"{at.host} does not tell what robots may read (robots.txt): try again later", "silent"
                    )
                raise FetchError(f"{at} is not for robots, says robots.txt: save the page, and add the file")
            reply = self._ask(at, self.max_bytes, headers)
            if reply.status not in _REDIRECTS:
                return self._visit(lasting, reply, is_conditional=bool(headers))
            to = _target(reply, seen)
            seen.append(to)
            if lasting is at and reply.status in _LASTING:
                lasting = to
            at = to

    def _visit(self, lasting: Address, reply: Reply, is_conditional: bool) -> Visit:
        if reply.status == 200 or (reply.status == 304 and is_conditional):
            return Visit(lasting, reply, reply.status == 304)
        said = _STATUSES.get(reply.status, f"was answered with status {reply.status}: try again later")
        if reply.status >= 500:
            raise FetchError(f"{reply.address} {said}", "silent")
        raise FetchError(f"{reply.address} {said}", "gone" if reply.status in _GONE else "other")

    def _robots(self, address: Address) -> Robots:
        """Return what a host asks of robots; it is asked once. One that has no robots.txt lets all be read."""
        known = self._host(address).robots
        if address.origin not in known:
            at = Address(address.scheme, address.host, address.port, "/robots.txt")
            seen = [at]
            while (reply := self._ask(at, MAX_ROBOTS, cuts=True)).status in _REDIRECTS:
                at = _target(reply, seen)
                seen.append(at)
            is_missing = 400 <= reply.status < 500
            robots = read_robots(reply.body, NAME) if reply.status == 200 else Robots() if is_missing else NOTHING
            known[address.origin] = robots
        return known[address.origin]

    def _host(self, address: Address) -> Host:
        return self.hosts.setdefault(address.host, Host())

    def _ask(
        self, address: Address, max_bytes: int, headers: Mapping[str, str] | None = None, *, cuts: bool = False
    ) -> Reply:
        """Make a request when the host may be asked again; a busy one is asked once more after a while."""
        host = self._host(address)
        for is_last in (False, True):
            if host.closed:
                raise FetchError(f"{address.host} {host.closed}: try again later", "closed")
            self._wait_for(host, address.origin)
            try:
                reply = self.client.get(address, max_bytes, headers, cuts=cuts)
            except FetchError as error:
                host.silences += error.reason == "silent"
                host.closed = "does not answer" if host.silences >= SILENCES else ""
                raise
            finally:
                host.asked = self.clock()
            host.silences = 0
            if reply.status not in _BUSY:
                return reply
            wait = retry_after(reply.headers, self.today())
            if is_last or wait > MAX_WAIT:
                host.closed = f"is busy, and asks to be left alone for {wait:,.0f} s" if wait else "is busy"
                raise FetchError(f"{address.host} {host.closed}: try again later", "closed")
            self.sleep(wait or MAX_PAUSE)
        raise AssertionError("the last try returns or raises")

    def _wait_for(self, host: Host, origin: str) -> None:
        pause = min(max(host.robots.get(origin, Robots()).delay, PAUSE), MAX_PAUSE)
        if (left := host.asked + pause - self.clock()) > 0:
            self.sleep(left)


def _target(reply: Reply, seen: list[Address]) -> Address:
    """Return where a redirect leads.

    Raises:
        FetchError: nowhere, in a circle, or on and on.
    """
    location = reply.headers.get("location", "")
    if not location:
        raise FetchError(f"{reply.address} leads somewhere else and does not say where: try again later")
    to = read_address(location.encode("latin-1", "replace").decode("utf-8", "replace"), reply.address)
    if to in seen:
        raise FetchError(f"{reply.address} leads in a circle: check the address")
    if len(seen) > MAX_REDIRECTS:
        raise FetchError(f"{seen[0]} leads on more than {MAX_REDIRECTS} times: give the address where it ends")
    return to


def retry_after(headers: Mapping[str, str], now: datetime) -> float:
    """Return how many seconds a server asks to wait, in either form of RFC 9110; 0 when it does not say."""
    value = headers.get("retry-after", "").strip()
    if re.fullmatch(r"\d{1,9}", value):
        return float(value)
    try:
        when = parsedate_to_datetime(value)
    except ValueError:
        return 0.0
    return max((when if when.tzinfo else when.replace(tzinfo=UTC)).timestamp() - now.timestamp(), 0.0)
