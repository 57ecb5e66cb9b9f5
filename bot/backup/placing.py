"""Put what was taken out of an archive into its place, each file or folder in one step; what was there goes aside."""

import filecmp
import os
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from bot.answering.readers.own_calibration import FILE_NAME as CALIBRATION
from bot.backup.databases import BESIDE, KINDS
from bot.backup.names import DATA, INDEX, PRIVATE, SECRET, SEEDS, SETTINGS
from bot.config import BotSettings
from bot.errors import BackupError
from index.fetched import LEARNED

ASIDE = "before-restore-"  # begins the name of the folder in DATA_DIR that keeps what was there

COMMANDS = "commands.sha256"
"""Which commands Discord has, as `bot.discord.client` keeps it: after a restore they are sent anew."""

RESTORED = "restored.env"  # in the data folder

OWNED = (SECRET, *(kind.file for kind in KINDS), LEARNED, COMMANDS, RESTORED)
"""What a restore replaces in the data folder, in this order: the secret of the journal is there before its rows are."""


def in_the_way(settings: BotSettings) -> list[Path]:
    """Return what of the bot is in the data folder already."""
    return [path for name in OWNED if (path := settings.data_dir / name).exists() and name not in (COMMANDS, RESTORED)]


def different(folder: Path, settings: BotSettings) -> list[Path]:
    """Return the files outside of the data folder that a restore would replace by others."""
    return [target for source, target in _outside(folder, settings) if target.exists() and not _same(source, target)]


def place(folder: Path, settings: BotSettings, now: datetime | None = None) -> Path | None:
    """Move all that was taken out into its place, and return the folder that keeps what was there, if anything was.

    Args:
        folder: what was taken out; on the same disk as the data folder.
        settings: the folders.
        now: for the name of the folder that keeps things; None for this moment.

    Raises:
        BackupError: a folder cannot be written, or leads out of its own.
    """
    data = settings.data_dir
    aside = _unused(data / f"{ASIDE}{now or datetime.now(UTC):%Y%m%dT%H%M%S}")
    outside = list(_outside(folder, settings))
    for _, target in outside:
        _refuse_leaving(target, settings)
    try:
        aside.mkdir(mode=0o700)
        for name in OWNED:
            _put(folder / (SETTINGS if name == RESTORED else f"{DATA}/{name}"), data / name, aside / DATA / name)
        for source, target in outside:
            _replace(source, target, aside / source.relative_to(folder))
    except OSError as error:
        raise BackupError(
            f"{error.filename} cannot be written ({error.strerror}); what was there is in {aside}: mend that, then"
            " restore again with --force"
        ) from error
    if any(aside.iterdir()):
        return aside
    aside.rmdir()
    return None


def _unused(folder: Path) -> Path:
    names = (folder, *(folder.with_name(f"{folder.name}-{number}") for number in range(2, 1_000)))
    return next(name for name in names if not name.exists())


def _put(source: Path, target: Path, aside: Path) -> None:
    """Move a file or a folder of the data folder, after the one that was there; with what SQLite has beside it."""
    for end in ("", *BESIDE):
        if (old := target.with_name(target.name + end)).exists():
            aside.parent.mkdir(parents=True, exist_ok=True)
            old.replace(aside.with_name(aside.name + end))
    if source.exists():
        _open_up(source, target)
        source.replace(target)


def _open_up(source: Path, target: Path) -> None:
    """Let others read what is not for its owner alone, as far as the process lets them."""
    if target.name in PRIVATE or target.name == RESTORED:
        return
    mask = os.umask(0o077)
    os.umask(mask)
    for path in (source, *source.rglob("*")) if source.is_dir() else (source,):
        path.chmod((0o777 if path.is_dir() else 0o666) & ~mask)


def _replace(source: Path, target: Path, aside: Path) -> None:
    """Replace a file on whatever disk it is; what was there, if it is another, is copied aside before."""
    if target.exists():
        if _same(source, target):
            return
        aside.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(target, aside)
    target.parent.mkdir(parents=True, exist_ok=True)
    _open_up(source, target)
    beside = target.with_name(f".{target.name}.restored")
    shutil.copy2(source, beside)
    beside.replace(target)


def _outside(folder: Path, settings: BotSettings) -> Iterator[tuple[Path, Path]]:
    """Yield the files of other folders than that of data, each with its place."""
    if (own := folder / INDEX / CALIBRATION).is_file():
        yield own, settings.index_dir / CALIBRATION
    seeds = folder / SEEDS
    for source in sorted(path for path in seeds.rglob("*") if path.is_file()) if seeds.is_dir() else []:
        yield source, settings.seeds_dir / source.relative_to(seeds)


def _refuse_leaving(target: Path, settings: BotSettings) -> None:
    roots = (settings.seeds_dir.resolve(), settings.index_dir.resolve())
    if not any(target.resolve().is_relative_to(root) for root in roots):
        raise BackupError(f"{target} is a link that leaves its folder: nothing is restored")


def _same(one: Path, other: Path) -> bool:
    return other.is_file() and filecmp.cmp(one, other, shallow=False)
