import os
import shutil
import signal
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from filelock import FileLock

from bot.backup.restoring import restore_backup
from bot.backup.writing import write_backup
from bot.config import BotSettings
from bot.discord.rules_store import RulesStore
from bot.errors import BackupError, FetchError
from bot.journal.journal import Journal
from bot.teaching.store import TaughtStore
from tests.bot.backup.conftest import GUILD, everything, held
from tests.processes import REPOSITORY, surroundings

KILLED = """
import os, signal, sys
from pathlib import Path
from bot.backup import placing, restoring
from bot.config import BotSettings

left = int(sys.argv[2])
replace = Path.replace

def dying(source, target):
    global left
    left -= 1
    if left == 0:
        os.kill(os.getpid(), signal.SIGKILL)
    return replace(source, target)

Path.replace = dying
restoring.restore_backup(BotSettings(), Path(sys.argv[1]), force=True)
"""


def wiped(settings: BotSettings) -> None:
    for folder in (settings.data_dir, settings.index_dir, settings.seeds_dir):
        shutil.rmtree(folder)


def test_what_was_backed_up_is_back_after_all_was_lost(lived_in: BotSettings, archive: Path) -> None:
    before = held(lived_in)
    wiped(lived_in)
    restored = restore_backup(lived_in, archive)
    assert held(lived_in) == before
    assert (restored.aside, dict(restored.held)) == (None, {"questions": 1, "servers": 1, "taught": 1})
    with Journal(lived_in.data_dir / "journal.sqlite3") as journal:
        assert journal.forget(1) == 1  # by the same secret


def test_settings_are_written_beside_the_data_and_no_env_file_is_touched(
    lived_in: BotSettings, archive: Path, tmp_path: Path
) -> None:
    (tmp_path / ".env").write_text("TOP_K=5\n", encoding="utf-8")
    wiped(lived_in)
    restore_backup(lived_in, archive)
    assert (tmp_path / ".env").read_text(encoding="utf-8") == "TOP_K=5\n"
    assert "TOP_K=12\n" in (lived_in.data_dir / "restored.env").read_text(encoding="utf-8")


@pytest.mark.skipif(os.name != "posix", reason="modes are POSIX's")
def test_what_was_for_its_owner_alone_is_again(lived_in: BotSettings, archive: Path) -> None:
    wiped(lived_in)
    mask = os.umask(0o022)
    try:
        restore_backup(lived_in, archive)
    finally:
        os.umask(mask)
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in lived_in.data_dir.rglob("*") if path.is_file()}
    private = {"journal.sqlite3", "journal.sqlite3.key", "taught.sqlite3", "restored.env"}
    assert {modes[name] for name in private} == {0o600}
    assert modes[".pages.json"] == 0o644


def test_what_is_there_stays_as_it_is_without_force(lived_in: BotSettings, archive: Path) -> None:
    before = everything(lived_in.data_dir)
    with pytest.raises(BackupError, match=r"journal.* would be replaced: --force"):
        restore_backup(lived_in, archive)
    assert everything(lived_in.data_dir) == before


def test_what_is_there_is_kept_aside_with_force(lived_in: BotSettings, archive: Path) -> None:
    before = held(lived_in)
    with TaughtStore(lived_in.data_dir / "taught.sqlite3") as taught:
        taught.teach(GUILD, "Qui ?", "Elle.", teacher=3)
    with RulesStore(lived_in.data_dir / "guilds.sqlite3") as rules:
        rules.forget_guild(GUILD)
    (lived_in.seeds_dir / "glossary.csv").write_text("word,meaning\nPE,prime d’équipe\n", encoding="utf-8")
    (lived_in.data_dir / "commands.sha256").write_text("0" * 64, encoding="utf-8")
    (lived_in.data_dir / "channels.sqlite3").write_bytes(b"")  # of after the backup
    changed = held(lived_in)
    restored = restore_backup(lived_in, archive, force=True)
    assert held(lived_in) == before
    assert restored.aside is not None
    assert restored.aside.parent == lived_in.data_dir
    assert not (lived_in.data_dir / "commands.sha256").exists()
    assert not (lived_in.data_dir / "channels.sqlite3").exists()
    kept = lived_in.model_copy(update={"data_dir": restored.aside / "data", "seeds_dir": restored.aside / "seeds"})
    assert held(kept) == changed
    again = restore_backup(lived_in, archive, force=True)
    assert again.aside not in (None, restored.aside)
    assert held(lived_in) == before


def test_another_glossary_is_not_replaced_without_force(lived_in: BotSettings, archive: Path) -> None:
    shutil.rmtree(lived_in.data_dir)
    (lived_in.seeds_dir / "glossary.csv").write_text("word,meaning\n", encoding="utf-8")
    with pytest.raises(BackupError, match=r"glossary\.csv would be replaced"):
        restore_backup(lived_in, archive)
    assert set(everything(lived_in.data_dir)) == {".restoring-lock"}
    assert (lived_in.seeds_dir / "glossary.csv").read_text(encoding="utf-8") == "word,meaning\n"


