"""Read sitemaps and feeds: which pages they list, with the title, the date and the content that a feed has of each.

XML is parsed without any declaration of a document type: no entities, so no bombs made of them, and no files from
elsewhere.
"""

import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC
from email.utils import parsedate_to_datetime
from html import escape
from typing import Literal
from xml.etree.ElementTree import Element, TreeBuilder, tostring
from xml.parsers import expat

from bot.errors import FetchError
from bot.fetching.client import unpack

MAX_DEPTH = 200  # elements within each other; a feed with a page in it has some thirty

MIN_WHOLE = 1_000
"""Characters from which on what a feed holds of a page is taken for all of it, if nothing says that it goes on."""

_GOES_ON = re.compile(
    r"(?:…|\.\.\.|\[…\]|\[\.\.\.\]|&hellip;|read more|continue reading|lire la suite|en savoir plus)[\s\])»›→.]*$",
    re.IGNORECASE,
)
_TAG = re.compile(r"<[^<>]*>")
_DAY = re.compile(r"[12][0-9]{3}-[01][0-9]-[0-3][0-9]")


@dataclass(frozen=True, slots=True)
class Entry:
    """A page that a list names."""

    link: str  # as it is written; it may be relative
    title: str = ""
    date: str | None = None  # ISO 8601
    content: str = ""  # HTML, where the list holds all of the page


@dataclass(frozen=True, slots=True)
class Listing:
    """A list of pages, or of other lists."""

    kind: Literal["sitemap", "index", "feed"]  # index: of sitemaps
    entries: tuple[Entry, ...]


def read_listing(data: bytes, max_bytes: int) -> Listing:
    """Return what a sitemap, an index of sitemaps, an RSS or an Atom feed lists.

    Args:
        data: as it was fetched; it may be packed.
        max_bytes: how long it may be, unpacked.

    Raises:
        FetchError: it is none of these, or it is made to do harm; the message follows its address.
    """
    root = _parse(_unpacked(data, max_bytes) if data.startswith(b"\x1f\x8b") else data)
    match _name(root):
        case "urlset":
            return Listing("sitemap", tuple(_locations(root, "url")))
        case "sitemapindex":
            return Listing("index", tuple(_locations(root, "sitemap")))
        case "rss" | "RDF":
            items = [node for node in root.iter() if _name(node) == "item"]
            return Listing("feed", tuple(filter(None, map(_rss_entry, items))))
        case "feed":
            items = [node for node in root if _name(node) == "entry"]
            return Listing("feed", tuple(filter(None, map(_atom_entry, items))))
    raise FetchError("is no sitemap and no feed")


def page_of(entry: Entry) -> bytes:
    """Return the content of an entry as a page."""
    title = escape(entry.title)
    head = f'<!doctype html>\n<html><head><meta charset="utf-8"><title>{title}</title></head>'
    return f"{head}<body><main><h1>{title}</h1>\n{entry.content}\n</main></body></html>\n".encode("utf-8", "replace")


def _unpacked(data: bytes, max_bytes: int) -> bytes:
    unpacked = bytearray()
    try:
        for part in unpack([data]):
            unpacked += part
            if len(unpacked) > max_bytes:
                raise FetchError(f"unpacks to more than {max_bytes / 1_000_000:,.3g} MB: raise MAX_FILE_MB")
    except zlib.error as error:
        raise FetchError("is packed, and damaged: try again later") from error
    return bytes(unpacked)


def _parse(data: bytes) -> Element:
    builder = TreeBuilder()
    parser = expat.ParserCreate(namespace_separator="}")
    parser.buffer_text = True
    depth = 0

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > MAX_DEPTH:
            raise FetchError(f"nests its elements more than {MAX_DEPTH} deep, as no feed does")
        builder.start(_qualified(name), {_qualified(key): value for key, value in attributes.items()})

    def end(name: str) -> None:
        nonlocal depth
        depth -= 1
        builder.end(_qualified(name))

    def refuse(*_: object) -> None:
        raise FetchError("declares a document type or entities, as XML bombs do: ask its author to leave them out")

    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.CharacterDataHandler = builder.data
    parser.StartDoctypeDeclHandler = parser.EntityDeclHandler = refuse
    try:
        parser.Parse(data, True)
    except (expat.ExpatError, LookupError, ValueError) as error:
        raise FetchError(f"is not valid XML ({error}): ask its author to mend it") from error
    return builder.close()


def _qualified(name: str) -> str:
    return f"{{{name}" if "}" in name else name


def _name(node: Element) -> str:
    return str(node.tag).rpartition("}")[2]


def _child(node: Element, *names: str) -> Element | None:
    """Return the first child with the first of these names that there is."""
    return next((child for name in names for child in node if _name(child) == name), None)


def _text(node: Element, *names: str) -> str:
    child = _child(node, *names)
    return " ".join("".join(child.itertext()).split()) if child is not None else ""


def _locations(root: Element, name: str) -> Iterator[Entry]:
    for node in root:
        if _name(node) == name and (link := _text(node, "loc")):
            yield Entry(link)  # lastmod often tells when the site was put up: it is no date of an article


def _rss_entry(node: Element) -> Entry | None:
    identity = _child(node, "guid")
    link = _text(node, "link")
    if not link and identity is not None and identity.get("isPermaLink", "true") != "false":
        link = _text(node, "guid")
    encoded = next((c for c in node if c.tag == "{http://purl.org/rss/1.0/modules/content/}encoded"), None)
    content = "".join(encoded.itertext()) if encoded is not None else ""
    return _entry(link, _text(node, "title"), _text(node, "pubDate", "date", "modified"), content)


def _atom_entry(node: Element) -> Entry | None:
    links = [c for c in node if _name(c) == "link" and c.get("rel", "alternate") == "alternate" and c.get("href")]
    links.sort(key=lambda c: "html" not in c.get("type", "html"))
    link = links[0].get("href", "") if links else ""
    content = _child(node, "content")
    return _entry(link, _text(node, "title"), _text(node, "updated", "published"), _atom_content(content))


def _atom_content(node: Element | None) -> str:
    """Return the content of an entry as HTML, in each of the ways of RFC 4287, 4.1.3."""
    kind = node.get("type", "text") if node is not None else ""
    if node is None or node.get("src"):
        return ""
    if kind in ("html", "text/html"):
        return "".join(node.itertext())
    if kind == "xhtml":
        for part in node.iter():
            part.tag = _name(part)
        return "".join(tostring(part, encoding="unicode", method="html") for part in node)
    if kind in ("text", "text/plain"):
        return "".join(f"<p>{escape(part)}</p>\n" for part in re.split(r"\n\s*\n", "".join(node.itertext())))
    return ""


def _entry(link: str, title: str, date: str, content: str) -> Entry | None:
    if not link.strip():
        return None
    said = " ".join(_TAG.sub(" ", content).split())
    is_whole = len(said) >= MIN_WHOLE and not _GOES_ON.search(said)
    return Entry(link.strip(), _TAG.sub("", title).strip(), _day(date), content if is_whole else "")


def _day(text: str) -> str | None:
    """Return the day of a date as sitemaps and Atom (ISO 8601) or RSS (RFC 822) write it."""
    if found := _DAY.match(text.strip()):
        return found[0]
    try:
        when = parsedate_to_datetime(text)
        return (when if when.tzinfo is None else when.astimezone(UTC)).date().isoformat()
    except (ValueError, OverflowError):
        return None
