from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks.dev_sets.sets import documentation_files, load_dev_sets, question_files
from bot.evaluation.datasets import load_questions


def test_missing_development_sets_are_said_with_the_way_round(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match=r"no part of the project.*--quick"), question_files(data=tmp_path / "data"):
        pass


def test_missing_documentation_is_said_with_the_way_round(tmp_path: Path) -> None:
    with (
        pytest.raises(SystemExit, match=r"no part of the project.*--quick"),
        documentation_files(folder=tmp_path / "y"),
    ):
        pass


def test_a_translated_question_has_the_id_the_paragraph_and_the_answers_of_the_original() -> None:
    for dev in load_dev_sets(quick=True):
        originals = {q.id: q for q in dev.questions}
        for q in dev.translated:
            assert replace(q, text=originals[q.id].text, language=dev.language) == originals[q.id]


def test_tiny_sets_are_deleted_after_use() -> None:
    with question_files(quick=True) as files:
        assert all(file.is_file() for file in files)
    assert not any(file.exists() for file in files)


def test_the_development_sets_are_read_whole(shared: Path) -> None:
    piaf, squad = load_dev_sets()
    assert [(dev.name, dev.language, len(dev.paragraphs)) for dev in (piaf, squad)] == [
        ("piaf-1.1.fr.dev", "fr", 790),
        ("squad-2.0.en.dev", "en", 424),
    ]
    assert [len(dev.questions) for dev in (piaf, squad)] == [3_943, 4_143]
    assert [len(dev.answerable) for dev in (piaf, squad)] == [3_943, 1_972]
    assert [{q.language for q in dev.translated} for dev in (piaf, squad)] == [{"en"}, {"fr"}]
    assert all(len(dev.translated) == 60 for dev in (piaf, squad))
    assert all(len(dev.articles) == len(dev.paragraphs) for dev in (piaf, squad))


def test_the_documentation_is_read_whole(shared: Path) -> None:
    if not (shared / "docs").is_dir():
        pytest.skip("the documentation is no part of the project")
    with documentation_files() as (pages, file):
        [questions] = load_questions([file])
        assert (len(questions.questions), sum(q.answerable for q in questions.questions)) == (70, 62)
        assert all((pages / name).is_file() for q in questions.questions for name in q.sources)
