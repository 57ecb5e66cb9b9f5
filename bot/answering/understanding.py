"""Read a question before anything is searched: its text, its language, what it leans on, whether it is one at all."""

import re
from dataclasses import dataclass

from bot.answering.answer import Abstention, Question
from bot.answering.conversation import Turn, follow, standalone
from index.language import detect_language
from index.schema import Language
from index.text import INVISIBLE

MAX_QUESTION = 1_000
"""Characters that are read. The encoder reads 512 tokens, about 2,000 characters, of which a Discord
message fills at most 4,000; a real question is shorter: the longest of PIAF and SQuAD 2 dev has 147."""

_WORD = re.compile(r"[^\W\d_]")


@dataclass(frozen=True, slots=True)
class Languages:
    """In which language a question is read, and in which it is answered."""

    asked: Language
    reply: Language
    foreign: bool  # the question is in a third language; `asked` is then a guess


@dataclass(frozen=True, slots=True)
class Understanding:
    """A question as it was understood."""

    question: str  # without what cannot be seen, at most `MAX_QUESTION` characters
    searched: str  # the same, completed when it is a follow-up
    languages: Languages
    history: tuple[Turn, ...]  # with this question
    was_cut: bool
    abstention: Abstention | None  # what keeps it from an answer


def understand(question: Question, default: Language) -> Understanding:
    """Tell the languages, complete a follow-up by rules, and find what keeps the question from an answer.

    Args:
        question: as it was asked.
        default: language of the settings.
    """
    shown = _shown(question)
    read = shown[:MAX_QUESTION]
    languages = decide_languages(question, default)
    abstention: Abstention | None = None
    if not _WORD.search(read):
        abstention = "no_question"
    elif languages.foreign:
        abstention = "foreign"
    earlier = [] if abstention else [turn.question for turn in question.history]
    return Understanding(
        question=read,
        searched=standalone(read, earlier, MAX_QUESTION),
        languages=languages,
        history=question.history if abstention else follow(question.history, read, languages.asked),
        was_cut=len(shown) > len(read),
        abstention=abstention,
    )


def decide_languages(question: Question, default: Language) -> Languages:
    """Decide the languages of a question and of its reply; nothing else decides them, for an answer or a refusal.

    The words of the question decide. Where they tell nothing ("Netflix Canada"), the first of these does: the language
    that the asker wants, that of the conversation, of the channel, of the server, of the settings. The reply is in the
    language that the asker wants, else in that of the question.

    Args:
        question: as it was asked.
        default: language of the settings.
    """
    spoken = question.history[-1].language if question.history else None
    fallback = question.language or spoken or question.channel_language or question.server_language or default
    detected = detect_language(_shown(question)[:MAX_QUESTION], fallback)
    return Languages(detected.language, question.language or detected.language, detected.foreign is not None)


def _shown(question: Question) -> str:
    """Return the text of the question without what cannot be seen."""
    return INVISIBLE.sub("", question.text).strip()
