"""Open what the bot keeps: in files of DATA_DIR, or, with DATABASE_URL, in a PostgreSQL that several machines share."""

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pydantic import SecretStr

from bot.config import MAX_JOURNAL_DAYS, BotSettings
from bot.discord.keepers import LimitsKeeper, RulesKeeper
from bot.discord.limits import Limits
from bot.discord.rules_store import FILE_NAME as RULES_FILE
from bot.discord.rules_store import RulesStore
from bot.discord.turns import TurnsKeeper
from bot.errors import AwayError
from bot.journal.entry import JournalKeeper
from bot.journal.journal import FILE_NAME as JOURNAL_FILE
from bot.journal.journal import Journal
from bot.journal.opening import open_shared_journal
from bot.postgres.opening import open_postgres
from bot.teaching.keeper import TaughtKeeper
from bot.teaching.store import FILE_NAME as TAUGHT_FILE
from bot.teaching.store import TaughtStore

if TYPE_CHECKING:
    from bot.postgres.server import Postgres

RETRY_SECONDS = (1.0, 2.0, 5.0, 10.0, 30.0, 60.0)
"""Before each further try to reach the database at the start; the last one repeats. A database that starts beside the
bot is there within seconds, and one that is mended within hours is found a minute later."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Stores:
    """What the bot keeps; each is safe to use from several threads."""

    rules: RulesKeeper
    taught: TaughtKeeper
    journal: JournalKeeper | None
    new_limits: Callable[[], LimitsKeeper]  # for each client: those that are counted in memory begin anew
    tend: Callable[[], None] | None = None  # looks after a database, every few seconds; None without one
    turns: TurnsKeeper | None = None  # in which machines open their sessions; None where there is one alone


@contextmanager
def open_stores(settings: BotSettings, sleep: Callable[[float], None] = time.sleep) -> Iterator[Stores]:
    """Open all of it, and close it at the end; wait for a database that does not answer.

    Args:
        settings: of the bot.
        sleep: waits between two tries.

    Raises:
        BotError: one of them cannot be used.
    """
    with ExitStack() as opened:
        if settings.database_url is None:
            yield Stores(
                opened.enter_context(closing(RulesStore(settings.data_dir / RULES_FILE))),
                opened.enter_context(closing(TaughtStore(settings.data_dir / TAUGHT_FILE))),
                _journal(settings, opened),
                Limits,
            )
            return
        database = opened.enter_context(_reached(settings.database_url, sleep))
        from bot.discord.limits_postgres import PostgresLimits
        from bot.discord.rules_postgres import PostgresRules
        from bot.discord.turns_postgres import PostgresTurns
        from bot.journal.shared_secret import shared_secret
        from bot.teaching.postgres import PostgresTaught

        secret = shared_secret(database, settings.data_dir)
        limits = PostgresLimits(database, secret)
        journal = opened.enter_context(closing(open_shared_journal(settings, database, secret)))
        yield Stores(
            opened.enter_context(closing(PostgresRules(database))),
            opened.enter_context(closing(PostgresTaught(database))),
            journal,
            lambda: limits,
            journal.tend,
            PostgresTurns(database),
        )


def _reached(url: SecretStr, sleep: Callable[[float], None]) -> "Postgres":
    tries = 0
    while True:
        try:
            return open_postgres(url)
        except AwayError as error:
            wait = RETRY_SECONDS[min(tries, len(RETRY_SECONDS) - 1)]
            log.warning("waiting for the database", extra={"reason": str(error), "wait_seconds": wait})
        tries += 1
        sleep(wait)


def _journal(settings: BotSettings, opened: ExitStack) -> Journal | None:
    """Open the journal; when it is off, only if there is an older file, so that people can erase their rows."""
    path = settings.data_dir / JOURNAL_FILE
    if not settings.journal_days and not path.exists():
        return None
    return opened.enter_context(closing(Journal(path, settings.journal_days or MAX_JOURNAL_DAYS)))
