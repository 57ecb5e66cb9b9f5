"""Read a message before anything is searched: its text, its language, what it leans on, whether it is a question."""

import re
from dataclasses import dataclass

from bot.answering.answer import Abstention, Question
from bot.answering.conversation import Turn, follow, standalone
from bot.answering.talk import Message, hear
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
    asked: str  # the same, without the courtesies around it
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
    message = hear(read, is_first=not question.history)
    asked = message.question or read
    languages = _decide_languages(question, read, message, default)
    abstention: Abstention | None = message.talk
    if abstention is None and not _WORD.search(read):
        abstention = "no_question"
    elif abstention is None and languages.foreign:
        abstention = "foreign"
    earlier = [] if abstention else [turn.question for turn in question.history]
    return Understanding(
        question=read,
        asked=asked,
        searched=standalone(asked, earlier, MAX_QUESTION),
        languages=languages,
        history=question.history if abstention else follow(question.history, asked, languages.asked),
        was_cut=len(shown) > len(read),
        abstention=abstention,
    )


def decide_languages(question: Question, default: Language) -> Languages:
    """Decide the languages of a question and of its reply; nothing else decides them, for an answer or a refusal.

    The words of the question decide, or those of talk (« merci », "thanks"). Where they tell nothing ("Netflix Canada",
    "ok"), the first of these does: the language that the asker wants, that of the conversation, of the channel, of the
    server, of the settings. The reply is in the language that the asker wants, else in that of the question.

    Args:
        question: as it was asked.
        default: language of the settings.
    """
    read = _shown(question)[:MAX_QUESTION]
    return _decide_languages(question, read, hear(read, is_first=not question.history), default)


def _decide_languages(question: Question, read: str, message: Message, default: Language) -> Languages:
    spoken = question.history[-1].language if question.history else None
    fallback = question.language or spoken or question.channel_language or question.server_language or default
    if message.talk:
        asked = message.language or fallback
        return Languages(asked, question.language or asked, foreign=False)
    detected = detect_language(read, fallback)
    return Languages(detected.language, question.language or detected.language, detected.foreign is not None)


def _shown(question: Question) -> str:
    """Return the text of the question without what cannot be seen."""
    return INVISIBLE.sub("", question.text).strip()
