"""A message of a channel as it is kept: its text without names, and what it is cited with."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from index.loaders.pairs import MAX_QUESTION
from index.text import INVISIBLE

MAX_TEXT = 4_000
"""Characters of a message: the most that Discord takes, from those who pay."""

MAX_HEADING = 100
"""Characters of a first line that is taken as a title: as many as Discord takes in the name of a post."""

SOMEBODY = "@…"
"""Stands for whoever is mentioned: a person, a role, @everyone."""

_MENTION = re.compile(r"<@[!&]?\d{1,20}>|@(?:everyone|here)\b")
_CHANNEL = re.compile(r"<#(\d{1,20})>")
_COMMAND = re.compile(r"</([^:<>\n]{1,100}):\d{1,20}>")
_EMOJI = re.compile(r"<a?(:\w{1,40}:)\d{1,20}>")
_TIME = re.compile(r"<t:(-?\d{1,12})(?::[A-Za-z])?>")
_PLACE = re.compile(r"<id:\w{1,20}(?::\d{1,20})?>")  # of the server: its guide, its list of channels
_SMALL = re.compile(r"^-# ", re.MULTILINE)
_SPOILER = re.compile(r"\|\|(.+?)\|\|", re.DOTALL)
_HEADING = re.compile(r"(?:#{1,3} +(?P<marked>\S[^\n]*)|\*\*(?P<bold>[^*\n]+)\*\*[ \t]*:?[ \t]*)(?:\n+|\Z)")


@dataclass(frozen=True, slots=True)
class Kept:
    """A message that answers may quote."""

    number: int  # its id
    author: int  # id; never shown
    title: str  # on one line
    text: str  # Markdown
    link: str
    written: datetime  # UTC


def cleaned(text: str, channel_name: Callable[[int], str | None]) -> str:
    """Return the text of a message without what only Discord can show, and without naming whom it mentions.

    Args:
        text: as Discord gives it.
        channel_name: returns the name of a channel that may be told, by its id; None for any other.
    """
    text = INVISIBLE.sub("", text.replace("\r\n", "\n"))
    text = _MENTION.sub(SOMEBODY, text)
    text = _CHANNEL.sub(lambda found: f"#{channel_name(int(found[1])) or '…'}", text)
    text = _COMMAND.sub(r"`/\1`", text)
    text = _EMOJI.sub(r"\1", text)
    text = _TIME.sub(lambda found: _moment(int(found[1])), text)
    text = _PLACE.sub("…", text)
    return _SPOILER.sub(r"\1", _SMALL.sub("", text)).strip()[:MAX_TEXT]


def titled(text: str, name: str) -> tuple[str, str]:
    """Return the title of a message and what stands below it: its heading or bold first line, else `name`.

    Args:
        text: that was cleaned.
        name: of the channel.
    """
    found = _HEADING.match(text)
    if found is None:
        return name, text
    heading = " ".join((found["marked"] or found["bold"]).split()).rstrip(" :")
    below = text[found.end() :].strip()
    if not below or not any(c.isalnum() for c in heading) or len(heading) > MAX_HEADING:
        return name, text
    return heading, below


def post_title(name: str) -> str:
    """Return the name of a post as a title."""
    return " ".join(INVISIBLE.sub("", name).split())[:MAX_QUESTION]


def _moment(seconds: int) -> str:
    """Return a time as people read it whatever their language; it is that of UTC, where Discord shows their own."""
    try:
        moment = datetime.fromtimestamp(seconds, UTC)
    except (OverflowError, OSError, ValueError):
        return "…"
    return f"{moment:%Y-%m-%d}" if not (moment.hour or moment.minute) else f"{moment:%Y-%m-%d %H:%M} UTC"
