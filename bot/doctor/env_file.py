"""What `.env` says, line by line: to name the line of a wrong setting, and a setting that is misspelt."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from typing import NamedTuple

from dotenv.parser import parse_stream

ALIKE = 0.8
"""Ratio of `difflib` from which a key passes for a misspelt setting. A setting with one letter left out, doubled,
replaced or swapped with its neighbour has 0.80 at the least (`OTP_K`); of settings that are alike, the nearest is
meant."""


class Misspelt(NamedTuple):
    """A key that is no setting, and the setting that was most likely meant."""

    line: int
    key: str
    meant: str


@dataclass(frozen=True, slots=True)
class EnvFile:
    """The keys of the file, as it is read by the settings: the last line of a key counts."""

    lines: Mapping[str, int] = field(default_factory=dict)  # key, as it was written -> number of its line, from 1
    broken: tuple[int, ...] = ()  # numbers of the lines that are not KEY=value

    @classmethod
    def read(cls, path: Path) -> "EnvFile":
        """Read the file; one that does not exist says nothing.

        Raises:
            OSError, UnicodeDecodeError: it cannot be read, or is not UTF-8.
        """
        if not path.is_file():
            return cls()
        lines: dict[str, int] = {}
        broken = []
        with path.open(encoding="utf-8") as file:
            for binding in parse_stream(file):
                text = binding.original.string
                blank = text[: len(text) - len(text.lstrip())]  # a binding begins with the blank lines before it
                number = binding.original.line + blank.count("\n")
                if binding.key is not None and binding.value is not None:
                    lines[binding.key] = number
                elif binding.error or binding.key is not None:
                    broken.append(number)
        return cls(lines, tuple(broken))

    def line_of(self, setting: str) -> int | None:
        """Return the line that sets `setting`, in capitals or not; None when none does."""
        return next((line for key, line in self.lines.items() if key.lower() == setting.lower()), None)

    def misspelt(self, settings: Collection[str]) -> Iterator[Misspelt]:
        """Yield the keys that are not among the settings, and nearly so; others belong to other programs."""
        for key, line in self.lines.items():
            if key.lower() not in settings and (near := get_close_matches(key.lower(), settings, 1, ALIKE)):
                yield Misspelt(line, key, near[0].upper())
