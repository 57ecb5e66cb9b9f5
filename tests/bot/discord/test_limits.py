import logging
import multiprocessing
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta, timezone
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from bot.discord.keepers import LimitsKeeper
from bot.discord.limits import MAX_USERS, Limits
from bot.discord.limits_postgres import APART_SECONDS, CLAIM_SECONDS, PostgresLimits
from bot.discord.rules import MAX_COOLDOWN
from bot.errors import BotError, DailyCapError, TooSoonError
from bot.postgres.server import SECONDS, Postgres
from tests.postgres import Server

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


@pytest.fixture(params=["memory", "postgres"])
def limits(request: pytest.FixtureRequest, clock: Clock) -> Iterator[LimitsKeeper]:
    if request.param == "memory":
        yield Limits(clock)
        return
    server: Server = request.getfixturevalue("postgres")
    with Postgres(server.url) as database:
        yield PostgresLimits(database, b"secret", clock)


@pytest.fixture
def in_memory(clock: Clock) -> Limits:
    return Limits(clock)


def admits(limits: LimitsKeeper, guild: int | None, user: int, cooldown: float = 0, daily: int = 0) -> bool:
    """Whether a question may be asked; if so, it counts."""
    try:
        limits.check(guild, user, cooldown, daily)
    except BotError:
        return False
    return True


def test_a_second_question_too_soon_is_told_how_long_to_wait(limits: LimitsKeeper, clock: Clock) -> None:
    limits.check(GUILD, ANNE, cooldown=3, daily=0)
    clock.wait(1.25)
    with pytest.raises(TooSoonError, match=r"ask again in 1\.8 s") as refused:
        limits.check(GUILD, ANNE, cooldown=3, daily=0)
    assert refused.value.seconds_left == pytest.approx(1.75)
    assert isinstance(refused.value, BotError)


def test_a_question_at_the_end_of_the_pause_is_counted(limits: LimitsKeeper, clock: Clock) -> None:
    for _ in range(3):
        assert admits(limits, GUILD, ANNE, cooldown=3)
        clock.wait(3)


def test_a_refused_question_does_not_start_the_pause_again(limits: LimitsKeeper, clock: Clock) -> None:
    limits.check(GUILD, ANNE, cooldown=3, daily=0)
    clock.wait(2)
    with pytest.raises(TooSoonError):
        limits.check(GUILD, ANNE, cooldown=3, daily=0)
    clock.wait(1)
    limits.check(GUILD, ANNE, cooldown=3, daily=0)


def test_to_look_counts_nothing(limits: LimitsKeeper) -> None:
    limits.look(GUILD, ANNE, cooldown=3, daily=1)
    limits.check(GUILD, ANNE, cooldown=3, daily=1)
    with pytest.raises(DailyCapError):
        limits.look(GUILD, BRUNO, cooldown=3, daily=1)
    with pytest.raises(TooSoonError):
        limits.look(None, ANNE, cooldown=3, daily=1)


def test_one_user_does_not_hold_up_another(limits: LimitsKeeper) -> None:
    assert admits(limits, GUILD, ANNE, cooldown=3)
    assert admits(limits, GUILD, BRUNO, cooldown=3)


@pytest.mark.parametrize("elsewhere", [OTHER_GUILD, None], ids=["another-server", "direct-message"])
def test_the_pause_follows_the_user_elsewhere(limits: LimitsKeeper, elsewhere: int | None) -> None:
    limits.check(GUILD, ANNE, cooldown=3, daily=0)
    with pytest.raises(TooSoonError):
        limits.check(elsewhere, ANNE, cooldown=3, daily=0)


def test_nothing_is_limited_by_zero(limits: LimitsKeeper) -> None:
    assert all(admits(limits, GUILD, ANNE, cooldown=0, daily=0) for _ in range(100))


def test_a_clock_that_was_set_back_holds_nobody_up(limits: LimitsKeeper, clock: Clock) -> None:
    limits.check(GUILD, ANNE, cooldown=3, daily=0)
    clock.wait(-3600)
    assert admits(limits, GUILD, ANNE, cooldown=3)


