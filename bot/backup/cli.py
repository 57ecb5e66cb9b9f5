"""`babillard backup` and `babillard restore`: keep what nobody could make again in one file, and bring it back."""

import shlex
from pathlib import Path
from typing import Annotated

import typer

from bot.config import BotSettings
from bot.errors import BotError
from index.cli import DataOption, IndexOption, SeedsOption, foreseen_faults, load_settings
from index.reporting import progress_bar

FileArgument = Annotated[Path, typer.Argument(metavar="FILE.zip", help="The archive.")]


def backup(
    file: FileArgument,
    with_seeds: Annotated[
        bool, typer.Option("--with-seeds", help="Put the articles in too, as far as a build reads them.")
    ] = False,
    force: Annotated[bool, typer.Option("--force", help="Replace a file that is there.")] = False,
    seeds: SeedsOption = None,
    index: IndexOption = None,
    data: DataOption = None,
) -> None:
    """Write all that nobody could make again into one file: what was asked, chosen, taught and learned.

    The bot may run meanwhile. The file is a zip archive, with a manifest.json of what is in it. Your own glossary and
    calibration are in it, and the settings that differ from their defaults; no token and no key is, nor the index, nor
    your articles. Only you can read it: it holds the secret by which the journal hides who asked.
    """
    with foreseen_faults(BotError):
        from bot.backup.printing import backup_lines  # archives and SQLite are for these commands alone
        from bot.backup.writing import write_backup

        settings = load_settings(BotSettings, seeds, index, data)
        kept = load_settings(BotSettings, None, None)
        with progress_bar("Backing up", of_bytes=True) as progress:
            manifest = write_backup(settings, kept, file, with_seeds=with_seeds, force=force, progress=progress)
        for line in backup_lines(file, manifest):
            typer.echo(line)


def restore(
    file: FileArgument,
    force: Annotated[
        bool, typer.Option("--force", help="Restore where something is already: it is kept aside.")
    ] = False,
    seeds: SeedsOption = None,
    index: IndexOption = None,
    data: DataOption = None,
) -> None:
    """Bring back what `babillard backup` wrote, once all of it is checked; stop the bot before.

    What was there is kept in a folder of DATA_DIR, which the last lines name. Settings are written into
    DATA_DIR/restored.env, for you to copy into .env. Restore only what you wrote yourself: the checksums tell that
    the file is whole, and not who wrote it.
    """
    with foreseen_faults(BotError):
        from bot.backup.printing import restore_lines
        from bot.backup.restoring import restore_backup

        settings = load_settings(BotSettings, seeds, index, data)
        with progress_bar("Restoring", of_bytes=True) as progress:
            restored = restore_backup(settings, file, force=force, progress=progress)
        options = [*_option("--seeds", seeds), *_option("--index", index), *_option("--data", data)]
        for line in restore_lines(restored, settings.data_dir, shlex.join(options)):
            typer.echo(line)


def _option(name: str, folder: Path | None) -> list[str]:
    return [] if folder is None else [name, str(folder)]
