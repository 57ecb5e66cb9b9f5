"""Read robots.txt (RFC 9309): where the bot may go on a host, and how long it waits between two requests.

Patterns are matched in the time of their length by the address, whatever they hold; a regular expression made of
`/*a*a*a*b` takes minutes.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import quote, unquote_to_bytes

MAX_ROBOTS = 512_000  # bytes that are read; RFC 9309 asks for 500 KiB
MAX_RULES = 5_000  # of one group
MAX_PATTERN = 2_048  # characters

_LINE = re.compile(r"\s*(user-agent|allow|disallow|crawl-delay)\s*:([^#]*)", re.IGNORECASE)
_TOKEN = re.compile(r"[A-Za-z_-]+|\*")
_KEPT = "/?:@!$&'()*+,;=-._~"


@dataclass(frozen=True, slots=True)
class Rule:
    """One line that allows or disallows paths."""

    pattern: str
    allows: bool


@dataclass(frozen=True, slots=True)
class Robots:
    """What a host asks of one robot."""

    rules: Sequence[Rule] = ()
    delay: float = 0.0  # seconds between two requests

    def allows(self, target: str) -> bool:
        """Whether a path with its query may be asked for: the longest rule counts, and of two the one that allows."""
        target = _normal(target)
        fitting = [(len(r.pattern), r.allows) for r in self.rules if _matches(r.pattern, target)]
        return max(fitting, default=(0, True))[1]


NOTHING = Robots([Rule("/", allows=False)])
"""What a host asks for whose robots.txt cannot be had (RFC 9309, 2.3.1.4)."""


def read_robots(data: bytes, agent: str) -> Robots:
    """Return what a robots.txt asks of an agent: by its name, else of all.

    Args:
        data: the file.
        agent: name of the agent, such as babillard.
    """
    text = data[:MAX_ROBOTS].decode("utf-8-sig", "replace")
    groups: dict[str, tuple[list[Rule], list[float]]] = {}
    named: list[str] = []
    ended = True  # whether the next user-agent opens another group
    for key, value in _lines(text):
        if key == "user-agent":
            if ended:
                named, ended = [], False
            token = _TOKEN.match(value)
            named += [token[0].lower()] if token else []
            continue
        ended = True
        for name in named:
            rules, delays = groups.setdefault(name, ([], []))
            if key == "crawl-delay":
                delays += [float(value)] if re.fullmatch(r"\d{1,6}(?:\.\d{1,6})?", value) else []
            elif value and len(rules) < MAX_RULES:
                rules.append(Rule(_normal(value[:MAX_PATTERN]), key == "allow"))
    rules, delays = groups.get(agent.lower()) or groups.get("*") or ([], [])
    return Robots(rules, max(delays, default=0.0))


def _lines(text: str) -> Iterator[tuple[str, str]]:
    for line in re.split(r"[\r\n]+", text):
        if found := _LINE.match(line):
            yield found[1].lower(), found[2].strip()


def _normal(target: str) -> str:
    """Return a path or a pattern with each character encoded in one way; what `%2A` and the like mean stays."""
    parts = re.split(r"(%(?:2a|24|2f|3f))", target, flags=re.IGNORECASE)
    return "".join(
        part.upper() if at % 2 else quote(unquote_to_bytes(part), safe=_KEPT) for at, part in enumerate(parts)
    )


def _matches(pattern: str, target: str) -> bool:
    """Whether a pattern fits from the start; `*` is any characters, `$` at its end the end of the address."""
    is_whole = pattern.endswith("$")
    first, *others = pattern.removesuffix("$").split("*")
    if not target.startswith(first):
        return False
    at = len(first)
    if not others:
        return not is_whole or at == len(target)
    *middle, last = others
    for piece in middle:
        at = target.find(piece, at)
        if at < 0:
            return False
        at += len(piece)
    if is_whole:
        return target.endswith(last) and len(target) - len(last) >= at
    return target.find(last, at) >= 0
