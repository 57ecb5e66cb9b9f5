"""The two commands as a moderator types them."""

from contextlib import closing
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bot.cli import app
from bot.config import BotSettings
from bot.discord.rules_store import RulesStore
from bot.journal.spool import FILE_NAME as WAITING
from bot.journal.spool import Spool
from tests.bot.backup.conftest import held

TOKEN = "OTAwMDAw.jeton.secret"


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(app, list(map(str, arguments)))


@pytest.fixture
def folders(lived_in: BotSettings) -> list[str]:
    """Return the options that name the folders in which a bot has lived."""
    return [str(part) for part in lived_in.folder_options]


def test_a_backup_says_what_it_holds_and_what_it_does_not(
    folders: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DISCORD_TOKEN", TOKEN)
    ran = run("backup", tmp_path / "b.zip", *folders)
    assert ran.exit_code == 0
    first, *rest = ran.stdout.splitlines()
    held = "1 question of the journal, 1 server with rules, 1 answer taught, 1 page or file learned, the calibration"
    assert first.startswith(f"{tmp_path / 'b.zip'}: {held}; ")
    assert first.endswith("KB, for its owner alone")
    assert rest == [
        "  without the index, which `babillard index rebuild` builds again",
        "  without the articles, which --with-seeds puts in",
        "  without DISCORD_TOKEN, which is secret",
    ]
    assert TOKEN not in ran.output


def test_a_backup_says_that_the_database_of_several_machines_is_not_in_it(
    folders: list[str], lived_in: BotSettings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://bot:m0t-de-passe@db.example:5432/babillard")
    with closing(Spool(lived_in.data_dir / WAITING)) as spool:
        spool.add(b"1", 0.0, {"question": "Où garer son vélo ?"})
    ran = run("backup", tmp_path / "b.zip", *folders)
    assert ran.exit_code == 0
    first, without, *_ = ran.stdout.splitlines()
    assert ", 1 question that waits for the database, " in first
    assert without == (
        "  without what the database of DATABASE_URL holds (journal, rules, answers taught), which pg_dump copies"
    )
    assert "m0t-de-passe" not in ran.output
    (lived_in.data_dir / WAITING).unlink()
    assert run("restore", tmp_path / "b.zip", "--force", *folders).exit_code == 0
    with closing(Spool(lived_in.data_dir / WAITING)) as spool:
        assert [row["question"] for row in spool.first(2).values()] == ["Où garer son vélo ?"]


def test_a_restore_says_what_is_back_where_the_rest_is_and_what_comes_next(
    folders: list[str], lived_in: BotSettings, tmp_path: Path
) -> None:
    assert run("backup", tmp_path / "b.zip", *folders).exit_code == 0
    before = held(lived_in)
    with RulesStore(lived_in.data_dir / "guilds.sqlite3") as rules:
        rules.forget_guild(42)
    ran = run("restore", tmp_path / "b.zip", "--force", *folders)
    assert ran.exit_code == 0
    first, aside, env, *_, last = ran.stdout.splitlines()
    assert first.startswith(f"Restored into {lived_in.data_dir}: 1 question of the journal, 1 server with rules, ")
    assert aside.startswith(f"  what was there is kept in {lived_in.data_dir / 'before-restore-'}")
    assert str(lived_in.data_dir / "restored.env") in env
    assert last.startswith("Next: babillard index rebuild --seeds ")
    assert held(lived_in) == before


def test_what_cannot_be_done_is_one_line_and_status_1(
    folders: list[str], lived_in: BotSettings, tmp_path: Path
) -> None:
    target = tmp_path / "b.zip"
    assert run("backup", target, *folders).exit_code == 0
    with RulesStore(lived_in.data_dir / "guilds.sqlite3"):
        for command in (
            ("backup", target),
            ("backup", tmp_path),
            ("restore", target),
            ("restore", target, "--force"),
            ("restore", tmp_path / "other.zip"),
        ):
            ran = run(*command, *folders)
            assert (ran.exit_code, ran.stdout) == (1, "")
            assert ran.stderr.startswith("babillard: ")
            assert ran.stderr.count("\n") == 1
