"""Where requests go in the end: nobody is let into the private network, by whatever name."""

from collections.abc import Sequence

import pytest

from bot.errors import FetchError, ForbiddenAddressError
from bot.fetching.addresses import read_address
from bot.fetching.client import Client
from bot.fetching.guard import Guard
from bot.fetching.visiting import Visitor
from tests.bot.fetching.site import HOST, LOOPBACK, Time, client, known_hosts, page, redirect, serving

NAMES = known_hosts(
    localhost=["127.0.0.1"],
    private_test=["10.0.0.1"],
    mixed_test=["93.184.215.14", "127.0.0.1"],
    mapped_test=["::ffff:127.0.0.1"],
    six_test=["::1"],
    tunnel_test=["2002:7f00:1::"],
    metadata_google_internal=["169.254.169.254"],
    cgnat_test=["100.64.1.1"],
    multicast_test=["224.0.0.251"],
    any_test=["0.0.0.0"],
)

ATTEMPTS = [
    "http://127.0.0.1:{port}/",
    "http://127.1:{port}/",
    "http://0:{port}/",
    "http://0.0.0.0:{port}/",
    "http://2130706433:{port}/",
    "http://0x7f000001:{port}/",
    "http://0x7f.0x0.0x0.0x1:{port}/",
    "http://0177.0.0.1:{port}/",
    "http://017700000001:{port}/",
    "http://127.0.0.1.:{port}/",
    "http://127。0。0。1:{port}/",
    "http://①②⑦.⓪.⓪.①:{port}/",
    "http://localhost:{port}/",
    "http://LOCALHOST.:{port}/",
    "http://ⓛocalhost:{port}/",
    "http://[::1]:{port}/",
    "http://[::]:{port}/",
    "http://[::ffff:127.0.0.1]:{port}/",
    "http://[::ffff:7f00:1]:{port}/",
    "http://[::127.0.0.1]:{port}/",
    "http://[64:ff9b::7f00:1]:{port}/",
    "http://[2002:7f00:1::]:{port}/",
    "http://[2001:0:7f00:1::]:{port}/",
    "http://[fe80::1%25lo]:{port}/",
    "http://[fd00:ec2::254]/latest/meta-data/",
    "http://169.254.169.254/latest/meta-data/",
    "http://metadata.google.internal/computeMetadata/v1/",
    "http://10.0.0.1/",
    "http://192.168.0.1/",
    "http://172.16.0.1/",
    "http://100.64.0.1/",
    "http://private.test/",
    "http://mixed.test:{port}/",
    "http://mapped.test:{port}/",
    "http://six.test:{port}/",
    "http://tunnel.test:{port}/",
    "http://cgnat.test/",
    "http://multicast.test/",
    "http://any.test:{port}/",
    "http://example.org@127.0.0.1:{port}/",
    "http://127.0.0.1:{port}@example.org/",
    "http://example.org\\@127.0.0.1:{port}/",
    "http://127.0.0.1:{port}\\.example.org/",
    "http://example.org#@127.0.0.1:{port}/",
    "http://%31%32%37.0.0.1:{port}/",
    "http://127.0.0.1%00.example.org:{port}/",
    "http://127.0.0.1\t.example.org:{port}/",
    "http:127.0.0.1:{port}/",
    "http:/127.0.0.1:{port}/",
    "//127.0.0.1:{port}/",
    "https://localhost:{port}/",
    "file:///etc/passwd",
    "ftp://127.0.0.1:{port}/",
    "gopher://127.0.0.1:{port}/_GET",
    "dict://127.0.0.1:{port}/",
    "unix:///var/run/docker.sock",
    "data:text/html,hello",
]


@pytest.mark.parametrize("attempt", ATTEMPTS)
def test_no_address_leads_into_the_private_network(attempt: str) -> None:
    with serving() as site, client(guard=Guard(resolve=NAMES)) as one, pytest.raises(FetchError):
        one.get(read_address(attempt.format(port=site.port)), 1_000)
    assert site.requests == []


@pytest.mark.parametrize("attempt", [one for one in ATTEMPTS if "example.org/" not in one])
def test_no_redirect_leads_into_the_private_network(attempt: str) -> None:
    time = Time()
    with serving() as site:
        address = read_address(site.address("/start"))
        to = attempt.format(port=site.port)
        site["/start"] = redirect(to.encode().decode("latin-1").replace("\t", "%09"))

        def resolve(host: str, port: int) -> Sequence[str]:
            return ["127.0.0.1"] if host == HOST else NAMES(host, port)

        guard = Guard([], resolve)
        with Client(_OnlySite(guard), "babillard", time.clock) as one:
            visitor = Visitor(one, 1_000, time.clock, time.sleep, time.today)
            with pytest.raises(FetchError):
                visitor.visit(address)
        assert {headers["host"] for _, headers in site.requests} == {f"{HOST}:{site.port}"}


class _OnlySite(Guard):
    """Lets the site itself be asked, as if it were public."""

    def __init__(self, guard: Guard) -> None:
        super().__init__(guard.allowed, guard.resolve)

    def look_up(self, host: str, port: int) -> list[str]:
        return ["127.0.0.1"] if host == HOST else super().look_up(host, port)


def test_a_host_is_looked_up_once_so_that_its_second_answer_does_not_count() -> None:
    answers = [["127.0.0.1"], ["10.0.0.1"]]

    def rebinding(host: str, port: int) -> Sequence[str]:
        return answers.pop(0)

    with serving() as site, client(guard=Guard(LOOPBACK, rebinding)) as one:
        site["/"] = page("Bonjour")
        assert one.get(read_address(site.address()), 1_000).status == 200
    assert answers == [["10.0.0.1"]]


def test_a_host_that_turns_private_between_two_connections_is_refused() -> None:
    answers = [["127.0.0.1"], ["10.0.0.1"]]

    def rebinding(host: str, port: int) -> Sequence[str]:
        return answers.pop(0)

    with serving() as site, client(guard=Guard(LOOPBACK, rebinding)) as one:
        site["/"] = page("Bonjour", Connection="close")
        one.get(read_address(site.address()), 1_000)
        with pytest.raises(ForbiddenAddressError):
            one.get(read_address(site.address()), 1_000)


def test_the_name_of_the_host_is_told_and_the_checked_address_is_connected_to() -> None:
    with serving() as site, client() as one:
        site["/"] = page("Bonjour")
        one.get(read_address(site.address()), 1_000)
        assert site.requests[0][1]["host"] == f"{HOST}:{site.port}"


def test_a_proxy_of_the_environment_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    with serving() as site, client() as one:
        site["/"] = page("Bonjour")
        assert one.get(read_address(site.address()), 1_000).status == 200


def test_the_next_address_of_a_host_is_tried_where_one_does_not_answer() -> None:
    with serving() as site, client(guard=Guard(LOOPBACK, known_hosts(two_test=["127.0.0.9", "127.0.0.1"]))) as one:
        site["/"] = page("Bonjour")
        assert one.get(read_address(site.address(host="two.test")), 1_000).status == 200
