"""What an archive says of itself: who wrote it, when, what it holds, and the checksum of each of its members."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from bot.errors import BackupError
from bot.version import program_version

PROGRAM = "babillard"

BLOCK = 1 << 20  # bytes of a member that are read at once

FORMAT = 1  # of the archive; raised when a reader of the old one would misread the new

MAX_MEMBERS = 100_000
"""An archive of articles has as many as there are files. The list of so many is read within 100 MB of memory."""


@dataclass(frozen=True, slots=True)
class Member:
    """One file."""

    name: str  # in the archive
    bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """All that is said of an archive."""

    program: str
    format: int
    version: str  # of the program that wrote it
    created: str  # ISO 8601, UTC
    holds: Mapping[str, int]  # "questions", "servers", … -> how many
    left_out: Sequence[str]  # what is not in it, and why
    members: Sequence[Member]

    @property
    def bytes(self) -> int:
        """Of all members."""
        return sum(member.bytes for member in self.members)


def encode(manifest: Manifest) -> bytes:
    """Return the manifest as it is kept."""
    return json.dumps(asdict(manifest), ensure_ascii=False, indent=1).encode() + b"\n"


def decode(data: bytes) -> Manifest:
    """Return the manifest that `encode` wrote, once it is known that this program reads the archive.

    Raises:
        BackupError: it is of another program or of a later version, or is damaged.
    """
    try:
        told = json.loads(data)
        _check_version(told["program"], told["format"], told["version"])
        manifest = Manifest(**{**told, "members": [_member(member) for member in told["members"]]})
        datetime.fromisoformat(manifest.created)
        if not all(isinstance(count, int) for count in manifest.holds.values()):
            raise ValueError("what is counted is no number")
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise BackupError(f"its manifest is damaged ({error}): take another backup") from error
    return manifest


def _check_version(program: Any, written: Any, by: Any) -> None:
    if program != PROGRAM:
        raise ValueError("it is of another program")
    if written > FORMAT or _numbers(by) > _numbers(program_version()):
        raise BackupError(f"it was written by Babillard {by}, and this is {program_version()}: upgrade, then restore")


def _numbers(version: str) -> tuple[int, ...]:
    """Return 1.10.0 as (1, 10, 0); what follows the numbers is passed over."""
    found = re.match(r"\d{1,9}(?:\.\d{1,9}){0,9}", version)
    if found is None:
        raise ValueError(f"{version[:20]!r} is no version")
    return tuple(map(int, found[0].split(".")))


def _member(told: Mapping[str, Any]) -> Member:
    name, size, digest = told["name"], told["bytes"], told["sha256"]
    if not (isinstance(name, str) and isinstance(size, int) and size >= 0 and re.fullmatch("[0-9a-f]{64}", digest)):
        raise ValueError("a file is not told as it should be")
    return Member(name, size, digest)
