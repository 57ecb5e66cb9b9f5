"""The documents say what the code does."""

import re
import shlex
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import discord
import pytest

from bot.config import BotSettings
from bot.discord.localization import FRENCH
from bot.discord.rules import GuildRules

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
DISCORD = (ROOT / "docs" / "discord.md").read_text(encoding="utf-8")


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


def defined_commands() -> set[str]:
    """Return the names of the commands that the cogs declare, as people type them."""
    named = re.compile(r'(?:app_commands\.command|ContextMenu)\(\s*name=_\("([^"]+)"\)')
    commands = set()
    for module in (ROOT / "bot" / "discord" / "cogs").glob("*.py"):
        group = "babillard " if module.stem == "settings" else ""
        commands |= {group + name for name in named.findall(module.read_text(encoding="utf-8"))}
    return commands


def test_the_discord_guide_lists_exactly_the_commands_with_their_french_names() -> None:
    listed = re.findall(r"^\| `/?([^`]+)` \| `/?([^`]+)` \|", DISCORD, re.MULTILINE)
    assert {english for english, _ in listed} == defined_commands()
    for english, french in listed:
        whole = FRENCH.get(english) or " ".join(FRENCH[word] for word in english.split())
        assert french == whole


def test_the_invitation_asks_for_the_permissions_of_the_table_and_no_others() -> None:
    table = re.findall(r"^\| ([A-Z][a-z]+(?: [A-Za-z]+)+) \|", DISCORD.split("### 3.")[1].split("###")[0], re.MULTILINE)
    # Discord shows some permissions under another name than its API gives them; "View Channels" is one of them.
    flags = {name.lower().replace(" ", "_").replace("view_channels", "view_channel"): True for name in table}
    asked = re.search(r"permissions=(\d+)", DISCORD)
    assert asked is not None
    assert int(asked[1]) == discord.Permissions(**flags).value
    assert len(flags) == 5


def test_the_discord_guide_names_only_make_targets_and_settings_that_exist() -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    assert set(re.findall(r"`make ([a-z]+)", DISCORD)) <= targets
    settings = {name.upper() for name in BotSettings.model_fields}
    assert set(re.findall(r"`([A-Z]+_[A-Z_]+)[`=/]", DISCORD)) <= settings


def test_the_discord_guide_gives_the_default_limits() -> None:
    rules = GuildRules()
    assert f"| {rules.cooldown_seconds} s |" in DISCORD
    assert f"| questions a day | {rules.daily_questions} |" in DISCORD


def test_the_picture_of_a_reply_shows_the_real_answer() -> None:
    picture = ElementTree.parse(ROOT / "docs" / "discord-reply.svg")
    shown = " ".join("".join(picture.getroot().itertext()).split())
    command, output = console_examples()[0]
    for line in [shlex.split(command)[2], *output.splitlines()]:
        assert " ".join(line.removeprefix("> ").split()) in shown
