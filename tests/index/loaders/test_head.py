import pytest
from selectolax.lexbor import LexborHTMLParser

from index.loaders.head import Head, read_head


def head_of(html: str) -> Head:
    tree = LexborHTMLParser(html)
    assert tree.body is not None
    return read_head(tree, tree.body)


CANONICAL = '<link rel="canonical" href="https://a.example/bac">'
SHARED = '<meta property="og:url" content="https://b.example/bac">'


@pytest.mark.parametrize(
    ("html", "source", "base"),
    [
        (CANONICAL + SHARED, "https://a.example/bac", "https://a.example/bac"),
        (SHARED, "https://b.example/bac", "https://b.example/bac"),
        ('<base href="https://c.example/x/">' + CANONICAL, "https://a.example/bac", "https://c.example/x/"),
        ('<base href="/x/">' + CANONICAL, "https://a.example/bac", "https://a.example/x/"),
        ('<base href="https://c.example/x/">', None, "https://c.example/x/"),
        ('<base href="https://c.example/x/"><link rel=canonical href="bac">', "https://c.example/x/bac", "https://c.example/x/"),
        ('<link rel=canonical href="/bac">' + SHARED, "https://b.example/bac", "https://b.example/bac"),
        ('<link rel=canonical href="file:///bac">', None, ""),
        ('<base target="_blank">', None, ""),
    ],
)  # fmt: skip
def test_the_page_tells_its_address(html: str, source: str | None, base: str) -> None:
    head = head_of(html)
    assert (head.source, head.base) == (source, base)


@pytest.mark.parametrize(
    ("html", "date"),
    [
        ('<meta property="article:published_time" content="2026-02-03T08:00:00+01:00">', "2026-02-03"),
        (
            '<meta property="article:published_time" content="2026-02-03">'
            '<meta property="article:modified_time" content="2026-05-06">',
            "2026-05-06",
        ),
        ('<meta name="dcterms.modified" content="2026-05-06">', "2026-05-06"),
        ('<body><h1>Bac</h1><p>Publié le <time datetime="2026-05-06T10:00">6 mai</time>.</p>', "2026-05-06"),
        ('<body><header><time datetime="2026-05-06">6 mai</time><h1>Bac</h1></header>', "2026-05-06"),
        (f'<body><h1>Bac</h1><p>{"Un texte. " * 40}</p><time datetime="2026-05-06">Évènement</time>', None),
        ('<body><h1>Bac</h1><time datetime="10:00">dix heures</time>', None),
        ('<body><p>Sans titre, le <time datetime="2026-05-06">6 mai</time>.', None),
        ("<body>", None),
    ],
)
def test_the_page_tells_its_date(html: str, date: str | None) -> None:
    assert head_of(html).date == date


def test_the_page_tells_its_language_and_titles() -> None:
    head = head_of('<html lang="fr-CA"><title>Bac | Ville</title><meta property="og:title" content="Le bac">')
    assert head.language == "fr-CA"
    assert head.titles == ("Le bac", "Bac | Ville")
    assert head_of("<p>x").language is None
