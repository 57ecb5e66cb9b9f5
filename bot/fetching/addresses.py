"""Read the address of a page: one reading, in one form, which is the one that is asked for, recorded and cited."""

import re
from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address
from urllib.parse import quote, urljoin

import idna

from bot.errors import FetchError

MAX_ADDRESS = 2_048
"""Characters. Sitemaps hold no longer ones (https://www.sitemaps.org/protocol.html)."""

DEFAULT_PORTS = {"http": 80, "https": 443}

_PARTS = re.compile(r"(?P<scheme>[A-Za-z][A-Za-z0-9+.-]*)://(?P<authority>[^/?#]*)(?P<rest>[^#]*)(?:#.*)?", re.DOTALL)
_HOST_AND_PORT = re.compile(r"(?P<host>\[[^\[\]]*\]|[^\[\]:]*)(?::(?P<port>[0-9]{0,5}))?")
_LABEL = re.compile(r"[a-z0-9](?:[a-z0-9_-]{0,61}[a-z0-9])?")
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")
_KEPT = "/?:@!$&'()*+,;=%-._~"  # RFC 3986, in a path and a query


@dataclass(frozen=True, slots=True)
class Address:
    """The address of a page, as it is asked for: its host in small letters and in ASCII, without a fragment."""

    scheme: str  # http or https
    host: str  # a name, or the address of a machine; IPv6 without brackets
    port: int
    target: str  # path and query

    def __str__(self) -> str:
        return f"{self.origin}{self.target}"

    @property
    def authority(self) -> str:
        """The host, with the port where it is not that of the scheme."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == DEFAULT_PORTS[self.scheme] else f"{host}:{self.port}"

    @property
    def origin(self) -> str:
        """What one robots.txt speaks for."""
        return f"{self.scheme}://{self.authority}"

    @property
    def path(self) -> str:
        """The path without the query."""
        return self.target.partition("?")[0]


def read_address(text: str, base: Address | None = None) -> Address:
    """Return the address that a text gives.

    Args:
        text: as somebody typed it, or as a page gives it.
        base: where it was found; without one, only whole addresses are read.

    Raises:
        FetchError: it is no address of a page.
    """
    text = text.strip()
    if len(text) > MAX_ADDRESS:
        raise FetchError(f"{_shown(text)} has more than {MAX_ADDRESS:,} characters: give the address of a page")
    if re.search(r"[\x00-\x20\x7f\\]", text):
        raise FetchError(f"{_shown(text)} holds a space, a backslash or a control character: leave it out")
    if base is not None:
        try:
            text = urljoin(str(base), text)
        except ValueError as error:
            raise _no_address(text) from error
    parts = _PARTS.fullmatch(text)
    if parts is None:
        raise _no_address(text)
    scheme = parts["scheme"].lower()
    if scheme not in DEFAULT_PORTS:
        raise FetchError(f"{scheme}: pages are fetched by http and https alone: give an address of that kind")
    if "@" in parts["authority"]:
        raise FetchError("an address with a name or a password is not fetched: leave out what stands before the @")
    found = _HOST_AND_PORT.fullmatch(parts["authority"])
    if found is None:
        raise _no_address(text)
    port = int(found["port"]) if found["port"] else DEFAULT_PORTS[scheme]
    if not 1 <= port <= 65_535:
        raise FetchError(f"{_shown(text)} has a port that there is not: give one from 1 to 65535")
    return Address(scheme, _host(found["host"]), port, _target(parts["rest"]))


def _target(rest: str) -> str:
    """Return path and query as they are sent, without `.` and `..` (RFC 3986, 5.2.4)."""
    path, mark, query = rest.partition("?")
    kept: list[str] = []
    segments = path.split("/")[1:] or [""]
    for number, segment in enumerate(segments, 1):
        dots = re.sub("%2e", ".", segment, flags=re.IGNORECASE)
        if dots == "..":
            del kept[-1:]
        elif dots != ".":
            kept.append(segment)
        if dots in (".", "..") and number == len(segments):
            kept.append("")
    return quote(f"/{'/'.join(kept)}{mark}{query}", safe=_KEPT, errors="replace")


def _host(host: str) -> str:
    """Return a host in the form that is looked up.

    A name that ends in a number is an IPv4 address, and only its usual form is taken: what `0x7f.1` or `2130706433`
    mean is up to the system (https://url.spec.whatwg.org/#ends-in-a-number-checker).
    """
    try:
        if host.startswith("["):
            return str(IPv6Address(host[1:-1] if "%" not in host else ""))  # a zone is a matter of one machine
        name = host.lower() if host.isascii() else idna.encode(host, uts46=True).decode("ascii").lower()
        name = name.removesuffix(".")
        labels = name.split(".")
        if _NUMBER.fullmatch(labels[-1]):
            return str(ip_address(name))
    except ValueError as error:  # those of `idna` are some, too
        raise _no_host(host) from error
    if len(name) > 253 or not all(_LABEL.fullmatch(label) for label in labels):
        raise _no_host(host)
    return name


def _shown(text: str) -> str:
    return text if len(text) <= 80 and text.isprintable() else f"{''.join(c for c in text if c.isprintable())[:79]}…"


def _no_address(text: str) -> FetchError:
    return FetchError(f"{_shown(text)} is no address of a page: give one such as https://example.org/guide")


def _no_host(host: str) -> FetchError:
    return FetchError(
        f"{_shown(host) or 'nothing'} is no name of a host: give an address such as https://example.org/guide"
    )
