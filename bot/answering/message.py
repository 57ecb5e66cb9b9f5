"""Take a message apart: the question that it asks, and the log that was pasted with it.

Members tell a story of five lines and ask in the last, or paste thirty lines of log above or below their question. The
question leads. Of a log one line is kept, the one that says what went wrong.
"""

import re
from typing import NamedTuple

from index.schema import Language
from index.sentences import split_sentences
from index.text import WORD, content_words

STORY = 200
"""Characters from which a message is a story, of which only the sentences that ask are searched: no question of PIAF or
SQuAD 2 dev has more than 147, and the longest of 326 that people wrote to a helpline 136."""

LOG_LINES = 3
"""Lines with the look of a log that make one without a fence: one may be an error that is quoted in the question."""

MAX_ERROR = 200
"""Characters of the line of a log that are searched: about a sentence."""

_FENCE = re.compile(r"^[ \t]*+(`{3,}+|~{3,}+)[^\n]*+\n(.*?)(?:^[ \t]*\1[`~]*[ \t]*$|\Z)", re.DOTALL | re.MULTILINE)
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


_OPENER: dict[Language, str] = {
    "fr": r"(?:(?:à|a|de|d['’]|en|pour|par|avec|dans|depuis|sur|chez|vers) ?)?(?:combien|quand|où|qui|quoi"
    r"|quel(?:le)?s?|comment|pourquoi|lequel|laquelle|lesquel(?:le)?s|qu['’]\w|que|est[- ]ce|c['’]est quoi"
    r"|y a[- ]t[- ]il|peut[- ]on|puis[- ]je|dois[- ]je|faut[- ]il)\b",
    "en": r"(?:(?:at|in|for|from|on|to|with|by|of|during|above|under) )?(?:how|when|where|who|whom|whose|what"
    r"|what['’]?s|which|why)\b|(?:can|could|should|may|do|does|did|is|are|was|were|has|have|will) (?:i|we|you|it|he"
    r"|she|they|the|an?|there|this|that|my|our)\b",
}
_LEADS_IN = (
    r"(?:^|[,;:!?.…\n(\U0001f000-\U0001faff]|\s[-–—]|\b(?:mais|but|svp|stp|savoir|dire|demand\w+|sais|sait|idée|know|tell|me|us"
    r"|wonder\w*|ask(?:s|ed|ing)?|idea|clue|said))\s*"
)
_PLAINLY = re.compile(
    r"(?:combien|où|pourquoi|comment|quel(?:le)?s?|lequel|laquelle|lesquel(?:le)?s|qui|est[- ]ce|c['’]est quoi"
    r"|y a[- ]t[- ]il|peut[- ]on|puis[- ]je|dois[- ]je|faut[- ]il|how|where|who|whom|whose|what|what['’]?s|which"
    r"|why)\b",
    re.IGNORECASE,
)
"""Begins a question that lacks its mark; « quand », « que », "when" and "is" begin other sentences as well."""

_SPACES = re.compile(r"(\s)\s+")
_CORE = {
    language: re.compile(rf"{_LEADS_IN}(?P<core>(?:{opener})[^?!\n(…\U0001f000-\U0001faff]*\??)", re.IGNORECASE)
    for language, opener in _OPENER.items()
}


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


def asks(text: str) -> bool:
    """Return whether a message asks something: a sentence ends with a question mark, or begins with a question word."""
    prose = take_apart(text).prose
    sentences = (prose[start:end].strip() for start, end in split_sentences(prose))
    return any(_ASKS.search(sentence) or _PLAINLY.match(sentence) for sentence in sentences)


def core(question: str, language: Language) -> str:
    """Return the part of a question from its question word to the end of the sentence; "" where that is all of it.

    « Mon boss veut savoir où s’est joué le titre 🙄 » asks « où s’est joué le titre ». What comes before may matter
    (« Si je pars en mai, qui paie ? »), so the whole is read first.
    """
    question = _SPACES.sub(r"\1", question)
    found = list(_CORE[language].finditer(question))
    cores = [match["core"].strip(" ,;:") for match in found]
    best = max(cores, key=lambda text: len(content_words(text, language)), default="")
    around = [word for word in WORD.findall(question.replace(best, " ", 1)) if word.isalpha()]
    return best if around and content_words(best, language) else ""


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
