import gzip
import zlib
from collections.abc import Iterator

import pytest

from bot.errors import FetchError
from bot.fetching.addresses import read_address
from bot.fetching.client import unpack
from tests.bot.fetching.site import Served, Site, Time, client, page

PACKED = {"Content-Encoding": "gzip", "Content-Type": "text/html"}


def get(site: Site, path: str = "/", max_bytes: int = 1_000, *, cuts: bool = False) -> bytes:
    with client() as one:
        return one.get(read_address(site.address(path)), max_bytes, cuts=cuts).body


def test_a_page_comes_with_its_headers(site: Site) -> None:
    site["/"] = page("L’œuvre", ETag='"1"')
    with client() as one:
        reply = one.get(read_address(site.address()), 1_000, {"If-None-Match": '"0"'})
    assert (reply.status, reply.media_type, reply.headers["etag"]) == (200, "text/html", '"1"')
    assert "L’œuvre" in reply.body.decode()
    sent = site.requests[0][1]
    assert (sent["user-agent"], sent["if-none-match"], sent["accept-encoding"]) == ("babillard", '"0"', "gzip")


def test_a_redirect_is_a_reply_and_its_body_is_not_read(site: Site) -> None:
    site["/"] = Served(b"x" * 5_000, 302, {"Location": "/elsewhere"})
    with client() as one:
        reply = one.get(read_address(site.address()), 1_000)
    assert (reply.status, reply.headers["location"], reply.body) == (302, "/elsewhere", b"")
    assert len(site.requests) == 1


def test_a_packed_page_is_unpacked(site: Site) -> None:
    site["/"] = Served(gzip.compress(b"first ") + gzip.compress(b"second"), headers=PACKED)
    assert get(site) == b"first second"


@pytest.mark.parametrize("encoding", ["br", "zstd", "deflate", "gzip, gzip", "compress"])
def test_a_page_that_is_packed_in_another_way_is_refused(site: Site, encoding: str) -> None:
    site["/"] = Served(b"...", headers={"Content-Encoding": encoding})
    with pytest.raises(FetchError, match="packed"):
        get(site)


def test_a_page_that_declares_too_much_is_refused_before_it_comes(site: Site) -> None:
    site["/"] = Served(b"x", headers={"Content-Length": "1001"}, stalls=True)
    with pytest.raises(FetchError, match="MAX_FILE_MB"):
        get(site)


def test_a_page_that_does_not_end_is_given_up(site: Site) -> None:
    def endless() -> Iterator[bytes]:
        while True:
            yield b"x" * 1_000

    site["/"] = Served(parts=endless)
    with pytest.raises(FetchError, match="MAX_FILE_MB"):
        get(site, max_bytes=100_000)


def test_what_is_above_the_bound_can_be_left_out(site: Site) -> None:
    site["/"] = Served(b"x" * 2_000)
    assert get(site, cuts=True) == b"x" * 1_000


def test_a_bomb_is_not_unpacked_beyond_the_bound(site: Site) -> None:
    bomb = gzip.compress(b"\0" * 50_000_000)
    assert len(bomb) < 60_000
    site["/"] = Served(bomb, headers=PACKED)
    with pytest.raises(FetchError, match="MAX_FILE_MB"):
        get(site, max_bytes=1_000_000)


def test_a_bomb_is_unpacked_a_little_at_a_time() -> None:
    parts = unpack([gzip.compress(b"\0" * 5_000_000)])
    assert max(map(len, parts)) <= 1 << 16


@pytest.mark.parametrize("body", [b"not packed", gzip.compress(b"x" * 100)[:-9]])
def test_a_damaged_page_is_refused(site: Site, body: bytes) -> None:
    site["/"] = Served(body, headers=PACKED)
    with pytest.raises(FetchError, match="breaks off"):
        get(site)
    with pytest.raises(zlib.error):
        list(unpack([body]))


def test_a_page_that_trickles_is_given_up_when_its_time_is_up(site: Site) -> None:
    def trickle() -> Iterator[bytes]:
        while True:
            yield b"x"

    site["/"] = Served(parts=trickle)
    with client(Time(step=0.5)) as one, pytest.raises(FetchError, match="takes more than 30 s"):
        one.get(read_address(site.address()), 1_000_000_000)


def test_a_server_that_says_nothing_is_given_up(site: Site) -> None:
    site["/"] = Served(stalls=True)
    with client(step_seconds=0.05) as one, pytest.raises(FetchError, match="takes more than"):
        one.get(read_address(site.address()), 1_000)


def test_a_server_that_is_not_there_is_told_as_such(site: Site) -> None:
    with client() as one:
        with pytest.raises(FetchError, match="cannot be reached"):
            one.get(read_address("http://127.0.0.1:1/"), 1_000)
        with pytest.raises(FetchError, match="is not known"):
            one.get(read_address("http://unknown.test/"), 1_000)


def test_a_server_that_does_not_speak_tls_is_told_as_such(site: Site) -> None:
    with client() as one, pytest.raises(FetchError):
        one.get(read_address(site.address().replace("http:", "https:")), 1_000)


def test_a_client_goes_on_after_a_fault(site: Site) -> None:
    site["/bad"], site["/good"] = Served(b"?", headers=PACKED), page("Bonjour")
    with client() as one:
        for _ in range(6):  # more than there are connections
            with pytest.raises(FetchError):
                one.get(read_address(site.address("/bad")), 1_000)
        assert b"Bonjour" in one.get(read_address(site.address("/good")), 1_000).body
