"""When a session with Discord was opened last, kept on PostgreSQL for all machines together."""

from sqlalchemy import Double, cast, func, select
from sqlalchemy.dialects.postgresql import insert

from bot.postgres.server import Postgres
from bot.postgres.tables import sessions

PAUSE_SECONDS = 5.5
"""Between two sessions of the same bucket. Discord takes `max_concurrency` of them, one a bucket, in five seconds, and
refuses others (https://discord.com/developers/docs/events/gateway#sharding-max-concurrency); half a second more, since
they do not come from all machines equally fast."""


class PostgresTurns:
    """A `TurnsKeeper` for many machines: see there for what its method does. The clock is that of the database."""

    def __init__(self, database: Postgres) -> None:
        """Keep the turns in `database`, which all machines share."""
        self._database = database

    def take(self, bucket: int) -> float:
        """Take the turn of a bucket, or return the seconds until the next one.

        Raises:
            StorageError: the database cannot be used.
        """
        now = cast(func.extract("epoch", func.clock_timestamp()), Double)
        opened = sessions.c.opened
        first = insert(sessions).values(bucket=bucket, opened=now)
        turn = first.on_conflict_do_update(
            index_elements=[sessions.c.bucket],
            set_={"opened": now},
            where=(opened <= now - PAUSE_SECONDS) | (opened > now),  # a clock that was set back holds nobody up
        )
        with self._database.transaction() as connection:
            if connection.execute(turn.returning(sessions.c.bucket)).first() is not None:
                return 0.0
            left = connection.execute(select(opened + PAUSE_SECONDS - now).where(sessions.c.bucket == bucket))
            return max(0.05, float(left.scalar_one()))
