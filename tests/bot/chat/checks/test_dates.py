from datetime import date

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bot.chat.checks.dates import check_dates
from bot.chat.reply import read_reply
from index.schema import Language
from tests.bot.fakes import make_chunk

FRENCH = "janvier février mars avril mai juin juillet août septembre octobre novembre décembre".split()
ENGLISH = "January February March April May June July August September October November December".split()
DAYS = st.dates(date(1000, 1, 1), date(2999, 12, 31))
FORMS = [
    ("fr", lambda d: f"le {'1er' if d.day == 1 else d.day} {FRENCH[d.month - 1]} {d.year}"),
    ("en", lambda d: f"on {ENGLISH[d.month - 1]} {d.day}, {d.year}"),
    ("en", lambda d: f"on {d.day} {ENGLISH[d.month - 1]} {d.year}"),
    ("fr", lambda d: f"le {d:%Y-%m-%d}".replace(f"{d:%Y}", f"{d.year:04}")),
    ("en", lambda d: f"on {d.day:02}/{d.month:02}/{d.year}"),
]
Form = st.sampled_from(FORMS)


def failures(reply: str, language: Language, passage: str, passage_language: Language = "fr") -> list[str]:
    chunk = make_chunk(passage, title="Article", language=passage_language)
    return list(check_dates(read_reply(f"{reply} [1].", [chunk], "", language)))


@given(DAYS, Form, Form)
def test_a_date_of_the_passage_passes_in_any_form_and_language(day: date, there, here) -> None:  # type: ignore[no-untyped-def]
    assert failures(f"Né {here[1](day)}", here[0], f"Né {there[1](day)}", there[0]) == []


@given(DAYS, DAYS, Form, Form)
def test_another_date_is_reported_in_any_form_and_language(day: date, other: date, there, here) -> None:  # type: ignore[no-untyped-def]
    assume(day != other and (day.year, day.month, day.day) != (other.year, other.day, other.month))
    assert len(failures(f"Né {here[1](other)}", here[0], f"Né {there[1](day)}", there[0])) == 1


@pytest.mark.parametrize(
    "told",
    ["en mai 2021", "le 3 mai", "en mai", "le lundi 3 mai 2021", "2021-05-03", "du 3 au 5 mai 2021", "depuis mai 2021"],
)
def test_a_part_of_a_date_of_the_passage_passes(told: str) -> None:
    assert failures(f"Elle ouvre {told}", "fr", "Elle ouvre du lundi 3 mai au 5 mai 2021.") == []


@pytest.mark.parametrize(
    "told",
    ["en juin 2021", "le 4 mai", "en juin", "le mardi 3 mai 2021", "2021-05-04", "en mai 2020", "du 4 au 5 mai 2021"],
)
def test_a_part_that_differs_is_reported(told: str) -> None:
    assert len(failures(f"Elle ouvre {told}", "fr", "Elle ouvre du lundi 3 mai au 5 mai 2021.")) == 1


def test_a_day_and_a_month_take_their_year_from_the_passage() -> None:
    assert failures("It opened on May 3, 2021", "en", "En 2021, il pleut\u00a0; elle ouvre le 3 mai.") == []
    assert len(failures("It opened on May 3, 2020", "en", "En 2021, il pleut\u00a0; elle ouvre le 3 mai.")) == 1


@pytest.mark.parametrize("reply", ["It may march in June", "You may be right", "They march on"])
def test_a_verb_is_no_month(reply: str) -> None:
    assert failures(reply, "en", "En juin, elle ouvre.") == []


def test_a_capital_makes_a_month_in_english() -> None:
    assert failures("The June opening and the October one were busy", "en", "En juin, elle ouvre.") != []
    assert failures("The busy June opening", "en", "En juin, elle ouvre.") == []


def test_both_ends_of_a_range_are_read() -> None:
    assert failures("It lasts from May 3 to May 5, 2021", "en", "Du 3 au 5 mai 2021, elle ouvre.") == []


@given(st.text(st.sampled_from("0123456789 /-.,maijunsepDéc") | st.characters(), max_size=60))
def test_any_text_can_be_read(text: str) -> None:
    failures(text, "fr", text)
