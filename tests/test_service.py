"""The unit of systemd, as systemd reads it."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.processes import REPOSITORY

UNIT = REPOSITORY / "docs" / "babillard.service"
INSTALLED = "/opt/babillard/.venv/bin/babillard"
EXPOSED = 2.0
"""How exposed systemd may call the service, of 10; 252 says 1.7 of the unit as it is."""


@pytest.fixture
def analyze() -> str:
    found = shutil.which("systemd-analyze")
    if found is None:
        pytest.skip("there is no systemd-analyze here")
    return found


@pytest.fixture
def unit(tmp_path: Path) -> Path:
    """Return the unit with a program that is there."""
    text = UNIT.read_text(encoding="utf-8")
    assert text.count(INSTALLED) == 1
    file = tmp_path / UNIT.name
    file.write_text(text.replace(INSTALLED, sys.executable), encoding="utf-8")
    return file


def test_systemd_takes_every_line_of_the_unit(analyze: str, unit: Path) -> None:
    command = [analyze, "verify", "--man=no", "--recursive-errors=no", str(unit)]
    ran = subprocess.run(command, capture_output=True, encoding="utf-8", timeout=60, check=False)
    about_it = [line for line in ran.stderr.splitlines() if unit.name in line]
    assert (about_it, ran.returncode) == ([], 0)


def test_systemd_says_when_a_line_is_wrong(analyze: str, unit: Path) -> None:
    unit.write_text(unit.read_text(encoding="utf-8").replace("RemoveIPC=", "RemoveICP="), encoding="utf-8")
    command = [analyze, "verify", "--man=no", "--recursive-errors=no", str(unit)]
    ran = subprocess.run(command, capture_output=True, encoding="utf-8", timeout=60, check=False)
    assert "RemoveICP" in ran.stderr


def test_the_service_can_do_little_beside_its_work(analyze: str, unit: Path) -> None:
    command = [analyze, "security", "--offline=true", "--no-pager", str(unit)]
    ran = subprocess.run(command, capture_output=True, encoding="utf-8", timeout=60, check=False)
    level = re.search(r"Overall exposure level for \S+: ([\d.]+)", ran.stdout)
    if level is None:
        pytest.skip(f"this systemd-analyze does not judge files: {ran.stderr.strip()[:200]}")
    assert float(level[1]) <= EXPOSED
