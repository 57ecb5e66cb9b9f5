import gzip

import pytest

from bot.errors import FetchError
from bot.fetching.addresses import read_address
from bot.fetching.client import Reply
from bot.fetching.kinds import is_list, suffix_of


def reply(kind: str, body: bytes = b"...", path: str = "/guide") -> Reply:
    return Reply(read_address(f"https://example.org{path}"), 200, {"content-type": kind} if kind else {}, body)


@pytest.mark.parametrize(
    ("kind", "body", "path", "suffix"),
    [
        ("text/html; charset=utf-8", b"...", "/guide.php", ".html"),
        ("TEXT/HTML", b"...", "/", ".html"),
        ("application/xhtml+xml", b"<?xml version='1.0'?><html>", "/", ".html"),
        ("application/xml", b"<?xml version='1.0'?><!DOCTYPE html><html>", "/", ".html"),
        ("application/pdf", b"%PDF-1.7", "/download?id=4", ".pdf"),
        ("application/octet-stream", b"%PDF-1.7", "/download", ".pdf"),
        ("application/octet-stream", b"PK", "/guide.docx", ".docx"),
        ("", b"<!-- x -->\n<!doctype HTML>", "/", ".html"),
        ("", b"# Guide", "/guide.md", ".md"),
        ("text/plain", b"# Guide", "/guide.md", ".md"),
        ("text/plain", b"Guide", "/guide", ".txt"),
        ("text/plain", b"Guide", "/guide.csv", ".csv"),
        ("text/markdown", b"# Guide", "/guide", ".md"),
        ("text/csv", b"a,b", "/export", ".csv"),
        ("application/vnd.oasis.opendocument.text", b"PK", "/x", ".odt"),
    ],
)
def test_a_page_gets_the_suffix_of_its_loader(kind: str, body: bytes, path: str, suffix: str) -> None:
    assert suffix_of(reply(kind, body, path)) == suffix


@pytest.mark.parametrize(
    ("kind", "path", "advice"),
    [
        ("image/png", "/plan.png", "a picture"),
        ("application/zip", "/all.zip", "unpack it"),
        ("video/mp4", "/film", "address of a page"),
        ("application/octet-stream", "/data.bin", "no format"),
        ("application/msword", "/guide.doc", "save it as .docx"),
        ("application/json", "/data", "address of a page"),
        ("", "/", "of no kind"),
    ],
)
def test_what_no_loader_reads_is_refused_with_what_to_do(kind: str, path: str, advice: str) -> None:
    with pytest.raises(FetchError, match=advice):
        suffix_of(reply(kind, path=path))


@pytest.mark.parametrize(
    ("kind", "body", "listed"),
    [
        ("application/xml", b"<?xml version='1.0'?>\n<urlset xmlns='x'>", True),
        ("text/xml", b"<sitemapindex>", True),
        ("application/rss+xml", b"<rss version='2.0'>", True),
        ("application/atom+xml", b"<?xml version='1.0'?><!-- a feed --><feed xmlns='x'>", True),
        ("text/html", b"\xef\xbb\xbf<?xml version='1.0'?><rdf:RDF xmlns:rdf='x'>", True),
        ("text/xml", "<?xml version='1.0' encoding='utf-16'?><rss>".encode("utf-16"), True),
        ("application/gzip", b"\x1f\x8b", True),
        ("application/octet-stream", gzip.compress(b"<urlset>"), True),
        ("text/html", b"<!doctype html><p>&lt;rss> <feed >", False),
        ("application/xhtml+xml", b"<?xml version='1.0'?><html><body>", False),
        ("text/html", b"\n<rss version='2.0'>", True),
        ("text/plain", b"A feed begins with <rss>", False),
        ("application/xml", b"<note>", False),
    ],
)
def test_a_list_is_told_from_a_page(kind: str, body: bytes, listed: bool) -> None:
    assert is_list(reply(kind, body)) is listed
