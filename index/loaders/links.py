"""Write links as the text of a document has them: `[words](https://…)`."""

import re
from urllib.parse import urljoin

_PAGE = re.compile(r"https?://[^\s/?#]", re.IGNORECASE)
_ADDRESS = re.compile(r"[^\s()<>]*(?:\([^\s()<>]*\)[^\s()<>]*)*")
_ENCODED = {"(": "%28", ")": "%29", "<": "%3C", ">": "%3E"}


def absolute(href: str, base: str = "") -> str:
    """Return the address of the page that `href` leads to; "" where that is unknown, or is no other page.

    Args:
        href: as written: relative, a mere `#fragment`, `mailto:…`.
        base: address of the page that holds it; "" if unknown.
    """
    href = "".join(href.split("\n")).replace("\t", "").strip()
    if not href or href.startswith("#"):
        return ""
    try:
        address = urljoin(base, href) if _PAGE.match(base) else href
    except ValueError:  # "https://[", say
        return ""
    if not _PAGE.match(address):
        return ""
    address = re.sub(r"\s", "%20", address)
    if _ADDRESS.fullmatch(address):
        return address
    return re.sub(r"[()<>]", lambda found: _ENCODED[found[0]], address)


def link(words: str, address: str) -> str:
    """Return the words with the address that they lead to; alone where there is none, or where they are the address."""
    if not address or not re.search(r"\w", words) or words.rstrip("/") == address.rstrip("/"):
        return words
    return f"[{re.sub(r'[][]', '', words)}]({address})"
