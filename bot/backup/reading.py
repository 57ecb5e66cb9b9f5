"""Read an archive that may be damaged, or made to do harm: all of it is checked before a file is taken out.

What is taken out lies in a folder of its own, under the names of `bot.backup.names`, until all of it is known to be
what the manifest tells.
"""

import hashlib
import os
import shutil
import stat
import struct
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from bot.backup.databases import KINDS, check_copy
from bot.backup.manifest import BLOCK, MAX_MEMBERS, Manifest, Member, decode
from bot.backup.names import DATA, MANIFEST, is_allowed
from bot.errors import BackupError, FetchError
from bot.fetching.pages import PageStore
from index.build import Progress
from index.fetched import LEARNED

MAX_MANIFEST = 50_000_000  # bytes: 100,000 members with names of 300 characters

MAX_DIRECTORY = 50_000_000  # bytes of the list of members, of which each takes 46 and its name

SPARE = 100_000_000  # bytes that are left free on the disk

_END = struct.Struct("<4s4H2LH")  # APPNOTE.TXT of PKWARE, 4.3.16: the end of the list of members
_LARGE_END = struct.Struct("<4sQ2H2L4Q")  # 4.3.14: the same for large archives
_LARGE_PLACE = struct.Struct("<4sLQL")  # 4.3.15: where that is

_DAMAGE = (BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError, struct.error, OverflowError)
"""What `zipfile` raises for an archive that is not as it should be; RuntimeError where a member has a password."""


class Archive:
    """An archive whose list of members is known to be that of its manifest."""

    def __init__(self, path: Path) -> None:
        """Open it.

        Raises:
            BackupError: it is no backup, damaged, of a later version, or holds what no backup does.
        """
        self.path = path
        with self._faults():
            self._file = path.open("rb")
        try:
            with self._faults():
                _check_directory(self._file)
                self._zip = ZipFile(self._file)
                self.manifest = self._checked()
        except BaseException:
            self._file.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._zip.close()
        self._file.close()

    def extract(self, folder: Path, progress: Progress | None = None) -> dict[str, int]:
        """Take all members out into an empty folder, and check them; return how much each database holds.

        Raises:
            BackupError: a member is not what the manifest tells, or cannot be written.
        """
        progress = progress or Progress()
        progress.start(self.manifest.bytes)
        with self._faults():
            free = shutil.disk_usage(folder).free - SPARE
            if self.manifest.bytes > free:
                raise BackupError(f"{self.manifest.bytes / 1e6:,.0f} MB are needed in {folder.parent}: make room")
            for member in self.manifest.members:
                self._take_out(member, folder, progress)
        return self._read_back(folder)

    def _checked(self) -> Manifest:
        infos = self._zip.infolist()
        if len(infos) > MAX_MEMBERS + 1:
            raise BackupError(f"it holds more than {MAX_MEMBERS:,} files")
        by_name = {info.filename: info for info in infos}
        if len(by_name) < len(infos):
            raise ValueError("a name stands in it twice")
        if MANIFEST not in by_name:
            raise BackupError("it holds no manifest.json, and is no backup of Babillard")
        for info in infos:
            _check_info(info)
        manifest = decode(self._manifest(by_name.pop(MANIFEST)))
        told = {member.name: member.bytes for member in manifest.members}
        if len(told) < len(manifest.members):
            raise ValueError("its manifest tells a name twice")
        for name in sorted(told.keys() | by_name.keys()):
            if not is_allowed(name):
                raise BackupError(f"it holds {name[:200]!r}, which no backup does: nothing is restored from it")
        if told != {name: info.file_size for name, info in by_name.items()}:
            raise ValueError("its files are not those of its manifest")
        return manifest

    def _manifest(self, info: ZipInfo) -> bytes:
        if info.file_size > MAX_MANIFEST:
            raise ValueError("its manifest is too large")
        with self._zip.open(info) as member:
            return member.read(MAX_MANIFEST)

    def _take_out(self, member: Member, folder: Path, progress: Progress) -> None:
        target = folder / member.name
        if not target.resolve().is_relative_to(folder.resolve()):  # a name that this system reads otherwise
            raise BackupError(f"{member.name!r} leads out of its folder: nothing is restored")
        target.parent.mkdir(parents=True, exist_ok=True)
        digest, left = hashlib.sha256(), member.bytes
        descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file, self._zip.open(member.name) as data:
            while block := data.read(min(BLOCK, left + 1)):
                left -= len(block)
                if left < 0:
                    break
                file.write(block)
                digest.update(block)
                progress.advance(len(block))
            file.flush()
            os.fsync(file.fileno())
        if left or digest.hexdigest() != member.sha256:
            raise ValueError(f"{member.name} is not what was written")

    def _read_back(self, folder: Path) -> dict[str, int]:
        """Let what was taken out pass where this program can read it."""
        held = {}
        with self._faults():
            for kind in KINDS:
                if (copy := folder / DATA / kind.file).is_file():
                    held[kind.rows] = check_copy(copy, kind)
            learned = folder / DATA / LEARNED
            for part in sorted(learned.iterdir()) if learned.is_dir() else []:
                PageStore(part).read()
        return held

    @contextmanager
    def _faults(self) -> Iterator[None]:
        """Turn what goes wrong into one sentence that names the archive."""
        try:
            yield
        except (BackupError, FetchError) as error:
            raise BackupError(f"{self.path} cannot be restored: {error}") from error
        except OSError as error:
            where = f"{error.filename}: " if error.filename else ""
            raise BackupError(f"{self.path} cannot be restored: {where}{error.strerror or error}") from error
        except _DAMAGE as error:
            raise BackupError(
                f"{self.path} is damaged, or no backup of Babillard ({error}): nothing is restored from it"
            ) from error


def _check_directory(file: BinaryIO) -> None:
    """Let an archive pass whose list of members is short enough to be read into memory, and ends the file."""
    size = file.seek(0, os.SEEK_END)
    if size < _END.size:
        raise BadZipFile("it is too short")
    file.seek(-_END.size, os.SEEK_END)
    mark, *_, length, _start, comment = _END.unpack(file.read(_END.size))
    if mark != b"PK\x05\x06" or comment:
        raise BadZipFile("its end is missing")
    if size >= _END.size + _LARGE_PLACE.size:
        file.seek(-_END.size - _LARGE_PLACE.size, os.SEEK_END)
        mark, _, place, _ = _LARGE_PLACE.unpack(file.read(_LARGE_PLACE.size))
        if mark == b"PK\x06\x07":
            if place > size - _LARGE_END.size:
                raise BadZipFile("its end is damaged")
            file.seek(place)
            length = _LARGE_END.unpack(file.read(_LARGE_END.size))[-2]
    if length > MAX_DIRECTORY:
        raise BadZipFile("its list of files is too long")
    file.seek(0)


def _check_info(info: ZipInfo) -> None:
    kind = stat.S_IFMT(info.external_attr >> 16)
    if info.is_dir() or kind not in (0, stat.S_IFREG):
        raise BackupError(f"it holds {info.filename[:200]!r}, which is no plain file: nothing is restored from it")
    if info.compress_type not in (ZIP_STORED, ZIP_DEFLATED) or info.flag_bits & 0x1:
        raise ValueError("a file in it is packed in another way")
