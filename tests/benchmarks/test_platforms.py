import copy
from typing import Any

import pytest

from benchmarks.platforms import QUESTIONS, compare, load_questions, print_comparison

ANSWER = {
    "question": "Où est l’index ?",
    "confidence": 0.8,
    "abstained": False,
    "answer": "« dans var/index »",
    "citations": [["a", 0, 12, [5, 9]]],
}
REFUSAL = {"question": "Qui ?", "confidence": 0.1, "abstained": True, "answer": "", "citations": []}
HERE: dict[str, Any] = {
    "name": "here",
    "machine": "x86_64",
    "build_s": 1.0,
    "first_ms": 900.0,
    "p50_ms": 100.0,
    "p95_ms": 110.0,
    "peak_mb": 250.0,
    "vectors": [[1.0, 0.0], [0.6, 0.8]],
    "answers": [ANSWER, REFUSAL],
}


@pytest.fixture
def there() -> dict[str, Any]:
    return {**copy.deepcopy(HERE), "name": "there", "machine": "aarch64"}


def test_there_are_a_hundred_questions_each_once() -> None:
    assert len(set(load_questions())) == len(load_questions()) == QUESTIONS


def test_a_record_does_not_differ_from_itself() -> None:
    found = compare(HERE, HERE)
    assert (found.vectors, found.confidence, found.answers) == (0, 0, ())
    assert found.cosine == pytest.approx(1)


def test_other_words_in_bold_are_another_answer_and_another_confidence_is_not(
    there: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    there["answers"][1]["confidence"] = 0.125
    there["vectors"][0][1] = 0.002
    assert compare(HERE, there).answers == ()
    there["answers"][0]["citations"][0][3] = [5, 12]
    found = compare(HERE, there)
    assert found.answers == (ANSWER["question"],)
    assert found.confidence == pytest.approx(0.025)
    assert found.vectors == pytest.approx(0.002)
    print_comparison(HERE, there)
    assert "1 of 2 answers differ\n  Où est l’index ?\n" in capsys.readouterr().out


def test_records_of_other_questions_or_articles_are_not_compared(there: dict[str, Any]) -> None:
    there["vectors"].append([0.0, 1.0])
    with pytest.raises(ValueError, match="articles"):
        compare(HERE, there)
    there["answers"][0]["question"] = "Où ?"
    with pytest.raises(ValueError, match="questions"):
        compare(HERE, there)
