"""Archives that are damaged, or made to do harm."""

import json
import random
import struct
import zipfile
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from bot.backup import reading
from bot.backup.reading import Archive
from bot.errors import BackupError
from tests.bot.backup.conftest import everything

Members = dict[str, bytes]


def members_of(path: Path) -> Members:
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def told(members: Members, **changes: Any) -> bytes:
    """Return a manifest that tells these members truly."""
    files = [
        {"name": name, "bytes": len(data), "sha256": sha256(data).hexdigest()}
        for name, data in members.items()
        if name != "manifest.json"
    ]
    return json.dumps({**json.loads(members["manifest.json"]), "members": files, **changes}).encode()


def pack(path: Path, members: Members, info: Callable[[str], zipfile.ZipInfo | str] = str) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(info(name), data)
    return path


def extract(path: Path, tmp_path: Path) -> dict[str, int]:
    folder = tmp_path / "hors" / "de" / "là"
    folder.mkdir(parents=True, exist_ok=True)
    with Archive(path) as archive:
        return archive.extract(folder)


def refused(path: Path, tmp_path: Path, said: str) -> None:
    """Expect that an archive is refused, and that nothing was written outside of the folder."""
    before = everything(tmp_path)
    with pytest.raises(BackupError, match=said):
        extract(path, tmp_path)
    assert {name: data for name, data in everything(tmp_path).items() if not name.startswith("hors/de/là/")} == before


def test_all_of_a_backup_is_taken_out(archive: Path, tmp_path: Path) -> None:
    assert extract(archive, tmp_path) == {"questions": 1, "servers": 1, "taught": 1}
    members = members_of(archive)
    del members["manifest.json"]
    assert everything(tmp_path / "hors" / "de" / "là") == members


def test_it_may_have_been_packed_again(archive: Path, tmp_path: Path) -> None:
    assert extract(pack(tmp_path / "again.zip", members_of(archive)), tmp_path)["questions"] == 1


@pytest.mark.parametrize(
    "name",
    [
        "/tmp/evil.md",
        "../evil.md",
        "seeds/../../../evil.md",
        "data/learned/@pages/../../../../evil.md",
        "..\\evil.md",
        "seeds/.git/hooks/post-merge.md",
        "seeds/evil.sh",
        "data/learned/../../evil.md",
        ".env",
        "data/commands.sha256",
        "C:/evil.md",
    ],
)
def test_a_name_that_leads_elsewhere_is_refused(name: str, archive: Path, tmp_path: Path) -> None:
    members = {**members_of(archive), name: b"evil"}
    members["manifest.json"] = told(members)
    refused(pack(tmp_path / "evil.zip", members), tmp_path, "which no backup does")


@pytest.mark.parametrize("mode", [0o120777, 0o040755, 0o010600, 0o020600])
def test_what_is_no_plain_file_is_refused(mode: int, archive: Path, tmp_path: Path) -> None:
    members = {**members_of(archive), "seeds/lien.md": b"/etc/passwd"}
    members["manifest.json"] = told(members)

    def info(name: str) -> zipfile.ZipInfo:
        found = zipfile.ZipInfo(name)
        found.external_attr = (mode if name == "seeds/lien.md" else 0o100600) << 16
        return found

    refused(pack(tmp_path / "evil.zip", members, info), tmp_path, "no plain file")


def test_a_file_in_place_of_a_folder_is_refused(archive: Path, tmp_path: Path) -> None:
    members = {**members_of(archive), "seeds/a.md": b"1", "seeds/a.md/b.md": b"2"}
    members["manifest.json"] = told(members)
    refused(pack(tmp_path / "evil.zip", members), tmp_path, "cannot be restored")


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_name_that_stands_twice_is_refused(archive: Path, tmp_path: Path) -> None:
    evil = pack(tmp_path / "evil.zip", members_of(archive))
    with zipfile.ZipFile(evil, "a") as opened:
        opened.writestr("settings.env", "TOP_K=9\n")
    refused(evil, tmp_path, "stands in it twice")


def test_a_member_that_the_manifest_does_not_tell_is_refused(archive: Path, tmp_path: Path) -> None:
    members = {**members_of(archive), "seeds/more.md": b"more"}
    refused(pack(tmp_path / "evil.zip", members), tmp_path, "not those of its manifest")


def test_a_member_that_is_missing_is_refused(archive: Path, tmp_path: Path) -> None:
    members = members_of(archive)
    del members["data/journal.sqlite3.key"]
    refused(pack(tmp_path / "evil.zip", members), tmp_path, "not those of its manifest")


def test_a_member_that_was_changed_is_refused(archive: Path, tmp_path: Path) -> None:
    members = members_of(archive)
    members["settings.env"] = members["settings.env"].replace(b"12", b"13")
    refused(pack(tmp_path / "evil.zip", members), tmp_path, r"settings\.env is not what was written")


