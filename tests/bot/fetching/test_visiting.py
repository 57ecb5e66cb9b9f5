from collections.abc import Mapping
from datetime import timedelta
from email.utils import format_datetime

import pytest

from bot.errors import FetchError
from bot.fetching.addresses import read_address
from bot.fetching.visiting import MAX_PAUSE, PAUSE, Visit, retry_after
from tests.bot.fetching.site import START, Served, Site, Time, page, redirect, visitor


@pytest.fixture
def time() -> Time:
    return Time()


def visit(site: Site, time: Time, path: str = "/", headers: Mapping[str, str] | None = None) -> Visit:
    with visitor(time) as one:
        return one.visit(read_address(site.address(path)), headers)


def test_a_redirect_that_lasts_gives_the_page_another_address(site: Site, time: Time) -> None:
    site["/old"], site["/moved"] = redirect("/moved", 301), redirect("new", 308)
    site["/new"] = page("Bonjour")
    found = visit(site, time, "/old")
    assert (str(found.address), str(found.reply.address)) == (site.address("/new"), site.address("/new"))


@pytest.mark.parametrize("status", [302, 303, 307])
def test_a_redirect_for_now_does_not(site: Site, time: Time, status: int) -> None:
    site["/"], site["/fr"], site["/fr/"] = redirect("/fr", status), redirect("/fr/", 301), page("Bonjour")
    found = visit(site, time)
    assert (str(found.address), str(found.reply.address)) == (site.address("/"), site.address("/fr/"))


def test_a_redirect_to_a_name_with_accents_is_followed(site: Site, time: Time) -> None:
    site["/"] = redirect("/été".encode().decode("latin-1"))
    site["/%C3%A9t%C3%A9"] = page("Bonjour")
    assert visit(site, time).reply.status == 200


def test_redirects_in_a_circle_are_given_up(site: Site, time: Time) -> None:
    site["/a"], site["/b"] = redirect("/b"), redirect("/a#again")
    with pytest.raises(FetchError, match="in a circle"):
        visit(site, time, "/a")
    assert site.asked == ["/a", "/b"]


def test_redirects_that_go_on_and_on_are_given_up(site: Site, time: Time) -> None:
    for number in range(9):
        site[f"/{number}"] = redirect(f"/{number + 1}")
    with pytest.raises(FetchError, match="more than 5 times"):
        visit(site, time, "/0")
    assert len(site.asked) == 6


@pytest.mark.parametrize("to", ["", "file:///etc/passwd", "http://name:secret@other.test/"])
def test_a_redirect_to_what_is_no_page_is_refused(site: Site, time: Time, to: str) -> None:
    site["/"] = redirect(to)
    with pytest.raises(FetchError):
        visit(site, time)


@pytest.mark.parametrize(
    ("status", "reason"), [(404, "gone"), (410, "gone"), (401, "other"), (403, "other"), (500, "silent")]
)
def test_a_page_that_is_not_there_is_told_from_one_that_may_come_back(
    site: Site, time: Time, status: int, reason: str
) -> None:
    site["/"] = Served(status=status)
    with pytest.raises(FetchError) as fault:
        visit(site, time)
    assert fault.value.reason == reason


def test_a_page_that_has_not_changed_is_not_sent(site: Site, time: Time) -> None:
    site["/"] = page("Bonjour", ETag='"1"')
    assert visit(site, time, headers={"If-None-Match": '"1"'}).is_unchanged


def test_unchanged_is_no_reply_where_nobody_asked(site: Site, time: Time) -> None:
    site["/"] = Served(status=304)
    with pytest.raises(FetchError, match="304"):
        visit(site, time)


# --------------------------------------------------------------------------------------------------------------- robots


def test_what_robots_txt_forbids_is_not_asked_for(site: Site, time: Time) -> None:
    site["/robots.txt"] = Served(b"User-agent: *\nDisallow: /private")
    site["/"], site["/private"] = redirect("/private"), page("Secret")
    with pytest.raises(FetchError, match=r"robots\.txt"):
        visit(site, time)
    assert site.asked == ["/"]


def test_robots_txt_is_asked_for_once_each_host(site: Site, time: Time) -> None:
    site["/a"] = site["/b"] = page("Bonjour")
    with visitor(time) as one:
        for address in (site.address("/a"), site.address("/b"), site.address("/a", "other.test")):
            one.visit(read_address(address))
    assert [path for path, _ in site.requests].count("/robots.txt") == 2


