from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from bot.errors import FetchError
from bot.fetching.learning import Learner, Outcome
from bot.fetching.pages import PageStore
from bot.fetching.refreshing import forget, refresh
from index.ingestion import seed_files
from index.worker import Worker
from tests.bot.fetching.site import Served, Site, Time, page, visitor, xml


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
def learner(tmp_path: Path, worker: Worker, site: Site, time: Time) -> Iterator[Learner]:
    """Return a learner that knows the pages /a and /b of a sitemap, /c by itself, and a given file."""
    for name in "abc":
        site[f"/{name}"] = page(f"Page {name}", name, ETag=f'"{name}"')
    site["/sitemap.xml"] = sitemap(site, "/a", "/b")
    with visitor(time) as one:
        found = Learner(PageStore(tmp_path / "pages"), one, worker, clock=time.clock)
        for path in ("/sitemap.xml", "/c"):
            list(found.learn(site.address(path)))
        found.learn_file("note.md", b"Bonjour.")
        site.requests.clear()
        yield found


def sitemap(site: Site, *paths: str) -> Served:
    links = "".join(f"<url><loc>{site.address(path)}</loc></url>" for path in paths)
    return xml(f"<urlset>{links}</urlset>", ETag=f'"{len(paths)}"')


def whats(site: Site, outcomes: list[Outcome]) -> dict[str, str]:
    return {outcome.address.removeprefix(site.address("")): outcome.what for outcome in outcomes}


def test_pages_that_have_not_changed_are_not_sent_again(learner: Learner, site: Site) -> None:
    assert whats(site, list(refresh(learner))) == {"/a": "unchanged", "/b": "unchanged", "/c": "unchanged"}
    assert all("if-none-match" in headers for path, headers in site.requests if path != "/robots.txt")
    assert site.asked == ["/sitemap.xml", "/a", "/b", "/c"]


def test_a_page_that_changed_is_taken(learner: Learner, site: Site) -> None:
    site["/a"] = page("Nouveau", "a", ETag='"2"')
    assert whats(site, list(refresh(learner)))["/a"] == "updated"
    kept = learner.store.read().pages[site.address("/a")]
    assert b"Nouveau" in (learner.store.folder / kept.file).read_bytes()


def test_a_server_that_knows_no_conditions_is_asked_for_the_page(learner: Learner, site: Site) -> None:
    site["/a"] = page("Page a", "a")
    assert whats(site, list(refresh(learner)))["/a"] == "unchanged"


def test_a_page_without_a_tag_is_asked_for_since_its_date(learner: Learner, site: Site) -> None:
    site["/d"] = page("Page d", "d", Last_Modified="Mon, 04 May 2026 00:00:00 GMT")
    list(learner.learn(site.address("/d")))
    list(refresh(learner, [site.address("/d")]))
    assert site.requests[-1][1]["if-modified-since"] == "Mon, 04 May 2026 00:00:00 GMT"


def test_new_pages_of_a_sitemap_are_taken(learner: Learner, site: Site) -> None:
    site["/sitemap.xml"], site["/d"] = sitemap(site, "/a", "/b", "/d"), page("Page d", "d")
    assert whats(site, list(refresh(learner)))["/d"] == "added"
    assert site.asked.count("/a") == 1


@pytest.mark.parametrize("status", [404, 410])
def test_a_page_that_is_gone_is_kept_until_it_is_pruned(learner: Learner, site: Site, status: int) -> None:
    site["/a"] = Served(status=status)
    assert whats(site, list(refresh(learner)))["/a"] == "gone"
    assert learner.store.read().pages[site.address("/a")].state == "gone"
    assert len(seed_files(learner.store.folder)) == 4
    outcomes = list(refresh(learner, prune=True))
    assert [one.what for one in outcomes if one.address == site.address("/a")] == ["gone", "removed"]
    assert len(seed_files(learner.store.folder)) == 3
    assert site.address("/a") not in learner.store.read().pages


def test_pages_are_pruned_among_those_that_are_named(learner: Learner, site: Site) -> None:
    del site["/a"], site["/c"]
    outcomes = list(refresh(learner, [site.address("/c")], prune=True))
    assert [(one.address, one.what) for one in outcomes] == [(site.address("/c"), what) for what in ("gone", "removed")]


