from pathlib import Path
from typing import Any

import pytest

from bot.errors import EvaluationError
from bot.evaluation.datasets import load_questions
from bot.evaluation.questions import KnownQuestion, Page
from tests.bot.evaluation.test_squad import write


def asks(**fields: Any) -> dict[str, Any]:
    """Return the record of a question; a field that is None is left out."""
    record = {
        "id": "chat",
        "question": "Comment poser\u202fune  question\u202f?",
        "language": "fr",
        "kind": "howto",
        "file": "guide.fr.md",
        "section": "Démarrer",
        "must": ["make chat", "l’invite"],
        **fields,
    }
    return {name: value for name, value in record.items() if value is not None}


def read(folder: Path, *records: object) -> tuple[KnownQuestion, ...]:
    [questions] = load_questions([write(folder, "questions.json", list(records))])
    return questions.questions


def test_a_question_tells_its_kind_and_what_a_useful_reply_shows(tmp_path: Path) -> None:
    [question] = read(tmp_path, asks())
    assert (question.id, question.text, question.language) == ("chat", "Comment poser une question ?", "fr")
    assert (question.kind, question.answerable, question.article) == ("howto", True, "guide.fr.md")
    assert question.pages == (Page("guide.fr.md", ("make chat", "l’invite")),)


def test_another_page_may_answer_as_well(tmp_path: Path) -> None:
    also = [{"file": "guide.en.md", "section": None, "must": ["make chat"]}]
    [question] = read(tmp_path, asks(also=also))
    assert question.sources == ("guide.fr.md", "guide.en.md")
    assert question.pages[1].must == ("make chat",)


def test_a_question_of_the_kind_none_should_be_refused(tmp_path: Path) -> None:
    [question] = read(tmp_path, asks(kind="none", file=None, section=None, must=[]))
    assert (question.answerable, question.pages, question.sources) == (False, (), ())


def test_a_language_that_is_not_told_is_detected_and_proves_nothing(tmp_path: Path) -> None:
    [question] = read(tmp_path, asks(language=None))
    assert (question.language, question.language_known) == ("fr", False)


@pytest.mark.parametrize(
    ("second", "said"),
    [
        (asks(), "two questions have the id chat"),
        (asks(id="b", question=" "), "[1] has no text named question"),
        (asks(id="b", kind=None), "[1] has no text named kind"),
        (asks(id="b", kind="fr"), "[1] has the kind 'fr'"),
        (asks(id="b", file=None), "[1] has no text named file"),
        (asks(id="b", must=[]), "[1] needs one text or more under must"),
        (asks(id="b", must=["make chat", 7]), "[1] needs one text or more under must"),
        (asks(id="b", must="make chat"), "[1] has no list named must"),
        (asks(id="b", also={"file": "guide.en.md"}), "[1] has no list named also"),
        (asks(id="b", also=[{"file": "guide.en.md"}]), "[1].also[0] has no list named must"),
        (asks(id="b", language="de"), "the language is 'de'"),
        ("Comment\u202f?", "[1] has no text named question"),
    ],
)
def test_a_fault_names_the_file_and_the_question(second: object, said: str, tmp_path: Path) -> None:
    with pytest.raises(EvaluationError) as caught:
        read(tmp_path, asks(), second)
    assert "questions.json" in str(caught.value)
    assert said in str(caught.value)
