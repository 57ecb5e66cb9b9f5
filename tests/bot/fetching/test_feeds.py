import gzip

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import FetchError
from bot.fetching.feeds import MIN_WHOLE, Entry, Listing, page_of, read_listing

WHOLE = "Le marché ouvre à huit heures. " * (MIN_WHOLE // 25)


def read(text: str | bytes, max_bytes: int = 100_000) -> Listing:
    return read_listing(text.encode() if isinstance(text, str) else text, max_bytes)


SITEMAP = """<?xml version="1.0" encoding="UTF-8"?>
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:image="http://www.google.com/schemas/sitemap-image/1.1">
  <url><loc> https://example.org/a?b=1&amp;c=2 </loc><lastmod>2026-05-01</lastmod>
    <image:image><image:loc>https://example.org/a.png</image:loc></image:image></url>
  <url><lastmod>2026-05-01</lastmod></url>
  <url><loc>https://example.org/b</loc></url>
</urlset>"""


@pytest.mark.parametrize(
    "data",
    [
        SITEMAP.encode(),
        gzip.compress(SITEMAP.encode()),
        SITEMAP.replace("UTF-8", "UTF-16").encode("utf-16"),
    ],
)
def test_a_sitemap_names_pages(data: bytes) -> None:
    assert read(data) == Listing("sitemap", (Entry("https://example.org/a?b=1&c=2"), Entry("https://example.org/b")))


def test_an_index_names_sitemaps() -> None:
    text = "<sitemapindex><sitemap><loc>https://example.org/s1.xml</loc></sitemap></sitemapindex>"
    assert read(text) == Listing("index", (Entry("https://example.org/s1.xml"),))


def test_rss_names_pages_with_title_and_day() -> None:
    text = """<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"
        xmlns:atom="http://www.w3.org/2005/Atom"><channel><title>Nouvelles</title><link>https://example.org/</link>
        <atom:link href="https://example.org/feed" rel="self"/>
        <item><title>L’été &lt;b&gt;arrive&lt;/b&gt;</title><link>https://example.org/1</link>
          <pubDate>Fri, 01 May 2026 23:30:00 -0400</pubDate><description>Court.</description></item>
        <item><guid>https://example.org/2</guid><title>Deux</title></item>
        <item><guid isPermaLink="false">abc</guid><title>Sans adresse</title></item>
      </channel></rss>"""
    assert read(text) == Listing(
        "feed",
        (Entry("https://example.org/1", "L’été arrive", "2026-05-02"), Entry("https://example.org/2", "Deux")),
    )


def test_rss_1_names_pages() -> None:
    text = """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
        xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>x</title></channel>
        <item><title>Un</title><link>https://example.org/1</link><dc:date>2026-05-01T08:00:00Z</dc:date></item>
      </rdf:RDF>"""
    assert read(text).entries == (Entry("https://example.org/1", "Un", "2026-05-01"),)


def atom(content: str) -> str:
    return f"""<feed xmlns="http://www.w3.org/2005/Atom"><title>Nouvelles</title>
      <entry><title type="html">Un</title><link rel="self" href="/1.atom"/>
        <link href="/1.json" type="application/json"/>
        <link href="/1" type="text/html"/><published>2026-04-01</published><updated>2026-05-01T08:00:00Z</updated>
        {content}</entry></feed>"""


def test_atom_names_pages_with_title_and_day() -> None:
    assert read(atom("<summary>Court.</summary>")).entries == (Entry("/1", "Un", "2026-05-01"),)


@pytest.mark.parametrize(
    "content",
    [
        f'<content type="html">&lt;p&gt;{WHOLE}&lt;/p&gt;</content>',
        f'<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>{WHOLE}</p></div></content>',
        f"<content>{WHOLE}</content>",
    ],
)
def test_a_feed_that_holds_all_of_a_page_gives_it(content: str) -> None:
    (entry,) = read(atom(content)).entries
    assert f"<p>{WHOLE}" in entry.content
    assert "<h1>Un</h1>" in page_of(entry).decode()


def test_rss_that_holds_all_of_a_page_gives_it() -> None:
    text = f"""<rss xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><item><link>/1</link>
        <content:encoded><![CDATA[<p>{WHOLE}</p>]]></content:encoded></item></channel></rss>"""
    assert f"<p>{WHOLE}</p>" in read(text).entries[0].content


@pytest.mark.parametrize(
    "content",
    [
        '<content type="html">Court.</content>',
        f'<content type="html">{WHOLE} Lire la suite »</content>',
        f'<content type="html">{WHOLE} [&amp;hellip;]</content>',
        f'<content type="html">{WHOLE}…</content>',
        '<content src="https://example.org/1"/>',
        f'<content type="application/pdf">{WHOLE}</content>',
    ],
)
def test_a_teaser_is_not_taken_for_the_page(content: str) -> None:
    assert read(atom(content)).entries[0].content == ""


def test_a_title_is_text_in_the_page_made_of_it() -> None:
    assert b"<h1>&lt;script&gt;</h1>" in page_of(Entry("/1", "<script>", None, "x"))


BOMB = (
    '<!DOCTYPE x [<!ENTITY a "ha">'
    + "".join(f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefgh", "bcdefghi", strict=True))
    + "]>"
)


@pytest.mark.parametrize(
    "text",
    [
        f"<?xml version='1.0'?>{BOMB}<rss><channel><item><link>&i;</link></item></channel></rss>",
        '<!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/passwd">]><rss><channel><item><link>&x;</link></item></channel></rss>',
        '<!DOCTYPE rss SYSTEM "http://127.0.0.1/rss.dtd"><rss/>',
        '<!DOCTYPE rss [<!ENTITY % x SYSTEM "http://127.0.0.1/">%x;]><rss/>',
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_feed_that_declares_a_document_type_is_refused(text: str, encoding: str) -> None:
    with pytest.raises(FetchError, match="document type"):
        read(text.encode(encoding))


def test_an_encoding_does_not_hide_a_declaration() -> None:
    text = "<?xml version='1.0' encoding='cp037'?>".encode("cp037") + '<!DOCTYPE x [<!ENTITY a "b">]><rss/>'.encode(
        "cp037"
    )
    with pytest.raises(FetchError):
        read(text)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"<rss>",
        b"<rss>&nbsp;</rss>",
        b"<note/>",
        b"\x1f\x8bnot packed",
        b"<?xml version='1.0' encoding='unheard-of'?><rss/>",
        b"<a>" * 1_000 + b"</a>" * 1_000,
        gzip.compress(b"<urlset>" + b" " * 1_000_000 + b"</urlset>"),
    ],
)
def test_what_is_no_list_is_refused(data: bytes) -> None:
    with pytest.raises(FetchError):
        read(data)


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    for start in (b"", b"<rss><channel><item><link>", b"\x1f\x8b"):
        try:
            read(start + data)
        except FetchError:
            continue
