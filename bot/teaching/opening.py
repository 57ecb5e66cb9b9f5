"""Open what was taught, where the settings say that it is kept."""

from bot.config import BotSettings
from bot.teaching.keeper import TaughtKeeper
from bot.teaching.store import FILE_NAME, TaughtStore


def open_taught(settings: BotSettings) -> TaughtKeeper:
    """Open it for a command, or make it where nobody taught yet.

    Raises:
        StorageError: it cannot be used.
    """
    if settings.database_url is None:
        return TaughtStore(settings.data_dir / FILE_NAME)
    from bot.postgres.opening import open_postgres

    database = open_postgres(settings.database_url)
    from bot.teaching.postgres import PostgresTaught

    return PostgresTaught(database, closes=True)
