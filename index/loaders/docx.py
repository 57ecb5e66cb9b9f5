"""Read a Word document: its paragraphs, lists, tables and notes, under its headings."""

import io
import re
import zipfile
import zlib
from xml.parsers.expat import ExpatError

import mammoth
from selectolax.lexbor import LexborHTMLParser

from index.loaders.loaded import Loaded, UnreadableError
from index.loaders.markup import INVISIBLE, read_blocks
from index.loaders.sections import write_blocks

MAX_UNPACKED = 100_000_000
"""Bytes of XML that an archive may hold: ten times the longest novel. A bomb of 42 kB unpacks to gigabytes."""

_OLE = b"\xd0\xcf\x11\xe0"  # starts a file of Word 97 to 2003, and an encrypted one
_DECLARATION = re.compile(rb"<\0?!\0?(?:D\0?O\0?C\0?T\0?Y\0?P\0?E|E\0?N\0?T\0?I\0?T\0?Y)")  # UTF-8 or UTF-16
_STYLES = "p[style-name='Title'] => h1:fresh\np[style-name='Subtitle'] => p:fresh"
_NOTE_LINK = "a[href^='#footnote-ref'], a[href^='#endnote-ref'], sup:has(a[href^='#footnote-'], a[href^='#endnote-'])"


def load(data: bytes) -> list[Loaded]:
    """Return the text of the document.

    Raises:
        UnreadableError: it is encrypted, damaged, no .docx, or an attack.
    """
    if data.startswith(_OLE):
        raise UnreadableError("is encrypted, or a .doc of Word 97 to 2003: save it as .docx without a password")
    damaged = "is damaged or is not a .docx: open it in a word processor and save it again"
    try:
        _refuse_bombs(data)
        html = mammoth.convert_to_html(io.BytesIO(data), style_map=_STYLES, convert_image=lambda image: []).value
    except (zipfile.BadZipFile, zlib.error, EOFError, ExpatError, KeyError, OSError) as error:
        raise UnreadableError(damaged) from error
    tree = LexborHTMLParser(html)
    if tree.body is None:
        raise UnreadableError(damaged)
    for mark in tree.css(_NOTE_LINK):
        mark.decompose()
    text, sections = write_blocks(read_blocks(tree.body, lambda node: node.tag in INVISIBLE))
    return [Loaded(text, sections=sections)]


def _refuse_bombs(data: bytes) -> None:
    """Check every part of the archive that will be parsed, before any is."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = [part for part in archive.infolist() if part.filename.endswith((".xml", ".rels"))]
        if sum(part.file_size for part in parts) > MAX_UNPACKED:
            raise UnreadableError(f"unpacks to more than {MAX_UNPACKED // 1_000_000} MB, as zip bombs do")
        for part in parts:  # reads no more than the size that the part declares
            if part.flag_bits & 1:
                raise UnreadableError("is encrypted: save it without a password")
            if _DECLARATION.search(archive.read(part)):
                raise UnreadableError("declares XML entities, as no word processor does and XML bombs do")
