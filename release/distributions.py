"""Build the wheel and the source distribution of a commit, the same bytes each time."""

import gzip
import hashlib
import io
import os
import subprocess
import sys
import tarfile
import tomllib
from pathlib import Path


def committed(repository: Path, tree: Path) -> Path:
    """Return `tree`, filled with the files of the last commit.

    Raises:
        SystemExit: tracked files differ from it.
    """
    changed = _git(repository, "status", "--porcelain", "--untracked-files=no").decode()
    if changed:
        raise SystemExit(f"A release is made of the last commit; commit these changes, or put them aside:\n{changed}")
    with tarfile.open(fileobj=io.BytesIO(_git(repository, "archive", "HEAD"))) as archive:
        archive.extractall(tree, filter="data")
    return tree


def commit_time(repository: Path) -> int:
    """Return when the last commit was made, in seconds."""
    return int(_git(repository, "log", "-1", "--format=%ct"))


def version(tree: Path) -> str:
    """Return the version that `pyproject.toml` tells."""
    project = tomllib.loads((tree / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return str(project["version"])


def build(tree: Path, into: Path, time: int) -> tuple[Path, Path]:
    """Return the wheel and the source distribution of `tree`; the wheel is built from the latter.

    Args:
        tree: the sources.
        into: the folder of both.
        time: of every file in them, in seconds.

    Raises:
        SystemExit: the build failed.
    """
    done = subprocess.run(
        [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(into), str(tree)],
        env={**os.environ, "SOURCE_DATE_EPOCH": str(time)},
        umask=0o022,  # which modes the files have is part of the bytes
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    if done.returncode:
        raise SystemExit(f"The build failed:\n{done.stdout}{done.stderr}")
    (wheel,), (source,) = into.glob("*.whl"), into.glob("*.tar.gz")
    source.write_bytes(_packed(source.read_bytes(), time))
    return wheel, source


def checksums(folder: Path) -> str:
    """Return a line for each file of a folder, as `sha256sum --check` reads it."""
    files = sorted(path for path in folder.iterdir() if path.name != "SHA256SUMS")
    return "".join(f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}\n" for path in files)


def _packed(source: bytes, time: int) -> bytes:
    """Return a source distribution without what tells who packed it, and when: setuptools writes both."""
    packed = io.BytesIO()
    with (
        tarfile.open(fileobj=io.BytesIO(source)) as old,
        gzip.GzipFile(fileobj=packed, filename="", mode="wb", mtime=time) as compressed,
        tarfile.open(fileobj=compressed, mode="w", format=tarfile.PAX_FORMAT) as new,
    ):
        for member in sorted(old.getmembers(), key=lambda member: member.name):
            member.uid = member.gid = 0
            member.uname = member.gname = ""
            member.mtime = time
            member.pax_headers = {}
            new.addfile(member, old.extractfile(member) if member.isfile() else None)
    return packed.getvalue()


def _git(repository: Path, *arguments: str) -> bytes:
    return subprocess.run(["git", "-C", str(repository), *arguments], capture_output=True, check=True).stdout
