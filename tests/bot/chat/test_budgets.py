"""What counts the tokens of the chat model, in a file and on a server alike."""

import multiprocessing
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Protocol

import pytest
from pydantic import SecretStr

from bot.chat.budget import Budget, BudgetKeeper, Limits
from bot.chat.budget_postgres import PostgresBudget
from bot.errors import ChatUnavailableError, StorageError
from bot.postgres.server import Postgres
from tests.postgres import Server

QUEBEC, LEVIS = 11, 12
NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)


class Calendar:
    now = NOON

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def calendar() -> Calendar:
    return Calendar()


STILL = Calendar()


class Opener(Protocol):
    """Opens the same budget again and again."""

    def __call__(self, limits: Limits, now: Callable[[], datetime] = STILL) -> BudgetKeeper: ...


@pytest.fixture(params=["file", "postgres"])
def opened(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Opener]:
    if request.param == "file":
        yield lambda limits, now=STILL: Budget(tmp_path / "budget.sqlite3", limits, now)
        return
    server: Server = request.getfixturevalue("postgres")
    databases: list[Postgres] = []

    def on_server(limits: Limits, now: Callable[[], datetime] = STILL) -> BudgetKeeper:
        databases.append(Postgres(server.url))
        return PostgresBudget(databases[-1], limits, now)

    yield on_server
    for database in databases:
        database.close()


def spend(budget: BudgetKeeper, guild: int | None, tokens_in: int, tokens_out: int) -> None:
    budget.settle(budget.reserve(guild, 0, 0), tokens_in, tokens_out)


def is_spent(budget: BudgetKeeper, guild: int | None, tokens_in: int = 0) -> bool:
    try:
        reserved = budget.reserve(guild, tokens_in, 0)
    except ChatUnavailableError as error:
        return error.reason == "budget"
    budget.settle(reserved, 0, 0)
    return False


def test_tokens_read_and_written_count_alike(opened: Opener) -> None:
    budget = opened(Limits(tokens=100))
    spend(budget, QUEBEC, 60, 30)
    assert not is_spent(budget, QUEBEC, 10)
    assert is_spent(budget, QUEBEC, 11)


def test_each_server_has_its_own_and_private_talk_too(opened: Opener) -> None:
    budget = opened(Limits(tokens=100))
    spend(budget, QUEBEC, 101, 0)
    spend(budget, None, 101, 0)
    assert is_spent(budget, QUEBEC)
    assert is_spent(budget, None)
    assert not is_spent(budget, LEVIS)


def test_money_is_counted_at_the_prices_of_the_settings(opened: Opener) -> None:
    budget = opened(Limits(cost=0.5, price_in=1.0, price_out=4.0))
    spend(budget, QUEBEC, 100_000, 99_000)  # 0.1 + 0.396
    assert not is_spent(budget, QUEBEC)
    spend(budget, QUEBEC, 0, 2_000)
    assert is_spent(budget, QUEBEC)


def test_a_day_of_utc_begins_anew(opened: Opener, calendar: Calendar) -> None:
    budget = opened(Limits(tokens=100), calendar)
    spend(budget, QUEBEC, 200, 0)
    calendar.now = NOON.replace(hour=23, minute=59)
    assert is_spent(budget, QUEBEC)
    calendar.now = datetime(2026, 5, 2, 5, tzinfo=timezone(timedelta(hours=5)))
    assert not is_spent(budget, QUEBEC)


def test_earlier_days_are_not_kept(opened: Opener, calendar: Calendar) -> None:
    budget = opened(Limits(tokens=100), calendar)
    spend(budget, QUEBEC, 200, 0)
    calendar.now += timedelta(days=1)
    spend(budget, LEVIS, 1, 0)
    calendar.now = NOON
    assert budget.used(QUEBEC) == (0, 0)


def test_a_restart_forgets_nothing(opened: Opener) -> None:
    budget = opened(Limits(tokens=100))
    spend(budget, QUEBEC, 60, 50)
    budget.close()
    assert opened(Limits(tokens=100)).used(QUEBEC) == (60, 50)


def test_two_processes_and_many_threads_count_together(opened: Opener) -> None:
    budgets = [opened(Limits(tokens=1_000)), opened(Limits(tokens=1_000))]
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda n: spend(budgets[n % 2], QUEBEC, 2, 1), range(100)))
    assert budgets[0].used(QUEBEC) == (200, 100)


def test_what_is_reserved_counts_until_it_is_settled(opened: Opener) -> None:
    budget = opened(Limits(tokens=100))
    reserved = budget.reserve(QUEBEC, 10, 80)
    assert budget.used(QUEBEC) == (10, 80)
    assert is_spent(budget, QUEBEC, 11)
    budget.settle(reserved, 12, 3)
    assert budget.used(QUEBEC) == (12, 3)
    assert not is_spent(budget, QUEBEC, 11)


def test_a_call_that_is_refused_is_not_counted(opened: Opener) -> None:
    budget = opened(Limits(tokens=100))
    spend(budget, QUEBEC, 90, 0)
    with pytest.raises(ChatUnavailableError):
        budget.reserve(QUEBEC, 11, 0)
    assert budget.used(QUEBEC) == (90, 0)


def test_of_calls_at_the_same_time_those_are_made_that_the_budget_has_room_for(opened: Opener) -> None:
    budgets = [opened(Limits(tokens=100)), opened(Limits(tokens=100))]

    def call(number: int) -> bool:
        try:
            budgets[number % 2].reserve(QUEBEC, 5, 5)
        except ChatUnavailableError:
            return False
        return True

    with ThreadPoolExecutor(8) as threads:
        assert sum(threads.map(call, range(40))) == 10
    assert budgets[0].used(QUEBEC) == (50, 50)


def test_a_call_that_ends_on_the_next_day_takes_nothing_from_it(opened: Opener, calendar: Calendar) -> None:
    budget = opened(Limits(tokens=100), calendar)
    reserved = budget.reserve(QUEBEC, 10, 80)
    calendar.now += timedelta(days=1)
    spend(budget, QUEBEC, 30, 20)
    budget.settle(reserved, 10, 5)
    assert budget.used(QUEBEC) == (30, 20)
    calendar.now = NOON
    assert budget.used(QUEBEC) == (0, 0)


def spend_in_a_process(url: str) -> int:
    """Make calls of 15 tokens until the budget is spent; return how many."""
    with Postgres(SecretStr(url)) as database:
        budget = PostgresBudget(database, Limits(tokens=1_500))
        calls = 0
        with suppress(ChatUnavailableError):
            while True:
                budget.settle(budget.reserve(QUEBEC, 10, 5), 10, 5)
                calls += 1
        return calls


def test_two_processes_spend_one_budget(postgres: Server) -> None:
    url = postgres.url.get_secret_value()
    with multiprocessing.get_context("spawn").Pool(2) as pool:
        calls = pool.map(spend_in_a_process, [url, url], chunksize=1)
    assert sum(calls) == 100


def test_a_paused_server_refuses_the_call_in_a_moment(postgres: Server) -> None:
    with Postgres(postgres.url) as database:
        budget = PostgresBudget(database, Limits(tokens=100))
        spend(budget, QUEBEC, 1, 1)
        with postgres.paused(), pytest.raises(StorageError, match="see that it runs"):
            budget.reserve(QUEBEC, 1, 1)
        assert database.look()
        assert budget.used(QUEBEC) == (1, 1)
