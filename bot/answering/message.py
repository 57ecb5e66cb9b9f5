"""Take a message apart: the question that it asks, and the log that was pasted with it.

Members tell a story of five lines and ask in the last, or paste thirty lines of log above or below their question. The
question leads. Of a log one line is kept, the one that says what went wrong.
"""

import re
from typing import NamedTuple

from index.sentences import split_sentences
from index.text import WORD

STORY = 200
"""Characters from which a message is a story, of which only the sentences that ask are searched: no question of PIAF or
SQuAD 2 dev has more than 147, and the longest of 326 that people wrote to a helpline 190."""

LOG_LINES = 3
"""Lines with the look of a log that make one without a fence: one may be an error that is quoted in the question."""

MAX_ERROR = 200
"""Characters of the line of a log that are searched: about a sentence."""

_FENCE = re.compile(r"^[ \t]*(`{3,}|~{3,})[^\n]*\n(.*?)(?:^[ \t]*\1[`~]*[ \t]*$|\Z)", re.DOTALL | re.MULTILINE)
_STAMP = re.compile(
    r"\[?\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d)?\S*|\[?\d\d?:\d\d:\d\d\S*"
    r"|(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) [ \d]\d \d\d:\d\d:\d\d|\[ *\d+\.\d{3,}\]"
)
_LEVEL = re.compile(r"\b(?:TRACE|DEBUG|INFO|NOTICE|WARN(?:ING)?|ERROR|ERR|CRITICAL|FATAL|SEVERE|PANIC)\b")
_FRAME = re.compile(r'\s+(?:at [\w.$<>]+\(|File ".*", line \d+|\^+\s*$)|Traceback \(most recent|Caused by: ')
_PROMPT = re.compile(r"(?:\w+@[\w-]+[: ]|[$#>]\s)")
_WRONG = re.compile(
    r"\b(?:error|erreur|err|failed|failure|fails|echec|échec|échoué|exception|fatal|panic|cannot|can't|could not|unable"
    r"|denied|refused|refusé\w*|interdit\w*|impossible|not found|introuvable|no such|timed? ?out|traceback|critical"
    r"|invalid\w*|missing|manquant\w*|unknown|inconnu\w*|segfault|conflict)\b",
    re.IGNORECASE,
)
_NAMED_ERROR = re.compile(r"\b[\w.]*(?:Error|Exception)\b(?=:|$)")
_ASKS = re.compile(r"\?[\s)»”\"]*$")


class Message(NamedTuple):
    """What a message holds."""

    prose: str  # without the log; "" where it is nothing but a log
    error: str  # the line of the log that says what went wrong, without its time stamp; "" where there is no log


def take_apart(text: str) -> Message:
    """Part a message into what its author says and the log that was pasted with it.

    A log is what is fenced, or `LOG_LINES` lines that look like one. Code of a single line belongs to the question.
    """
    logs: list[str] = []

    def cut(fence: re.Match[str]) -> str:
        if fence[2].strip().count("\n") == 0:
            return fence[0]
        logs.append(fence[2])
        return "\n"

    prose = _FENCE.sub(cut, text)
    lines = prose.split("\n")
    pasted = [line for line in lines if _is_logged(line)]
    if len(pasted) >= LOG_LINES:
        logs.append("\n".join(pasted))
        prose = "\n".join(line for line in lines if not _is_logged(line))
    return Message(prose.strip(), _error("\n".join(logs)))


def question_in(story: str) -> tuple[str, str]:
    """Return what a long message asks, and the sentence before that; the message and "" where it is short or asks not.

    Of a message under `STORY` characters every word may matter.
    """
    sentences = [story[start:end] for start, end in split_sentences(story)]
    asking = [n for n, sentence in enumerate(sentences) if _ASKS.search(sentence)]
    if len(story) < STORY or not asking or len(asking) == len(sentences):
        return story, ""
    before = sentences[asking[0] - 1] if asking[0] else ""
    return " ".join(sentences[n] for n in asking), before


def _is_logged(line: str) -> bool:
    opening = line.lstrip()
    return bool(_STAMP.match(opening) or _FRAME.match(line) or (_LEVEL.search(line[:60]) and not _ASKS.search(line)))


def _error(log: str) -> str:
    """Return the last line that names an error, else the last that tells of one."""
    lines = [line for line in log.split("\n") if WORD.search(line)]
    for wrong in (_NAMED_ERROR, _WRONG):
        if telling := [line for line in lines if wrong.search(line)]:
            told = _LEVEL.sub(" ", _STAMP.sub(" ", telling[-1]))
            return " ".join(_PROMPT.sub(" ", told, count=1).split())[:MAX_ERROR].strip(" :-–—[]")
    return ""
