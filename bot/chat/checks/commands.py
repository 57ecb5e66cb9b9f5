"""Every command of a reply stands in a cited passage, character for character, and in its order.

So do code, options, paths and settings. White space may differ. A line of code is a whole line or a whole piece of code
of the passage, never a part of one: without its last option a command does something else. In words that are no code a
passage may be cut anywhere between two words.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from bot.answering.shapes import is_row
from bot.chat.code import Code, Copied, code_in, copied_in, without_code
from bot.chat.reply import Reply

_PROMPT = re.compile(r"(?:[\w.-]+@[\w.-]+:?\S*)?\$ ")  # of a shell, which nobody types
_COMMENT = re.compile(r"(?:#|//|;|--|/\*)")  # opens a line that does nothing
_BLANKS = re.compile(r"[ \t]+")
_CELL = re.compile(r"[^|]+")
_LIST_MARK = re.compile(r"[ \t>]*(?:[-*+•]|\d{1,9}[.)])?[ \t]*")


class _Place(NamedTuple):
    """Where a passage has a line of code: lines of one block are numbered one after the other."""

    at: int
    block: int  # -1 for what stands in no block
    line: int  # comments are not counted


class _Written:
    """What a passage has that could be copied."""

    def __init__(self, text: str) -> None:
        """Read a passage once for all the commands that are looked for in it."""
        codes = code_in(text)
        self._all = _folded(text)
        self._lines: dict[str, list[_Place]] = {}
        self._block_lines: set[str] = set()
        self._read_code(text, codes)
        self._prose = list(self._read_prose(text, codes))

    def _read_code(self, text: str, codes: Iterable[Code]) -> None:
        for code in codes:
            number = 0
            is_cell = not code.is_block and is_row(_line_at(text, code.start))
            for copied in code.copied:
                line = _command(copied.text.replace("\\|", "|") if is_cell else copied.text)
                self._lines.setdefault(line, []).append(_Place(copied.start, copied.block, number))
                number += not _COMMENT.match(line)
                if code.is_block:
                    self._block_lines.add(line)

    def _read_prose(self, text: str, codes: list[Code]) -> Iterator[tuple[int, str]]:
        """Yield each line outside code, and each cell of a table; a line that is nothing but a command is code."""
        prose = without_code(text, codes)
        commands = {copied.start: copied.end for copied in copied_in(text) if copied.kind == "command"}
        at = 0
        for line in prose.split("\n"):
            mark = _LIST_MARK.match(line)
            start, end = at + (mark.end() if mark else 0), at + len(line.rstrip())
            if commands.get(start) == end:
                self._lines.setdefault(_command(text[start:end]), []).append(_Place(start, -1, 0))
            elif is_row(line.strip()):
                yield from ((at + cell.start(), _folded(cell[0])) for cell in _CELL.finditer(line))
            else:
                yield at, _folded(line)
                yield at, _folded(line.replace("\u00a0", " "))
            at += len(line) + 1

    def holds(self, token: str) -> bool:
        """Whether the passage has it between two words."""
        return _whole(token).search(self._all) is not None

    def places(self, command: str) -> list[_Place]:
        """Return where the passage has a command or a line of code."""
        whole = _whole(command)
        in_prose = [_Place(at + found.start(), -1, 0) for at, line in self._prose for found in whole.finditer(line)]
        return sorted([*self._lines.get(command, ()), *in_prose])

    def is_step(self, copied: Copied) -> bool:
        """Whether something copied has its place in the order: what does more than name a thing."""
        return copied.kind != "inline" or " " in copied.text or _command(copied.text) in self._block_lines


class _Walk:
    """Follows a reply through one passage."""

    def __init__(self, written: _Written) -> None:
        self.written = written
        self._reached: list[_Place] = []  # where the last command may stand
        self._block = -1  # of the reply, that it stands in

    def follows(self, copied: Copied, places: Sequence[_Place]) -> bool:
        """Whether one of the places comes after the last command; in one block of code no line is left out."""
        same = copied.block >= 0 and copied.block == self._block
        reached = [
            place
            for place in places
            if not self._reached or any(_comes_after(place, last, same) for last in self._reached)
        ]
        if reached:
            self._reached, self._block = reached, copied.block
        return bool(reached)


def _comes_after(place: _Place, last: _Place, same_block: bool) -> bool:
    is_near = not same_block or place.block < 0 or place.block != last.block or place.line - last.line <= 1
    return place.at > last.at and is_near


def check_commands(reply: Reply) -> Iterator[str]:
    """Report commands, code, options, paths and settings that no cited passage has, or has in another order."""
    walks = {n: _Walk(_Written(evidence.text)) for n, evidence in reply.evidence.items()}
    for claim in reply.claims:
        cited = [walks[n] for n in claim.passages]
        for copied in claim.copied:
            text = _command(copied.text) if copied.kind != "token" else _folded(copied.text)
            if not text:
                continue
            if copied.kind == "token" or (copied.kind == "inline" and " " not in text):
                found = [walk for walk in cited if walk.written.holds(text)]
            else:
                found = [walk for walk in cited if walk.written.places(text)]
            if not found:
                yield _unknown(copied, text)
                continue
            steps = [walk for walk in found if copied.kind != "token" and walk.written.is_step(copied)]
            followed = [walk.follows(copied, walk.written.places(text)) for walk in steps]
            if followed and not any(followed):
                yield f"“{text}” comes too early, too late or after a line left out: keep the steps of the passage."


def _unknown(copied: Copied, text: str) -> str:
    if copied.kind == "command":
        return f"The command “{text}” is not in the cited passage: copy it whole, between backticks, and nothing else."
    return f"“{text}” is not in the cited passage: copy commands, code, options and paths whole and as they are."


def _command(text: str) -> str:
    """Return a line of code with one form of white space, without the prompt of a shell."""
    folded = _folded(text)
    return folded[prompt.end() :] if (prompt := _PROMPT.match(folded)) else folded


def _line_at(text: str, at: int) -> str:
    return text[text.rfind("\n", 0, at) + 1 :].split("\n", 1)[0].strip()


def _folded(text: str) -> str:
    """Return `text` with one space for spaces and tabs; other white space does not run in a shell."""
    return _BLANKS.sub(" ", text).strip(" ")


def _whole(token: str) -> re.Pattern[str]:
    """Return what finds a token or a command that is no part of a longer one."""
    before = r"(?<![\w-])(?<!\w[.@])" if token[0].isalnum() else r"(?<![\w/.~$@-])"
    value = "" if token.startswith("-") else r"(?!=\S)"
    return re.compile(rf"{before}{re.escape(token)}(?![\w-])(?![./:@?#&%]+[\w*]){value}")
