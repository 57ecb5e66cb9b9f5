"""Read `.env` line by line, to name the line of a wrong setting and to find settings that are misspelt."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from typing import NamedTuple

from dotenv.parser import parse_stream

MIN_SIMILARITY = 0.8
"""Of a key and the setting that it may be meant for: the ratio of `difflib`. One letter left out, doubled, replaced or
swapped with its neighbour leaves at least 0.80 (`OTP_K`). Of several such settings, the nearest is named."""


class Misspelt(NamedTuple):
    """A key that is no setting, and the setting that was most likely meant."""

    line: int
    key: str
    meant: str


@dataclass(frozen=True, slots=True)
class EnvFile:
    """The keys of the file. As for the settings themselves, the last line of a key counts."""

    lines: Mapping[str, int] = field(default_factory=dict)  # key as it is written -> number of its line, from 1
    broken: tuple[int, ...] = ()  # numbers of the lines that are not KEY=value

    @classmethod
    def read(cls, path: Path) -> "EnvFile":
        """Read the file; one that does not exist has no keys.

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
                blank = text[: len(text) - len(text.lstrip())]  # a binding includes the blank lines before it
                number = binding.original.line + blank.count("\n")
                if binding.key is not None and binding.value is not None:
                    lines[binding.key] = number
                elif binding.error or binding.key is not None:
                    broken.append(number)
        return cls(lines, tuple(broken))

    def line_of(self, setting: str) -> int | None:
        """Return the line that sets `setting`, in any case of letters; None when no line does."""
        return next((line for key, line in self.lines.items() if key.lower() == setting.lower()), None)

    def misspelt(self, settings: Collection[str]) -> Iterator[Misspelt]:
        """Yield the keys that are nearly a setting; keys that resemble none belong to other programs."""
        for key, line in self.lines.items():
            if key.lower() not in settings and (near := get_close_matches(key.lower(), settings, 1, MIN_SIMILARITY)):
                yield Misspelt(line, key, near[0].upper())
