"""What counts the tokens of the chat model, in a file and on a server alike."""

import multiprocessing
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
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


def is_spent(budget: BudgetKeeper, guild: int | None, tokens_in: int = 0) -> bool:
    try:
        budget.check(guild, tokens_in)
    except ChatUnavailableError as error:
        return error.reason == "budget"
    return False


def test_tokens_read_and_written_count_alike(opened: Opener) -> None:
    budget = opened(Limits(tokens=100))
    budget.add(QUEBEC, 60, 30)
    assert not is_spent(budget, QUEBEC, 10)
    assert is_spent(budget, QUEBEC, 11)


def test_each_server_has_its_own_and_private_talk_too(opened: Opener) -> None:
    budget = opened(Limits(tokens=100))
    budget.add(QUEBEC, 101, 0)
    budget.add(None, 101, 0)
    assert is_spent(budget, QUEBEC)
    assert is_spent(budget, None)
    assert not is_spent(budget, LEVIS)


def test_money_is_counted_at_the_prices_of_the_settings(opened: Opener) -> None:
    budget = opened(Limits(cost=0.5, price_in=1.0, price_out=4.0))
    budget.add(QUEBEC, 100_000, 99_000)  # 0.1 + 0.396
    assert not is_spent(budget, QUEBEC)
    budget.add(QUEBEC, 0, 2_000)
    assert is_spent(budget, QUEBEC)


def test_a_day_of_utc_begins_anew(opened: Opener, calendar: Calendar) -> None:
    budget = opened(Limits(tokens=100), calendar)
    budget.add(QUEBEC, 200, 0)
    calendar.now = NOON.replace(hour=23, minute=59)
    assert is_spent(budget, QUEBEC)
    calendar.now = datetime(2026, 5, 2, 5, tzinfo=timezone(timedelta(hours=5)))
    assert not is_spent(budget, QUEBEC)


def test_earlier_days_are_not_kept(opened: Opener, calendar: Calendar) -> None:
    budget = opened(Limits(tokens=100), calendar)
    budget.add(QUEBEC, 200, 0)
    calendar.now += timedelta(days=1)
    budget.add(LEVIS, 1, 0)
    calendar.now = NOON
    assert budget.used(QUEBEC) == (0, 0)


def test_a_restart_forgets_nothing(opened: Opener) -> None:
    budget = opened(Limits(tokens=100))
    budget.add(QUEBEC, 60, 50)
    budget.close()
    assert opened(Limits(tokens=100)).used(QUEBEC) == (60, 50)


def test_two_processes_and_many_threads_count_together(opened: Opener) -> None:
    budgets = [opened(Limits(tokens=100)), opened(Limits(tokens=100))]
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda n: budgets[n % 2].add(QUEBEC, 2, 1), range(100)))
    assert budgets[0].used(QUEBEC) == (200, 100)


def spend_in_a_process(url: str) -> int:
    """Make calls of 15 tokens until the budget is spent; return how many."""
    with Postgres(SecretStr(url)) as database:
        budget = PostgresBudget(database, Limits(tokens=1_500))
        calls = 0
        while not is_spent(budget, QUEBEC, tokens_in=10):
            budget.add(QUEBEC, 10, 5)
            calls += 1
        return calls


def test_two_processes_spend_one_budget(postgres: Server) -> None:
    url = postgres.url.get_secret_value()
    with multiprocessing.get_context("spawn").Pool(2) as pool:
        calls = pool.map(spend_in_a_process, [url, url], chunksize=1)
    assert 100 <= sum(calls) <= 101  # a call that the other made meanwhile is not known before it ends


def test_a_paused_server_refuses_the_call_in_a_moment(postgres: Server) -> None:
    with Postgres(postgres.url) as database:
        budget = PostgresBudget(database, Limits(tokens=100))
        budget.add(QUEBEC, 1, 1)
        with postgres.paused(), pytest.raises(StorageError, match="see that it runs"):
            budget.check(QUEBEC, 1)
        assert database.look()
        assert budget.used(QUEBEC) == (1, 1)
