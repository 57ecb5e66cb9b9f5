"""How often questions may be asked: a pause for each user, and a number a day for each server."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta

from bot.bounded import BoundedDict
from bot.errors import DailyCapError, TooSoonError

MAX_USERS = 10_000
"""Users whose last question is remembered, in about 2 MB. Discord lets a bot send 50 messages a second, so that even at
full speed a user is remembered for 200 s; the usual pause lasts some seconds."""


class Limits:
    """Counts questions in memory, and begins anew at each start. Belongs to one event loop."""

    waits = False

    def __init__(self, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        """Count nothing yet; `now` returns a time that knows its zone."""
        self._now = now
        self._last_asked: BoundedDict[int, datetime] = BoundedDict(MAX_USERS)  # user -> when
        self._day = date.min
        self._asked_today: dict[int, int] = {}  # guild -> questions

    def check(self, guild: int | None, user: int, cooldown: float, daily: int) -> None:
        """Count a question, or refuse it; one that is refused does not count.

        Args:
            guild: the server; None for a direct message, which has no daily number.
            user: who asks; the pause begins with their last question, on whichever server that was.
            cooldown: the pause in seconds; 0 for none.
            daily: questions of this server in one day of UTC; 0 for no limit.

        Raises:
            DailyCapError: the server has had its questions of the day.
            TooSoonError: the pause is not over.
        """
        self.look(guild, user, cooldown, daily)
        self.count(guild, user)

    def look(self, guild: int | None, user: int, cooldown: float, daily: int) -> None:
        """Refuse a question as `check` does, and count none.

        Raises:
            DailyCapError, TooSoonError: as `check`.
        """
        now = self._now().astimezone(UTC)
        if now.date() != self._day:
            self._day = now.date()
            self._asked_today.clear()
        if guild is not None and 0 < daily <= self._asked_today.get(guild, 0):
            raise daily_cap(self._day)
        if (asked := self._last_asked.get(user)) is not None:
            elapsed = (now - asked).total_seconds()
            if 0 <= elapsed < cooldown:  # a clock that was set back holds nobody up
                raise TooSoonError(cooldown - elapsed)

    def claim(self, number: int) -> bool:
        """Answer every message and interaction: there is no other process."""
        return True

    def count(self, guild: int | None, user: int) -> None:
        """Count a question that was let through."""
        if guild is not None:
            self._asked_today[guild] = self._asked_today.get(guild, 0) + 1
        self._last_asked[user] = self._now().astimezone(UTC)


def daily_cap(day: date) -> DailyCapError:
    """Return the refusal of a server that has had its questions of a day of UTC: until the next one begins."""
    return DailyCapError(datetime.combine(day + timedelta(days=1), time(), UTC))
