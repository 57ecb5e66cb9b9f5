"""Open what the bot keeps: in files of DATA_DIR, or, with DATABASE_URL, in a PostgreSQL that several machines share."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from functools import partial

from bot.config import MAX_JOURNAL_DAYS, BotSettings
from bot.discord.keepers import LimitsKeeper, RulesKeeper
from bot.discord.limits import Limits
from bot.discord.observing import Awaited
from bot.discord.rules_store import FILE_NAME as RULES_FILE
from bot.discord.rules_store import RulesStore
from bot.discord.turns import TurnsKeeper
from bot.discord.waiting import waited_for
from bot.errors import AwayError
from bot.journal.entry import JournalKeeper
from bot.journal.journal import FILE_NAME as JOURNAL_FILE
from bot.journal.journal import Journal
from bot.journal.opening import open_shared_journal
from bot.postgres.opening import open_postgres
from bot.teaching.keeper import TaughtKeeper
from bot.teaching.store import FILE_NAME as TAUGHT_FILE
from bot.teaching.store import TaughtStore


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
def open_stores(settings: BotSettings) -> Iterator[Stores]:
    """Open all of it, and close it at the end; wait for a database that does not answer.

    Raises:
        ToldToEndError: SIGINT or SIGTERM came while it waited.
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
        opens = partial(open_postgres, settings.database_url)
        database = opened.enter_context(waited_for(opens, AwayError, Awaited.DATABASE, settings.health_port))
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


def _journal(settings: BotSettings, opened: ExitStack) -> Journal | None:
    """Open the journal; when it is off, only if there is an older file, so that people can erase their rows."""
    path = settings.data_dir / JOURNAL_FILE
    if not settings.journal_days and not path.exists():
        return None
    return opened.enter_context(closing(Journal(path, settings.journal_days or MAX_JOURNAL_DAYS)))
