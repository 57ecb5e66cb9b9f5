"""Keep code, commands, paths, options and addresses out of a translation: each must come back exactly as it was.

sentence ─protect─▶ words with stand-ins ─model─▶ words with stand-ins ─restore─▶ translation
"""

import re
from typing import NamedTuple

from bot.answering.inline import inline, words_of
from bot.chat.code import code_in, copied_in
from bot.chat.reply import LINK

_STAND_IN = "XQ{}"
"""Letters that a model takes for a name and copies. No real weights were at hand when it was chosen:
`python -m benchmarks.translation` counts how many come back."""

_ANY_STAND_IN = re.compile(r"XQ\d+")
_COMMAND_WORDS = 4  # `sudo apt install nginx`; in a longer one outside code, words of the sentence may follow

_ACCOUNT = re.compile(r"[\w.+-]++@[\w-]+(?:\.[\w-]+)+|(?<![\w@])@\w{2,}")  # an e-mail address, a mention


class Protected(NamedTuple):
    """A sentence as a model gets it."""

    text: str
    kept: tuple[str, ...]  # what the stand-ins stand for, in order


def protect(sentence: str) -> Protected | None:
    """Return a sentence with a stand-in for each stretch to be kept; None where it is not to be translated.

    That is where it holds what looks like a stand-in, or a command outside code whose end nothing tells.
    """
    if _ANY_STAND_IN.search(sentence) or _has_open_command(sentence):
        return None
    parts: list[str] = []
    kept: list[str] = []
    at = 0
    for start, end in kept_spans(sentence):
        parts += [sentence[at:start], _STAND_IN.format(len(kept))]
        kept.append(sentence[start:end])
        at = end
    return Protected("".join([*parts, sentence[at:]]), tuple(kept))


def _has_open_command(sentence: str) -> bool:
    return any(one.kind == "command" and len(one.text.split()) > _COMMAND_WORDS for one in copied_in(sentence))


def restore(translated: str, kept: tuple[str, ...]) -> str | None:
    """Return a translation with what was kept in its place; None unless each stand-in came back, once."""
    if sorted(_ANY_STAND_IN.findall(translated)) != sorted(_STAND_IN.format(n) for n in range(len(kept))):
        return None
    return _ANY_STAND_IN.sub(lambda found: kept[int(found[0].removeprefix("XQ"))], translated)


def kept_spans(sentence: str) -> list[tuple[int, int]]:
    """Return the ranges of a sentence that are never translated, in order; none overlap."""
    found = [(code.start, code.end) for code in code_in(sentence)]
    found += [(one.start, one.end) for one in copied_in(sentence) if one.kind in ("command", "token")]
    found += [match.span() for form in (LINK, _ACCOUNT) for match in form.finditer(sentence)]
    spans: list[tuple[int, int]] = []
    for start, end in sorted(found, key=lambda span: (span[0], -span[1])):
        if not spans or start >= spans[-1][1]:
            spans.append((start, end))
    return spans


def blanked(sentence: str) -> str:
    """Return a sentence of the same length with blanks for what is never translated."""
    for start, end in kept_spans(sentence):
        sentence = f"{sentence[:start]}{' ' * (end - start)}{sentence[end:]}"
    return sentence


def unlinked(line: str) -> str:
    """Return a line with the words of each link in its place: the quote shows the address."""
    return "".join(words_of(run.text) if run.kind == "link" else run.source for run in inline(line))
