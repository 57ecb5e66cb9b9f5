"""Read a page as a browser would: its nesting, its tags and its texts."""

import re
from html.parser import HTMLParser

HOSTILE = '<script>alert(1)</script> "œuvre" & <img src=x onerror=alert(1)> « été »'
VOID = {"meta", "path", "rect", "line", "circle", "br"}


class Checker(HTMLParser):
    """Follows the nesting, and gathers tags, attributes and texts."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.texts: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


def check(html: str) -> Checker:
    """Follow the nesting to the end, where nothing may be left open."""
    checker = Checker()
    checker.feed(html)
    checker.close()
    assert checker.open == []
    return checker


def check_loads_nothing(html: str) -> None:
    """Refuse what would load, run or lead somewhere."""
    checker = check(html)
    assert not {"script", "link", "img", "iframe", "object", "embed", "base", "form", "a"} & set(checker.tags)
    names = {name for name, _ in checker.attributes}
    assert not {"src", "href", "srcset", "action", "style", "xlink:href", "background"} & names
    assert not any(name.startswith("on") for name in names)
    assert not re.search(r"url\(|@import|https?://|//\w", html)


def shown(html: str) -> str:
    """Return the text of the page, with one space between words."""
    return " ".join("".join(check(html).texts).split())