def test_robots_txt_may_stand_elsewhere(site: Site, time: Time) -> None:
    site["/robots.txt"] = redirect(site.address("/r", "other.test"), 301)
    site["/r"] = Served(b"User-agent: *\nDisallow: /")
    with pytest.raises(FetchError, match=r"robots\.txt"):
        visit(site, time)


@pytest.mark.parametrize(("status", "lets"), [(404, True), (403, True), (500, False), (502, False)])
def test_a_host_without_robots_txt_lets_all_be_read_and_one_that_fails_nothing(
    site: Site, time: Time, status: int, lets: bool
) -> None:
    site["/robots.txt"], site["/"] = Served(status=status), page("Bonjour")
    if lets:
        assert visit(site, time).reply.status == 200
    else:
        with pytest.raises(FetchError, match=r"robots\.txt"):
            visit(site, time)


def test_a_long_robots_txt_is_read_as_far_as_it_must_be(site: Site, time: Time) -> None:
    site["/robots.txt"] = Served(b"User-agent: *\nDisallow: /a\n" + b"#" * 600_000)
    site["/"] = page("Bonjour")
    assert visit(site, time).reply.status == 200


# --------------------------------------------------------------------------------------------------------------- pauses


@pytest.mark.parametrize(("asked", "waited"), [("", PAUSE), ("Crawl-delay: 4", 4), ("Crawl-delay: 9000", MAX_PAUSE)])
def test_requests_to_one_host_are_a_pause_apart(site: Site, time: Time, asked: str, waited: float) -> None:
    site["/robots.txt"] = Served(f"User-agent: *\n{asked}".encode())
    site["/a"] = site["/b"] = page("Bonjour")
    with visitor(time) as one:
        one.visit(read_address(site.address("/a")))
        one.visit(read_address(site.address("/b")))
    assert time.slept == [waited, waited]


def test_another_host_is_asked_at_once(site: Site, time: Time) -> None:
    site["/"] = page("Bonjour")
    with visitor(time) as one:
        one.visit(read_address(site.address()))
        time.slept.clear()
        one.visit(read_address(site.address(host="other.test")))
    assert time.slept == [PAUSE]  # between its robots.txt and its page


def test_a_busy_server_is_asked_again_when_it_says(site: Site, time: Time) -> None:
    replies = [Served(status=429, headers={"Retry-After": "7"}), page("Bonjour")]
    site["/"] = lambda _: replies.pop(0)
    assert visit(site, time).reply.status == 200
    assert time.slept == [PAUSE, 7]


@pytest.mark.parametrize("status", [429, 503])
def test_a_server_that_stays_busy_is_left_alone(site: Site, time: Time, status: int) -> None:
    site["/"] = site["/b"] = Served(status=status, headers={"Retry-After": "7"})
    with visitor(time) as one:
        for path in ("/", "/b"):
            with pytest.raises(FetchError, match="busy") as fault:
                one.visit(read_address(site.address(path)))
            assert fault.value.reason == "closed"
    assert site.asked == ["/", "/"]


def test_a_server_that_asks_for_an_hour_is_left_alone_at_once(site: Site, time: Time) -> None:
    site["/"] = Served(status=503, headers={"Retry-After": "3600"})
    with pytest.raises(FetchError, match="3,600 s"):
        visit(site, time)
    assert (site.asked, time.slept) == (["/"], [PAUSE])


def test_a_host_that_does_not_answer_is_left_alone_after_a_while(time: Time) -> None:
    with visitor(time) as one:
        for number in range(5):
            with pytest.raises(FetchError) as fault:
                one.visit(read_address(f"http://127.0.0.1:1/{number}"))
            assert fault.value.reason == ("silent" if number < 3 else "closed")


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("12", 12),
        ("0", 0),
        ("", 0),
        ("soon", 0),
        ("-3", 0),
        (format_datetime(START + timedelta(seconds=90), usegmt=True), 90),
    ],
)
def test_retry_after_is_read_in_both_forms(header: str, seconds: float) -> None:
    assert retry_after({"retry-after": header}, START) == seconds
    assert retry_after({}, START) == 0
