import json
import os
import resource
import signal
import stat
import subprocess
import sys
import zipfile
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest
from filelock import FileLock
from pydantic import SecretStr

from bot.backup import writing
from bot.backup.writing import write_backup
from bot.config import BotSettings
from bot.errors import BackupError, FetchError
from bot.fetching import pages
from index.build import Progress
from index.fetched import pages_folder
from tests.bot.backup.conftest import everything
from tests.processes import REPOSITORY, surroundings

KILLED = """
import os, signal, sys
from pathlib import Path
from bot.backup.writing import write_backup
from bot.config import BotSettings
from index.build import Progress

left = int(sys.argv[2])

def advance(count):
    global left
    left -= 1
    if left == 0:
        os.kill(os.getpid(), signal.SIGKILL)

settings = BotSettings()
write_backup(settings, settings, Path(sys.argv[1]), force=True, progress=Progress(advance=advance))
"""


def names(path: Path) -> list[str]:
    with zipfile.ZipFile(path) as archive:
        return archive.namelist()


def test_an_archive_holds_all_that_nobody_could_make_again(archive: Path) -> None:
    assert names(archive) == [
        "data/journal.sqlite3",
        "data/guilds.sqlite3",
        "data/taught.sqlite3",
        "data/journal.sqlite3.key",
        "index/calibration.json",
        "seeds/glossary.csv",
        "data/learned/@pages/.pages.json",
        "data/learned/@pages/exemple.ca/r\u00a0glement.md",
        "settings.env",
        "manifest.json",
    ]


def test_a_program_of_today_reads_it_and_its_checksums_are_true(archive: Path) -> None:
    with zipfile.ZipFile(archive) as opened:
        manifest = json.loads(opened.read("manifest.json"))
        assert opened.testzip() is None
        for member in manifest["members"]:
            data = opened.read(member["name"])
            assert (len(data), sha256(data).hexdigest()) == (member["bytes"], member["sha256"])
        assert len(manifest["members"]) == len(opened.namelist()) - 1
    assert manifest["holds"] == {"questions": 1, "servers": 1, "taught": 1, "pages": 1, "articles": 0}
    assert manifest["left_out"][0] == "the index, which `babillard index rebuild` builds again"


@pytest.mark.skipif(os.name != "posix", reason="modes are POSIX's")
def test_its_owner_alone_can_read_it(archive: Path) -> None:
    assert stat.S_IMODE(archive.stat().st_mode) == 0o600


def test_nothing_is_left_beside_it_and_the_folders_stay_as_they_were(lived_in: BotSettings, tmp_path: Path) -> None:
    before = everything(lived_in.data_dir)
    write_backup(lived_in, lived_in, tmp_path / "b.zip")
    assert not list(tmp_path.glob(".*"))
    after = {name: data for name, data in everything(lived_in.data_dir).items() if not name.endswith(".lock")}
    assert after == {name: data for name, data in before.items() if not name.endswith(".lock")}


def test_the_articles_are_in_it_where_that_is_asked_for(lived_in: BotSettings, tmp_path: Path) -> None:
    club = lived_in.seeds_dir / "@club"
    club.mkdir()
    (club / "statuts.md").write_text("# Statuts\n\nŒuvre commune.\n", encoding="utf-8")
    (lived_in.seeds_dir / ".hidden.md").write_text("non", encoding="utf-8")
    (lived_in.seeds_dir / "photo.png").write_bytes(b"\x89PNG")
    manifest = write_backup(lived_in, lived_in, tmp_path / "b.zip", with_seeds=True)
    seeds = [name for name in names(tmp_path / "b.zip") if name.startswith("seeds/")]
    assert sorted(seeds) == ["seeds/@club/statuts.md", "seeds/glossary.csv", "seeds/guide.md"]
    assert manifest.holds["articles"] == 3
    assert not any("articles" in one for one in manifest.left_out)


def test_no_secret_is_anywhere_in_it(lived_in: BotSettings, tmp_path: Path) -> None:
    token = "OTAwMDAw.jeton.très-secret"
    settings = lived_in.model_copy(update={"discord_token": SecretStr(token)})
    manifest = write_backup(settings, settings, tmp_path / "b.zip")
    with zipfile.ZipFile(tmp_path / "b.zip") as archive:
        assert not any(token.encode() in archive.read(name) for name in archive.namelist())
        assert b"TOP_K=12" in archive.read("settings.env")
    assert "DISCORD_TOKEN, which is secret" in manifest.left_out


def test_a_file_that_is_there_is_replaced_only_where_that_is_asked_for(archive: Path, lived_in: BotSettings) -> None:
    before = archive.read_bytes()
    with pytest.raises(BackupError, match="--force"):
        write_backup(lived_in, lived_in, archive)
    assert archive.read_bytes() == before
    archive.write_bytes(b"older")
    write_backup(lived_in, lived_in, archive, force=True)
    assert len(names(archive)) == 10


