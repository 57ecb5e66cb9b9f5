"""NOTICE and the metadata of the package tell under which licences its files are."""

import tomllib
from fnmatch import fnmatch

import pytest

from tests.processes import REPOSITORY

NOTICE = (REPOSITORY / "NOTICE").read_text(encoding="utf-8")
PYPROJECT = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))
PROJECT = PYPROJECT["project"]
OURS = {"py.typed", "report.css", "encoder.onnx", "lexicon.md", "span-reader.md", "babillard.en.md", "babillard.fr.md"}
"""Data that the project wrote itself: `encoder.onnx` is the graph of the layers, without their weights."""

SHIPPED = sorted(
    path.relative_to(REPOSITORY).as_posix()
    for package, patterns in PYPROJECT["tool"]["setuptools"]["package-data"].items()
    for pattern in patterns
    for path in (REPOSITORY / package.replace(".", "/")).glob(pattern)
    if path.name not in OURS
)


@pytest.mark.parametrize("file", SHIPPED)
def test_notice_says_where_a_shipped_file_of_data_comes_from(file: str) -> None:
    named = [word.rstrip(",.;:") for word in NOTICE.split() if "/" in word]
    assert [name for name in named if fnmatch(file, name)]


def test_the_licences_of_the_package_are_those_of_notice() -> None:
    assert PROJECT["license"] in NOTICE.splitlines()
    for licence in PROJECT["license"].split(" AND "):
        assert NOTICE.count(licence) >= 2, licence


def test_licence_and_notice_go_with_the_package() -> None:
    assert set(PROJECT["license-files"]) == {"LICENSE", "NOTICE"}


def test_the_model_card_says_the_licence_of_the_model() -> None:
    card = (REPOSITORY / "bot" / "answering" / "readers" / "span-reader.md").read_text(encoding="utf-8")
    assert "| licence | CC BY-SA 4.0" in card
