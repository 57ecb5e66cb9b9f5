import os
import sqlite3
import stat
from contextlib import closing
from pathlib import Path

import pytest

from bot.errors import JournalError
from bot.journal.file import open_private


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "données" / "journal.sqlite3"


@pytest.mark.skipif(os.name != "posix", reason="modes are POSIX's")
def test_the_files_are_for_their_owner_alone(path: Path) -> None:
    path.parent.mkdir()
    path.touch(mode=0o644)
    with closing(open_private(path)[0]):
        modes = {p.name: stat.S_IMODE(p.stat().st_mode) for p in path.parent.iterdir() if p.suffix != ".lock"}
    assert set(modes.values()) == {0o600}
    assert {path.name, f"{path.name}-wal", f"{path.name}.key"} <= modes.keys()


def test_the_secret_stays_the_same(path: Path) -> None:
    secrets = []
    for _ in range(2):
        connection, secret = open_private(path)
        connection.close()
        secrets.append(secret)
    assert secrets[0] == secrets[1]
    assert len(secrets[0]) == 32


def test_a_file_that_is_no_database_is_refused_and_left_alone(path: Path) -> None:
    path.parent.mkdir()
    path.write_bytes(b"Ceci n'est pas une base. " * 200)
    with pytest.raises(JournalError, match="moved away"):
        open_private(path)
    assert path.read_bytes().startswith(b"Ceci n'est pas")


def test_a_folder_in_place_of_the_file_is_refused(path: Path) -> None:
    path.mkdir(parents=True)
    with pytest.raises(JournalError, match="DATA_DIR"):
        open_private(path)


def test_a_file_in_place_of_the_folder_is_refused(path: Path) -> None:
    path.parent.touch()
    with pytest.raises(JournalError, match="DATA_DIR"):
        open_private(path)


def test_a_journal_of_a_later_version_is_refused(path: Path) -> None:
    open_private(path)[0].close()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA user_version = 99")
    with pytest.raises(JournalError, match="version 99"):
        open_private(path)


def test_a_damaged_secret_is_refused(path: Path) -> None:
    open_private(path)[0].close()
    path.with_name(path.name + ".key").write_bytes(b"short")
    with pytest.raises(JournalError, match="secret"):
        open_private(path)
