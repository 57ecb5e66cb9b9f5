"""Read what a web page says of itself: its titles, its address, its language, its date."""

import re
from dataclasses import dataclass

from selectolax.lexbor import LexborHTMLParser, LexborNode

from index.loaders.elements import walk
from index.loaders.links import absolute

NEAR_TITLE = 300
"""Letters and signs between the title and the date of an article: a line of authors, a lead."""

_DATES = (
    'meta[property="article:modified_time"]',
    'meta[property="article:published_time"]',
    'meta[name="dcterms.modified"]',
    'meta[name="dcterms.issued"]',
)
_DATE = re.compile(r"\s*([12][0-9]{3}-[01][0-9]-[0-3][0-9])(?![0-9])")


@dataclass(frozen=True, slots=True)
class Head:
    """What a page says of itself; what it does not say is None or ""."""

    titles: tuple[str, ...]  # the best first
    source: str | None  # its address
    base: str  # from which its relative links lead
    language: str | None
    date: str | None  # ISO 8601


def read_head(tree: LexborHTMLParser, root: LexborNode, address: str = "") -> Head:
    """Return what the page says.

    Args:
        tree: the page.
        root: its content.
        address: where it was fetched, which counts more than what it says; "" where nobody knows.
    """
    base = _value(tree, "base[href]", "href")
    told = [_value(tree, "link[rel=canonical]", "href"), _value(tree, 'meta[property="og:url"]', "content")]
    source = address or next((found for one in told if (found := absolute(one, base))), None)
    title = tree.css_first("head title")
    return Head(
        titles=(_value(tree, 'meta[property="og:title"]', "content"), title.text() if title else ""),
        source=source,
        base=absolute(base, source or "") or source or "",
        language=_value(tree, "html[lang]", "lang") or None,
        date=_date(tree, root),
    )


def _value(tree: LexborHTMLParser, selector: str, name: str) -> str:
    node = tree.css_first(selector)
    return ((node.attributes.get(name) or "") if node else "").strip()


def _date(tree: LexborHTMLParser, root: LexborNode) -> str | None:
    """Return the day on which the page was last changed or published."""
    for selector in _DATES:
        if found := _DATE.match(_value(tree, selector, "content")):
            return found[1]
    return _date_near_title(root)


def _date_near_title(root: LexborNode) -> str | None:
    """Return the day that a `<time>` beside the main heading gives; the nearest, if there are several."""
    if root.css_first("h1") is None or root.css_first("time[datetime]") is None:
        return None
    at, title_at = 0, None
    dates: list[tuple[int, str]] = []
    for node, enters in walk(root, lambda node: node.tag in ("script", "style", "-comment")):
        if node.tag == "-text":
            at += len((node.text_content or "").strip()) if enters else 0
        elif node.tag == "h1" and not enters and title_at is None:
            title_at = at
        elif node.tag == "time" and enters and (found := _DATE.match(node.attributes.get("datetime") or "")):
            dates.append((at, found[1]))
        if title_at is not None and at > title_at + NEAR_TITLE:
            break
    near = [(abs(where - title_at), date) for where, date in dates if title_at is not None]
    return next((date for distance, date in sorted(near)[:1] if distance <= NEAR_TITLE), None)
