"""Tell what came: a page and its format, a list of pages, or something that no loader reads."""

import re
from pathlib import PurePosixPath

from bot.errors import FetchError
from bot.fetching.client import Reply
from index.loaders.formats import SUFFIXES, unread_reason

_HTML = ".html"
_SUFFIX_OF = {
    "text/html": _HTML,
    "application/xhtml+xml": _HTML,
    "text/markdown": ".md",
    "text/x-markdown": ".md",
    "text/x-rst": ".rst",
    "text/prs.fallenstein.rst": ".rst",
    "text/csv": ".csv",
    "text/tab-separated-values": ".tsv",
    "text/vtt": ".vtt",
    "application/x-subrip": ".srt",
    "application/pdf": ".pdf",
    "application/x-pdf": ".pdf",
    "application/epub+zip": ".epub",
    "application/jsonl": ".jsonl",
    "application/x-ndjson": ".jsonl",
    "message/rfc822": ".eml",
    "application/vnd.oasis.opendocument.text": ".odt",
    "application/vnd.oasis.opendocument.presentation": ".odp",
    "application/vnd.oasis.opendocument.spreadsheet": ".ods",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation": ".pptx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": ".xlsx",
}
_VAGUE = frozenset(["", "text/plain", "application/octet-stream", "binary/octet-stream", "application/force-download"])
_XML = re.compile(r"(?:application|text)/(?:[\w.-]+\+)?xml")
_PACKED = frozenset(["application/gzip", "application/x-gzip"])
_LIST_ROOT = re.compile(rb"<(?:[\w.-]{1,40}:)?(?:rss|feed|RDF|urlset|sitemapindex)[\s>]")
_HTML_START = re.compile(
    rb"(?is)(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]{0,200}>\s*)?(?:<!--.{0,500}?-->\s*)?<(?:!doctype\s+html|html)\b"
)

_SNIFFED = 2_048  # bytes at the start that are looked at; a list may open with a long comment


def is_list(reply: Reply) -> bool:
    """Whether a reply is a sitemap or a feed; a packed one is taken for a sitemap."""
    if reply.media_type in _PACKED or reply.body.startswith(b"\x1f\x8b"):
        return True
    start = reply.body[:_SNIFFED].replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")  # UTF-16, too
    if _LIST_ROOT.match(start):
        return True
    is_xml = bool(_XML.fullmatch(reply.media_type)) or start.startswith(b"<?xml")
    return is_xml and not _HTML_START.search(start) and bool(_LIST_ROOT.search(start))


def suffix_of(reply: Reply) -> str:
    """Return the suffix under which a loader reads a page.

    A server often does not know what a file is, and calls it plain text or bytes: then its name tells, or its first
    bytes.

    Raises:
        FetchError: no loader reads it.
    """
    kind = reply.media_type
    named = PurePosixPath(reply.address.path).suffix.lower()
    if suffix := _SUFFIX_OF.get(kind):
        return suffix
    if kind in _VAGUE or _XML.fullmatch(kind):
        if named in SUFFIXES and kind != "text/xml":
            return named
        if _HTML_START.match(reply.body[:_SNIFFED]):
            return _HTML
        if reply.body.startswith(b"%PDF-"):
            return ".pdf"
        if kind == "text/plain":
            return ".txt"
    why = unread_reason(f"x{named}") if named and named not in SUFFIXES else None
    advice = (why or "").partition(": ")[2] or "give the address of a page"
    raise FetchError(f"{reply.address} is {kind or 'of no kind that it tells'}, which is not read: {advice}")
