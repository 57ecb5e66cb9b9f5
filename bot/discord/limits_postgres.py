"""How often questions may be asked, counted on PostgreSQL for all machines together; and which of them answers."""

import logging
import threading
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import TypeVar

from sqlalchemy import Connection, delete, select
from sqlalchemy.dialects.postgresql import insert

from bot.discord.limits import Limits, daily_cap
from bot.discord.rules import MAX_COOLDOWN
from bot.errors import AwayError, StorageError, TooSoonError
from bot.journal.entry import pseudonym
from bot.postgres.server import Postgres
from bot.postgres.tables import asked_today, claims, last_asked

CLAIM_SECONDS = 3_600.0
"""That a claim is kept. Discord takes answers to an interaction for 15 minutes, and repeats what a machine missed while
its connection was away for some minutes (https://discord.com/developers/docs/events/gateway#resuming)."""

SWEEP_SECONDS = 600.0  # between two times that a machine deletes what is no longer needed

APART_SECONDS = 5.0
"""A question may be counted after one that has a later time, on another machine: its own time is read before it is
counted, which takes 2.5 s at most (`bot.postgres.server`), and clocks kept by NTP are less than a second apart. Where
the last question is further ahead than that, a clock was set back, and it holds nobody up."""

T = TypeVar("T")

log = logging.getLogger(__name__)


class PostgresLimits:
    """A `LimitsKeeper` for many machines: see there, and `bot.discord.limits.Limits`, for what its methods do.

    Of whoever asks it keeps, for as long as a pause can last, the name that the journal gives them. While the database
    is away, each machine counts for itself.
    """

    waits = True

    def __init__(
        self, database: Postgres, secret: bytes, now: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        """Count in `database`.

        Args:
            database: which all machines share.
            secret: under which people are known, of `bot.journal.shared_secret`.
            now: a time that knows its zone; the clocks of the machines are less than `APART_SECONDS` apart.
        """
        self._database, self._secret, self._now = database, secret, now
        self._sweeps_at = 0.0
        self._lock = threading.Lock()
        self._alone = Limits(now)
        self._is_alone = False

    def check(self, guild: int | None, user: int, cooldown: float, daily: int) -> None:
        """Count a question, or refuse it; of questions at the same time, on whichever machines, one goes first.

        Raises:
            DailyCapError: the server has had its questions of the day.
            TooSoonError: the pause is not over.
        """
        self._together(
            lambda: self._check(guild, user, cooldown, daily), lambda: self._alone.check(guild, user, cooldown, daily)
        )

    def look(self, guild: int | None, user: int, cooldown: float, daily: int) -> None:
        """Refuse a question as `check` does, and count none.

        Raises:
            DailyCapError, TooSoonError: as `check`.
        """
        self._together(
            lambda: self._look(guild, user, cooldown, daily), lambda: self._alone.look(guild, user, cooldown, daily)
        )

    def count(self, guild: int | None, user: int) -> None:
        """Count a question that was let through."""
        self._together(lambda: self._count(guild, user), lambda: self._alone.count(guild, user))

    def claim(self, number: int) -> bool:
        """Take a message or an interaction; False where another process, or this one, did already."""
        return self._together(lambda: self._claim(number), lambda: True)

    def _together(self, work: Callable[[], T], alone: Callable[[], T]) -> T:
        try:
            done = work()
        except StorageError as error:
            with self._lock:
                if not self._is_alone and not isinstance(error, AwayError):  # `Postgres` has logged those
                    log.warning("this machine counts questions for itself", extra={"reason": str(error)})
                self._is_alone = True
                return alone()
        self._is_alone = False
        return done

    def _check(self, guild: int | None, user: int, cooldown: float, daily: int) -> None:
        now, asker = self._time(), pseudonym(self._secret, user)
        with self._database.transaction() as connection:
            if guild is not None and not _add(connection, guild, now.date(), daily):
                raise daily_cap(now.date())
            if not _ask(connection, asker, now.timestamp(), cooldown):
                raise TooSoonError(_left(connection, asker, now.timestamp(), cooldown))
        self._sweep(now)

    def _look(self, guild: int | None, user: int, cooldown: float, daily: int) -> None:
        now = self._time()
        asked = select(asked_today.c.questions).where(asked_today.c.guild == guild, asked_today.c.day == now.date())
        with self._database.transaction() as connection:
            if guild is not None and 0 < daily <= (connection.execute(asked).scalar() or 0):
                raise daily_cap(now.date())
            left = _left(connection, pseudonym(self._secret, user), now.timestamp(), cooldown)
        if cooldown and 0 < left <= cooldown + APART_SECONDS:
            raise TooSoonError(left)

    def _count(self, guild: int | None, user: int) -> None:
        now = self._time()
        with self._database.transaction() as connection:
            if guild is not None:
                _add(connection, guild, now.date(), 0)
            _ask(connection, pseudonym(self._secret, user), now.timestamp(), 0)

    def _claim(self, number: int) -> bool:
        now = self._time()
        taken = insert(claims).values(number=number, made=now.timestamp()).on_conflict_do_nothing()
        with self._database.transaction() as connection:
            is_mine = connection.execute(taken.returning(claims.c.number)).first() is not None
        self._sweep(now)
        return is_mine

    def _time(self) -> datetime:
        return self._now().astimezone(UTC)

    def _sweep(self, now: datetime) -> None:
        """Delete what is no longer needed, now and then, and holding nothing that another machine may wait for."""
        at = now.timestamp()
        if at < self._sweeps_at:
            return
        self._sweeps_at = at + SWEEP_SECONDS
        with self._database.transaction() as connection:
            connection.execute(delete(asked_today).where(asked_today.c.day < now.date() - timedelta(days=1)))
            connection.execute(delete(last_asked).where(last_asked.c.asked < at - MAX_COOLDOWN))
            connection.execute(delete(claims).where(claims.c.made < at - CLAIM_SECONDS))


def _add(connection: Connection, guild: int, day: date, daily: int) -> bool:
    """Count a question of a server, unless it had its questions of the day; 0 is no limit."""
    one = insert(asked_today).values(guild=guild, day=day, questions=1)
    more = one.on_conflict_do_update(
        index_elements=[asked_today.c.guild, asked_today.c.day],
        set_={"questions": asked_today.c.questions + 1},
        where=asked_today.c.questions < daily if daily else None,
    )
    return connection.execute(more.returning(asked_today.c.day)).first() is not None


def _ask(connection: Connection, asker: bytes, at: float, cooldown: float) -> bool:
    """Note when somebody asked, unless the pause is not over."""
    first = insert(last_asked).values(asker=asker, asked=at)
    known = last_asked.c.asked
    again = first.on_conflict_do_update(
        index_elements=[last_asked.c.asker],
        set_={"asked": at},
        where=(known > at + APART_SECONDS) | (known <= at - cooldown) if cooldown else None,
    )
    return connection.execute(again.returning(last_asked.c.asked)).first() is not None


def _left(connection: Connection, asker: bytes, at: float, cooldown: float) -> float:
    """Return the seconds of the pause that are left: 0 or less once it is over."""
    asked = connection.execute(select(last_asked.c.asked).where(last_asked.c.asker == asker)).scalar()
    return 0.0 if asked is None else asked + cooldown - at
