"""What a terminal can show, and how it stresses text."""

import os
import sys
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

BOLD, DIM, RESET = "\x1b[1m", "\x1b[2m", "\x1b[0m"


class Style(NamedTuple):
    """The escape sequences of a terminal; all are empty where it shows no colours."""

    bold: str = ""
    dim: str = ""
    reset: str = ""

    def strong(self, text: str) -> str:
        """Return `text` in bold."""
        return f"{self.bold}{text}{self.reset}" if text else ""

    def faint(self, text: str) -> str:
        """Return `text` dimmed."""
        return f"{self.dim}{text}{self.reset}"


@dataclass(frozen=True, slots=True)
class Screen:
    """Where an answer is shown."""

    color: bool = False
    width: int = 80  # columns
    in_conversation: bool = False  # where commands such as /more can be typed
    old_before: date | None = None  # articles from before that day are said to be old; None says it of none

    @property
    def style(self) -> Style:
        """How text is stressed there."""
        return Style(BOLD, DIM, RESET) if self.color else Style()


PLAIN = Screen()


def shows_signs() -> bool:
    """Whether standard output can show ✓ and ✗."""
    try:
        "✓✗–".encode(sys.stdout.encoding or "ascii")
    except UnicodeEncodeError:
        return False
    return os.environ.get("TERM") not in ("dumb", "linux")  # the console of Linux has 512 glyphs, none of them ✓


def use_color() -> bool:
    """Whether standard output is a terminal that wants colours (https://no-color.org)."""
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
