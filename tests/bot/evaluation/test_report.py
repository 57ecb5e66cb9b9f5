"""The page is well-formed, loads nothing, and shows what was asked as text."""

from dataclasses import replace
from functools import cache

import pytest

from bot.evaluation.asking import Measured, Outcome
from bot.evaluation.comparing import compare
from bot.evaluation.figures import slices
from bot.evaluation.questions import KnownQuestion, Page
from bot.evaluation.report import MAX_SHOWN, WORST, page
from tests.bot.evaluation.test_figures import MISSED, REFUSED, RIGHT, UNKNOWN, USELESS, number
from tests.bot.fakes import FRENCH
from tests.bot.page.reading import HOSTILE, check, check_loads_nothing

DESCRIPTION = {
    "mode": "index",
    "files": ["questions <b>.csv"],
    "questions": 40,
    "generation": "g1",
    "nowhere": 2,
    "model": "hashing",
    "calibration": "some & others",
}


def outcome(measured: Measured, text: str = "Combien a coûté l’œuvre\u202f?", passage: str = FRENCH) -> Outcome:
    question = KnownQuestion(
        measured.id, text, measured.language, measured.answerable, ("1\u202f200\u00a0$",), place="line 3"
    )
    return Outcome(question, measured, passage[:40], "Le musée", passage, "Ailleurs, en 1998.")


@cache
def render(*measured: Measured, text: str = "Combien a coûté l’œuvre\u202f?", passage: str = FRENCH) -> str:
    return page(DESCRIPTION, slices(measured), [outcome(m, text, passage) for m in measured])


MANY = number(*[RIGHT, MISSED, REFUSED, UNKNOWN, replace(UNKNOWN, refused=False, confidence=0.95)] * 8)


def test_the_page_is_well_formed_and_loads_nothing() -> None:
    html = render(*MANY)
    check_loads_nothing(html)


def test_what_files_and_articles_say_is_text() -> None:
    html = render(*MANY, text=HOSTILE, passage=HOSTILE)
    checker = check(html)
    assert not {"script", "img"} & set(checker.tags)
    assert HOSTILE in "".join(checker.texts)
    assert "questions <b>.csv" in "".join(checker.texts)
    assert "Of 2 the answer stands nowhere in the index" in "".join(checker.texts)


def test_the_worst_questions_come_with_their_passages() -> None:
    html = render(*MANY)
    text = " ".join("".join(check(html).texts).split())
    assert f"{WORST} of 16 questions." in text
    assert "Wrong, and the surest of it" in text
    first = html.index("confidence 0.95")
    assert first < html.index("confidence 0.60")
    assert "<mark>" in html
    assert "a refusal: the articles do not hold the answer" in text
    assert "Would have quoted" in text


def test_a_reply_that_is_not_useful_comes_with_what_it_should_show() -> None:
    [useless] = number(USELESS)
    wrong = outcome(replace(useless, right=False))
    question = replace(wrong.question, pages=(Page("guide.fr.md", ("make chat", "l’<b>invite</b>")),))
    html = page(DESCRIPTION, slices([wrong.measured]), [replace(wrong, question=question)])
    text = " ".join("".join(check(html).texts).split())
    assert "Should show" in text
    assert "make chat · l’<b>invite</b>" in text
    assert "Plain retriever" in text


def test_the_page_stays_under_a_megabyte_whatever_it_shows() -> None:
    html = render(*number(*[MISSED, REFUSED] * 60), text="<" * 5_000, passage="&" * 20_000)
    assert len(html.encode()) < 1_000_000
    assert "<" * (MAX_SHOWN + 1) not in "".join(check(html).texts)


def test_a_phone_may_scale_it_and_a_dark_screen_has_its_own_colours() -> None:
    html = render(*MANY)
    assert "width=device-width" in html
    assert "prefers-color-scheme:dark" in html


@pytest.mark.parametrize("measured", [[RIGHT], [UNKNOWN], [REFUSED], [replace(RIGHT, confidence=0.0, ms=0.0)]])
def test_a_single_question_gives_a_page(measured: list[Measured]) -> None:
    check(render(*number(*measured)))


def test_the_changes_since_a_baseline_are_shown() -> None:
    worse = [replace(m, first_quote=False) if m.first_quote else m for m in MANY]
    html = page(DESCRIPTION, slices(worse), [outcome(m) for m in worse], compare(MANY, worse))
    text = " ".join("".join(check(html).texts).split())
    assert "Since the baseline" in text
    assert "regression" in text