def test_the_question_after_the_last_of_the_day_is_told_when_the_day_ends(limits: LimitsKeeper) -> None:
    limits.check(GUILD, ANNE, cooldown=0, daily=2)
    limits.check(GUILD, BRUNO, cooldown=0, daily=2)
    with pytest.raises(DailyCapError, match="ask again after 2025-07-15 00:00 UTC") as refused:
        limits.check(GUILD, ANNE, cooldown=0, daily=2)
    assert refused.value.resets_at == datetime(2025, 7, 15, tzinfo=UTC)
    assert isinstance(refused.value, BotError)


def test_midnight_of_utc_starts_the_count_again(limits: LimitsKeeper, clock: Clock) -> None:
    limits.check(GUILD, ANNE, cooldown=0, daily=1)
    clock.now = datetime(2025, 7, 14, 23, 59, 59, tzinfo=UTC)
    with pytest.raises(DailyCapError):
        limits.check(GUILD, ANNE, cooldown=0, daily=1)
    clock.now = datetime(2025, 7, 15, tzinfo=UTC)
    limits.check(GUILD, ANNE, cooldown=0, daily=1)


def test_the_day_is_that_of_utc_whatever_the_clock_shows(limits: LimitsKeeper, clock: Clock) -> None:
    montreal = timezone(timedelta(hours=-4))
    clock.now = datetime(2025, 7, 14, 19, 59, tzinfo=montreal)
    limits.check(GUILD, ANNE, cooldown=0, daily=1)
    with pytest.raises(DailyCapError):
        limits.check(GUILD, ANNE, cooldown=0, daily=1)
    clock.now = datetime(2025, 7, 14, 20, 0, tzinfo=montreal)
    limits.check(GUILD, ANNE, cooldown=0, daily=1)


def test_servers_are_counted_apart_and_direct_messages_not_at_all(limits: LimitsKeeper) -> None:
    assert admits(limits, GUILD, ANNE, daily=1)
    assert admits(limits, OTHER_GUILD, ANNE, daily=1)
    assert all(admits(limits, None, ANNE, daily=1) for _ in range(3))


def test_questions_asked_before_the_number_was_set_are_counted(limits: LimitsKeeper) -> None:
    for _ in range(5):
        limits.check(GUILD, ANNE, cooldown=0, daily=0)
    with pytest.raises(DailyCapError):
        limits.check(GUILD, ANNE, cooldown=0, daily=5)


def test_a_question_refused_for_the_pause_is_not_one_of_the_day(limits: LimitsKeeper, clock: Clock) -> None:
    limits.check(GUILD, ANNE, cooldown=3, daily=2)
    with pytest.raises(TooSoonError):
        limits.check(GUILD, ANNE, cooldown=3, daily=2)
    clock.wait(3)
    limits.check(GUILD, ANNE, cooldown=3, daily=2)


def test_a_question_refused_for_the_day_starts_no_pause(limits: LimitsKeeper) -> None:
    limits.check(GUILD, ANNE, cooldown=3, daily=1)
    with pytest.raises(DailyCapError):
        limits.check(GUILD, BRUNO, cooldown=3, daily=1)
    limits.check(OTHER_GUILD, BRUNO, cooldown=3, daily=1)


def test_a_hundred_thousand_users_leave_only_the_latest(in_memory: Limits, clock: Clock) -> None:
    for user in range(100_000):
        in_memory.check(GUILD, user, cooldown=60, daily=0)
        clock.wait(0.0001)
    assert len(in_memory._last_asked) == MAX_USERS
    with pytest.raises(TooSoonError):
        in_memory.check(GUILD, 99_999, cooldown=60, daily=0)
    in_memory.check(GUILD, 0, cooldown=60, daily=0)


