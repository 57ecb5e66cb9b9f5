"""Tell which machines may be asked: those that everybody can reach, and the private ones that a setting names."""

import socket
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Any

from bot.errors import FetchError, ForbiddenAddressError

LOOK_UP_SECONDS = 10.0
"""For the addresses of a host; the resolver of the system may wait for half a minute (resolv.conf(5): 5 s, twice, for
each of three servers)."""

Ip = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network
Resolver = Callable[[str, int], Sequence[str]]

_PRIVATE = [
    ip_network(text)
    for text in (
        "0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24 192.0.2.0/24 "
        "192.88.99.0/24 192.168.0.0/16 198.18.0.0/15 198.51.100.0/24 203.0.113.0/24 224.0.0.0/4 240.0.0.0/4 "
        "2001::/23 2001:db8::/32 2002::/16 3fff::/20"
    ).split()
]
"""The special-purpose registries of IANA, whole: also the parts that are reachable, such as 192.0.0.9, and the tunnels
6to4 and Teredo, which carry an IPv4 address and which nobody needs any more (RFC 7526)."""

_PUBLIC_IPV6 = IPv6Network("2000::/3")
"""All that was ever given out (https://www.iana.org/assignments/ipv6-unicast-address-assignments)."""

_TRANSLATED = IPv6Network("64:ff9b::/96")  # NAT64, RFC 6052: the last 32 bits are the IPv4 address
_ISATAP = (0x0000_5EFE, 0x0200_5EFE)  # RFC 5214: bits 64 to 95 of an address that carries an IPv4 one

_NEVER = [
    ip_network(text)
    for text in (
        "0.0.0.0/8 224.0.0.0/4 255.255.255.255/32 ::/128 ff00::/8 "
        "169.254.169.254/32 169.254.170.2/32 169.254.170.23/32 fd00:ec2::/32 100.100.100.200/32 168.63.129.16/32 "
        "192.0.0.192/32 fd20:ce::254/128"
    ).split()
]
"""Not even where a setting lets their network in: no machine, many machines, and where clouds (Amazon, Google, Azure,
Alibaba, Oracle) tell a machine its own keys."""


def resolve(
    host: str,
    port: int,
    ask_system: Callable[..., Sequence[tuple[Any, ...]]] = socket.getaddrinfo,
    seconds: float = LOOK_UP_SECONDS,
) -> Sequence[str]:
    """Return the addresses of a host, as the system gives them.

    Args:
        host: its name, or its address.
        port: that is asked.
        ask_system: what knows the addresses.
        seconds: that it may take.

    Raises:
        OSError: there are none, or not in time.
    """
    answer: list[Sequence[str] | OSError | UnicodeError] = []

    def ask() -> None:
        try:
            found = ask_system(host, port, type=socket.SOCK_STREAM, proto=socket.IPPROTO_TCP)
            answer.append(list(dict.fromkeys(str(address[0]) for *_, address in found)))
        except (OSError, UnicodeError) as error:
            answer.append(error)

    asking = threading.Thread(target=ask, daemon=True)  # nothing ends a look-up: it is left behind
    asking.start()
    asking.join(seconds)
    told = answer[0] if answer else TimeoutError("the look-up takes too long")
    if isinstance(told, Exception):
        raise told
    return told


@dataclass(frozen=True, slots=True)
class Guard:
    """Which machines may be asked."""

    allowed: Sequence[Network] = ()  # private networks that are let in
    resolve: Resolver = resolve

    def look_up(self, host: str, port: int) -> list[str]:
        """Return the addresses of a host, each of which may be connected to.

        One that may not refuses them all: who answers with a public and a private one is up to something.

        Raises:
            ForbiddenAddressError: one may not be connected to.
            FetchError: the host has none.
        """
        try:
            told = self.resolve(host, port)
        except (OSError, UnicodeError) as error:
            raise FetchError(f"{host} is not known: check the address, and the network") from error
        try:
            found = [ip_address(address) for address in told]
        except ValueError as error:  # "fe80::1%eth0"
            raise ForbiddenAddressError(host) from error
        if not found:
            raise FetchError(f"{host} has no address: check how it is written")
        if not all(self.lets(ip) for ip in found):
            raise ForbiddenAddressError(host)
        return [str(ip) for ip in found]

    def lets(self, ip: Ip) -> bool:
        """Whether a machine may be asked."""
        if isinstance(ip, IPv6Address) and ip.scope_id:
            return False
        ip = _carried(ip)
        if _is_in(ip, _NEVER):
            return False
        return _is_public(ip) or _is_in(ip, self.allowed)


def _carried(ip: Ip) -> Ip:
    """Return the IPv4 address that an IPv6 one stands for, if it does."""
    if isinstance(ip, IPv6Address):
        if ip.ipv4_mapped is not None:
            return ip.ipv4_mapped
        if ip in _TRANSLATED:
            return IPv4Address(int(ip) & 0xFFFF_FFFF)
    return ip


def _is_public(ip: Ip) -> bool:
    if isinstance(ip, IPv6Address) and (ip not in _PUBLIC_IPV6 or (int(ip) >> 32) & 0xFFFF_FFFF in _ISATAP):
        return False
    return not _is_in(ip, _PRIVATE)


def _is_in(ip: Ip, networks: Sequence[Network]) -> bool:
    return any(ip.version == network.version and ip in network for network in networks)