def test_a_member_that_is_larger_than_it_says_is_refused(archive: Path, tmp_path: Path) -> None:
    members = {**members_of(archive), "seeds/zeros.md": bytes(5_000_000)}
    members["manifest.json"] = told(members)
    evil = pack(tmp_path / "evil.zip", members)
    members["seeds/zeros.md"] = b"\0"
    lying = told(members)
    raw = evil.read_bytes()
    assert raw.count(struct.pack("<L", 5_000_000)) == 2  # before the member, and in the list
    raw = raw.replace(struct.pack("<L", 5_000_000), struct.pack("<L", 1))
    evil.write_bytes(raw)
    with zipfile.ZipFile(evil) as opened:
        assert opened.getinfo("seeds/zeros.md").file_size == 1
    refused(evil, tmp_path, "not those of its manifest")
    assert lying  # what the manifest would have to tell
    assert not list(tmp_path.rglob("zeros.md"))


def test_what_there_is_no_room_for_is_refused_before_it_is_taken_out(
    archive: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "SPARE", 10**18)
    refused(archive, tmp_path, "make room")
    assert everything(tmp_path / "hors") == {}


def test_more_files_than_a_backup_has_are_refused(
    archive: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "MAX_MEMBERS", 5)
    refused(archive, tmp_path, "more than 5 files")


def test_a_list_of_files_that_is_too_long_is_not_even_read(
    archive: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "MAX_DIRECTORY", 100)
    refused(archive, tmp_path, "list of files is too long")


def test_a_manifest_that_is_too_large_is_not_read(
    archive: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "MAX_MANIFEST", 100)
    refused(archive, tmp_path, "manifest is too large")


@pytest.mark.parametrize("content", [b"", b"PK", b"Ceci n\xe2\x80\x99est pas une archive." * 100, bytes(100_000)])
def test_what_is_no_archive_is_refused(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "x.zip").write_bytes(content)
    refused(tmp_path / "x.zip", tmp_path, "no backup of Babillard")


def test_an_archive_of_another_program_is_refused(tmp_path: Path) -> None:
    refused(pack(tmp_path / "x.zip", {"photo.png": b"x"}), tmp_path, "no backup of Babillard")
    refused(pack(tmp_path / "y.zip", {"manifest.json": b"{}"}), tmp_path, "manifest is damaged")


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    refused(tmp_path / "x.zip", tmp_path, "No such file")
    refused(tmp_path, tmp_path, "directory")


def test_a_later_version_is_refused_before_anything_is_taken_out(archive: Path, tmp_path: Path) -> None:
    members = members_of(archive)
    members["manifest.json"] = told(members, version="999.0")
    refused(pack(tmp_path / "x.zip", members), tmp_path, r"written by Babillard 999\.0, .*upgrade, then restore")


def test_packing_of_another_kind_is_refused(archive: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "x.zip", "w", zipfile.ZIP_LZMA) as opened:
        for name, data in members_of(archive).items():
            opened.writestr(name, data)
    refused(tmp_path / "x.zip", tmp_path, "packed in another way")


def test_a_database_that_is_none_is_refused_whatever_its_checksum(archive: Path, tmp_path: Path) -> None:
    members = {**members_of(archive), "data/guilds.sqlite3": b"rien de lisible " * 500}
    members["manifest.json"] = told(members)
    refused(pack(tmp_path / "x.zip", members), tmp_path, r"guilds\.sqlite3, which keeps the rules of the servers")


def test_a_record_of_pages_that_is_none_is_refused_whatever_its_checksum(archive: Path, tmp_path: Path) -> None:
    members = {**members_of(archive), "data/learned/@pages/.pages.json": b"[]"}
    members["manifest.json"] = told(members)
    refused(pack(tmp_path / "x.zip", members), tmp_path, "damaged")


def test_no_byte_can_be_changed_or_lost_unnoticed(archive: Path, tmp_path: Path) -> None:
    """Whatever byte is changed, either the archive is refused, or all that was taken out is as it was."""
    whole = archive.read_bytes()
    expected = members_of(archive)
    del expected["manifest.json"]
    draw = random.Random(7)
    broken = [whole[: draw.randrange(len(whole))] for _ in range(20)]
    for _ in range(150):
        place = draw.randrange(len(whole))
        broken.append(whole[:place] + bytes([whole[place] ^ (1 << draw.randrange(8))]) + whole[place + 1 :])
    for number, data in enumerate(broken):
        path, folder = tmp_path / "broken.zip", tmp_path / f"broken{number}"
        path.write_bytes(data)
        folder.mkdir()
        try:
            with Archive(path) as opened:
                opened.extract(folder)
        except BackupError:
            continue
        assert everything(folder) == expected
