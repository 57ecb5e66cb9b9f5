import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.chat.checks.support import check_support
from bot.chat.reply import read_reply
from index.schema import Language
from tests.bot.fakes import ENGLISH, FRENCH, make_chunk

PASSAGES = (make_chunk(FRENCH), make_chunk(ENGLISH, "ferry.md", "The ferry", language="en"))
SENTENCES = [FRENCH[s.start : s.end] for s in PASSAGES[0].sentences]
ELSEWHERE = "bananes volcans girafes tempêtes violons planètes fromages".split()


def failures(reply: str, language: Language = "fr") -> list[str]:
    return list(check_support(read_reply(reply, PASSAGES, "", language)))


@given(st.sampled_from(SENTENCES))
def test_the_sentences_of_the_passage_pass(sentence: str) -> None:
    assert failures(f"{sentence} [1]") == []


@given(st.lists(st.sampled_from(ELSEWHERE), min_size=1, max_size=7), st.sampled_from(SENTENCES))
def test_a_sentence_about_something_else_is_reported_among_true_ones(words: list[str], sentence: str) -> None:
    assert len(failures(f"{sentence} [1] Des {' et des '.join(words)}. [1]")) == 1
    assert len(failures(f"{sentence} [1] Des {' et des '.join(words)}.")) == 1


@pytest.mark.parametrize(
    ("reply", "language"),
    [
        ("Le musée a acheté l’œuvre en 1998 [1].", "fr"),
        ("Oui, selon l’article [1].", "fr"),
        ("The museum of Trois-Rivières bought it in 1998 [1].", "en"),
        ("The Lévis ferry takes 12 minutes [2].", "en"),
        ("On lit «\u00a0Dogs travel free\u00a0», heureusement [2].", "fr"),
    ],
)
def test_other_words_for_the_same_pass(reply: str, language: Language) -> None:
    assert failures(reply, language) == []


def test_a_sentence_under_the_wrong_marker_is_reported() -> None:
    assert len(failures("The ferry leaves at noon [1].", "en")) == 1


def test_code_in_a_line_is_part_of_what_a_sentence_says() -> None:
    passage = make_chunk("Exécutez `sudo apt update` chaque jour.")
    assert list(check_support(read_reply("Lancez `sudo apt update` [1].", [passage], "", "fr"))) == []
    assert list(check_support(read_reply("Lancez la fusée [1].", [passage], "", "fr"))) != []
