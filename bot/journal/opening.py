"""Open the journal of the settings in the database that they name."""

from typing import TYPE_CHECKING

from pydantic import SecretStr

from bot.config import MAX_JOURNAL_DAYS, BotSettings
from bot.journal.entry import JournalKeeper
from bot.journal.spool import FILE_NAME, Spool
from bot.postgres.opening import open_postgres

if TYPE_CHECKING:
    from bot.journal.postgres import PostgresJournal
    from bot.postgres.server import Postgres


def open_journal_of(settings: BotSettings, url: SecretStr) -> JournalKeeper:
    """Open the journal for a command; to close it closes the database.

    Raises:
        JournalError, StorageError: as `open_shared_journal`.
    """
    database = open_postgres(url)
    from bot.journal.shared_secret import shared_secret

    try:
        return open_shared_journal(settings, database, shared_secret(database, settings.data_dir), closes=True)
    except BaseException:
        database.close()
        raise


def open_shared_journal(
    settings: BotSettings, database: "Postgres", secret: bytes, *, closes: bool = False
) -> "PostgresJournal":
    """Open the journal in a database; also where it is off, so that people can erase their rows.

    Args:
        settings: of the bot.
        database: where it is.
        secret: of `bot.journal.shared_secret`.
        closes: whether to close the journal closes the database.

    Raises:
        JournalError: it cannot be used.
        StorageError: the database, or the file of what waits, cannot be used.
    """
    from bot.journal.postgres import PostgresJournal

    spool = Spool(settings.data_dir / FILE_NAME)
    try:
        days = settings.journal_days or MAX_JOURNAL_DAYS
        return PostgresJournal(database, secret, spool, days, closes=closes)
    except BaseException:
        spool.close()
        raise
