"""Run Python in a process of its own, as a user would: only the project on the path, no setting inherited."""

import subprocess
import sys
from pathlib import Path

from benchmarks.surroundings import REPOSITORY, SETTINGS, surroundings

__all__ = ["REPOSITORY", "SETTINGS", "run_python", "surroundings"]


def run_python(
    *arguments: str | Path, stdin: str = "", cwd: Path | None = None, **environment: str
) -> subprocess.CompletedProcess[str]:
    """Run `python ARGUMENTS` to its end; never raises for a failure of the child."""
    return subprocess.run(
        [sys.executable, *map(str, arguments)],
        input=stdin,
        cwd=cwd,
        env=surroundings(**environment),
        capture_output=True,
        encoding="utf-8",
        timeout=300,
        check=False,
    )
