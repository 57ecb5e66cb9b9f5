"""What the chat model may use in a day, counted on PostgreSQL for all machines together."""

from collections.abc import Callable
from datetime import UTC, date, datetime

from sqlalchemy import Connection, delete, select
from sqlalchemy.dialects.postgresql import insert

from bot.chat.budget import Limits, Reserved, day_of, number_of
from bot.postgres.server import Postgres
from bot.postgres.tables import chat_tokens as used_


class PostgresBudget:
    """Counts tokens by server and day as `bot.chat.budget.Budget` does, for many machines."""

    def __init__(
        self, database: Postgres, limits: Limits, now: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        """Count in `database`, which `close` closes, where there is a limit."""
        self._database, self._limits, self._now = database, limits, now

    def reserve(self, guild: int | None, tokens_in: int, tokens_out: int) -> Reserved:
        """Count a call before it is made, or refuse it; of calls at the same time, on whichever machines, one is first.

        Raises:
            ChatUnavailableError: the budget is used up; nothing is counted.
            StorageError: the database cannot be used.
        """
        reserved = Reserved(number_of(guild), day_of(self._now()), tokens_in, tokens_out)
        if self._limits:
            with self._database.transaction(lock=reserved.guild) as connection:
                self._limits.check(_counted(connection, reserved.guild, reserved.day), tokens_in)
                _add(connection, reserved, tokens_in, tokens_out)
        return reserved

    def settle(self, reserved: Reserved, tokens_in: int, tokens_out: int) -> None:
        """Count what a call used in place of what was reserved for it, and drop earlier days.

        Raises:
            StorageError: the database cannot be used; what was reserved stays counted.
        """
        if not self._limits:
            return
        with self._database.transaction() as connection:
            _add(connection, reserved, tokens_in - reserved.tokens_in, tokens_out - reserved.tokens_out)
        with self._database.transaction() as connection:  # apart, so that it holds up nobody who counts
            connection.execute(delete(used_).where(used_.c.day < day_of(self._now())))

    def used(self, guild: int | None) -> tuple[int, int]:
        """Return the tokens read and written today, with those that are reserved; (0, 0) when nothing is counted."""
        if not self._limits:
            return 0, 0
        with self._database.transaction() as connection:
            return _counted(connection, number_of(guild), day_of(self._now()))

    def close(self) -> None:
        """Close the database."""
        self._database.close()


def _counted(connection: Connection, guild: int, day: date) -> tuple[int, int]:
    query = select(used_.c.tokens_in, used_.c.tokens_out).where(used_.c.guild == guild, used_.c.day == day)
    row = connection.execute(query).one_or_none()
    return (row.tokens_in, row.tokens_out) if row else (0, 0)


def _add(connection: Connection, reserved: Reserved, tokens_in: int, tokens_out: int) -> None:
    first = insert(used_).values(guild=reserved.guild, day=reserved.day, tokens_in=tokens_in, tokens_out=tokens_out)
    more = {name: used_.c[name] + first.excluded[name] for name in ("tokens_in", "tokens_out")}
    connection.execute(first.on_conflict_do_update(index_elements=[used_.c.guild, used_.c.day], set_=more))
