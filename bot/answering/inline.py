"""Read the words of a line, its code and its links."""

import re
from typing import Literal, NamedTuple

_INLINE = re.compile(
    r"(?<!`)(?P<ticks>`+)(?!`)(?P<code>[^\n]+?)(?<!`)(?P=ticks)(?!`)"
    r"|\[(?P<words>[^\[\]\n]*)\]\((?P<address>https?://[^\s()]*(?:\([^\s()]*\)[^\s()]*)*)\)"
)


class Run(NamedTuple):
    """A stretch of a line: text, code, or a link on its words."""

    kind: Literal["text", "code", "link"]
    text: str
    address: str  # of a link, else ""
    source: str  # as it is written


def inline(line: str) -> list[Run]:
    """Return the runs of a line, in order."""
    runs: list[Run] = []
    end = 0
    for found in _INLINE.finditer(line):
        if found.start() > end:
            runs.append(_text(line[end : found.start()]))
        if found["code"] is not None:
            code = found["code"].strip() if len(found["ticks"]) > 1 else found["code"]
            runs.append(Run("code", code, "", found[0]))
        else:
            runs.append(Run("link", found["words"], found["address"], found[0]))
        end = found.end()
    return [*runs, _text(line[end:])] if end < len(line) else runs


def _text(text: str) -> Run:
    return Run("text", text, "", text)


def words_of(line: str) -> str:
    """Return a line without its marks: no backticks around code, no addresses."""
    return "".join(words_of(run.text) if run.kind == "link" else run.text for run in inline(line))