def test_a_user_who_asks_again_is_among_the_latest(in_memory: Limits) -> None:
    in_memory.check(GUILD, ANNE, cooldown=0, daily=0)
    for user in range(MAX_USERS - 1):
        in_memory.check(GUILD, user, cooldown=0, daily=0)
    in_memory.check(GUILD, ANNE, cooldown=0, daily=0)
    in_memory.check(GUILD, BRUNO, cooldown=0, daily=0)
    with pytest.raises(TooSoonError):
        in_memory.check(GUILD, ANNE, cooldown=3, daily=0)


def test_the_servers_of_yesterday_are_forgotten(in_memory: Limits, clock: Clock) -> None:
    for guild in range(1000):
        in_memory.check(guild, ANNE, cooldown=0, daily=0)
    clock.wait(86_400)
    in_memory.check(GUILD, ANNE, cooldown=0, daily=0)
    assert len(in_memory._asked_today) == 1


def test_the_clock_of_the_machine_is_read_when_none_is_given() -> None:
    limits = Limits()
    limits.check(GUILD, ANNE, cooldown=3600, daily=0)
    with pytest.raises(TooSoonError):
        limits.check(GUILD, ANNE, cooldown=3600, daily=0)


def admitted(
    limits: LimitsKeeper, clock: Clock, pauses: list[float], cooldown: float, daily: int
) -> Iterator[datetime]:
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


# ------------------------------------------------------------------------------------------------- on many machines


@pytest.fixture
def machines(postgres: Server, clock: Clock) -> Iterator[list[PostgresLimits]]:
    with Postgres(postgres.url) as one, Postgres(postgres.url) as other:
        yield [PostgresLimits(database, b"secret", clock) for database in (one, other)]


def at_once(work: Callable[[int], bool], times: int) -> int:
    """Return how often `work` said yes to those who came at the same time."""
    with ThreadPoolExecutor(8) as threads:
        return sum(threads.map(work, range(times)))


def test_the_questions_of_a_day_are_counted_on_all_machines_together(machines: list[PostgresLimits]) -> None:
    assert at_once(lambda n: admits(machines[n % 2], GUILD, n + 1, daily=10), 40) == 10


def ask_in_a_process(url: str, user: int) -> int:
    with Postgres(SecretStr(url)) as database:
        limits = PostgresLimits(database, b"secret")
        return sum(admits(limits, GUILD, user + number, daily=15) for number in range(10))


def test_the_questions_of_a_day_are_counted_across_processes_and_restarts(postgres: Server) -> None:
    url = postgres.url.get_secret_value()
    with multiprocessing.get_context("spawn").Pool(2) as pool:
        admitted = pool.starmap(ask_in_a_process, [(url, 100), (url, 200)], chunksize=1)
    assert sum(admitted) == 15
    assert ask_in_a_process(url, 300) == 0


def test_somebody_who_asks_all_machines_at_once_is_let_through_once(machines: list[PostgresLimits]) -> None:
    assert at_once(lambda n: admits(machines[n % 2], GUILD, ANNE, cooldown=3), 20) == 1
    assert admits(machines[0], GUILD, BRUNO, cooldown=3)


@pytest.mark.parametrize("behind", [0.001, APART_SECONDS])
def test_a_question_is_held_by_one_of_a_later_time_that_another_machine_counted_first(
    machines: list[PostgresLimits], clock: Clock, behind: float
) -> None:
    machines[0].check(GUILD, ANNE, cooldown=3, daily=0)
    clock.wait(-behind)
    with pytest.raises(TooSoonError) as refused:
        machines[1].look(OTHER_GUILD, ANNE, cooldown=3, daily=0)
    assert refused.value.seconds_left == pytest.approx(3 + behind)
    assert not admits(machines[1], OTHER_GUILD, ANNE, cooldown=3)
    machines[1].look(OTHER_GUILD, ANNE, cooldown=0, daily=0)
    assert admits(machines[1], OTHER_GUILD, ANNE, cooldown=0)