def test_a_page_that_comes_back_is_there_again(learner: Learner, site: Site) -> None:
    kept = site.pop("/a")
    list(refresh(learner))
    site["/a"] = kept
    assert whats(site, list(refresh(learner)))["/a"] == "unchanged"
    assert learner.store.read().pages[site.address("/a")].state == "ok"


@pytest.mark.parametrize(
    "served", [Served(status=500), Served(b"\x89PNG", headers={"Content-Type": "image/png"}), page(""), xml("<rss/>")]
)
def test_a_page_that_cannot_be_had_is_kept_as_it_was(learner: Learner, site: Site, served: Served) -> None:
    site["/a"] = served
    outcomes = [one for one in refresh(learner) if one.address == site.address("/a")]
    assert [one.what for one in outcomes] == ["failed"]
    kept = learner.store.read().pages[site.address("/a")]
    assert (kept.state, kept.reason) == ("failed", outcomes[0].reason)
    assert learner.store.content(kept) is not None


def test_pages_that_robots_txt_forbids_by_now_are_kept(learner: Learner, site: Site, time: Time) -> None:
    site["/robots.txt"] = Served(b"User-agent: *\nDisallow: /a")
    with visitor(time) as another:
        learner.visitor = another
        assert whats(site, list(refresh(learner)))["/a"] == "failed"
    assert learner.store.content(learner.store.read().pages[site.address("/a")]) is not None


def test_a_sitemap_that_cannot_be_had_does_not_stop_its_pages(learner: Learner, site: Site) -> None:
    del site["/sitemap.xml"]
    found = whats(site, list(refresh(learner)))
    assert found == {"/sitemap.xml": "failed", "/a": "unchanged", "/b": "unchanged", "/c": "unchanged"}


def test_a_page_that_is_no_longer_listed_is_refreshed_by_itself(learner: Learner, site: Site) -> None:
    site["/sitemap.xml"] = sitemap(site, "/b")
    assert whats(site, list(refresh(learner)))["/a"] == "unchanged"


def test_what_a_feed_holds_is_asked_of_the_feed(learner: Learner, site: Site) -> None:
    text = "Le marché ouvre à huit heures. " * 40
    entry = f"<entry><title>Tout</title><link href='/w'/><content type='html'>{text}</content></entry>"
    site["/feed"] = xml(f"<feed xmlns='http://www.w3.org/2005/Atom'>{entry}</feed>")
    list(learner.learn(site.address("/feed")))
    site.requests.clear()
    assert whats(site, list(refresh(learner, [site.address("/feed")]))) == {"/w": "unchanged"}
    assert site.asked == ["/feed"]


def test_the_time_of_a_refresh_is_bounded(learner: Learner, time: Time) -> None:
    time.seconds += 100_000
    assert {one.what for one in refresh(learner)} == {"left out"}


@pytest.mark.parametrize(
    ("names", "asked"),
    [
        (["{site}/a"], ["/a"]),
        (["{site}/a/", "{site}/c"], ["/a", "/c"]),
        (["{site}/sitemap.xml"], ["/sitemap.xml", "/a", "/b"]),
        (["site.test"], ["/sitemap.xml", "/a", "/b", "/c"]),
        (["note.md"], []),
    ],
)
def test_pages_lists_and_hosts_can_be_named(learner: Learner, site: Site, names: list[str], asked: list[str]) -> None:
    list(refresh(learner, [name.format(site=site.address("")) for name in names]))
    assert site.asked == asked


@pytest.mark.parametrize("name", ["https://else.test/", "else.test", "else.md", ""])
def test_a_name_that_stands_for_nothing_is_told(learner: Learner, name: str) -> None:
    with pytest.raises(FetchError, match="is no page that was added"):
        list(refresh(learner, [name]))
    with pytest.raises(FetchError, match="is no page that was added"):
        forget(learner.store, ["site.test", name])
    assert len(learner.store.read().pages) == 4


def test_pages_are_forgotten_with_the_sitemap_that_brought_them(learner: Learner, site: Site) -> None:
    assert whats(site, forget(learner.store, [site.address("/sitemap.xml")])) == {"/a": "removed", "/b": "removed"}
    record = learner.store.read()
    assert (list(record.pages), record.lists) == ([site.address("/c"), "note.md"], {})


