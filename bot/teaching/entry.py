"""What was taught: a question with its answer, and every change that was made to it."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from bot.errors import TeachingError
from index.loaders.pairs import MAX_QUESTION
from index.text import INVISIBLE

MAX_ANSWER = 4_000
"""Characters of an answer: the most that a form of Discord takes."""

_LINES = re.compile(r"[ \t\r\n]+")  # a no-break space stays

Action = Literal["taught", "edited", "proposed", "withdrawn", "restored", "imported"]


@dataclass(frozen=True, slots=True)
class Entry:
    """A question and its answer, as they are now."""

    number: int
    guild: int  # whose it is
    question: str
    answer: str  # Markdown
    link: str  # where it was said; "" when it was written for the bot
    changed: datetime  # UTC
    teacher: int | None  # who changed it last, by Discord's id; None once they asked to be forgotten
    active: bool = True  # False when it was withdrawn


@dataclass(frozen=True, slots=True)
class Change:
    """What was done to an entry, and how it read then."""

    made: datetime  # UTC
    action: Action
    teacher: int | None
    question: str
    answer: str


def checked(question: str, answer: str) -> tuple[str, str]:
    """Return both as they are kept: the question on one line, and nothing that cannot be seen.

    Raises:
        TeachingError: one is empty or too long.
    """
    question = _LINES.sub(" ", INVISIBLE.sub("", question)).strip()
    answer = INVISIBLE.sub("", answer.replace("\r\n", "\n")).strip()
    if not any(c.isalnum() for c in question):
        raise TeachingError("no_question")
    if not any(c.isalnum() for c in answer):
        raise TeachingError("no_answer")
    if len(question) > MAX_QUESTION or len(answer) > MAX_ANSWER:
        raise TeachingError("too_long")
    return question, answer