def test_a_message_is_taken_by_one_machine_alone(machines: list[PostgresLimits]) -> None:
    assert at_once(lambda n: machines[n % 2].claim(81384788765712385 + n // 8), 40) == 5


def test_one_process_takes_every_message() -> None:
    limits = Limits()
    assert limits.claim(7)
    assert limits.claim(7)


def test_no_id_of_a_user_is_kept_and_nothing_for_longer_than_it_counts(
    machines: list[PostgresLimits], postgres: Server, clock: Clock
) -> None:
    tables = "asked_today", "last_asked", "claims"
    machines[0].check(GUILD, ANNE, cooldown=3, daily=5)
    machines[0].claim(81384788765712385)
    kept = [postgres.execute(f"SELECT * FROM {table}") for table in tables]
    assert [len(rows) for rows in kept] == [1, 1, 1]
    assert str(ANNE) not in str(kept)
    clock.wait(max(2 * 86_400, MAX_COOLDOWN, CLAIM_SECONDS) + 1)
    machines[0].check(OTHER_GUILD, BRUNO, cooldown=3, daily=5)
    assert [postgres.execute(f"SELECT count(*) FROM {table}")[0][0] for table in tables] == [1, 1, 0]


def test_while_the_database_is_away_a_machine_counts_for_itself(
    machines: list[PostgresLimits], postgres: Server, caplog: pytest.LogCaptureFixture
) -> None:
    postgres.stop()
    try:
        with caplog.at_level(logging.WARNING):
            assert [admits(machines[0], GUILD, user, daily=2) for user in (1, 2, 3)] == [True, True, False]
            assert admits(machines[1], GUILD, 1, daily=2)
            assert machines[0].claim(7)
    finally:
        postgres.start()
    assert [record.message for record in caplog.records] == ["the database is away"] * 2


def test_a_machine_whose_database_refuses_counts_for_itself_and_says_so_once(
    machines: list[PostgresLimits], postgres: Server, caplog: pytest.LogCaptureFixture
) -> None:
    postgres.execute("ALTER TABLE asked_today RENAME TO autre")
    try:
        with caplog.at_level(logging.WARNING):
            assert [admits(machines[0], GUILD, user, daily=2) for user in (1, 2, 3)] == [True, True, False]
    finally:
        postgres.execute("ALTER TABLE autre RENAME TO asked_today")
    assert [record.message for record in caplog.records] == ["this machine counts questions for itself"]


def test_a_paused_database_holds_a_question_up_for_a_moment_and_counts_again_afterwards(postgres: Server) -> None:
    with Postgres(postgres.url) as database:
        limits = PostgresLimits(database, b"secret")
        with postgres.paused():
            began = time.monotonic()
            assert [admits(limits, GUILD, user, daily=2) for user in (1, 2, 3)] == [True, True, False]
            assert time.monotonic() - began < 4 * SECONDS
        assert database.look()
        assert admits(limits, GUILD, 3, daily=2)
        assert postgres.execute("SELECT questions FROM asked_today") == [(1,)]


def claim_in_a_process(url: str) -> list[int]:
    with Postgres(SecretStr(url)) as database:
        limits = PostgresLimits(database, b"secret")
        return [number for number in range(1, 301) if limits.claim(number)]


def test_each_interaction_is_taken_by_one_of_two_processes(postgres: Server) -> None:
    url = postgres.url.get_secret_value()
    with multiprocessing.get_context("spawn").Pool(2) as pool:
        taken = pool.map(claim_in_a_process, [url, url], chunksize=1)
    assert sorted(number for numbers in taken for number in numbers) == list(range(1, 301))


def test_a_database_that_does_not_come_to_an_end_holds_a_question_up_for_a_moment(
    machines: list[PostgresLimits], postgres: Server
) -> None:
    with postgres.locking("last_asked"):
        began = time.monotonic()
        assert admits(machines[0], GUILD, ANNE, cooldown=3)
        assert admits(machines[0], GUILD, BRUNO, cooldown=3)
        assert SECONDS - 0.1 < time.monotonic() - began < 10 * SECONDS  # the second does not wait: the server rests
