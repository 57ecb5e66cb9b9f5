"""`babillard report`: what was asked on Discord, in figures that can be shown around."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.config import BotSettings
from bot.errors import BotError
from bot.journal.entry import JournalKeeper
from bot.journal.journal import FILE_NAME, Journal
from index.cli import IndexOption, JsonOption, foreseen_faults, load_settings
from index.errors import IndexingError
from index.layers import common_layers
from index.model.embedding import load_embeddings
from index.overview import first_chunks
from index.places import place_of
from index.reporting import print_json
from index.shelf import Shelf

if TYPE_CHECKING:
    from bot.journal.activity import Article


def report(
    page: Annotated[Path | None, typer.Argument(help="Write one HTML page, with plots and all lists.")] = None,
    days: Annotated[
        int | None, typer.Option("--days", min=1, help="Of the last days, today included.  [all that is kept]")
    ] = None,
    guild: Annotated[
        int | None, typer.Option("--guild", help="Of the server with this id, without private questions.  [all]")
    ] = None,
    index: IndexOption = None,
    as_json: JsonOption = False,
) -> None:
    """Sum up what was asked on Discord: how much, how well it went, which articles served, what they lack.

    Nothing in it tells who asked, or in which server. The words of a question are shown only where two people used
    them; `babillard gaps` has the whole questions.
    """
    from bot.journal.activity import activity_of

    with foreseen_faults(BotError):
        settings = load_settings(BotSettings, None, index)
        journal = open_journal(settings, quiet=as_json)
        if journal is None:
            return
        articles = _articles(settings)
        with journal:
            activity = activity_of(
                journal,
                lambda: load_embeddings(settings.embedding_model),
                articles,
                days=min(days, settings.journal_days) if days else None,
                guild=guild,
                old_after_days=settings.old_after_days,
            )
        if page is not None:
            from bot.journal.report import page as html
            from bot.page.frame import write_page

            write_page(page, html(activity))
        if as_json:
            print_json(activity.record())
            return
        from bot.journal.printing import activity_lines

        for line in activity_lines(activity):
            typer.echo(line)


def open_journal(settings: BotSettings, *, quiet: bool) -> JournalKeeper | None:
    """Open the journal that the Discord bot keeps; None, after a line that says why, when there is none.

    Args:
        settings: where it is, and how long questions are kept.
        quiet: whether standard output is for programs, and the line goes to standard error.

    Raises:
        JournalError: it cannot be opened, or is not a journal.
        StorageError: the database cannot be used.
    """
    path = settings.data_dir / FILE_NAME
    if not settings.journal_days:
        typer.echo("The journal is off: set JOURNAL_DAYS to keep the questions asked on Discord.", err=quiet)
        return None
    if settings.database_url is not None:
        from bot.journal.opening import open_journal_of

        return open_journal_of(settings, settings.database_url)
    if not path.exists():
        typer.echo(f"There is no journal at {path} yet: the Discord bot keeps it.", err=quiet)
        return None
    return Journal(path, settings.journal_days)


def _articles(settings: BotSettings) -> "list[Article] | None":
    """Return the articles that every question sees; None, after a line that says why, when they cannot be read."""
    from bot.journal.activity import Article

    try:
        first = place_of(settings).open()
        stores = Shelf().open(common_layers(settings), first.manifest.fingerprint)
        chunks = (chunk for store in stores for chunk in first_chunks(store))
        return [Article(c.document_id, c.title, c.source, c.date) for c in chunks]
    except IndexingError as error:
        typer.echo(f"babillard: without the articles: {error}", err=True)
        return None
