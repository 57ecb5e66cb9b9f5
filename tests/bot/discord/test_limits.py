from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.discord.limits import MAX_USERS, Limits
from bot.errors import BotError, DailyCapError, TooSoonError

GUILD, OTHER_GUILD = 81384788765712384, 197038439483310086
ANNE, BRUNO = 80351110224678912, 53908232506183680
NOON = datetime(2025, 7, 14, 12, tzinfo=UTC)


class Clock:
    def __init__(self, now: datetime = NOON) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def wait(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def limits(clock: Clock) -> Limits:
    return Limits(clock)


def admits(limits: Limits, guild: int | None, user: int, cooldown: float = 0, daily: int = 0) -> bool:
    """Whether a question may be asked; if so, it counts."""
    try:
        limits.check(guild, user, cooldown, daily)
    except BotError:
        return False
    return True


def test_a_second_question_too_soon_is_told_how_long_to_wait(limits: Limits, clock: Clock) -> None:
    limits.check(GUILD, ANNE, cooldown=3, daily=0)
    clock.wait(1.25)
    with pytest.raises(TooSoonError, match=r"ask again in 1\.8 s") as refused:
        limits.check(GUILD, ANNE, cooldown=3, daily=0)
    assert refused.value.seconds_left == pytest.approx(1.75)
    assert isinstance(refused.value, BotError)


def test_a_question_at_the_end_of_the_pause_is_counted(limits: Limits, clock: Clock) -> None:
    for _ in range(3):
        assert admits(limits, GUILD, ANNE, cooldown=3)
        clock.wait(3)


def test_a_refused_question_does_not_start_the_pause_again(limits: Limits, clock: Clock) -> None:
    limits.check(GUILD, ANNE, cooldown=3, daily=0)
    clock.wait(2)
    with pytest.raises(TooSoonError):
        limits.check(GUILD, ANNE, cooldown=3, daily=0)
    clock.wait(1)
    limits.check(GUILD, ANNE, cooldown=3, daily=0)


def test_to_look_counts_nothing(limits: Limits) -> None:
    limits.look(GUILD, ANNE, cooldown=3, daily=1)
    limits.check(GUILD, ANNE, cooldown=3, daily=1)
    with pytest.raises(DailyCapError):
        limits.look(GUILD, BRUNO, cooldown=3, daily=1)
    with pytest.raises(TooSoonError):
        limits.look(None, ANNE, cooldown=3, daily=1)


def test_one_user_does_not_hold_up_another(limits: Limits) -> None:
    assert admits(limits, GUILD, ANNE, cooldown=3)
    assert admits(limits, GUILD, BRUNO, cooldown=3)


@pytest.mark.parametrize("elsewhere", [OTHER_GUILD, None], ids=["another-server", "direct-message"])
def test_the_pause_follows_the_user_elsewhere(limits: Limits, elsewhere: int | None) -> None:
    limits.check(GUILD, ANNE, cooldown=3, daily=0)
    with pytest.raises(TooSoonError):
        limits.check(elsewhere, ANNE, cooldown=3, daily=0)


def test_nothing_is_limited_by_zero(limits: Limits) -> None:
    assert all(admits(limits, GUILD, ANNE, cooldown=0, daily=0) for _ in range(1000))


def test_a_clock_that_was_set_back_holds_nobody_up(limits: Limits, clock: Clock) -> None:
    limits.check(GUILD, ANNE, cooldown=3, daily=0)
    clock.wait(-3600)
    assert admits(limits, GUILD, ANNE, cooldown=3)


def test_the_question_after_the_last_of_the_day_is_told_when_the_day_ends(limits: Limits) -> None:
    limits.check(GUILD, ANNE, cooldown=0, daily=2)
    limits.check(GUILD, BRUNO, cooldown=0, daily=2)
    with pytest.raises(DailyCapError, match="ask again after 2025-07-15 00:00 UTC") as refused:
        limits.check(GUILD, ANNE, cooldown=0, daily=2)
    assert refused.value.resets_at == datetime(2025, 7, 15, tzinfo=UTC)
    assert isinstance(refused.value, BotError)


def test_midnight_of_utc_starts_the_count_again(limits: Limits, clock: Clock) -> None:
    limits.check(GUILD, ANNE, cooldown=0, daily=1)
    clock.now = datetime(2025, 7, 14, 23, 59, 59, tzinfo=UTC)
    with pytest.raises(DailyCapError):
        limits.check(GUILD, ANNE, cooldown=0, daily=1)
    clock.now = datetime(2025, 7, 15, tzinfo=UTC)
    limits.check(GUILD, ANNE, cooldown=0, daily=1)


def test_the_day_is_that_of_utc_whatever_the_clock_shows(limits: Limits, clock: Clock) -> None:
    montreal = timezone(timedelta(hours=-4))
    clock.now = datetime(2025, 7, 14, 19, 59, tzinfo=montreal)
    limits.check(GUILD, ANNE, cooldown=0, daily=1)
    with pytest.raises(DailyCapError):
        limits.check(GUILD, ANNE, cooldown=0, daily=1)
    clock.now = datetime(2025, 7, 14, 20, 0, tzinfo=montreal)
    limits.check(GUILD, ANNE, cooldown=0, daily=1)


def test_servers_are_counted_apart_and_direct_messages_not_at_all(limits: Limits) -> None:
    assert admits(limits, GUILD, ANNE, daily=1)
    assert admits(limits, OTHER_GUILD, ANNE, daily=1)
    assert all(admits(limits, None, ANNE, daily=1) for _ in range(3))


def test_questions_asked_before_the_number_was_set_are_counted(limits: Limits) -> None:
    for _ in range(5):
        limits.check(GUILD, ANNE, cooldown=0, daily=0)
    with pytest.raises(DailyCapError):
        limits.check(GUILD, ANNE, cooldown=0, daily=5)


def test_a_question_refused_for_the_pause_is_not_one_of_the_day(limits: Limits, clock: Clock) -> None:
    limits.check(GUILD, ANNE, cooldown=3, daily=2)
    with pytest.raises(TooSoonError):
        limits.check(GUILD, ANNE, cooldown=3, daily=2)
    clock.wait(3)
    limits.check(GUILD, ANNE, cooldown=3, daily=2)


def test_a_question_refused_for_the_day_starts_no_pause(limits: Limits) -> None:
    limits.check(GUILD, ANNE, cooldown=3, daily=1)
    with pytest.raises(DailyCapError):
        limits.check(GUILD, BRUNO, cooldown=3, daily=1)
    limits.check(OTHER_GUILD, BRUNO, cooldown=3, daily=1)


def test_a_hundred_thousand_users_leave_only_the_latest(limits: Limits, clock: Clock) -> None:
    for user in range(100_000):
        limits.check(GUILD, user, cooldown=60, daily=0)
        clock.wait(0.0001)
    assert len(limits._last_asked) == MAX_USERS
    with pytest.raises(TooSoonError):
        limits.check(GUILD, 99_999, cooldown=60, daily=0)
    limits.check(GUILD, 0, cooldown=60, daily=0)


def test_a_user_who_asks_again_is_among_the_latest(limits: Limits) -> None:
    limits.check(GUILD, ANNE, cooldown=0, daily=0)
    for user in range(MAX_USERS - 1):
        limits.check(GUILD, user, cooldown=0, daily=0)
    limits.check(GUILD, ANNE, cooldown=0, daily=0)
    limits.check(GUILD, BRUNO, cooldown=0, daily=0)
    with pytest.raises(TooSoonError):
        limits.check(GUILD, ANNE, cooldown=3, daily=0)


def test_the_servers_of_yesterday_are_forgotten(limits: Limits, clock: Clock) -> None:
    for guild in range(1000):
        limits.check(guild, ANNE, cooldown=0, daily=0)
    clock.wait(86_400)
    limits.check(GUILD, ANNE, cooldown=0, daily=0)
    assert len(limits._asked_today) == 1


def test_the_clock_of_the_machine_is_read_when_none_is_given() -> None:
    limits = Limits()
    limits.check(GUILD, ANNE, cooldown=3600, daily=0)
    with pytest.raises(TooSoonError):
        limits.check(GUILD, ANNE, cooldown=3600, daily=0)


def admitted(limits: Limits, clock: Clock, pauses: list[float], cooldown: float, daily: int) -> Iterator[datetime]:
    for pause in pauses:
        clock.wait(pause)
        if admits(limits, GUILD, ANNE, cooldown, daily):
            yield clock.now


@given(st.lists(st.floats(0, 40_000), max_size=60), st.floats(0, 100_000), st.integers(0, 5))
def test_admitted_questions_keep_the_pause_and_the_number(pauses: list[float], cooldown: float, daily: int) -> None:
    clock = Clock()
    times = list(admitted(Limits(clock), clock, pauses, cooldown, daily))
    gaps = [(later - earlier).total_seconds() for earlier, later in pairwise(times)]
    assert all(gap >= cooldown for gap in gaps)
    days = [moment.date() for moment in times]
    assert daily == 0 or all(days.count(day) <= daily for day in days)
