import pytest

from benchmarks.dev_sets.sets import DevSet, documentation_files, load_dev_sets
from benchmarks.usefulness import KINDS
from bot.evaluation.datasets import load_questions


def test_the_tiny_sets_are_the_projects_articles_in_both_languages_french_first() -> None:
    assert [(dev.language, len(dev.paragraphs) >= 4) for dev in load_dev_sets(quick=True)] == [
        ("fr", True),
        ("en", True),
    ]


@pytest.mark.parametrize("dev", load_dev_sets(quick=True), ids=lambda dev: dev.name)
class TestEachTinySet:
    def test_its_answers_stand_in_their_paragraph_and_no_other(self, dev: DevSet) -> None:
        for asked in (*dev.answerable, *dev.translated):
            holding = [name for name, text in dev.paragraphs.items() if asked.is_answered_by(text)]
            assert holding == [asked.paragraph]

    def test_it_has_what_every_figure_needs(self, dev: DevSet) -> None:
        assert any(not asked.answers for asked in dev.questions)
        assert {asked.language for asked in dev.translated} == {"fr", "en"} - {dev.language}
        for questions in (dev.answerable, dev.translated):  # both halves of the articles are asked about
            assert {asked.article % 2 for asked in questions} == {0, 1}
        assert not any(text.startswith(("#", "---")) for text in dev.paragraphs.values())


def test_the_tiny_documentation_has_every_kind_and_its_pages_hold_what_they_must() -> None:
    with documentation_files(quick=True) as (pages, file):
        [questions] = load_questions([file])
        assert {q.kind for q in questions.questions} == {*KINDS, "none"} - {"all"}
        for page in (page for q in questions.questions for page in q.pages):
            text = (pages / page.file).read_text(encoding="utf-8")
            assert [piece for piece in page.must if piece not in text] == []
