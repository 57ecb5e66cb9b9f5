import pytest

from bot.errors import FetchError
from bot.fetching.addresses import MAX_ADDRESS, read_address


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("https://example.org", "https://example.org/"),
        ("  HTTPS://Example.ORG:443/Guide  ", "https://example.org/Guide"),
        ("http://example.org:8080/a?b=c#d", "http://example.org:8080/a?b=c"),
        ("https://example.org/été à-part".replace(" ", "%20"), "https://example.org/%C3%A9t%C3%A9%20%C3%A0-part"),
        ("https://bibliothèque.example/œuvre", "https://xn--bibliothque-59a.example/%C5%93uvre"),
        ("https://example.org./a", "https://example.org/a"),
        ("https://example。org/a", "https://example.org/a"),
        ("https://example.org/a/../b/./c", "https://example.org/b/c"),
        ("https://example.org/a/%2E%2e/b/..", "https://example.org/"),
        ("https://example.org?q=1", "https://example.org/?q=1"),
        ("https://[2001:4860:4860:0:0:0:0:8888]/", "https://[2001:4860:4860::8888]/"),
        ("https://8.8.8.8/", "https://8.8.8.8/"),
        ("https://example.org/@name/a:b", "https://example.org/@name/a:b"),
    ],
)
def test_an_address_has_one_form(text: str, read: str) -> None:
    assert str(read_address(text)) == read
    assert str(read_address(read)) == read


@pytest.mark.parametrize(
    ("link", "leads_to"),
    [
        ("/b", "https://example.org/b"),
        ("b?c", "https://example.org/a/b?c"),
        ("//other.example/b", "https://other.example/b"),
        ("http://other.example/b", "http://other.example/b"),
        ("", "https://example.org/a/"),
    ],
)
def test_a_link_is_read_from_the_page_that_holds_it(link: str, leads_to: str) -> None:
    assert str(read_address(link, read_address("https://example.org/a/"))) == leads_to


@pytest.mark.parametrize(
    "text",
    [
        "",
        "example.org",
        "/etc/passwd",
        "https://",
        "https:///path",
        "https://exa mple.org/",
        "https://example.org\\@127.0.0.1/",
        "https://example.org/\r\nHost: evil",
        "https://example.org:0/",
        "https://example.org:65536/",
        "https://example.org:999999/",
        "https://example.org:port/",
        "https://-example.org/",
        "https://example..org/",
        "https://" + "a" * 64 + ".org/",
        "https://[::1/",
        "https://[fe80::1%25eth0]/",
        "https://ex%61mple.org/",
        "https://example.org/" + "a" * MAX_ADDRESS,
        "ftp://example.org/",
        "file:///etc/passwd",
        "gopher://example.org/",
        "javascript://example.org/%0aalert(1)",
        "https://name@example.org/",
        "https://name:secret@example.org/",
    ],
)
def test_what_is_no_address_of_a_page_is_refused(text: str) -> None:
    with pytest.raises(FetchError) as refused:
        read_address(text)
    assert "secret" not in str(refused.value)


def test_bytes_that_are_no_text_are_no_address() -> None:
    with pytest.raises(FetchError):
        read_address("https://example\udcff.org/")
    assert str(read_address("https://example.org/\udcff")).isascii()
