"""The changelog tells of the version that a release would have."""

import re

from tests.processes import REPOSITORY
from tests.release.conftest import PROJECT

CHANGES = (REPOSITORY / "CHANGELOG.md").read_text(encoding="utf-8")


def test_the_newest_version_is_that_of_the_package_and_what_comes_next_stands_above_it() -> None:
    assert re.findall(r"^## \[(.+?)\]", CHANGES, re.MULTILINE)[:2] == ["Unreleased", PROJECT["version"]]


def test_each_version_has_its_day_and_a_summary_above_its_changes() -> None:
    versions = re.findall(r"^## (?!\[Unreleased\])(.+)\n\n(.)", CHANGES, re.MULTILINE)
    assert versions
    for heading, first in versions:
        assert re.fullmatch(r"\[\d+\.\d+\.\d+\] - \d{4}-\d\d-\d\d", heading)
        assert first.isalpha()


def test_a_version_has_each_kind_of_change_once() -> None:
    for version in CHANGES.split("\n## ")[1:]:
        kinds = re.findall(r"^### (.+)$", version, re.MULTILINE)
        assert len(kinds) == len(set(kinds))
        assert set(kinds) <= {"Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"}
