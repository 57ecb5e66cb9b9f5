import pytest

from bot.errors import FetchError
from bot.fetching.addresses import read_address
from bot.fetching.listing import MAX_NAMED, MAX_SITEMAPS, Found, find_pages, read_list
from tests.bot.fetching.site import Site, Time, page, visitor, xml


def urlset(*links: str) -> str:
    return f"<urlset>{''.join(f'<url><loc>{link}</loc></url>' for link in links)}</urlset>"


def index(*links: str) -> str:
    return f"<sitemapindex>{''.join(f'<sitemap><loc>{link}</loc></sitemap>' for link in links)}</sitemapindex>"


def find(site: Site, most: int = 10) -> Found:
    with visitor(Time()) as one:
        visit = one.visit(read_address(site.address("/list")))
        return find_pages(visit, read_list(visit, 100_000), most, one)


def named(found: Found) -> list[str]:
    return [address.target for address in found.pages]


def test_a_page_is_named_once_in_the_order_of_the_list(site: Site) -> None:
    site["/list"] = xml(urlset(*(site.address(path) for path in ("/b", "/a", "/b#c", "/a/../b"))))
    assert named(find(site)) == ["/b", "/a"]


def test_only_so_many_pages_are_taken_and_that_is_told(site: Site) -> None:
    site["/list"] = xml(urlset(*(site.address(f"/{number}") for number in range(4))))
    found = find(site, most=3)
    assert named(found) == ["/0", "/1", "/2"]
    assert "--max" in found.left_out[0]
    assert find(site, most=4).left_out == []


def test_a_sitemap_speaks_for_its_own_site_alone(site: Site) -> None:
    site["/list"] = xml(
        urlset("http://elsewhere.test/a", "http://www.site.test/b", "ftp://site.test/c", site.address("/d"))
    )
    found = find(site)
    assert [str(address) for address in found.pages] == ["http://www.site.test/b", site.address("/d")]
    assert len(found.left_out) == 2


def test_faults_of_a_list_are_told_in_a_few_lines(site: Site) -> None:
    site["/list"] = xml(urlset(*(f"http://elsewhere.test/{number}" for number in range(100))))
    left_out = find(site).left_out
    assert (len(left_out), left_out[-1]) == (MAX_NAMED + 1, "and 95 more")


def test_a_feed_may_name_pages_of_other_sites(site: Site) -> None:
    item = "<item><link>http://elsewhere.test/a</link></item>"
    site["/list"] = xml(f"<rss><channel>{item}</channel></rss>")
    assert [str(address) for address in find(site).pages] == ["http://elsewhere.test/a"]


def test_an_index_leads_to_sitemaps(site: Site) -> None:
    site["/list"] = xml(
        index(site.address("/s1.xml"), "/s2.xml", "http://elsewhere.test/s.xml", "/gone.xml", "/list", "/page")
    )
    site["/s1.xml"], site["/s2.xml"] = xml(urlset(site.address("/a"))), xml(urlset(site.address("/b")))
    site["/page"] = page("Bonjour")
    found = find(site)
    assert named(found) == ["/a", "/b"]
    assert len(found.left_out) == 4


def test_no_more_sitemaps_are_asked_for_than_are_needed(site: Site) -> None:
    site["/list"] = xml(index(*(f"/s{number}.xml" for number in range(5))))
    for number in range(5):
        site[f"/s{number}.xml"] = xml(urlset(site.address(f"/{number}")))
    assert named(find(site, most=2)) == ["/0", "/1"]
    assert site.asked == ["/list", "/s0.xml", "/s1.xml", "/s2.xml"]  # the third tells that there is more


def test_an_index_leads_to_so_many_sitemaps_only(site: Site) -> None:
    site["/list"] = xml(index(*["ftp://x"] * (MAX_SITEMAPS + 1)))
    assert f"more than {MAX_SITEMAPS} sitemaps" in find(site).left_out[-1]


def test_what_is_no_list_is_told_with_its_address(site: Site) -> None:
    site["/list"] = xml("<note/>")
    with pytest.raises(FetchError, match=r"site\.test.*is no sitemap"):
        find(site)
