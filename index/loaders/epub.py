"""Read an e-book: its chapters, in the order in which they are read."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from posixpath import dirname, join, normpath
from urllib.parse import unquote

from selectolax.lexbor import LexborHTMLParser, LexborNode

from index.blocks import Block
from index.loaders.decoding import decode
from index.loaders.loaded import Loaded, UnreadableError
from index.loaders.markup import INVISIBLE, read_blocks
from index.loaders.office.archive import Archive, Element

_CHAPTERS = ("application/xhtml+xml", "text/html")
_NOT_SAID = frozenset("pagebreak noteref doc-pagebreak doc-noteref doc-backlink backlink".split())  # marks and numbers


def load(data: bytes) -> list[Loaded]:
    """Return the one text of the book.

    Raises:
        UnreadableError: it is protected, damaged, not an .epub, or made to do harm.
    """
    with Archive.opened(data, ".epub") as archive:
        container = archive.xml("META-INF/container.xml")
        name = next(node.get("full-path", "") for node in container.iter("rootfile"))
        package = archive.xml(name)
        left_out: Counter[str] = Counter()
        blocks: list[Block] = []
        frames = 0
        for chapter in _chapters(archive, package, dirname(name)):
            read = _read(archive.read(chapter), left_out)
            blocks += [replace(block, frame=block.frame + frames) if block.frame else block for block in read]
            frames += max([0, *(block.frame for block in read)])
        said = {tag: _said(package, tag) for tag in ("title", "language", "date", "source")}
        return [
            Loaded(tuple(blocks), said["title"], said["language"], _address(said["source"]), left_out=dict(+left_out))
        ]


def _chapters(archive: Archive, package: Element, folder: str) -> Iterator[str]:
    """Yield the names of the parts of the book that hold text, but for its table of contents.

    Raises:
        UnreadableError: they are encrypted.
    """
    rights = archive.optional_xml("META-INF/encryption.xml")
    locked = {unquote(node.get("URI", "")) for node in rights.iter("CipherReference")} if rights is not None else set()
    parts = {node.get("id", ""): node for node in package.iter("item")}
    for reference in package.iter("itemref"):
        part = parts.get(reference.get("idref", ""))
        if part is None or part.get("media-type") not in _CHAPTERS or "nav" in part.get("properties", "").split():
            continue
        name = normpath(join(folder, unquote(part.get("href", ""))))
        if name in locked:
            raise UnreadableError("is protected against copying: use a copy without protection")
        if name in archive.names:
            yield name


def _read(data: bytes, left_out: Counter[str]) -> list[Block]:
    found = decode(data, "utf-8")
    left_out.update(found.left_out)
    tree = LexborHTMLParser(found.text)
    if tree.body is None:
        return []

    def is_dropped(node: LexborNode) -> bool:
        if node.tag in INVISIBLE:
            return True
        attributes = node.attributes
        if "hidden" in attributes or "display:none" in (attributes.get("style") or "").replace(" ", "").lower():
            left_out["hidden texts"] += 1
            return True
        return (attributes.get("epub:type") or attributes.get("role")) in _NOT_SAID

    return read_blocks(tree.body, is_dropped, "")


def _said(package: Element, tag: str) -> str | None:
    """Return what the book says of itself."""
    node = next(package.iter(tag), None)
    return " ".join((node.text or "").split()) or None if node is not None else None


def _address(source: str | None) -> str | None:
    return source if source and source.startswith(("https://", "http://")) else None
