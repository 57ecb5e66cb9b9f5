"""What was taught, kept in a file."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.errors import StorageError
from bot.teaching.store import TaughtStore

GUILD, ALICE = 10, 1
QUESTION, ANSWER = "Quel est le mot de passe du wifi\u202f?", "C’est «\u00a0tournesol\u00a0»."


@pytest.fixture
def store(tmp_path: Path) -> Iterator[TaughtStore]:
    with TaughtStore(tmp_path / "taught.sqlite3") as store:
        yield store


def test_what_one_process_taught_another_reads(store: TaughtStore, tmp_path: Path) -> None:
    entry = store.teach(GUILD, QUESTION, ANSWER, ALICE)
    with TaughtStore(tmp_path / "taught.sqlite3") as other:
        assert other.entries(GUILD) == [entry]


def test_its_file_is_for_its_owner_alone(store: TaughtStore, tmp_path: Path) -> None:
    assert (tmp_path / "taught.sqlite3").stat().st_mode & 0o077 == 0


def test_a_file_of_a_later_version_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "taught.sqlite3"
    TaughtStore(path).close()
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA user_version = 99")
    with pytest.raises(StorageError, match="later version"):
        TaughtStore(path)


def test_a_file_that_is_no_database_is_refused_with_the_remedy(tmp_path: Path) -> None:
    path = tmp_path / "taught.sqlite3"
    path.write_text("pas une base\n" * 100, encoding="utf-8")
    with pytest.raises(StorageError, match="move a damaged file away"):
        TaughtStore(path)
