"""A web site on 127.0.0.1 that serves what a test puts there, and a clock that a test moves.

with serving() as site:
    site["/guide"] = page("…")
    site.address("/guide")      # http://site.test:PORT/guide, which `known_hosts` leads to 127.0.0.1
    site.asked                  # the paths that were asked for, robots.txt left out
"""

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_network

from bot.config import BotSettings
from bot.fetching.client import Client
from bot.fetching.guard import Guard
from bot.fetching.learning import Learner, open_learner
from bot.fetching.pages import PageStore
from bot.fetching.visiting import Visitor

HOST = "site.test"
START = datetime(2026, 5, 4, 12, tzinfo=UTC)
LOOPBACK = (ip_network("127.0.0.0/8"),)


@dataclass(frozen=True)
class Served:
    """What the site replies."""

    body: bytes = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    parts: Callable[[], Iterator[bytes]] | None = None  # instead of a body: sent as they come, then the connection ends
    stalls: bool = False  # says nothing more after its body, and keeps the connection


def page(text: str, title: str = "Guide", **headers: str) -> Served:
    told = {name.replace("_", "-"): value for name, value in headers.items()}
    html = f"<!doctype html><html><head><title>{title}</title></head><body><main><p>{text}</p></main></body></html>"
    return Served(html.encode(), headers={"Content-Type": "text/html; charset=utf-8", **told})


def redirect(to: str, status: int = 302) -> Served:
    return Served(status=status, headers={"Location": to})


def xml(text: str, kind: str = "application/xml", **headers: str) -> Served:
    return Served(text.encode(), headers={"Content-Type": kind, **headers})


class Site(dict[str, Served | Callable[[Mapping[str, str]], Served]]):
    """Path -> what is served there; what is not there is 404."""

    def __init__(self, port: int) -> None:
        super().__init__()
        self.port = port
        self.requests: list[tuple[str, dict[str, str]]] = []  # path, headers
        self.released = threading.Event()

    def address(self, path: str = "/", host: str = HOST) -> str:
        return f"http://{host}:{self.port}{path}"

    @property
    def asked(self) -> list[str]:
        return [path for path, _ in self.requests if path != "/robots.txt"]

    def reply(self, path: str, headers: dict[str, str]) -> Served:
        self.requests.append((path, headers))
        found = self.get(path, Served(b"not there", 404))
        served = found(headers) if callable(found) else found
        tag = served.headers.get("ETag")
        if tag and headers.get("if-none-match") == tag:
            return Served(status=304, headers={"ETag": tag})
        return served


@contextmanager
def serving() -> Iterator[Site]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            served = site.reply(self.path, {name.lower(): value for name, value in self.headers.items()})
            self.send_response(served.status)
            for name, value in served.headers.items():
                self.send_header(name, value)
            if served.parts is None and not served.stalls and served.status != 304:
                self.send_header("Content-Length", str(len(served.body)))
            self.end_headers()
            try:
                for part in served.parts() if served.parts else [served.body]:
                    self.wfile.write(part)
                    self.wfile.flush()
            except OSError:  # the client has had enough
                pass
            if served.stalls:
                site.released.wait()
            self.close_connection = served.parts is not None or served.stalls

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    server.handle_error = lambda *_: None  # type: ignore[method-assign]  # a client that hangs up is no news
    site = Site(server.server_port)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield site
    finally:
        site.released.set()
        server.shutdown()
        thread.join()
        server.server_close()


@dataclass
class Time:
    """A clock that stands still until somebody sleeps."""

    seconds: float = 0.0
    slept: list[float] = field(default_factory=list)
    step: float = 0.0  # how far each look moves it

    def clock(self) -> float:
        self.seconds += self.step
        return self.seconds

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.seconds += seconds

    def today(self) -> datetime:
        return START + timedelta(seconds=self.seconds)


def known_hosts(**others: Sequence[str]) -> Callable[[str, int], Sequence[str]]:
    """Return a resolver that knows the site, and other hosts with `_` for the points of their names."""
    known = {HOST: ["127.0.0.1"], "other.test": ["127.0.0.1"], "127.0.0.1": ["127.0.0.1"]}
    known |= {name.replace("_", "."): list(ips) for name, ips in others.items()}

    def resolve(host: str, port: int) -> Sequence[str]:
        if host not in known:
            raise OSError("Name or service not known")
        return known[host]

    return resolve


@contextmanager
def client(time: Time | None = None, guard: Guard | None = None, step_seconds: float = 10.0) -> Iterator[Client]:
    time = time or Time()
    with Client(guard or Guard(LOOPBACK, known_hosts()), "babillard", time.clock, step_seconds=step_seconds) as one:
        yield one


@contextmanager
def visitor(time: Time, max_bytes: int = 1_000_000) -> Iterator[Visitor]:
    with client(time) as one:
        yield Visitor(one, max_bytes, time.clock, time.sleep, time.today)


@contextmanager
def loopback_learner(settings: BotSettings, max_pages: int, minutes: float, store: PageStore) -> Iterator[Learner]:
    """Yield a learner that reaches the site of the test, without a pause."""
    with open_learner(settings, max_pages, minutes, store) as learner, visitor(Time()) as one:
        yield replace(learner, visitor=one)
