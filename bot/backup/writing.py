"""Write an archive beside its place, and move it there once it is whole.

    DATA_DIR, calibration, glossaries ──▶ .NAME.…part/ ──▶ NAME

A process that is killed leaves that folder behind, and nothing under the name.
"""

import hashlib
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from bot.backup.contents import Contents, Learned, Source, find_contents
from bot.backup.databases import check_copy, copy_database
from bot.backup.manifest import BLOCK, FORMAT, MAX_MEMBERS, PROGRAM, Manifest, Member, encode
from bot.backup.names import MANIFEST, SETTINGS, is_allowed, is_page
from bot.backup.settings_file import changed_settings
from bot.config import BotSettings
from bot.errors import BackupError
from bot.version import program_version
from index.build import Progress


def write_backup(
    settings: BotSettings,
    kept: BotSettings,
    target: Path,
    *,
    with_seeds: bool = False,
    force: bool = False,
    progress: Progress | None = None,
) -> Manifest:
    """Write an archive that its owner alone can read; the bot may run meanwhile.

    Args:
        settings: the folders.
        kept: the settings that are written down, as they are without options of the command line.
        target: the archive.
        with_seeds: whether the articles belong to it.
        force: whether a file that is there may be replaced.
        progress: is told the bytes.

    Raises:
        BackupError: something cannot be read or written, or the file is there.
        FetchError: another command is at work on the pages.
    """
    progress = progress or Progress()
    contents = find_contents(settings, with_seeds=with_seeds)
    if not (contents.databases or contents.learned or contents.articles or contents.files):
        raise BackupError(f"there is nothing to back up: {settings.data_dir} holds no file of the bot's")
    _refuse_existing(target, force)
    with _translated(target), _beside(target) as folder:
        progress.start(contents.bytes)
        whole = folder / "archive"
        with os.fdopen(os.open(whole, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            manifest = _Writer(file, folder, progress.advance).write(contents, kept, with_seeds)
            file.flush()
            os.fsync(file.fileno())
        _refuse_existing(target, force)
        whole.replace(target)
        sync_names(target.parent)
    return manifest


def left_out(with_seeds: bool, secrets: Sequence[str]) -> list[str]:
    """Return what is in no archive, and why."""
    articles = [] if with_seeds else ["the articles, which --with-seeds puts in"]
    database = "what the database of DATABASE_URL holds (journal, rules, answers taught), which pg_dump copies"
    return [
        *([database] if "DATABASE_URL" in secrets else []),
        "the index, which `babillard index rebuild` builds again",
        *articles,
        *(f"{name}, which is secret" for name in secrets),
    ]


def sync_names(folder: Path) -> None:
    """Wait until the names in a folder are on the disk, where the system can."""
    if os.name == "posix":
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


class _Writer:
    """Writes the members of one archive."""

    def __init__(self, file: BinaryIO, folder: Path, advance: Callable[[int], None]) -> None:
        self._archive = ZipFile(file, "w", ZIP_DEFLATED)
        self._folder, self._advance = folder, advance
        self._members: list[Member] = []
        self._left_out: list[str] = []

    def write(self, contents: Contents, kept: BotSettings, with_seeds: bool) -> Manifest:
        holds: dict[str, int] = {}
        with self._archive:
            for kind, source in contents.databases:
                copy = self._folder / kind.file
                copy_database(source.path, copy)
                holds[kind.rows] = check_copy(copy, kind)
                self._add(Source(source.name, copy))
                copy.unlink()
            for source in (*contents.files, *contents.articles):
                self._add(source)
            for learned in contents.learned:
                for source in self._copies(learned):
                    self._add(source)
                    source.path.unlink(missing_ok=True)
            text, secrets = changed_settings(kept)
            self._write(SETTINGS, text.encode())
            holds["pages"] = sum(is_page(member.name) for member in self._members)
            holds["articles"] = len(contents.articles) if with_seeds else 0
            without = [*left_out(with_seeds, secrets), *self._left_out]
            created = datetime.now(UTC).isoformat("T", "seconds")
            manifest = Manifest(PROGRAM, FORMAT, program_version(), created, holds, without, self._members)
            self._archive.writestr(_info(MANIFEST), encode(manifest))
        return manifest

    def _copies(self, learned: Learned) -> list[Source]:
        """Return the files of a layer as they are at one moment, so that whoever changes them waits for that alone."""
        copies = []
        with learned.unchanged() as sources, _translated(self._folder):
            for number, source in enumerate(sources):
                copy = self._folder / str(number)
                with suppress(FileNotFoundError):  # tables of what was taught are written without that lock
                    _link(source.path, copy)
                    copies.append(Source(source.name, copy))
        return copies

    def _add(self, source: Source) -> None:
        """Write a file as a member; one that is gone meanwhile, or whose name no archive takes, is told."""
        if not is_allowed(source.name):
            name = source.name.encode("utf-8", "replace").decode()
            self._left_out.append(f"{name}, whose name is not UTF-8 or cannot be restored: rename it")
            return
        try:
            file = source.path.open("rb")
        except FileNotFoundError:
            return
        with file:
            size = os.fstat(file.fileno()).st_size
            self._write_from(source.name, file, size)

    def _write(self, name: str, data: bytes) -> None:
        self._count()
        self._archive.writestr(_info(name), data)
        self._members.append(Member(name, len(data), hashlib.sha256(data).hexdigest()))

    def _write_from(self, name: str, file: BinaryIO, size: int) -> None:
        """Write so many bytes of a file, or fewer where it has become shorter."""
        self._count()
        digest, left = hashlib.sha256(), size
        info = _info(name)
        info.file_size = size  # tells whether the member needs the large form
        with self._archive.open(info, "w") as member:
            while left and (block := file.read(min(BLOCK, left))):
                member.write(block)
                digest.update(block)
                left -= len(block)
                self._advance(len(block))
        self._members.append(Member(name, size - left, digest.hexdigest()))

    def _count(self) -> None:
        if len(self._members) >= MAX_MEMBERS:
            raise BackupError(
                f"there are more than {MAX_MEMBERS:,} files: leave --with-seeds out, and copy the articles"
            )


def _link(source: Path, copy: Path) -> None:
    """Keep a file that is only ever replaced whole; on another disk, copy it."""
    try:
        copy.hardlink_to(source)
    except FileNotFoundError:
        raise
    except OSError:
        shutil.copyfile(source, copy)


def _info(name: str) -> ZipInfo:
    info = ZipInfo(name, time.localtime()[:6])
    info.compress_type = ZIP_DEFLATED
    info.external_attr = 0o600 << 16
    return info


def _refuse_existing(target: Path, force: bool) -> None:
    if target.is_dir():
        raise BackupError(f"{target} is a folder: name a file in it")
    if target.exists() and not force:
        raise BackupError(f"{target} is there already: name another file, or replace it with --force")


@contextmanager
def _beside(target: Path) -> Iterator[Path]:
    """Give a folder beside a file, for its owner alone, and remove it."""
    folder = Path(tempfile.mkdtemp(prefix=f".{target.name}.", suffix=".part", dir=target.parent))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _translated(target: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        where = error.filename or target
        raise BackupError(f"the backup is not written: {where}: {error.strerror}") from error
