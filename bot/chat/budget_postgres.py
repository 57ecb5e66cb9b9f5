"""What the chat model may use in a day, counted on PostgreSQL for all machines together."""

from collections.abc import Callable
from datetime import UTC, date, datetime

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert

from bot.chat.budget import PRIVATE, Limits
from bot.postgres.server import Postgres
from bot.postgres.tables import chat_tokens as used_


class PostgresBudget:
    """Counts tokens by server and day as `bot.chat.budget.Budget` does, for many machines."""

    def __init__(
        self, database: Postgres, limits: Limits, now: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        """Count in `database`, which `close` closes, where there is a limit."""
        self._database, self._limits, self._now = database, limits, now

    def check(self, guild: int | None, tokens_in: int) -> None:
        """Refuse a call whose prompt of `tokens_in` would go over the day's budget.

        Raises:
            ChatUnavailableError: the budget is used up.
            StorageError: the database cannot be used.
        """
        self._limits.check(self.used(guild), tokens_in)

    def used(self, guild: int | None) -> tuple[int, int]:
        """Return the tokens read and written today; (0, 0) when nothing is counted."""
        if not self._limits:
            return 0, 0
        number, day = self._row(guild)
        query = select(used_.c.tokens_in, used_.c.tokens_out).where(used_.c.guild == number, used_.c.day == day)
        with self._database.transaction() as connection:
            row = connection.execute(query).one_or_none()
        return (row.tokens_in, row.tokens_out) if row else (0, 0)

    def add(self, guild: int | None, tokens_in: int, tokens_out: int) -> None:
        """Count what a call used, and drop earlier days.

        Raises:
            StorageError: the database cannot be used.
        """
        if not self._limits:
            return
        number, day = self._row(guild)
        first = insert(used_).values(guild=number, day=day, tokens_in=tokens_in, tokens_out=tokens_out)
        more = {name: used_.c[name] + first.excluded[name] for name in ("tokens_in", "tokens_out")}
        with self._database.transaction() as connection:
            connection.execute(first.on_conflict_do_update(index_elements=[used_.c.guild, used_.c.day], set_=more))
        with self._database.transaction() as connection:  # apart, so that it holds up nobody who counts
            connection.execute(delete(used_).where(used_.c.day < day))

    def close(self) -> None:
        """Close the database."""
        self._database.close()

    def _row(self, guild: int | None) -> tuple[int, date]:
        return PRIVATE if guild is None else guild, self._now().astimezone(UTC).date()
