from collections.abc import Callable

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from num2words import num2words

from bot.chat.checks.numbers import check_numbers
from bot.chat.reply import read_reply
from index.schema import Language
from tests.bot.fakes import make_chunk

FORMS: list[tuple[Language, Callable[[int], str]]] = [
    ("fr", lambda n: num2words(n, lang="fr")),
    ("en", lambda n: num2words(n, lang="en").replace(",", "")),
    ("fr", lambda n: f"{n:,}".replace(",", "\u202f")),
    ("fr", lambda n: f"{n:,}".replace(",", " ")),
    ("en", lambda n: f"{n:,}"),
    ("en", str),
]


def failures(reply: str, language: Language, passage: str, passage_language: Language, question: str = "") -> list[str]:
    chunk = make_chunk(passage, title="Article", language=passage_language)
    return list(check_numbers(read_reply(f"{reply} [1].", [chunk], question, language)))


@given(st.integers(2, 10_000_000), st.sampled_from(FORMS), st.sampled_from(FORMS))
def test_a_number_of_the_passage_passes_in_any_form_and_language(
    number: int, there: tuple[Language, Callable[[int], str]], here: tuple[Language, Callable[[int], str]]
) -> None:
    assert failures(f"Netflix: {here[1](number)} $", here[0], f"Netflix : {there[1](number)} $", there[0]) == []


@given(st.integers(2, 10_000_000), st.integers(2, 10_000_000), st.sampled_from(FORMS), st.sampled_from(FORMS))
def test_another_number_is_reported_in_any_form_and_language(
    number: int, other: int, there: tuple[Language, Callable[[int], str]], here: tuple[Language, Callable[[int], str]]
) -> None:
    assume(number != other and other not in (number / 1000, number * 1000))
    assert len(failures(f"Netflix: {here[1](other)} $", here[0], f"Netflix : {there[1](number)} $", there[0])) == 1


def test_a_number_of_the_question_is_no_evidence() -> None:
    passage = "Netflix compte sept millions d’abonnés au Canada."
    asked = "Pourquoi Netflix a-t-il 12 millions d’abonnés\u202f?"
    assert len(failures("Netflix a 12 millions d’abonnés", "fr", passage, "fr", asked)) == 1
    assert failures("Netflix en a 7\u00a0000\u00a0000", "fr", passage, "fr", asked) == []


@pytest.mark.parametrize(
    "reply", ["1. Netflix", "Netflix en a une seconde", "Netflix est l’un des premiers", "Netflix"]
)
def test_the_number_of_an_item_and_articles_count_nothing(reply: str) -> None:
    assert failures(reply, "fr", "Netflix est là.", "fr") == []


def test_a_number_inside_a_quotation_is_left_to_the_quotation() -> None:
    assert failures("Netflix dit «\u00a012 abonnés\u00a0»", "fr", "Netflix est là.", "fr") == []


def test_a_date_is_left_to_its_own_check() -> None:
    assert failures("Netflix ouvre le 3 mai 2021", "fr", "Netflix est là.", "fr") == []
