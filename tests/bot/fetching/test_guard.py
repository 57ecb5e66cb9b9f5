import threading
from collections.abc import Sequence
from ipaddress import ip_address, ip_network

import pytest

from bot.errors import FetchError, ForbiddenAddressError
from bot.fetching.guard import Guard, resolve


@pytest.mark.parametrize(
    "ip",
    [
        "0.0.0.0",
        "0.1.2.3",
        "10.0.0.1",
        "100.64.0.1",
        "100.127.255.255",
        "127.0.0.1",
        "127.8.9.10",
        "169.254.0.1",
        "169.254.169.254",
        "172.16.0.1",
        "172.31.255.255",
        "192.0.0.1",
        "192.0.2.1",
        "192.88.99.1",
        "192.168.1.1",
        "198.18.0.1",
        "203.0.113.7",
        "224.0.0.1",
        "239.255.255.255",
        "240.0.0.1",
        "255.255.255.255",
        "100.100.100.200",
        "168.63.129.16",
        "::",
        "::1",
        "::7f00:1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "::ffff:0:7f00:1",
        "64:ff9b::7f00:1",
        "64:ff9b::a9fe:a9fe",
        "64:ff9b:1::a00:1",
        "100::1",
        "2001::7f00:1",
        "2001:0:4136:e378:8000:63bf:80ff:fffe",
        "2001:db8::1",
        "2002:7f00:1::",
        "2002:c0a8:101::1",
        "2001:4860::5efe:c0a8:101",
        "2001:4860::200:5efe:7f00:1",
        "3fff::1",
        "5f00::1",
        "fc00::1",
        "fd00:ec2::254",
        "fe80::1",
        "fe80::1%eth0",
        "fec0::1",
        "ff02::1",
    ],
)
def test_a_machine_that_is_not_public_may_not_be_asked(ip: str) -> None:
    assert not Guard().lets(ip_address(ip))


@pytest.mark.parametrize(
    "ip",
    ["8.8.8.8", "100.63.255.255", "172.32.0.1", "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808"],
)
def test_a_public_machine_may_be_asked(ip: str) -> None:
    assert Guard().lets(ip_address(ip))


@pytest.mark.parametrize(
    ("network", "ip", "lets"),
    [
        ("10.1.0.0/16", "10.1.2.3", True),
        ("10.1.0.0/16", "10.2.2.3", False),
        ("10.1.0.0/16", "::ffff:10.1.2.3", True),
        ("127.0.0.1/32", "127.0.0.1", True),
        ("127.0.0.1/32", "127.0.0.2", False),
        ("fd12::/16", "fd12::1", True),
        ("169.254.0.0/16", "169.254.169.254", False),
        ("0.0.0.0/0", "169.254.169.254", False),
        ("0.0.0.0/0", "0.0.0.0", False),
        ("0.0.0.0/0", "224.0.0.1", False),
        ("::/0", "fd00:ec2::254", False),
        ("::/0", "::", False),
    ],
)
def test_a_setting_lets_a_private_network_in_but_never_what_tells_keys(network: str, ip: str, lets: bool) -> None:
    assert Guard([ip_network(network)]).lets(ip_address(ip)) is lets


def told(*ips: str) -> Guard:
    def resolver(host: str, port: int) -> Sequence[str]:
        return ips

    return Guard(resolve=resolver)


@pytest.mark.parametrize(
    "ips", [("127.0.0.1",), ("8.8.8.8", "10.0.0.1"), ("8.8.8.8", "::1"), ("2606:4700::1111", "fe80::1%eth0"), ("x",)]
)
def test_one_address_that_may_not_be_asked_refuses_the_host(ips: tuple[str, ...]) -> None:
    with pytest.raises(ForbiddenAddressError) as refused:
        told(*ips).look_up("example.org", 443)
    assert "FETCH_PRIVATE" in str(refused.value)
    assert not any(ip in str(refused.value) for ip in ips if ip != "x")  # who asks learns nothing of the network


def test_a_host_without_addresses_is_refused() -> None:
    with pytest.raises(FetchError):
        told().look_up("example.org", 443)


def test_a_look_up_that_takes_long_is_left_behind() -> None:
    released = threading.Event()

    def slow(*_: object, **__: object) -> list[tuple[object, ...]]:
        released.wait()
        return []

    with pytest.raises(TimeoutError):
        resolve("example.org", 80, slow, seconds=0.01)
    released.set()


def test_the_system_tells_what_odd_forms_of_an_address_mean() -> None:
    for odd in ("127.1", "2130706433", "0x7f000001", "0177.0.0.1"):
        with pytest.raises(FetchError):
            Guard(resolve=resolve).look_up(odd, 80)