def test_articles_that_are_not_in_it_stay(lived_in: BotSettings, tmp_path: Path) -> None:
    path = tmp_path / "b.zip"
    write_backup(lived_in, lived_in, path, with_seeds=True)
    (lived_in.seeds_dir / "new.md").write_text("neuf", encoding="utf-8")
    (lived_in.seeds_dir / "guide.md").unlink()
    shutil.rmtree(lived_in.data_dir)
    assert restore_backup(lived_in, path).aside is None
    assert sorted(everything(lived_in.seeds_dir)) == ["glossary.csv", "guide.md", "new.md"]


@pytest.mark.skipif(os.name != "posix", reason="links need rights elsewhere")
def test_a_link_among_the_articles_leads_nothing_out_of_them(lived_in: BotSettings, tmp_path: Path) -> None:
    (lived_in.seeds_dir / "dossier").mkdir()
    (lived_in.seeds_dir / "dossier" / "x.md").write_text("# X\n\nTexte.\n", encoding="utf-8")
    write_backup(lived_in, lived_in, tmp_path / "b.zip", with_seeds=True)
    wiped(lived_in)
    outside = tmp_path / "ailleurs"
    outside.mkdir()
    lived_in.seeds_dir.mkdir()
    (lived_in.seeds_dir / "dossier").symlink_to(outside)
    with pytest.raises(BackupError, match="a link that leaves its folder"):
        restore_backup(lived_in, tmp_path / "b.zip")
    assert everything(outside) == {}
    assert set(everything(lived_in.data_dir)) == {".restoring-lock"}


def test_nothing_is_restored_while_a_bot_runs(lived_in: BotSettings, archive: Path) -> None:
    before = held(lived_in)
    with (
        Journal(lived_in.data_dir / "journal.sqlite3"),
        RulesStore(lived_in.data_dir / "guilds.sqlite3"),
        pytest.raises(BackupError, match="stop the bot"),
    ):
        restore_backup(lived_in, archive, force=True)
    assert held(lived_in) == before
    assert not list(lived_in.data_dir.glob("before-restore-*")) + list(lived_in.data_dir.glob(".restoring-*/"))


def test_two_restores_take_turns(lived_in: BotSettings, archive: Path) -> None:
    with FileLock(lived_in.data_dir / ".restoring-lock"), pytest.raises(BackupError, match="another restore"):
        restore_backup(lived_in, archive, force=True)


def test_nothing_is_restored_while_pages_are_refreshed(lived_in: BotSettings, archive: Path) -> None:
    with FileLock(lived_in.data_dir / "learned" / ".refresh.lock"), pytest.raises(FetchError, match="being refreshed"):
        restore_backup(lived_in, archive, force=True)


def test_a_damaged_file_is_what_a_restore_is_for(lived_in: BotSettings, archive: Path) -> None:
    before = held(lived_in)
    (lived_in.data_dir / "taught.sqlite3").write_bytes(b"SQLite format 3\0" + b"\xff" * 5_000)
    (lived_in.data_dir / "guilds.sqlite3").write_bytes(b"rien de lisible " * 500)
    restore_backup(lived_in, archive, force=True)
    assert held(lived_in) == before


def test_an_archive_that_is_refused_changes_nothing(lived_in: BotSettings, archive: Path) -> None:
    before = held(lived_in)
    archive.write_bytes(archive.read_bytes()[:-200])
    with pytest.raises(BackupError, match="damaged"):
        restore_backup(lived_in, archive, force=True)
    assert held(lived_in) == before
    wiped(lived_in)
    with pytest.raises(BackupError, match="damaged"):
        restore_backup(lived_in, archive)
    assert not lived_in.data_dir.exists()


@pytest.mark.skipif(os.name != "posix", reason="no process is killed so elsewhere")
def test_a_restore_that_is_killed_at_any_step_can_be_made_again_and_loses_nothing(
    lived_in: BotSettings, archive: Path
) -> None:
    before = held(lived_in)
    environment = surroundings(
        DATA_DIR=str(lived_in.data_dir), SEEDS_DIR=str(lived_in.seeds_dir), INDEX_DIR=str(lived_in.index_dir)
    )
    (lived_in.seeds_dir / "glossary.csv").write_text("word,meaning\nPE,prime d’équipe\n", encoding="utf-8")
    for step in (1, 2, 5, 9):
        with TaughtStore(lived_in.data_dir / "taught.sqlite3") as taught:
            taught.teach(GUILD, f"Étape {step} ?", "Oui.", teacher=3)
        ran = subprocess.run(
            [sys.executable, "-c", KILLED, archive, str(step)], cwd=REPOSITORY, env=environment, check=False
        )
        assert ran.returncode == -signal.SIGKILL
        places = [lived_in.data_dir, *lived_in.data_dir.glob("before-restore-*/data")]
        texts = [path.read_bytes() for place in places for path in place.glob("taught.sqlite3*")]
        assert any(f"Étape {step} ?".encode() in text for text in texts)
        restore_backup(lived_in, archive, force=True)
        assert held(lived_in) == before
        assert not [path for path in lived_in.data_dir.glob(".restoring-*") if path.is_dir()]
