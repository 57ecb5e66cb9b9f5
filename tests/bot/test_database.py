"""What the stores share: one file, brought up to date once, written all or nothing."""

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from bot.database import Database, check_database
from bot.errors import StorageError

STEPS = (("CREATE TABLE œuvres (titre TEXT NOT NULL)",), ("ALTER TABLE œuvres ADD COLUMN date TEXT",))


def opened(path: Path, steps: tuple[tuple[str, ...], ...] = STEPS) -> Database:
    return Database(path, "les œuvres", steps, is_private=True)


def test_a_file_of_an_older_version_is_brought_up_to_date_and_keeps_its_rows(tmp_path: Path) -> None:
    path = tmp_path / "dossier" / "œuvres.sqlite3"
    old = opened(path, STEPS[:1])
    old.connection.execute("INSERT INTO œuvres VALUES ('L’été')")
    old.close()
    new = opened(path)
    assert new.connection.execute("SELECT titre, date FROM œuvres").fetchall() == [("L’été", None)]
    new.close()


def test_many_that_open_a_new_file_at_once_all_find_it_ready(tmp_path: Path) -> None:
    path = tmp_path / "œuvres.sqlite3"
    with ThreadPoolExecutor(8) as threads:
        files = list(threads.map(lambda _: opened(path), range(8)))
    for file in files:
        assert file.connection.execute("SELECT count(*) FROM œuvres").fetchone() == (0,)
        file.close()


def test_what_fails_midway_is_not_written(tmp_path: Path) -> None:
    file = opened(tmp_path / "œuvres.sqlite3")

    def write() -> None:
        with file.transaction():
            file.connection.execute("INSERT INTO œuvres VALUES ('L’été', NULL)")
            file.connection.execute("INSERT INTO œuvres VALUES (NULL, NULL)")

    with pytest.raises(StorageError, match="NOT NULL"):
        write()
    assert file.connection.execute("SELECT count(*) FROM œuvres").fetchone() == (0,)
    file.close()


def test_a_file_that_cannot_be_used_is_said_with_what_it_keeps_and_the_remedy(tmp_path: Path) -> None:
    path = tmp_path / "œuvres.sqlite3"
    path.write_text("pas une base\n" * 100, encoding="utf-8")
    with pytest.raises(StorageError, match=r"which keeps les œuvres: .*move a damaged file away"):
        opened(path)


def test_a_later_version_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "œuvres.sqlite3"
    opened(path).close()
    with pytest.raises(StorageError, match="later version"):
        opened(path, STEPS[:1])
    with sqlite3.connect(path) as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (2,)


def test_a_check_tells_an_older_version_and_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "œuvres.sqlite3"
    opened(path, STEPS[:1]).close()
    before = path.read_bytes()
    assert check_database(path, "les œuvres", STEPS)
    assert (path.read_bytes(), [file.name for file in tmp_path.iterdir()]) == (before, [path.name])
    opened(path).close()
    assert not check_database(path, "les œuvres", STEPS)


def test_a_check_reads_a_file_that_is_open(tmp_path: Path) -> None:
    file = opened(tmp_path / "œuvres.sqlite3")
    assert not check_database(tmp_path / "œuvres.sqlite3", "les œuvres", STEPS)
    file.close()


def test_a_check_refuses_what_is_damaged_or_of_a_later_version(tmp_path: Path) -> None:
    path = tmp_path / "œuvres.sqlite3"
    opened(path).close()
    with pytest.raises(StorageError, match="later version"):
        check_database(path, "les œuvres", STEPS[:1])
    path.write_bytes(path.read_bytes()[:4_096])
    with pytest.raises(StorageError, match="which keeps les œuvres"):
        check_database(path, "les œuvres", STEPS)
