"""Change settings in `.env`, and nothing else in it; it is never half-written, and never readable by others.

`dotenv.set_key` leaves the mode of an old file as it was, writes LF for CRLF, and drops the comment behind a value and
the word `export` before it; so the lines are changed here, with the parser that the settings are read with.
"""

import io
import os
import re
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from dotenv import dotenv_values
from dotenv.parser import parse_stream

from bot.env_line import quoted

HEADER = "# Written by `babillard init`; docs/settings.md lists all settings.\n"

_BINDING = re.compile(
    r"""(?P<before>\s*(?:export[^\S\r\n]+)?(?:'[^']+'|[^=\#\s]+)[^\S\r\n]*=[^\S\r\n]*)
    (?P<value>'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*"|[^\r\n]*?)
    (?P<after>[^\S\r\n]*(?:(?<=\s)\#[^\r\n]*)?(?:\r\n|\n|\r)?)""",
    re.VERBOSE | re.DOTALL,
)


class UnwritableValueError(ValueError):
    """A value that no line of `.env` can hold, such as one with `${`; it is not shown."""


@dataclass(frozen=True, slots=True)
class Written:
    """What became of the file."""

    changed: bool
    backup: Path | None = None  # the old one, where there was one


def read_text(path: Path) -> str | None:
    """Return the file as it is, its line ends too; None when there is none.

    Raises:
        OSError, UnicodeDecodeError: it cannot be read, or is not UTF-8.
    """
    try:
        return path.read_bytes().decode("utf-8")
    except FileNotFoundError:
        return None


def can_hold(value: str) -> bool:
    """Whether a line of the file can hold a value."""
    try:
        return bool(with_settings(None, {"VALUE": value}).encode())
    except (UnwritableValueError, UnicodeEncodeError):
        return False


def with_settings(text: str | None, values: Mapping[str, str]) -> str:
    """Return the text of the file with these settings: on the lines that set them, else below.

    Args:
        text: of the old file; None when there is none.
        values: name of a setting, in capitals, and its value.

    Raises:
        UnwritableValueError: it would be read as something else.
    """
    new = HEADER if text is None else text
    for name, value in values.items():
        new = _with_setting(new, name, value)
        read = {key.lower(): found for key, found in dotenv_values(stream=io.StringIO(new, newline=None)).items()}
        if read.get(name.lower()) != value:
            raise UnwritableValueError(name)
    return new


def write(path: Path, values: Mapping[str, str]) -> Written:
    """Write the settings; a file that holds them already is left alone, and an old one is kept beside the new.

    Raises:
        UnwritableValueError: a value cannot stand there; nothing was written.
        OSError, UnicodeDecodeError: the file cannot be read or written; the old one is as it was.
    """
    path = path.resolve()  # a link goes on leading to it
    old = read_text(path)
    new = with_settings(old, values)
    if new == old:
        return Written(changed=False)
    backup = None
    if old is not None:
        backup = path.with_name(f"{path.name}.bak")
        _put(backup, old, like=path)
    _put(path, new, like=path)
    return Written(changed=True, backup=backup)


def _with_setting(text: str, name: str, value: str) -> str:
    mark = "\ufeff" if text.startswith("\ufeff") else ""  # which the parser drops
    pieces, is_set = [], False
    for binding in parse_stream(io.StringIO(text, newline="")):
        piece = binding.original.string
        if binding.key is not None and binding.value is not None and binding.key.lower() == name.lower():
            piece, is_set = piece if binding.value == value else _changed(piece, name, value), True
        pieces.append(piece)
    whole = mark + "".join(pieces)
    if is_set:
        return whole
    end = "\r\n" if "\r\n" in whole else "\n"
    missing = end if whole and not whole.endswith(("\n", "\r")) else ""
    return f"{whole}{missing}{name}={quoted(value)}{end}"


def _changed(line: str, name: str, value: str) -> str:
    """Return the line of a setting, and the blank ones before it, with another value."""
    found = _BINDING.fullmatch(line)
    if found is None:
        return f"{name}={quoted(value)}\n"
    after = found["after"]
    return f"{found['before']}{quoted(value)}{' ' if after.startswith('#') else ''}{after}"


def _put(path: Path, text: str, like: Path) -> None:
    """Write a file aside, for its owner alone from its first byte, and move it to its place.

    Args:
        path: of the file.
        text: what it is to hold.
        like: whose owner it gets, where we may give it away.
    """
    descriptor, name = tempfile.mkstemp(prefix=f"{path.name}.", suffix=".next", dir=path.parent)  # with mode 600
    aside = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(text.encode())
            file.flush()
            _give_to_owner(descriptor, like)
            os.fsync(descriptor)
        aside.replace(path)
    except BaseException:
        aside.unlink(missing_ok=True)
        raise


def _give_to_owner(descriptor: int, like: Path) -> None:
    if not like.exists():
        return
    old, new = like.stat(), os.fstat(descriptor)
    if os.name == "posix" and (old.st_uid, old.st_gid) != (new.st_uid, new.st_gid) and os.geteuid() == 0:
        os.fchown(descriptor, old.st_uid, old.st_gid)
