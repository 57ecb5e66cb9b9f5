import json
from typing import Any

import pytest

from bot.backup.manifest import FORMAT, Manifest, Member, decode, encode
from bot.errors import BackupError
from bot.version import program_version

MEMBER = Member("data/journal.sqlite3", 7, "0" * 64)
MANIFEST = Manifest(
    "babillard", FORMAT, program_version(), "2026-11-30T10:00:00+00:00", {"questions": 3}, ["l’index"], [MEMBER]
)


def told(**changes: Any) -> bytes:
    return json.dumps({**json.loads(encode(MANIFEST)), **changes}).encode()


def test_a_manifest_is_read_back_as_it_was() -> None:
    assert decode(encode(MANIFEST)) == MANIFEST
    assert MANIFEST.bytes == 7


@pytest.mark.parametrize("version", ["0", "0.0.9", program_version(), f"{program_version()}.dev1"])
def test_an_older_version_and_this_one_are_read(version: str) -> None:
    assert decode(told(version=version)).version == version


@pytest.mark.parametrize("changes", [{"version": "999.0"}, {"format": FORMAT + 1}, {"version": "999.0", "members": 3}])
def test_a_later_version_is_refused_with_the_remedy(changes: dict[str, Any]) -> None:
    with pytest.raises(BackupError, match=r"written by Babillard .*upgrade, then restore"):
        decode(told(**changes))


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{",
        b"[]",
        b"\xff",
        b"[" * 100_000,
        told(program="other"),
        told(format="one"),
        told(version=1),
        told(version="one"),
        told(created="hier"),
        told(holds={"questions": "many"}),
        told(holds=3),
        told(members=[{"name": "x"}]),
        told(members=[{**json.loads(encode(MANIFEST))["members"][0], "bytes": -1}]),
        told(members=[{**json.loads(encode(MANIFEST))["members"][0], "sha256": "x"}]),
        told(members=[{**json.loads(encode(MANIFEST))["members"][0], "sha256": None}]),
        told(members=[{**json.loads(encode(MANIFEST))["members"][0], "name": 7}]),
        told(members=7),
        told(colour="red"),
    ],
)
def test_what_is_damaged_is_refused(data: bytes) -> None:
    with pytest.raises(BackupError):
        decode(data)
