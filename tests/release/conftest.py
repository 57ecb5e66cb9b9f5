import shutil
import tomllib
from pathlib import Path

import pytest

from release.distributions import build
from release.installation import empty, install
from tests.installations import brought_by, environment_with
from tests.processes import REPOSITORY

PYPROJECT = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))
PROJECT = PYPROJECT["project"]
TIME = 1_700_000_000


@pytest.fixture(scope="session")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the sources as they are now, amid files that no release may hold."""
    folder = tmp_path_factory.mktemp("tree")
    compiled = shutil.ignore_patterns("__pycache__")
    for path in REPOSITORY.iterdir():
        if path.is_file() and path.name not in (".git", ".env"):
            shutil.copy(path, folder)
    for package in ("bot", "index", "tests"):
        shutil.copytree(REPOSITORY / package, folder / package, ignore=compiled)
    for private in (".env", "var/data/journal.sqlite3", "seeds/article.md", "bot/.env", "index/index/manifest.json"):
        (folder / private).parent.mkdir(parents=True, exist_ok=True)
        (folder / private).write_text("secret", encoding="utf-8")
    return folder


@pytest.fixture(scope="session")
def released(tree: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Return the wheel and the source distribution."""
    return build(tree, tmp_path_factory.mktemp("dist"), TIME)


@pytest.fixture(scope="session")
def installed(released: tuple[Path, Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the Python of an environment with the wheel and what a plain installation brings, without network."""
    python = environment_with(brought_by(PROJECT["dependencies"]).values(), tmp_path_factory.mktemp("plain"))
    install(released[0], python, "--no-deps", "--no-index")
    return python


@pytest.fixture(scope="session")
def bare(released: tuple[Path, Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the Python of an environment with the wheel alone."""
    python = empty(tmp_path_factory.mktemp("bare"))
    install(released[0], python, "--no-deps", "--no-index")
    return python
