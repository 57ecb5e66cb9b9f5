"""Read a message before anything is searched: its text, its language, what it leans on, whether it is a question."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from bot.answering.answer import Abstention, Question
from bot.answering.conversation import Turn, follow, standalone
from bot.answering.message import Message, question_in, take_apart
from bot.answering.shorthand import written_out
from bot.answering.spelling.speller import Correction
from bot.answering.talk import Heard, hear
from index.language import detect_language
from index.schema import Language
from index.text import INVISIBLE

MAX_QUESTION = 1_000
"""Characters that are read. The encoder reads 512 tokens, about 2,000 characters, of which a Discord
message fills at most 4,000; a real question is shorter: the longest of PIAF and SQuAD 2 dev has 147."""

MAX_MESSAGE = 20_000
"""Characters in which a question is looked for: five messages of Discord."""

_WORD = re.compile(r"[^\W\d_]")


@dataclass(frozen=True, slots=True)
class Words:
    """What is known of the words of a question; without an index, nothing."""

    leaning: Callable[[str], float] = lambda _: 0.0  # log-odds that a text is French: see `bot.answering.leaning`
    spelled: Callable[[str, Language], Correction] = lambda text, _: Correction(text, ())
    is_own: Callable[[str], bool] = lambda _: False  # whether the articles have a word


NO_WORDS = Words()


@dataclass(frozen=True, slots=True)
class Languages:
    """In which language a question is read, and in which it is answered."""

    asked: Language
    reply: Language
    foreign: bool  # the question is in a third language; `asked` is then a guess


@dataclass(frozen=True, slots=True)
class Understanding:
    """A question as it was understood."""

    question: str  # without what cannot be seen and the log under it, at most `MAX_QUESTION` characters
    asked: str  # the same, without what is around it: courtesies, a story
    written: str  # the same, its short forms written out and its spelling corrected
    searched: str  # the same, completed when it is a follow-up
    languages: Languages
    history: tuple[Turn, ...]  # with this question
    was_cut: bool
    abstention: Abstention | None  # what keeps it from an answer
    error: str = ""  # of a log that was pasted with it, the line that says what went wrong


def understand(question: Question, default: Language, words: Words = NO_WORDS) -> Understanding:
    """Tell the languages, complete a follow-up by rules, and find what keeps the question from an answer.

    Args:
        question: as it was asked.
        default: language of the settings.
        words: what is known of them.
    """
    message = _taken_apart(question)
    read = message.prose[:MAX_QUESTION]
    heard = hear(read, is_first=not question.history)
    asked, before = question_in(heard.question or read)
    if before:
        asked = hear(asked).question or asked
    languages = _decide_languages(question, read, heard, default, words)
    abstention: Abstention | None = heard.talk
    if abstention is None and not _WORD.search(read):
        abstention = "no_question"
    elif abstention is None and languages.foreign:
        abstention = "foreign"
    earlier = [] if abstention else [*(turn.question for turn in question.history), *filter(None, [before])]
    written = words.spelled(written_out(asked, languages.asked, words.is_own), languages.asked).text
    return Understanding(
        question=read,
        asked=asked,
        written=written,
        searched=standalone(written, earlier, MAX_QUESTION),
        languages=languages,
        history=question.history if abstention else follow(question.history, asked, languages.asked),
        was_cut=len(message.prose) > len(read),
        abstention=abstention,
        error=message.error,
    )


def decide_languages(question: Question, default: Language, words: Words = NO_WORDS) -> Languages:
    """Decide the languages of a question and of its reply; nothing else decides them, for an answer or a refusal.

    The words of the question decide, or those of talk (« merci », "thanks"). Where they tell nothing ("Netflix Canada",
    "ok"), the first of these does: the language that the asker wants, that of the conversation, of the channel, of the
    server, of the settings. The reply is in the language that the asker wants, else in that of the question.

    Args:
        question: as it was asked.
        default: language of the settings.
        words: what is known of them.
    """
    read = _taken_apart(question).prose[:MAX_QUESTION]
    return _decide_languages(question, read, hear(read, is_first=not question.history), default, words)


def _decide_languages(question: Question, read: str, heard: Heard, default: Language, words: Words) -> Languages:
    spoken = question.history[-1].language if question.history else None
    fallback = question.language or spoken or question.channel_language or question.server_language or default
    if heard.talk:
        asked = heard.language or fallback
        return Languages(asked, question.language or asked, foreign=False)
    detected = detect_language(read, fallback, lambda: words.leaning(heard.question or read))
    return Languages(detected.language, question.language or detected.language, detected.foreign is not None)


def _taken_apart(question: Question) -> Message:
    """Return what can be seen of a message, its log apart; what is nothing but a log asks for its error."""
    shown = INVISIBLE.sub("", question.text).strip()
    message = take_apart(shown[:MAX_MESSAGE])
    return message if message.prose else Message(message.error or shown, "")
