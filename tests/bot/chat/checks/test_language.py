import pytest

from bot.chat.checks.language import check_language
from bot.chat.reply import read_reply
from index.schema import Language
from tests.bot.fakes import ENGLISH, FRENCH, make_chunk

PASSAGES = (make_chunk(FRENCH), make_chunk(ENGLISH, "ferry.md", "The ferry", language="en"))


def is_refused(text: str, language: Language) -> bool:
    return bool(list(check_language(read_reply(text, PASSAGES, "", language))))


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Le traversier part de Lévis à midi [2].", "fr"),
        ("The ferry leaves Lévis at noon [2].", "en"),
        ("El transbordador sale de Lévis al mediodía, según el artículo [2].", None),
        ("Le journal écrit «\u00a0The ferry leaves Lévis at noon\u00a0» [2].", "fr"),
        ("The paper says «\u00a0Le musée de Trois-Rivières l’a achetée en 1998\u00a0» [1].", "en"),
        ("«\u00a0Le musée de Trois-Rivières l’a achetée en 1998.\u00a0» [1]", "fr"),
    ],
)
def test_the_reply_must_be_in_the_language_asked_for_its_quotations_need_not(
    text: str, language: Language | None
) -> None:
    assert is_refused(text, "fr") == (language != "fr")
    assert is_refused(text, "en") == (language != "en")


@pytest.mark.parametrize("text", ["42 [1]", "Lévis [2].", "1998. [1]", ""])
def test_a_reply_that_tells_nothing_is_let_through(text: str) -> None:
    assert not is_refused(text, "fr")
    assert not is_refused(text, "en")
