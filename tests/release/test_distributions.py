import hashlib
import os
import subprocess
import tarfile
import zipfile
from email import message_from_bytes
from pathlib import Path

import pytest

from release.distributions import build, checksums, commit_time, committed
from tests.processes import REPOSITORY
from tests.release.conftest import PROJECT, PYPROJECT, TIME

VERSION = PROJECT["version"]


def names_in_wheel(wheel: Path) -> set[str]:
    with zipfile.ZipFile(wheel) as archive:
        return set(archive.namelist())


def names_in_source(source: Path) -> set[str]:
    """Return the files of a source distribution, without the folder around them."""
    with tarfile.open(source) as archive:
        return {member.name.partition("/")[2] for member in archive.getmembers() if member.isfile()}


def shipped() -> set[str]:
    """Return the modules and the files of data that a release must hold."""
    modules = {path for package in ("bot", "index") for path in (REPOSITORY / package).rglob("*.py")}
    data = {
        path
        for package, patterns in PYPROJECT["tool"]["setuptools"]["package-data"].items()
        for pattern in patterns
        for path in (REPOSITORY / package.replace(".", "/")).glob(pattern)
    }
    return {path.relative_to(REPOSITORY).as_posix() for path in modules | data}


def test_the_wheel_holds_every_module_and_file_of_data_and_the_licences_and_nothing_else(
    released: tuple[Path, Path],
) -> None:
    info = f"babillard-{VERSION}.dist-info"
    about = {"METADATA", "RECORD", "WHEEL", "entry_points.txt", "top_level.txt", "licenses/LICENSE", "licenses/NOTICE"}
    assert names_in_wheel(released[0]) == shipped() | {f"{info}/{name}" for name in about}


def test_the_wheel_asks_for_no_pytorch_but_with_the_extra(released: tuple[Path, Path]) -> None:
    with zipfile.ZipFile(released[0]) as archive:
        metadata = message_from_bytes(archive.read(f"babillard-{VERSION}.dist-info/METADATA"))
    assert metadata["Version"] == VERSION
    assert [needed for needed in metadata.get_all("Requires-Dist", []) if "torch" in needed] == [
        'torch==2.13.0; extra == "models"'
    ]


def test_the_source_distribution_holds_what_a_build_needs_and_nothing_private(released: tuple[Path, Path]) -> None:
    outside = {name for name in names_in_source(released[1]) if not name.startswith(("bot/", "index/"))}
    made = {"PKG-INFO", "setup.cfg", *(name for name in outside if name.startswith("babillard.egg-info/"))}
    needed = {"pyproject.toml", "MANIFEST.in", "README.md", *PROJECT["license-files"]}
    assert outside - made == needed | {"CHANGELOG.md", "constraints.txt"}
    assert names_in_source(released[1]) - outside == shipped()


def test_the_same_sources_give_the_same_bytes(released: tuple[Path, Path], tree: Path, tmp_path: Path) -> None:
    for path in tree.glob("*.md"):
        os.utime(path)
    before = os.umask(0o077)
    try:
        again = build(tree, tmp_path, TIME)
    finally:
        os.umask(before)
    assert [path.read_bytes() for path in again] == [path.read_bytes() for path in released]


def test_a_build_that_fails_says_why(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text('[project]\nname = "été été"\nversion = "0"\n', encoding="utf-8")
    with pytest.raises(SystemExit, match="The build failed"):
        build(tmp_path, tmp_path / "dist", TIME)


def test_the_checksums_can_be_checked(tmp_path: Path) -> None:
    (tmp_path / "b.whl").write_bytes(b"b")
    (tmp_path / "a.tar.gz").write_bytes(b"a")
    (tmp_path / "SHA256SUMS").touch()
    assert checksums(tmp_path).splitlines() == [
        f"{hashlib.sha256(b'a').hexdigest()}  a.tar.gz",
        f"{hashlib.sha256(b'b').hexdigest()}  b.whl",
    ]


# ---------------------------------------------------------------------------------------------------------- last commit


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    folder = tmp_path / "repository"
    folder.mkdir()
    (folder / "été.md").write_text("L’été.\n", encoding="utf-8")
    author = {"NAME": "Nobody", "EMAIL": "nobody@example.org", "DATE": "2026-11-30T12:00:00Z"}
    who = {f"GIT_{role}_{what}": value for role in ("AUTHOR", "COMMITTER") for what, value in author.items()}
    for command in (["init", "-q"], ["add", "."], ["commit", "-q", "-m", "Begin"]):
        subprocess.run(["git", *command], cwd=folder, env={**os.environ, **who}, check=True)
    return folder


def test_a_release_is_made_of_the_last_commit(repository: Path, tmp_path: Path) -> None:
    (repository / "notes.txt").write_text("private", encoding="utf-8")
    tree = committed(repository, tmp_path / "tree")
    assert [path.name for path in tree.iterdir()] == ["été.md"]
    assert commit_time(repository) == 1_796_040_000


def test_changes_that_are_not_committed_stop_a_release_and_are_named(repository: Path, tmp_path: Path) -> None:
    (repository / "été.md").write_text("L’hiver.\n", encoding="utf-8")
    with pytest.raises(SystemExit, match=r"commit these changes(?s:.*)\.md"):
        committed(repository, tmp_path / "tree")
