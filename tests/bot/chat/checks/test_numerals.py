from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from num2words import num2words

from bot.chat.checks.numerals import in_digits, read_values, values_of
from index.schema import Language

WHOLE = st.integers(0, 999) | st.integers(0, 9_999_999_999)
GROUPS = {",": "en", " ": "fr", "\u00a0": "fr", "\u202f": "fr", ".": "fr", "'": "fr"}


def values(text: str, language: Language) -> set[Decimal]:
    return {v for value in read_values(in_digits(text, language, articles=True)) for v in value.readings}


@given(WHOLE, st.sampled_from([("fr", "fr"), ("fr", "fr_BE"), ("fr", "fr_CH"), ("en", "en")]))
def test_a_number_in_words_has_its_value(number: int, speech: tuple[Language, str]) -> None:
    language, words = speech
    said = num2words(number, lang=words).replace(",", "")
    assert values(f"Ils sont {said}.", language) == {Decimal(number)}


@given(WHOLE, st.sampled_from(sorted(GROUPS)))
def test_a_number_in_groups_of_three_has_its_value(number: int, mark: str) -> None:
    written = f"{number:,}".replace(",", mark)
    assert Decimal(number) in values(f"On compte {written} abonnés.", "fr")


@pytest.mark.parametrize("language", ["fr", "en"])
@given(
    st.integers(2, 99).filter(lambda n: n not in (60, 80))
)  # unread: "sixtieth"; num2words says « quatre-vingtsième »
def test_an_ordinal_has_the_value_of_its_number(language: Language, number: int) -> None:
    said = num2words(number, lang=language, to="ordinal")
    assert Decimal(number) in values_of(f"C’est le {said} étage", language)


@pytest.mark.parametrize(
    ("text", "language", "value"),
    [
        ("sept millions d’abonnés", "fr", "7000000"),
        ("seven million subscribers", "en", "7000000"),
        ("7 million", "en", "7000000"),
        ("3,5\u00a0M$", "fr", "3500000"),
        ("$3.5 million", "en", "3500000"),
        ("$3.5M", "en", "3500000"),
        ("3,5\u00a0Md€", "fr", "3500000000"),
        ("3.5bn", "en", "3500000000"),
        ("deux milliards", "fr", "2000000000"),
        ("two billion", "en", "2000000000"),
        ("2 billions", "fr", "2000000000000"),
        ("10 000\u00a0$", "fr", "10000"),
        ("10k", "en", "10000"),
        ("1 500 millions", "fr", "1500000000"),
        ("12,5\u00a0%", "fr", "12.5"),
        ("12.5%", "en", "12.5"),
        ("le XIXe\u00a0siècle", "fr", "19"),
        ("le XXIᵉ\u00a0siècle", "fr", "21"),
        ("the nineteenth century", "en", "19"),
        ("Louis XIV", "fr", "14"),
        ("la Ve\u00a0République", "fr", "5"),
        ("10e", "fr", "10"),
        ("10th", "en", "10"),
        ("1er", "fr", "1"),
        ("des années 1980", "fr", "1980"),
        ("in the 1980s", "en", "1980"),
        ("les deux", "fr", "2"),
        ("both", "en", "2"),
        ("de 1914 à 1918", "fr", "1918"),
        ("1914–18", "en", "1918"),
        ("à 14\u00a0h\u00a030", "fr", "2"),
        ("at 2:30 p.m.", "en", "14"),
    ],
)
def test_a_passage_holds_the_value_of_a_form(text: str, language: Language, value: str) -> None:
    assert Decimal(value) in values_of(text, language)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Le musée et l’œuvre, Ce Château, J’ai dit.", "fr"),
        ("I said so, in the A380, I18n and COVID19.", "en"),
        ("un bureau, une ville, le premier", "fr"),
        ("one office, the first", "en"),
    ],
)
def test_letters_articles_and_codes_are_no_numbers(text: str, language: Language) -> None:
    assert list(read_values(in_digits(text, language, articles=False))) == []


def test_a_part_of_a_number_is_not_its_value() -> None:
    assert values_of("7 000 000 et 3,5 M$", "fr") == {Decimal(7_000_000), Decimal(3_500_000)}


@given(st.text(st.sampled_from("1234567890 .,'’\u202fMk$€IVXLC-–èmehundred") | st.characters(), max_size=80))
def test_any_text_can_be_read(text: str) -> None:
    for language in ("fr", "en"):
        values_of(text, language)
