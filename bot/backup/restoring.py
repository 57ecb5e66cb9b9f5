"""Restore an archive: check it, see that nobody is at work, take it out beside its place, and put it there."""

import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock, Timeout

from bot.backup.databases import held
from bot.backup.manifest import Manifest
from bot.backup.placing import different, in_the_way, place
from bot.backup.reading import Archive
from bot.config import BotSettings
from bot.errors import BackupError
from bot.fetching.refreshing import refreshing
from index.build import Progress

STAGE = ".restoring-"  # begins the name of the folder in DATA_DIR into which an archive is taken out


@dataclass(frozen=True, slots=True)
class Restored:
    """What a restore did."""

    manifest: Manifest
    held: Mapping[str, int]  # "questions", "servers", … -> how many there are now
    aside: Path | None  # the folder that keeps what was there


def restore_backup(
    settings: BotSettings, path: Path, *, force: bool = False, progress: Progress | None = None
) -> Restored:
    """Put all that an archive holds into the folders of the settings.

    Args:
        settings: the folders.
        path: of the archive.
        force: whether what is there may be put aside.
        progress: is told the bytes.

    Raises:
        BackupError: the archive cannot be used, a bot is running, or something is there; nothing was changed.
        FetchError: pages are being refreshed.
    """
    data = settings.data_dir
    with Archive(path) as archive:
        _refuse(in_the_way(settings), force)
        with _alone(data) as folder, held(data), refreshing(settings):
            counts = archive.extract(folder, progress)
            _refuse(different(folder, settings), force)
            aside = place(folder, settings)
    return Restored(archive.manifest, counts, aside)


@contextmanager
def _alone(data: Path) -> Iterator[Path]:
    """Give an empty folder in the data folder, and remove it, with those that killed restores left."""
    lock = FileLock(data / f"{STAGE}lock")
    try:
        data.mkdir(parents=True, exist_ok=True)
        lock.acquire(timeout=0)
    except Timeout as error:
        raise BackupError(f"another restore is at work in {data}: wait until it ends") from error
    except OSError as error:
        raise BackupError(f"{data} cannot be written ({error.strerror}): check DATA_DIR") from error
    try:
        _remove_stages(data)
        yield Path(tempfile.mkdtemp(prefix=STAGE, dir=data))
    finally:
        _remove_stages(data)
        lock.release()


def _remove_stages(data: Path) -> None:
    for path in data.glob(f"{STAGE}*"):
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)


def _refuse(there: list[Path], force: bool) -> None:
    if there and not force:
        named = ", ".join(map(str, there[:3])) + (f" and {len(there) - 3} more" if len(there) > 3 else "")
        raise BackupError(f"{named} would be replaced: --force keeps what is there aside, and restores")
