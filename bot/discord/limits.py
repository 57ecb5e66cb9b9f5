"""How often questions may be asked: a pause for each user, and a number a day for each server."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta

from bot.bounded import BoundedDict
from bot.errors import DailyCapError, TooSoonError

MAX_USERS = 10_000
"""Users remembered. Discord lets a bot send 50 messages a second, so that many last for 200 s at full
speed, far beyond the usual pause of seconds; they take about 2 MB."""


class Limits:
    """Counts in memory, for one event loop; a restart forgets them."""

    def __init__(self, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        """Start from nothing; `now` returns a time that knows its zone."""
        self._now = now
        self._last_asked: BoundedDict[int, datetime] = BoundedDict(MAX_USERS)  # user -> when
        self._day = date.min
        self._asked_today: dict[int, int] = {}  # guild -> questions

    def check(self, guild: int | None, user: int, cooldown: float, daily: int) -> None:
        """Count a question that may be asked; one that is refused counts for nothing.

        Args:
            guild: the server; None for a direct message, which no server's number holds back.
            user: who asks; the pause runs from their last question, on whichever server.
            cooldown: the pause in seconds; 0 for none.
            daily: questions of this server in one day of UTC; 0 for no limit.

        Raises:
            DailyCapError: the server has had that many.
            TooSoonError: the pause is not over.
        """
        now = self._now().astimezone(UTC)
        if now.date() != self._day:
            self._day = now.date()
            self._asked_today.clear()
        if guild is not None and 0 < daily <= self._asked_today.get(guild, 0):
            raise DailyCapError(datetime.combine(self._day + timedelta(days=1), time(), UTC))
        if (asked := self._last_asked.get(user)) is not None:
            elapsed = (now - asked).total_seconds()
            if 0 <= elapsed < cooldown:  # a clock that was set back holds nobody up
                raise TooSoonError(cooldown - elapsed)
        self._count(guild, user, now)

    def _count(self, guild: int | None, user: int, now: datetime) -> None:
        if guild is not None:
            self._asked_today[guild] = self._asked_today.get(guild, 0) + 1
        self._last_asked[user] = now
