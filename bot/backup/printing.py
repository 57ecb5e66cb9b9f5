"""Say what a backup holds, what a restore did, and what to do next."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path

from bot.backup.manifest import Manifest
from bot.backup.names import INDEX
from bot.backup.placing import RESTORED
from bot.backup.restoring import Restored

_WORDS = {
    "questions": ("question of the journal", "questions of the journal"),
    "waiting": ("question that waits for the database", "questions that wait for the database"),
    "servers": ("server with rules", "servers with rules"),
    "taught": ("answer taught", "answers taught"),
    "messages": ("message of channels", "messages of channels"),
    "pages": ("page or file learned", "pages and files learned"),
    "articles": ("article", "articles"),
}


def backup_lines(file: Path, manifest: Manifest) -> Iterator[str]:
    """Yield what to say of an archive that was written."""
    yield f"{file}: {_holds(manifest.holds, manifest)}; {_size(file.stat().st_size)}, for its owner alone"
    for one in manifest.left_out:
        yield f"  without {one}"


def restore_lines(restored: Restored, data: Path, options: str) -> Iterator[str]:
    """Yield what to say of a restore.

    Args:
        restored: what it did.
        data: the data folder.
        options: of the command line, by which the next command finds the same folders.
    """
    manifest = restored.manifest
    written = f"{datetime.fromisoformat(manifest.created):%Y-%m-%d %H:%M} UTC"
    yield f"Restored into {data}: {_holds({**manifest.holds, **restored.held}, manifest)}; of {written}"
    if restored.aside is not None:
        yield f"  what was there is kept in {restored.aside}"
    yield f"  the settings that differed are in {data / RESTORED}: copy what you want into .env"
    for one in manifest.left_out:
        yield f"  without {one}"
    yield f"Next: babillard index rebuild{f' {options}' if options else ''}"


def _holds(counts: Mapping[str, int], manifest: Manifest) -> str:
    told = [f"{counts[name]:,} {words[counts[name] != 1]}" for name, words in _WORDS.items() if counts.get(name)]
    if any(member.name.startswith(f"{INDEX}/") for member in manifest.members):
        told.append("the calibration")
    return ", ".join(told) or "settings alone"


def _size(count: int) -> str:
    return f"{count / 1_000_000:,.1f} MB" if count >= 100_000 else f"{count / 1_000:,.1f} KB"
