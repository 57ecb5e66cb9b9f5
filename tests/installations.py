"""An environment like that of a plain `pip install babillard`, made of what is installed here, without network."""

import re
from collections.abc import Iterable
from importlib.metadata import Distribution, distribution
from pathlib import Path

from packaging.requirements import Requirement

from release.installation import empty


def plain(name: str) -> str:
    """Return the name of a distribution as an index compares it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def brought_by(requirements: Iterable[str]) -> dict[str, Distribution]:
    """Return the distributions that an installation of `requirements` brings, by their plain names."""
    brought: dict[str, Distribution] = {}
    seen: set[tuple[str, str]] = set()
    waiting = [(Requirement(requirement), "") for requirement in requirements]
    while waiting:
        requirement, for_extra = waiting.pop()
        if requirement.marker is not None and not requirement.marker.evaluate({"extra": for_extra}):
            continue
        name = plain(requirement.name)
        found = brought.setdefault(name, distribution(requirement.name))
        for extra in {"", *requirement.extras} - {extra for seen_name, extra in seen if seen_name == name}:
            seen.add((name, extra))
            waiting += [(Requirement(needed), extra) for needed in found.requires or []]
    return brought


def environment_with(distributions: Iterable[Distribution], folder: Path) -> Path:
    """Return the Python of an environment with these distributions alone, whose files are links to those here."""
    python = empty(folder)
    [packages] = folder.glob("lib/python*/site-packages")
    for one in distributions:
        for top in {file.parts[0] for file in one.files or []} - {"..", "__pycache__"}:
            if not (packages / top).exists():  # two distributions may share a package
                (packages / top).symlink_to(Path(str(one.locate_file(top))))
    return python
