"""`babillard translator`: fetch and convert the models that translate quotes."""

import shutil
from pathlib import Path
from typing import Annotated

import typer

from bot.config import BotSettings
from bot.errors import BotError, TranslationError
from index.cli import foreseen_faults, load_settings

DEFAULT_FOLDER = Path("var/translator")

app = typer.Typer(
    no_args_is_help=True,
    help="Set up the models that translate quotes into the language of the question, on this machine alone.",
)

IntoOption = Annotated[
    Path | None, typer.Option("--into", help="Folder of the models.  [TRANSLATOR, else var/translator]")
]


@app.command()
def get(
    into: IntoOption = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask before downloading.")] = False,
) -> None:
    """Download the two models of OPUS-MT and convert them; says first what comes from where, and asks."""
    from bot.translation.convert import check_convertible, convert
    from bot.translation.engine import check_installed
    from bot.translation.fetching import CONVERTED_MEGABYTES, MEGABYTES, SOURCES, endpoint, fetch

    with foreseen_faults(BotError):
        check_installed()
        folder = _folder(into)
        missing = [source for source in SOURCES if source.pair not in _there(folder)]
        if not missing:
            typer.echo(f"{folder} has both models: nothing to download.")
            return
        check_convertible()
        typer.echo(f"To be downloaded from {endpoint()}, and converted into {folder}:")
        for source in missing:
            languages = " to ".join({"fr": "French", "en": "English"}[language] for language in source.pair)
            typer.echo(f"  {source.repository}, {languages}, {MEGABYTES} MB, licence: {source.licence}")
        kept = len(missing) * CONVERTED_MEGABYTES
        typer.echo(f"That takes {kept} MB of disk, {kept + MEGABYTES} while it runs, and 1 GB of memory.")
        if not yes:
            typer.confirm("Download?", abort=True, err=True)
        for source in missing:
            fetched = folder / f".{'-'.join(source.pair)}.fetched"
            fetch(source, fetched, _tell)
            typer.echo(f"Converting {source.repository}…", err=True)
            convert(fetched, folder)
            shutil.rmtree(fetched, ignore_errors=True)
        _say_done(folder)


@app.command("convert")
def convert_model(
    folder: Annotated[Path, typer.Argument(help="A Marian model of Hugging Face between French and English.")],
    into: IntoOption = None,
) -> None:
    """Convert a model that is on this machine: weights, config.json, vocab.json, source.spm, target.spm."""
    from bot.translation.convert import convert

    with foreseen_faults(BotError):
        made = convert(folder, _folder(into))
        typer.echo(f"{folder} is converted: {made}")
        _say_done(made.parent)


def _folder(into: Path | None) -> Path:
    return into or load_settings(BotSettings, None, None).translator or DEFAULT_FOLDER


def _there(folder: Path) -> set[tuple[str, str]]:
    from bot.translation.models import find_models

    try:
        return set(find_models(folder))
    except TranslationError:
        return set()


def _tell(name: str, size: int) -> None:
    typer.echo(f"{name}: {size // 1_000_000} MB", err=True)


def _say_done(folder: Path) -> None:
    typer.echo(f"Put TRANSLATOR={folder} into .env to use it; `babillard doctor` tries it.")
