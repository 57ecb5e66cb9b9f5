"""The page is well-formed, loads nothing, and shows what was asked as text."""

import base64
import hashlib
import re
from dataclasses import replace
from functools import cache
from html.parser import HTMLParser
from pathlib import Path

import pytest

from bot.errors import EvaluationError
from bot.evaluation.asking import Measured, Outcome
from bot.evaluation.comparing import compare
from bot.evaluation.figures import slices
from bot.evaluation.questions import KnownQuestion, Page
from bot.evaluation.report import MAX_SHOWN, WORST, page, write_report
from tests.bot.evaluation.test_figures import MISSED, REFUSED, RIGHT, UNKNOWN, USELESS, number
from tests.bot.fakes import FRENCH

DESCRIPTION = {
    "mode": "index",
    "files": ["questions <b>.csv"],
    "questions": 40,
    "generation": "g1",
    "nowhere": 2,
    "model": "hashing",
    "calibration": "some & others",
}
VOID = {"meta", "path", "rect", "line", "circle", "br"}
HOSTILE = '<script>alert(1)</script> "œuvre" & <img src=x onerror=alert(1)> « été »'


def outcome(measured: Measured, text: str = "Combien a coûté l’œuvre\u202f?", passage: str = FRENCH) -> Outcome:
    question = KnownQuestion(
        measured.id, text, measured.language, measured.answerable, ("1\u202f200\u00a0$",), place="line 3"
    )
    return Outcome(question, measured, passage[:40], "Le musée", passage, "Ailleurs, en 1998.")


@cache
def render(*measured: Measured, text: str = "Combien a coûté l’œuvre\u202f?", passage: str = FRENCH) -> str:
    return page(DESCRIPTION, slices(measured), [outcome(m, text, passage) for m in measured])


MANY = number(*[RIGHT, MISSED, REFUSED, UNKNOWN, replace(UNKNOWN, refused=False, confidence=0.95)] * 8)


class Checker(HTMLParser):
    """Follows the nesting, and gathers tags, attributes and texts."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.texts: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


def check(html: str) -> Checker:
    checker = Checker()
    checker.feed(html)
    checker.close()
    assert checker.open == []
    return checker


def test_the_page_is_well_formed_and_loads_nothing() -> None:
    html = render(*MANY)
    checker = check(html)
    assert not {"script", "link", "img", "iframe", "object", "embed", "base", "form", "a"} & set(checker.tags)
    names = {name for name, _ in checker.attributes}
    assert not {"src", "href", "srcset", "action", "style", "xlink:href", "background"} & names
    assert not any(name.startswith("on") for name in names)
    assert not re.search(r"url\(|@import|https?://|//\w", html)


def test_the_policy_forbids_everything_but_the_style_of_the_page() -> None:
    html = render(*MANY)
    [policy] = re.findall(r'Content-Security-Policy" content="([^"]+)"', html)
    [style] = re.findall(r"<style>(.*?)</style>", html, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert policy == f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"


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


def test_a_report_that_cannot_be_written_is_named_and_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "report.html").mkdir()
    with pytest.raises(EvaluationError, match=r"report\.html: cannot be written"):
        write_report(tmp_path / "report.html", DESCRIPTION, slices(MANY), [outcome(m) for m in MANY])
    assert [path.name for path in tmp_path.iterdir()] == ["report.html"]


def test_a_report_replaces_the_one_before(tmp_path: Path) -> None:
    path = tmp_path / "new" / "report.html"
    for _ in range(2):
        write_report(path, DESCRIPTION, slices(MANY), [outcome(m) for m in MANY])
    check(path.read_text(encoding="utf-8"))
    assert [p.name for p in path.parent.iterdir()] == ["report.html"]
