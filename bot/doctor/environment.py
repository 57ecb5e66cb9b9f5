"""Check Python and the settings."""

import os
import platform
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from bot.config import BotSettings
from bot.doctor.env_file import EnvFile
from bot.doctor.finding import Finding

MIN_PYTHON = (3, 11)
OURS = ("bot", "index")


def python(version: tuple[int, ...], installed: Mapping[str, Sequence[str]]) -> Finding:
    """Check the version of Python, and that no other distribution installs packages under the names of ours.

    Args:
        version: of Python.
        installed: the names of the distributions that have each package, as `packages_distributions` returns them.
    """
    where = f"Python {platform.python_version()} on {platform.system()} {platform.machine()}"
    if version < MIN_PYTHON:
        wanted = ".".join(map(str, MIN_PYTHON))
        return Finding("python", "failed", f"{where}: install Python {wanted} or later, then `make chat`")
    others = {other for package in OURS for other in installed.get(package, ()) if other != "babillard"}
    if others:
        clash = f"{' and '.join(sorted(others))} too has a package named {' or '.join(OURS)}"
        return Finding("python", "note", f"{where}; {clash}: install Babillard into an environment of its own")
    return Finding("python", "ok", where)


def read_settings(given: Mapping[str, object], env: Path = Path(".env")) -> tuple[BotSettings, list[Finding]]:
    """Return the settings, and what was found; where a setting is wrong, the other checks use its default."""
    try:
        file = EnvFile.read(env)
    except (OSError, UnicodeDecodeError) as error:
        said = f"{env} cannot be read ({error}): save it as UTF-8, readable by whoever runs the bot"
        return BotSettings.model_construct(**dict[str, Any](given)), [Finding("settings", "failed", said)]
    notes = [
        Finding("settings", "note", f"line {line} of {env}: {key} is no setting; {meant} may be meant")
        for line, key, meant in file.misspelt(BotSettings.model_fields.keys())
    ]
    notes += [
        Finding("settings", "failed", f"line {line} of {env} is not KEY=value, and is passed over: mend it")
        for line in file.broken
    ]
    try:
        settings = BotSettings.model_validate(given)
    except ValidationError as error:
        wrong = {str(part["loc"][0]): part["msg"] for part in error.errors() if part["loc"]}
        faulty = [
            Finding("settings", "failed", f"{name.upper()}, {_origin(name, file, env)}: {said}")
            for name, said in wrong.items()
        ]
        defaults = {name: BotSettings.model_fields[name].get_default() for name in wrong}
        return BotSettings.model_validate({**given, **defaults}), faulty + notes
    there = (
        f"{env.absolute()} and the environment" if env.is_file() else f"the environment; there is no {env.absolute()}"
    )
    return settings, [Finding("settings", "ok", f"read from {there}"), *notes]


def _origin(setting: str, file: EnvFile, env: Path) -> str:
    if any(name.lower() == setting for name in os.environ):
        return "set in the environment"
    return f"line {line} of {env}" if (line := file.line_of(setting)) else "set on the command line"