def test_a_file_that_came_meanwhile_is_not_replaced(lived_in: BotSettings, tmp_path: Path) -> None:
    target = tmp_path / "b.zip"

    def come(_: int) -> None:
        target.write_bytes(b"mine")

    with pytest.raises(BackupError, match="--force"):
        write_backup(lived_in, lived_in, target, progress=Progress(advance=come))
    assert target.read_bytes() == b"mine"


def test_a_folder_is_no_place(lived_in: BotSettings, tmp_path: Path) -> None:
    with pytest.raises(BackupError, match="is a folder"):
        write_backup(lived_in, lived_in, tmp_path, force=True)
    with pytest.raises(BackupError, match="No such file"):
        write_backup(lived_in, lived_in, tmp_path / "nowhere" / "b.zip")


def test_where_nothing_was_kept_nothing_is_written(settings: BotSettings, tmp_path: Path) -> None:
    with pytest.raises(BackupError, match="nothing to back up"):
        write_backup(settings, settings, tmp_path / "b.zip")
    assert not (tmp_path / "b.zip").exists()


def test_what_cannot_be_copied_is_told_and_nothing_is_written(lived_in: BotSettings, tmp_path: Path) -> None:
    (lived_in.data_dir / "taught.sqlite3").write_bytes(b"SQLite format 3\0" + b"\xff" * 5_000)
    with pytest.raises(BackupError, match="babillard doctor"):
        write_backup(lived_in, lived_in, tmp_path / "b.zip")
    assert not list(tmp_path.glob("*.zip*")) + list(tmp_path.glob(".*"))


def test_a_name_that_no_archive_takes_is_told(lived_in: BotSettings, tmp_path: Path) -> None:
    (pages_folder(lived_in.data_dir) / "exemple.ca" / os.fsdecode(b"caf\xe9.md")).write_text("x", encoding="utf-8")
    manifest = write_backup(lived_in, lived_in, tmp_path / "b.zip")
    assert any("caf?.md, whose name" in one for one in manifest.left_out)
    assert manifest.holds["pages"] == 1


def test_pages_are_not_read_while_another_command_changes_them(
    lived_in: BotSettings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages, "LOCK_SECONDS", 0.01)
    with FileLock(pages_folder(lived_in.data_dir) / ".lock"), pytest.raises(FetchError, match="in a moment"):
        write_backup(lived_in, lived_in, tmp_path / "b.zip")
    assert not (tmp_path / "b.zip").exists()


def test_pages_may_be_changed_as_soon_as_they_are_copied(
    lived_in: BotSettings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages, "LOCK_SECONDS", 0.01)
    store = pages.PageStore(pages_folder(lived_in.data_dir))
    [page] = store.read().pages.values()
    kept = store.content(page)
    changed = b"# Autre chose\n"

    def change(_: int) -> None:
        store.keep(replace(page, sha256=pages.digest(changed)), changed)

    write_backup(lived_in, lived_in, tmp_path / "b.zip", progress=Progress(advance=change))
    with zipfile.ZipFile(tmp_path / "b.zip") as archive:
        told = json.loads(archive.read("data/learned/@pages/.pages.json"))
        data = archive.read(f"data/learned/@pages/{page.file}")
    assert pages.digest(data) == told["pages"][0]["sha256"]
    assert store.content(store.read().pages[page.address]) == changed
    assert kept != changed


def test_more_files_than_a_restore_takes_are_refused(
    lived_in: BotSettings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writing, "MAX_MEMBERS", 4)
    with pytest.raises(BackupError, match="more than 4 files"):
        write_backup(lived_in, lived_in, tmp_path / "b.zip")


@pytest.mark.skipif(sys.platform != "linux", reason="sets a limit that stands for a full disk")
def test_a_full_disk_leaves_nothing_behind(lived_in: BotSettings, tmp_path: Path) -> None:
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    (pages_folder(lived_in.data_dir) / "exemple.ca" / "large.pdf").write_bytes(os.urandom(400_000))
    try:
        resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, limits[1]))
        with pytest.raises(BackupError, match="File too large"):
            write_backup(lived_in, lived_in, tmp_path / "b.zip")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        signal.signal(signal.SIGXFSZ, handler)
    assert not list(tmp_path.glob("*.zip*")) + list(tmp_path.glob(".*"))


@pytest.mark.skipif(os.name != "posix", reason="no process is killed so elsewhere")
@pytest.mark.parametrize("step", [1, 4, 7])
def test_a_backup_that_is_killed_leaves_nothing_under_its_name(step: int, lived_in: BotSettings, archive: Path) -> None:
    before = archive.read_bytes()
    for target in (archive, archive.with_name("new.zip")):
        environment = surroundings(
            DATA_DIR=str(lived_in.data_dir), SEEDS_DIR=str(lived_in.seeds_dir), INDEX_DIR=str(lived_in.index_dir)
        )
        ran = subprocess.run(
            [sys.executable, "-c", KILLED, target, str(step)], cwd=REPOSITORY, env=environment, check=False
        )
        assert ran.returncode == -signal.SIGKILL
    assert archive.read_bytes() == before
    assert not archive.with_name("new.zip").exists()
    write_backup(lived_in, lived_in, archive.with_name("new.zip"))
    assert len(names(archive.with_name("new.zip"))) == 10
