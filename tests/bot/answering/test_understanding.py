"""What a question is read as, before anything is searched."""

import pytest

from bot.answering.answer import Question
from bot.answering.conversation import Turn
from bot.answering.understanding import MAX_QUESTION, Languages, decide_languages, understand
from index.schema import Language

FRENCH_TURN, ENGLISH_TURN = Turn("Où est le musée ?", "fr"), Turn("Where is the museum?", "en")
TELLS_NOTHING = ["Netflix Canada", "42", "", "Québec ?"]


@pytest.mark.parametrize("text", TELLS_NOTHING)
@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_first_that_tells_the_language_decides_where_the_words_do_not(text: str, language: Language) -> None:
    other: Language = "en" if language == "fr" else "fr"
    spoken = {"fr": FRENCH_TURN, "en": ENGLISH_TURN}
    questions = [  # each with one more that says otherwise
        Question(text),
        Question(text, server_language=language),
        Question(text, channel_language=language, server_language=other),
        Question(text, history=(spoken[other], spoken[language]), channel_language=other, server_language=other),
        Question(text, language, (spoken[other],), other, other),
    ]
    decided = [decide_languages(question, language if n == 0 else other) for n, question in enumerate(questions)]
    assert decided == [Languages(language, language, foreign=False)] * len(questions)


@pytest.mark.parametrize(
    ("text", "language"), [("Combien d’abonnés ?", "fr"), ("How many subscribers are there?", "en")], ids=["fr", "en"]
)
def test_words_that_tell_their_language_are_read_in_it_whatever_the_rest_says(text: str, language: Language) -> None:
    other: Language = "en" if language == "fr" else "fr"
    spoken = {"fr": FRENCH_TURN, "en": ENGLISH_TURN}[other]
    assert decide_languages(Question(text, None, (spoken,), other, other), other).reply == language


def test_the_reply_is_in_the_language_that_was_asked_for_and_the_question_is_read_in_its_own() -> None:
    assert decide_languages(Question("Combien d’abonnés ?", "en"), "en") == Languages("fr", "en", foreign=False)


def test_a_third_language_is_told() -> None:
    assert decide_languages(Question("Wie viele Abonnenten hat Netflix in Kanada?"), "fr").foreign


def test_what_cannot_be_seen_is_not_read() -> None:
    understanding = understand(Question("\u202eOù\u200b est l’œuvre\x00\u202f?\n"), "en")
    assert (understanding.question, understanding.was_cut) == ("Où est l’œuvre\u202f?", False)


def test_a_long_question_is_cut() -> None:
    understanding = understand(Question("œ" * (MAX_QUESTION + 1)), "fr")
    assert (len(understanding.question), understanding.was_cut) == (MAX_QUESTION, True)


@pytest.mark.parametrize("text", ["", "   ", "42 ?", "\u200b", "🥐"])
def test_a_message_without_a_word_is_no_question_and_leaves_the_conversation_as_it_was(text: str) -> None:
    understanding = understand(Question(text, history=(FRENCH_TURN,)), "en")
    assert (understanding.abstention, understanding.history) == ("no_question", (FRENCH_TURN,))


def test_a_follow_up_is_searched_with_what_it_leans_on() -> None:
    understanding = understand(Question("Et à Toronto ?", history=(FRENCH_TURN,)), "en")
    assert understanding.question == "Et à Toronto ?"
    assert understanding.searched == "Où est le musée ? Et à Toronto ?"


@pytest.mark.parametrize(
    ("text", "default", "history", "language"),
    [
        ("merci", "en", (ENGLISH_TURN,), "fr"),
        ("thanks", "fr", (FRENCH_TURN,), "en"),
        ("ok", "fr", (), "fr"),
        ("ok", "fr", (ENGLISH_TURN,), "en"),
        ("👍", "en", (FRENCH_TURN,), "fr"),
    ],
)
def test_talk_is_answered_in_its_language_else_in_that_of_the_conversation(
    text: str, default: Language, history: tuple[Turn, ...], language: Language
) -> None:
    question = Question(text, history=history)
    understanding = understand(question, default)
    assert understanding.languages == Languages(language, language, foreign=False)
    assert understanding.languages == decide_languages(question, default)
    assert understanding.history == history


def test_talk_is_answered_in_the_language_that_was_asked_for() -> None:
    assert decide_languages(Question("merci", "en"), "fr") == Languages("fr", "en", foreign=False)


def test_a_greeting_is_shown_with_its_question_and_not_searched() -> None:
    understanding = understand(Question("Bonjour, où est le musée ?"), "en")
    assert (understanding.question, understanding.searched) == ("Bonjour, où est le musée ?", "où est le musée ?")
    assert understanding.history == (Turn("où est le musée ?", "fr"),)
