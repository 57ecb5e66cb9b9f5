"""What one look found, and how it is said."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from bot.errors import BotError
from index.errors import IndexingError

FAULTS = (IndexingError, BotError, OSError, ImportError)
"""What a look may meet: foreseen faults, files and sockets, and a library that is not installed."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What one look found."""

    check: str
    state: Literal["ok", "note", "failed"]  # note: nothing that is asked for fails, and there is something to know
    said: str  # one line; of what failed, also what to do

    def record(self) -> dict[str, str]:
        """Return the documented JSON shape."""
        return {"check": self.check, "state": self.state, "said": self.said}


def look(check: str, inside: Callable[[], Finding]) -> Finding:
    """Return what was found; a fault that the look met is a finding, too."""
    try:
        return inside()
    except FAULTS as error:
        return failed(check, error)


def failed(check: str, error: BaseException) -> Finding:
    """Return a fault as a finding."""
    return Finding(check, "failed", " ".join(str(error).split()))


def count(number: int, name: str) -> str:
    """Return "1 file", "2 files"."""
    return f"{number:,} {name}{'' if number == 1 else 's'}"
