"""What one check found."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from bot.errors import BotError
from index.errors import IndexingError

FORESEEN_ERRORS = (IndexingError, BotError, OSError, ImportError)
"""What a check may raise: our own errors, those of files and sockets, and that of a library that is not installed."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What one check found."""

    check: str
    state: Literal["ok", "note", "failed"]  # note: nothing is broken, but there is something to know
    said: str  # one line, which also says what to do when the check failed

    def record(self) -> dict[str, str]:
        """Return the documented JSON shape."""
        return {"check": self.check, "state": self.state, "said": self.said}


def look(check: str, examine: Callable[[], Finding]) -> Finding:
    """Return what a check finds; an error that it raises is a finding too."""
    try:
        return examine()
    except FORESEEN_ERRORS as error:
        return failed(check, error)


def failed(check: str, error: BaseException) -> Finding:
    """Return an error as a finding."""
    return Finding(check, "failed", " ".join(str(error).split()))


def count(number: int, name: str, many: str = "") -> str:
    """Return "1 file", "2 files"; `many` where an s does not make the plural."""
    return f"{number:,} {name if number == 1 else many or f'{name}s'}"
