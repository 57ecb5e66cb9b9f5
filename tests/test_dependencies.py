"""What the code imports is declared, and what it opens by a path inside a wheel is pinned."""

import ast
import re
import sys
import tomllib
from collections.abc import Iterable, Iterator
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

from index.language import WHEEL
from tests.installations import brought_by, plain
from tests.processes import REPOSITORY

PYPROJECT = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))
PROJECT = PYPROJECT["project"]
OURS = {"index", "bot", "tests", "benchmarks", "training", "release"}
DISTRIBUTIONS = packages_distributions()


def declared(*extras: str) -> set[str]:
    """Return the names of the distributions that an installation with these extras asks for."""
    requirements = [*PROJECT["dependencies"], *(r for extra in extras for r in PROJECT["optional-dependencies"][extra])]
    return {plain(re.split(r"[^\w.-]", requirement, maxsplit=1)[0]) for requirement in requirements}


def imported_modules(paths: Iterable[Path]) -> Iterator[str]:
    """Yield the top-level modules that the files import anywhere."""
    for path in paths:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                yield from (alias.name.split(".")[0] for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and node.module:
                yield node.module.split(".")[0]


@pytest.mark.parametrize(
    ("folder", "extras"),
    [
        ("index", ["models", "milvus", "ray"]),
        ("bot", ["translate", "postgres"]),
        ("tests", ["models", "test", "bench"]),
        ("benchmarks", ["models", "test", "bench"]),
        ("training", ["models", "test", "train"]),
        ("release", ["release"]),
    ],
)
def test_what_is_imported_is_declared(folder: str, extras: list[str]) -> None:
    modules = set(imported_modules((REPOSITORY / folder).rglob("*.py"))) - OURS - set(sys.stdlib_module_names)
    missing = {
        module
        for module in modules
        if declared(*extras).isdisjoint(map(plain, DISTRIBUTIONS.get(module, [module])))  # itself if not installed
    }
    assert missing == set()


def test_the_wheel_whose_file_is_opened_by_its_path_is_pinned() -> None:
    assert WHEEL in PROJECT["dependencies"]
    assert WHEEL in (REPOSITORY / "constraints.txt").read_text(encoding="utf-8").splitlines()


def test_every_package_of_the_bot_and_of_the_index_is_shipped() -> None:
    shipped = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["setuptools"][
        "packages"
    ]
    folders = (init.parent for name in ("bot", "index") for init in (REPOSITORY / name).rglob("__init__.py"))
    assert sorted(shipped) == sorted(".".join(folder.relative_to(REPOSITORY).parts) for folder in folders)


def test_every_requirement_has_a_version_in_the_constraints() -> None:
    lines = (REPOSITORY / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pinned = {plain(line.split("==")[0]) for line in lines if "==" in line and not line.startswith("#")}
    assert declared("models", "test", "bench", "release") - pinned == set()


def test_a_plain_installation_brings_nothing_that_only_an_extra_needs() -> None:
    brought = brought_by(PROJECT["dependencies"])
    assert brought.keys() >= declared()
    assert brought.keys() & {"torch", "transformers", "sentence-transformers", "scipy", "tokenizers"} == set()


def test_what_make_installs_beside_the_bot_is_in_the_constraints_too() -> None:
    asked = re.findall(r"-e '?\.(?:\[([a-z,]+)\])?'?", (REPOSITORY / "Makefile").read_text(encoding="utf-8"))
    assert asked == ["", "models", "models,test,bench,release"]  # LIGHT=1, make chat, make test
    assert f"-e '.[{asked[-1]}]'" in (REPOSITORY / "constraints.txt").read_text(encoding="utf-8").splitlines()[0]


def test_the_release_builds_with_the_setuptools_that_an_installation_uses() -> None:
    [setuptools] = PYPROJECT["build-system"]["requires"]
    assert setuptools in PROJECT["optional-dependencies"]["release"]
    assert setuptools in (REPOSITORY / "constraints.txt").read_text(encoding="utf-8").splitlines()
