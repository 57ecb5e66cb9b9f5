"""`babillard report`: what was asked on Discord, in figures that can be shown around."""

from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Annotated

import typer

from bot.config import BotSettings
from bot.errors import BotError
from bot.journal.activity import Activity, Article, summarise
from bot.journal.gaps import find_gaps
from bot.journal.journal import FILE_NAME, Journal
from index.cli import IndexOption, JsonOption, foreseen_faults, load_settings
from index.errors import IndexingError
from index.layers import common_layers
from index.model.embedding import TextEmbeddings, load_embeddings
from index.overview import first_chunks
from index.reporting import print_json
from index.shelf import Shelf
from index.store import open_store


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


def open_journal(settings: BotSettings, *, quiet: bool) -> Journal | None:
    """Open the journal that the Discord bot keeps; None, after a line that says why, when there is none.

    Args:
        settings: where it is, and how long questions are kept.
        quiet: whether standard output is for programs, and the line goes to standard error.

    Raises:
        JournalError: it cannot be opened, or is not a journal.
    """
    path = settings.data_dir / FILE_NAME
    if not settings.journal_days:
        typer.echo("The journal is off: set JOURNAL_DAYS to keep the questions asked on Discord.", err=quiet)
        return None
    if not path.exists():
        typer.echo(f"There is no journal at {path} yet: the Discord bot keeps it.", err=quiet)
        return None
    return Journal(path, settings.journal_days)


def activity_of(
    journal: Journal,
    load: Callable[[], TextEmbeddings],
    articles: list[Article] | None,
    *,
    days: int | None = None,
    guild: int | None = None,
    old_after_days: int = 0,
    now: datetime | None = None,
) -> Activity:
    """Read a period from the journal.

    Args:
        journal: of the questions.
        load: opens the embedding model, which is needed only where there are gaps.
        articles: of the index; None when there is none.
        days: of the period, today included; None from the first question on.
        guild: Discord's id of a server; None for all, and private conversations.
        old_after_days: after which an article is old; 0 for never.
        now: None for this moment.

    Raises:
        JournalError: the file cannot be read.
        EmbeddingError: the model cannot be loaded.
    """
    last = (now or datetime.now(UTC)).astimezone(UTC).date()
    first = last - timedelta(days - 1) if days else None
    since = datetime.combine(first, time(), UTC) if first else datetime.fromtimestamp(0, UTC)
    entries = journal.entries(since, guild)
    numbers = {entry.number for entry in entries}
    unanswered = [u for u in journal.unanswered() if u.entry in numbers]
    gaps = find_gaps(unanswered, load()) if unanswered else []
    first = min(first or (entries[0].asked.date() if entries else last), last)
    limit = last - timedelta(old_after_days) if old_after_days else None
    return summarise(entries, gaps, articles, first, last, limit)


def _articles(settings: BotSettings) -> list[Article] | None:
    """Return the articles that every question sees; None, after a line that says why, when they cannot be read."""
    try:
        first = open_store(settings.index_dir)
        stores = Shelf().open(common_layers(settings), first.manifest.fingerprint)
        chunks = (chunk for store in stores for chunk in first_chunks(store))
        return [Article(c.document_id, c.title, c.source, c.date) for c in chunks]
    except IndexingError as error:
        typer.echo(f"babillard: without the articles: {error}", err=True)
        return None
