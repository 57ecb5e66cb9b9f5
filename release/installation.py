"""Install a wheel into an environment of its own, and list what that brings."""

import os
import subprocess
import sys
import venv
from pathlib import Path


def install(wheel: Path, python: Path, *options: str | Path) -> None:
    """Install a wheel, and what it needs, into the environment of `python`, with these options of pip.

    Raises:
        SystemExit: pip failed.
    """
    _run(
        sys.executable,
        "-m",
        "pip",
        "--python",
        python,
        "install",
        "-qq",
        "--disable-pip-version-check",
        *options,
        wheel,
    )


def empty(environment: Path) -> Path:
    """Return the Python of a new environment without any package, pip included."""
    venv.create(environment, with_pip=False, symlinks=True)
    return environment / "bin" / "python"


def say_versions(python: Path) -> str:
    """Return what `babillard --version` says there, after its help was shown, for which all commands are imported.

    Raises:
        SystemExit: one of them does not run.
    """
    _run(python.with_name("babillard"), "--help")
    return _run(python.with_name("babillard"), "--version")


def bill_of_materials(python: Path, project: Path, file: Path) -> None:
    """Write the list of all packages of an environment, with their versions, licences and dependencies.

    Args:
        python: of the environment.
        project: the `pyproject.toml` of what it was made for.
        file: to write, in CycloneDX's JSON, without the time and without a serial number.

    Raises:
        SystemExit: the list cannot be made, or breaks the rules of its format.
    """
    form = ("--spec-version", "1.6", "--output-format", "JSON", "--output-reproducible", "--validate")
    _run(
        sys.executable,
        "-m",
        "cyclonedx_py",
        "environment",
        "--pyproject",
        project,
        *form,
        "--output-file",
        file,
        python,
    )


def _run(*command: str | Path) -> str:
    own = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}  # another babillard may be there
    done = subprocess.run([*map(str, command)], env=own, capture_output=True, encoding="utf-8", check=False)
    if done.returncode:
        raise SystemExit(f"{' '.join(map(str, command))} failed:\n{done.stdout}{done.stderr}")
    return done.stdout
