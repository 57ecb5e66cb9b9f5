"""What the commands of make would run, as `make -n` tells it."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.processes import REPOSITORY


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """Return a folder with what the set-up reads, and an environment in which nothing is installed yet."""
    for name in ("Makefile", "pyproject.toml", "constraints.txt"):
        shutil.copy(REPOSITORY / name, tmp_path)
    (tmp_path / ".venv" / "bin").mkdir(parents=True)
    (tmp_path / ".venv" / "bin" / "python").touch()
    return tmp_path


def installed_by(checkout: Path, *arguments: str) -> list[str]:
    """Return what each pip of a command would install, and let the command leave the stamps that it would."""
    told = subprocess.run(
        ["make", "-n", *arguments],
        cwd=checkout,
        env={"PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    for stamps in re.findall(r"^touch (.+)$", told, re.MULTILINE):
        for stamp in stamps.split():
            (checkout / stamp).touch()
    return re.findall(r"-m pip install .* -e '?(\S+?)'? <", told)


def test_chat_installs_pytorch_and_light_does_not(checkout: Path) -> None:
    assert installed_by(checkout, "chat", "LIGHT=1") == ["."]
    assert installed_by(checkout, "discord", "LIGHT=1") == []
    assert installed_by(checkout, "chat", "LIGHT=") == [".[models]"]
    assert installed_by(checkout, "chat", "LIGHT=1") == []


@pytest.mark.parametrize("command", ["chat", "discord", "rebuild", "eval"])
def test_what_was_set_up_light_stays_light(checkout: Path, command: str) -> None:
    assert installed_by(checkout, "chat", "LIGHT=1") == ["."]
    assert installed_by(checkout, command) == []
    (checkout / ".venv" / ".installed-light").unlink()
    assert installed_by(checkout, command) == [".[models]"]


@pytest.mark.parametrize("command", ["test", "lint", "bench", "release"])
def test_what_needs_the_tools_installs_them_with_the_models_also_after_a_light_start(
    checkout: Path, command: str
) -> None:
    assert installed_by(checkout, "chat", "LIGHT=1") == ["."]
    assert installed_by(checkout, command) == [".[models,test,bench,release]"]
    assert installed_by(checkout, "chat") == []


def test_a_new_pyproject_installs_again_what_was_installed(checkout: Path) -> None:
    assert installed_by(checkout, "chat", "LIGHT=1") == ["."]
    newer = (checkout / ".venv" / ".installed-light").stat().st_mtime + 10
    os.utime(checkout / "pyproject.toml", (newer, newer))
    assert installed_by(checkout, "chat") == ["."]
