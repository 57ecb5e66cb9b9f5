import pytest

from bot.fetching.robots import NOTHING, Robots, read_robots


def robots(text: str) -> Robots:
    return read_robots(text.encode(), "babillard")


@pytest.mark.parametrize(
    ("rules", "target", "allowed"),
    [
        ("", "/a", True),
        ("Disallow:", "/a", True),
        ("Disallow: /", "/a", False),
        ("Disallow: /private", "/private/a", False),
        ("Disallow: /private", "/public", True),
        ("Disallow: /a\nAllow: /a/b", "/a/b/c", True),
        ("Allow: /a/b\nDisallow: /a", "/a/c", False),
        ("Disallow: /a\nAllow: /a", "/a", True),
        ("Disallow: /*.pdf$", "/guide.pdf", False),
        ("Disallow: /*.pdf$", "/guide.pdf?x", True),
        ("Disallow: /*/print", "/fr/guide/print", False),
        ("Disallow: /*a*b*c", "/xaxbxc", False),
        ("Disallow: /*a*b*c", "/xbxaxc", True),
        ("Disallow: /*ab$", "/abab", False),
        ("Disallow: *", "/a", False),
        ("Disallow: /$", "/", False),
        ("Disallow: /$", "/a", True),
        ("Disallow: /a*a$", "/a", True),
        ("Disallow: /été", "/%C3%A9t%C3%A9/x", False),
        ("Disallow: /%C3%A9t%c3%a9", "/%C3%A9t%C3%A9", False),
        ("Disallow: /%7ejoe/", "/~joe/a", False),
        ("Disallow: /a%2fb", "/a%2Fb", False),
        ("Disallow: /a%2fb", "/a/b", True),
        ("Disallow: /a # secret", "/a", False),
        ("DISALLOW : /a", "/a", False),
    ],
)
def test_the_longest_rule_that_fits_counts(rules: str, target: str, allowed: bool) -> None:
    assert robots(f"User-agent: *\n{rules}\n").allows(target) is allowed


def test_a_group_of_the_bot_counts_and_no_other() -> None:
    told = robots("User-agent: *\nDisallow: /\n\nUser-agent: other\nUser-agent: Babillard/1.0\nDisallow: /a\n")
    assert told.allows("/b")
    assert not told.allows("/a")


def test_groups_of_the_bot_are_one() -> None:
    told = robots(
        "User-agent: babillard\nDisallow: /a\n\nUser-agent: x\nDisallow: /\n\nUser-agent: babillard\nDisallow: /b"
    )
    assert [told.allows(path) for path in ("/a", "/b", "/c")] == [False, False, True]


def test_the_pause_between_two_requests_is_told() -> None:
    assert robots("User-agent: *\nCrawl-delay: 2.5\n").delay == 2.5
    assert robots("User-agent: *\nCrawl-delay: soon\nCrawl-delay: -1\n").delay == 0


def test_what_is_no_robots_txt_lets_all_be_read() -> None:
    assert robots("<!doctype html><p>User-agent: *").allows("/a")
    assert read_robots(bytes(range(256)), "babillard").allows("/a")


def test_old_line_ends_and_a_byte_order_mark_are_read() -> None:
    assert not read_robots(b"\xef\xbb\xbfUser-agent: *\rDisallow: /a", "babillard").allows("/a")


def test_a_host_that_does_not_tell_lets_nothing_be_read() -> None:
    assert not NOTHING.allows("/")


def test_a_pattern_made_to_take_long_is_matched_at_once() -> None:
    told = robots("User-agent: *\nDisallow: /" + "*a" * 900 + "*b\n")
    assert told.allows("/" + "a" * 2_000)
