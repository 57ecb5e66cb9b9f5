import gzip
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from training.reader.corpora import Corpus, drawn_entries, windows
from training.reader.examples import Entry, Example


@pytest.fixture
def train(tmp_path: Path) -> Path:
    def qa(number: int) -> dict[str, object]:
        return {
            "id": f"q{number}",
            "question": f"Qui a fait {number} ?",
            "answers": [{"text": "Léa", "answer_start": 0}],
        }

    paragraphs = [{"context": f"Léa a fait le no {p}.", "qas": [qa(10 * p + n) for n in range(5)]} for p in range(4)]
    record = {"data": [{"title": "Les_œuvres", "paragraphs": paragraphs}]}
    (tmp_path / "jeu.json.gz").write_bytes(gzip.compress(json.dumps(record).encode()))
    return tmp_path


def measured(number: str, passage: str) -> Entry:
    return Entry(number, Example("Qui ?", passage), (), "", 0)


def test_no_passage_gives_more_questions_than_the_cap(train: Path) -> None:
    drawn = drawn_entries(Corpus("jeu", 2), train, [], seed=1)
    assert [e.example.passage for e in drawn] == [f"Léa a fait le no {p}." for p in range(4) for _ in range(2)]
    assert {e.title for e in drawn} == {"Les œuvres"}


def test_a_passage_that_is_measured_on_is_left_out_in_any_language(train: Path) -> None:
    same_words, same_question = measured("other", "Léa a fait le no 0."), measured("q12", "Léa made no. 1.")
    drawn = drawn_entries(Corpus("jeu", 5), train, [same_words, same_question], seed=1)
    assert {e.example.passage for e in drawn} == {"Léa a fait le no 2.", "Léa a fait le no 3."}


@given(st.integers(0, 900), st.integers(1, 90))
def test_a_window_holds_the_answer_where_it_stands(at: int, length: int) -> None:
    passage = " ".join(f"mot{n:04}" for n in range(1_000))
    span = (8 * at, 8 * (at + length) - 1)
    (cut,) = windows(Example("Qui ?", passage, (span,)), size=1_600)
    assert len(cut.passage) <= 1_600
    assert [cut.passage[s:e] for s, e in cut.spans] == [passage[slice(*span)]]
    assert passage[passage.index(cut.passage) - 1] == " " or passage.startswith(cut.passage)


def test_a_short_passage_is_its_own_window() -> None:
    example = Example("Qui ?", "Léa.", ((0, 3),))
    assert list(windows(example)) == [example]


def test_an_answer_longer_than_half_a_window_is_left_out() -> None:
    assert not list(windows(Example("Qui ?", "mot " * 1_000, ((0, 1_000),)), size=1_600))
