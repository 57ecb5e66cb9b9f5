"""The documents say what the code does."""

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from bot.config import BotSettings

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def console_examples() -> list[tuple[str, str]]:
    """Return each command of the README's console blocks with the output shown under it."""
    examples = []
    for block in re.findall(r"```console\n(.*?)```", README, re.DOTALL):
        for command, output in re.findall(r"^\$ (.*)\n((?:(?!\$ ).*\n)*)", block, re.MULTILINE):
            examples.append((command, output))
    return examples


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("docs") / "index"
    build = ["index", "rebuild", "--seeds", str(ROOT / "seeds"), "--index", str(folder)]
    subprocess.run([sys.executable, "-m", "bot", *build], check=True, cwd=ROOT)
    return folder


def test_the_readme_shows_commands_with_their_output() -> None:
    assert len(console_examples()) >= 3


@pytest.mark.slow
@pytest.mark.parametrize(("command", "shown"), console_examples())
def test_the_readme_shows_real_output(command: str, shown: str, index: Path) -> None:
    program, *arguments = shlex.split(command)
    assert program == "babillard"
    ran = subprocess.run(
        [sys.executable, "-m", "bot", *arguments, "--index", str(index)],
        check=True,
        capture_output=True,
        encoding="utf-8",
        cwd=ROOT,
    )
    assert ran.stdout == shown


def test_the_readme_lists_exactly_the_settings() -> None:
    listed = re.findall(r"^\| `([A-Z_]+)` \|", README, re.MULTILINE)
    assert listed == [name.upper() for name in BotSettings.model_fields]


def test_the_readme_names_only_make_targets_that_exist() -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    assert set(re.findall(r"\bmake ([a-z]+)", README)) <= targets


def test_ci_runs_the_test_command_of_the_readme() -> None:
    assert "make test" in README
    assert "exec make test" in (ROOT / ".ci" / "run").read_text(encoding="utf-8")
