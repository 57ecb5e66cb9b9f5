from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks.dev_sets.sets import load_dev_sets, question_files


def test_missing_development_sets_are_said_with_the_way_round(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match=r"no part of the project.*--quick"), question_files(data=tmp_path / "data"):
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
