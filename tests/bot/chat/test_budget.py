from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from bot.chat.budget import Budget, Limits
from bot.errors import ChatUnavailableError, StorageError

QUEBEC, LEVIS = 11, 12
NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)


class Calendar:
    now = NOON

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def calendar() -> Calendar:
    return Calendar()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "données" / "budget.sqlite3"


def is_spent(budget: Budget, guild: int | None, tokens_in: int = 0) -> bool:
    try:
        budget.check(guild, tokens_in)
    except ChatUnavailableError as error:
        return error.reason == "budget"
    return False


def test_without_a_limit_nothing_is_counted_and_there_is_no_file(path: Path) -> None:
    budget = Budget(path, Limits())
    budget.add(QUEBEC, 10**9, 10**9)
    assert not is_spent(budget, QUEBEC, 10**9)
    assert not path.parent.exists()


def test_tokens_read_and_written_count_alike(path: Path) -> None:
    budget = Budget(path, Limits(tokens=100))
    budget.add(QUEBEC, 60, 30)
    assert not is_spent(budget, QUEBEC, 10)
    assert is_spent(budget, QUEBEC, 11)


def test_each_server_has_its_own_and_private_talk_too(path: Path) -> None:
    budget = Budget(path, Limits(tokens=100))
    budget.add(QUEBEC, 101, 0)
    budget.add(None, 101, 0)
    assert is_spent(budget, QUEBEC)
    assert is_spent(budget, None)
    assert not is_spent(budget, LEVIS)


def test_money_is_counted_at_the_prices_of_the_settings(path: Path) -> None:
    budget = Budget(path, Limits(cost=0.5, price_in=1.0, price_out=4.0))
    budget.add(QUEBEC, 100_000, 99_000)  # 0.1 + 0.396
    assert not is_spent(budget, QUEBEC)
    budget.add(QUEBEC, 0, 2_000)
    assert is_spent(budget, QUEBEC)


def test_a_day_of_utc_begins_anew(path: Path, calendar: Calendar) -> None:
    budget = Budget(path, Limits(tokens=100), calendar)
    budget.add(QUEBEC, 200, 0)
    calendar.now = NOON.replace(hour=23, minute=59)
    assert is_spent(budget, QUEBEC)
    calendar.now = datetime(2026, 5, 2, 5, tzinfo=timezone(timedelta(hours=5)))
    assert not is_spent(budget, QUEBEC)


def test_earlier_days_are_not_kept(path: Path, calendar: Calendar) -> None:
    budget = Budget(path, Limits(tokens=100), calendar)
    budget.add(QUEBEC, 200, 0)
    calendar.now += timedelta(days=1)
    budget.add(LEVIS, 1, 0)
    calendar.now = NOON
    assert budget.used(QUEBEC) == (0, 0)


def test_a_restart_forgets_nothing(path: Path) -> None:
    budget = Budget(path, Limits(tokens=100))
    budget.add(QUEBEC, 60, 50)
    budget.close()
    assert Budget(path, Limits(tokens=100)).used(QUEBEC) == (60, 50)


def test_two_processes_and_many_threads_count_together(path: Path) -> None:
    budgets = [Budget(path, Limits(tokens=100)), Budget(path, Limits(tokens=100))]
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda n: budgets[n % 2].add(QUEBEC, 2, 1), range(100)))
    assert budgets[0].used(QUEBEC) == (200, 100)


def test_a_file_that_is_no_database_is_named_with_the_remedy(path: Path) -> None:
    path.parent.mkdir()
    path.write_text("rien d’une base de données\n" * 100, encoding="utf-8")
    with pytest.raises(StorageError, match=r"budget\.sqlite3 cannot be used.*DATA_DIR"):
        Budget(path, Limits(tokens=100))
