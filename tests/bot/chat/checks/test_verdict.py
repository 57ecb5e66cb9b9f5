import pytest

from bot.chat.checks import check_reply
from bot.chat.reply import read_reply
from index.schema import Language
from tests.bot.fakes import ENGLISH, FRENCH, make_chunk

PASSAGES = (make_chunk(FRENCH), make_chunk(ENGLISH, "ferry.md", "The ferry", language="en"))


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Le musée de Trois-Rivières a acheté l’œuvre en 1998 [1].", "fr"),
        ("The Trois-Rivières museum bought it in 1998 [1].", "en"),
        ("The ferry leaves Lévis at noon and takes twelve minutes [2].", "en"),
        ("Le traversier part de Lévis : «\u00a0The ferry leaves Lévis at noon\u00a0» [2].", "fr"),
    ],
)
def test_a_reply_that_says_what_its_passage_says_passes(text: str, language: Language) -> None:
    assert check_reply(read_reply(text, PASSAGES, "Quand ?", language)) == ()


def test_every_reason_is_given_at_once() -> None:
    failures = check_reply(read_reply("The ferry is “never late” [3].", PASSAGES, "Quand part-il ?", "fr"))
    assert {failure.check for failure in failures} >= {"markers", "quotes", "language"}
    assert all(failure.detail.endswith(".") for failure in failures)


def test_an_empty_reply_is_refused() -> None:
    assert [failure.check for failure in check_reply(read_reply("", PASSAGES, "Quand ?", "fr"))] == ["markers"]
