import pytest

from index.loaders.links import absolute, link

PAGE = "https://ville.example/loisirs/bac.html"


@pytest.mark.parametrize(
    ("href", "address"),
    [
        ("https://a.example/x", "https://a.example/x"),
        ("tarifs.html#ete", "https://ville.example/loisirs/tarifs.html#ete"),
        ("/plan", "https://ville.example/plan"),
        ("//b.example/y", "https://b.example/y"),
        (" /un\n plan ", "https://ville.example/un%20plan"),
        ("/Loire_(fleuve)", "https://ville.example/Loire_(fleuve)"),
        ("/a(b", "https://ville.example/a%28b"),
        ("/a<b>", "https://ville.example/a%3Cb%3E"),
        ("#tarifs", ""),
        ("", ""),
        ("javascript:void(0)", ""),
        ("mailto:bac@ville.example", ""),
        ("tel:+33123456789", ""),
        ("https://[", ""),
    ],
)
def test_a_link_leads_to_a_page_or_nowhere(href: str, address: str) -> None:
    assert absolute(href, PAGE) == address


@pytest.mark.parametrize("base", ["", "bac.html", "file:///home/a/bac.html"])
def test_a_relative_link_leads_nowhere_from_an_unknown_page(base: str) -> None:
    assert absolute("/plan", base) == ""
    assert absolute("https://a.example/", base) == "https://a.example/"


@pytest.mark.parametrize(
    ("words", "written"),
    [
        ("ici", "[ici](https://a.example/)"),
        ("[PDF] le plan", "[PDF le plan](https://a.example/)"),
        ("https://a.example", "https://a.example"),
        ("→", "→"),
    ],
)
def test_words_carry_their_address_unless_they_say_it(words: str, written: str) -> None:
    assert link(words, "https://a.example/") == written
    assert link(words, "") == words
