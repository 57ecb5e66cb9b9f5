from pathlib import Path

import pytest

from bot.chat.budget import Budget, Limits
from bot.errors import StorageError

QUEBEC = 11


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "données" / "budget.sqlite3"


def test_without_a_limit_nothing_is_counted_and_there_is_no_file(path: Path) -> None:
    budget = Budget(path, Limits())
    budget.settle(budget.reserve(QUEBEC, 10**9, 10**9), 10**9, 10**9)
    budget.reserve(QUEBEC, 10**9, 0)
    assert not path.parent.exists()


def test_a_file_that_is_no_database_is_named_with_the_remedy(path: Path) -> None:
    path.parent.mkdir()
    path.write_text("rien d’une base de données\n" * 100, encoding="utf-8")
    with pytest.raises(StorageError, match=r"budget\.sqlite3 cannot be used.*DATA_DIR"):
        Budget(path, Limits(tokens=100))
