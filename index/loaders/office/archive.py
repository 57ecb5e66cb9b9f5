"""Open the zip archives that office files and e-books are, within bounds."""

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from posixpath import dirname, join, normpath
from typing import NamedTuple, Self
from urllib.parse import unquote
from xml.etree import ElementTree

from index.loaders.loaded import UnreadableError

MAX_UNPACKED = 100_000_000
"""Bytes that are unpacked of one file: ten times the characters of the longest novel. A bomb of 42 kB unpacks to
gigabytes."""

Element = ElementTree.Element

_OLE = b"\xd0\xcf\x11\xe0"  # opens the files of Office 97 to 2003, and the envelope of an encrypted one
_DECLARATION = re.compile(rb"<\0?!\0?(?:D\0?O\0?C\0?T\0?Y\0?P\0?E|E\0?N\0?T\0?I\0?T\0?Y)")  # UTF-8 or UTF-16
_POINTERS = frozenset(["id", "embed", "link", "dm", "pict"])
_RELATIONS = "/relationships}"  # ends the namespace of what points to other parts, in either edition of OOXML


class Relation(NamedTuple):
    """What a part of an Office file points to."""

    kind: str  # "hyperlink", "header", "slide", …
    target: str  # a part of the archive, or an address
    is_external: bool


class Archive:
    """The parts of a file that is a zip archive; each is checked before it is parsed."""

    def __init__(self, data: bytes, kind: str) -> None:
        """Open the archive.

        Args:
            data: the file.
            kind: its suffix, for messages.

        Raises:
            UnreadableError: it is encrypted, or no zip archive.
        """
        self._damage = f"is damaged or is not a {kind}: open it in the program that wrote it and save it again"
        self._left = MAX_UNPACKED
        if data.startswith(_OLE):
            raise UnreadableError(f"is encrypted, or of Office 97 to 2003: save it as {kind} without a password")
        with self._guarded():
            self._zip = zipfile.ZipFile(io.BytesIO(data))
        self.names = frozenset(self._zip.namelist())

    @classmethod
    @contextmanager
    def opened(cls, data: bytes, kind: str) -> Iterator[Self]:
        """Yield the archive; what is wrong with its parts is told as `UnreadableError`.

        Raises:
            UnreadableError: it is encrypted, damaged, of another kind, or made to do harm.
        """
        archive = cls(data, kind)
        with archive._guarded():
            yield archive

    def read(self, name: str) -> bytes:
        """Return a part.

        Raises:
            KeyError: there is no such part.
            UnreadableError: it is encrypted, or unpacks to too much.
        """
        part = self._zip.getinfo(name)
        if part.flag_bits & 1:
            raise UnreadableError("is encrypted: save it without a password")
        self._left -= part.file_size  # reading stops at the size that the part declares
        if self._left < 0:
            raise UnreadableError(f"unpacks to more than {MAX_UNPACKED // 1_000_000} MB, as zip bombs do")
        return self._zip.read(part)

    def xml(self, name: str) -> Element:
        """Return the root of an XML part; its names carry no namespace, but for `r:id` and its like.

        Raises:
            KeyError: there is no such part.
            UnreadableError: it is encrypted, unpacks to too much, or declares entities.
        """
        data = self.read(name)
        if _DECLARATION.search(data):
            raise UnreadableError("declares XML entities, as no office program does and XML bombs do")
        root = ElementTree.fromstring(data)  # noqa: S314 - no declaration, so no entities
        for node in root.iter():
            node.tag = _bare(node.tag)
            if node.keys():
                node.attrib = {_bare(name): value for name, value in node.items()}
        return root

    def optional_xml(self, name: str | None) -> Element | None:
        """Return the root of an XML part; None when there is no such part."""
        return self.xml(name) if name in self.names and name is not None else None

    def relations(self, name: str) -> dict[str, Relation]:
        """Return id -> what a part of an Office file points to; "" stands for the file itself."""
        folder = dirname(name)
        root = self.optional_xml(join(folder, "_rels", name.rpartition("/")[2] + ".rels"))
        relations = {}
        for node in root.iter("Relationship") if root is not None else ():
            target = node.get("Target", "")
            is_external = node.get("TargetMode") == "External"
            if not is_external:
                target = normpath(join(folder, unquote(target))) if target[:1] != "/" else unquote(target[1:])
            relations[node.get("Id", "")] = Relation(node.get("Type", "").rpartition("/")[2], target, is_external)
        return relations

    def main_part(self, fallback: str) -> str:
        """Return the name of the part that an Office file opens with."""
        targets = [r.target for r in self.relations("").values() if r.kind == "officeDocument"]
        return targets[0] if targets else fallback

    @contextmanager
    def _guarded(self) -> Iterator[None]:
        try:
            yield
        except (zipfile.BadZipFile, zlib.error, EOFError, KeyError, OSError, ValueError, NotImplementedError) as error:
            raise UnreadableError(self._damage) from error
        except ElementTree.ParseError as error:
            raise UnreadableError(self._damage) from error
        except RecursionError as error:
            raise UnreadableError("nests its parts hundreds deep, as no office program does") from error


@lru_cache(1000)
def _bare(name: str) -> str:
    """Return a name without its namespace: editions of a format differ in it, and one file mixes several."""
    space, _, bare = name.rpartition("}")
    return f"r:{bare}" if bare in _POINTERS and f"{space}}}".endswith(_RELATIONS) else bare
