import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from bot.backup.databases import KINDS, check_copy, copy_database, held
from bot.config import BotSettings
from bot.discord.rules_store import RulesStore
from bot.errors import BackupError, StorageError
from bot.journal.journal import Journal
from bot.teaching.store import TaughtStore
from tests.processes import REPOSITORY, surroundings

JOURNAL, RULES, TAUGHT, *_ = KINDS

WRITER = """
import sys
from pathlib import Path
from bot.teaching.store import TaughtStore
with TaughtStore(Path(sys.argv[1])) as store:
    for number in range(1_000_000):
        store.teach(42, f"Question {number} ?", "Réponse. " * 200, teacher=1)
        print(number, flush=True)
"""


def rows(path: Path, query: str) -> int:
    with closing(sqlite3.connect(path)) as connection:
        return int(connection.execute(query).fetchone()[0])


def test_a_copy_is_of_one_moment_while_another_process_writes(tmp_path: Path) -> None:
    path = tmp_path / "taught.sqlite3"
    with subprocess.Popen(
        [sys.executable, "-c", WRITER, path], cwd=REPOSITORY, env=surroundings(), stdout=subprocess.PIPE, text=True
    ) as writer:
        assert writer.stdout is not None
        try:
            while int(writer.stdout.readline()) < 50:
                pass
            for number in range(3):
                copy = tmp_path / f"copy{number}"
                begun = rows(path, "SELECT count(*) FROM entries")
                copy_database(path, copy, pages=3)
                kept = check_copy(copy, TAUGHT)
                assert begun <= kept < rows(path, "SELECT count(*) FROM entries")  # it went on writing meanwhile
                assert rows(copy, "SELECT count(*) FROM changes") == kept
                assert sorted(file.name for file in tmp_path.glob("copy*-*")) == []
        finally:
            writer.kill()


def test_a_copy_holds_what_is_in_the_log_alone(tmp_path: Path) -> None:
    with TaughtStore(tmp_path / "taught.sqlite3") as store:
        store.teach(42, "Où ?", "Là.", teacher=1)
        assert (tmp_path / "taught.sqlite3-wal").stat().st_size > 0
        copy_database(tmp_path / "taught.sqlite3", tmp_path / "copy")
    with TaughtStore(tmp_path / "copy") as copied:
        assert [entry.answer for entry in copied.entries(42)] == ["Là."]


@pytest.mark.parametrize(
    "content", [b"Ce n\xe2\x80\x99est pas une base." * 200, b"SQLite format 3\0" + b"\xff" * 5_000]
)
def test_what_is_damaged_is_not_copied(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "guilds.sqlite3").write_bytes(content)
    with pytest.raises(BackupError, match="cannot be backed up"):
        copy_database(tmp_path / "guilds.sqlite3", tmp_path / "copy")


def changed(path: Path, statement: str) -> Path:
    RulesStore(path).close()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(statement)
        connection.commit()
    return path


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("PRAGMA user_version = 99", "later version"),
        ("CREATE TRIGGER t AFTER INSERT ON guilds BEGIN DELETE FROM guilds; END", "triggers"),
        ("CREATE VIEW v AS SELECT 1", "views"),
        ("DROP TABLE channels", "damaged"),
    ],
)
def test_a_copy_that_this_program_must_not_read_is_refused(statement: str, said: str, tmp_path: Path) -> None:
    with pytest.raises(BackupError, match=said):
        check_copy(changed(tmp_path / "guilds.sqlite3", statement), RULES)


def test_a_file_that_was_just_made_holds_nothing(tmp_path: Path) -> None:
    sqlite3.connect(tmp_path / "guilds.sqlite3").close()
    assert check_copy(tmp_path / "guilds.sqlite3", RULES) == 0


def test_a_folder_is_held_where_nobody_has_a_file_open(lived_in: BotSettings) -> None:
    with held(lived_in.data_dir):
        pass
    with held(lived_in.data_dir):
        pass


@pytest.mark.parametrize(
    ("file", "kind"), [("journal.sqlite3", Journal), ("guilds.sqlite3", RulesStore), ("taught.sqlite3", TaughtStore)]
)
def test_a_folder_is_not_held_while_somebody_has_a_file_open_and_is_idle(
    file: str, kind: type[Journal | RulesStore | TaughtStore], lived_in: BotSettings
) -> None:
    with (
        kind(lived_in.data_dir / file),
        pytest.raises(BackupError, match="in use: stop the bot"),
        held(lived_in.data_dir),
    ):
        pytest.fail("it is held")


def test_nobody_opens_a_file_of_a_folder_that_is_held(lived_in: BotSettings) -> None:
    with (
        held(lived_in.data_dir),
        closing(sqlite3.connect(lived_in.data_dir / "guilds.sqlite3", timeout=0)) as other,
        pytest.raises(sqlite3.OperationalError, match="locked"),
    ):
        other.execute("SELECT * FROM guilds")


def test_a_damaged_file_keeps_no_folder_from_being_held(lived_in: BotSettings) -> None:
    (lived_in.data_dir / "guilds.sqlite3").write_bytes(b"rien de lisible " * 500)
    with pytest.raises(StorageError):
        RulesStore(lived_in.data_dir / "guilds.sqlite3")
    with held(lived_in.data_dir):
        pass