def test_a_page_that_was_removed_is_not_brought_again_by_its_sitemap(learner: Learner, site: Site) -> None:
    forget(learner.store, [site.address("/a")])
    site["/sitemap.xml"], site["/d"] = sitemap(site, "/a", "/b", "/d"), page("Page d", "d")
    assert whats(site, list(refresh(learner))) == {"/d": "added", "/b": "unchanged", "/c": "unchanged"}
    assert "/a" in whats(site, list(learner.learn(site.address("/sitemap.xml"))))  # who adds it again wants it all


def test_a_page_that_cannot_be_read_is_no_news_the_next_time(learner: Learner, site: Site) -> None:
    site["/sitemap.xml"] = sitemap(site, "/a", "/b", "/gone", "/plan.png", "/busy")
    site["/plan.png"] = Served(b"\x89PNG", headers={"Content-Type": "image/png"})
    site["/busy"] = Served(status=500)
    found = whats(site, list(refresh(learner)))
    assert (found["/gone"], found["/plan.png"], found["/busy"]) == ("gone", "failed", "failed")
    site["/busy"] = page("Page", "busy")
    found = whats(site, list(refresh(learner)))
    assert found == {"/busy": "added", "/a": "unchanged", "/b": "unchanged", "/c": "unchanged"}


def test_the_page_that_was_not_asked_for_longest_comes_first(learner: Learner, site: Site, time: Time) -> None:
    time.seconds += 60
    list(refresh(learner, [site.address("/a")]))
    site.requests.clear()
    list(refresh(learner))
    assert site.asked == ["/sitemap.xml", "/b", "/c", "/a"]


def test_a_page_that_is_forgotten_while_others_are_asked_for_is_not_brought_back(learner: Learner, site: Site) -> None:
    outcomes = refresh(learner)
    next(outcomes)
    forget(learner.store, [site.address("/b")])
    assert "/b" not in whats(site, list(outcomes))
    assert site.address("/b") not in learner.store.read().pages


@pytest.mark.parametrize("status", [200, 410, 500])
def test_a_page_that_is_forgotten_while_it_is_asked_for_is_not_brought_back(
    learner: Learner, site: Site, status: int
) -> None:
    def forgetting(_: Mapping[str, str]) -> Served:
        forget(learner.store, [site.address("/c")])
        return replace(page("Autre texte", "c"), status=status)

    site["/c"] = forgetting
    assert whats(site, list(refresh(learner)))["/c"] == "removed"
    assert site.address("/c") not in learner.store.read().pages
    assert len(seed_files(learner.store.folder)) == 3


@pytest.mark.parametrize("forgotten", ["/sitemap.xml", "/d"])
def test_what_is_forgotten_while_its_sitemap_is_read_is_not_brought_back(
    learner: Learner, site: Site, forgotten: str
) -> None:
    site["/sitemap.xml"] = sitemap(site, "/d", "/a", "/b", "/e")
    site["/d"], site["/e"] = page("Page d", "d"), page("Page e", "e")
    outcomes = refresh(learner)
    assert next(outcomes).what == "added"
    forget(learner.store, [site.address(forgotten)])
    list(outcomes)
    list(refresh(learner))
    record = learner.store.read()
    assert site.address("/d") not in record.pages
    assert (site.address("/sitemap.xml") in record.lists) == (forgotten == "/d")


def test_a_list_brings_no_more_than_may_be_kept(learner: Learner, site: Site) -> None:
    site["/sitemap.xml"] = sitemap(site, "/a", "/b", "/d", "/e")
    site["/d"], site["/e"] = page("Page d", "d"), page("Page e", "e")
    learner.most_kept = 5
    outcomes = list(refresh(learner))
    assert [(one.what, one.reason) for one in outcomes if one.what in ("added", "left out")] == [
        ("added", ""),
        ("left out", "1 left, for 5 pages are kept, and no more: forget some"),
    ]
    learner.most_kept = None
    assert whats(site, list(refresh(learner)))["/e"] == "added"


def test_a_given_file_is_forgotten_by_its_name(learner: Learner) -> None:
    assert [one.what for one in forget(learner.store, ["note.md"])] == ["removed"]
    assert len(seed_files(learner.store.folder)) == 3
