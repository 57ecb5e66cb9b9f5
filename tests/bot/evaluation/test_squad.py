import json
from pathlib import Path
from typing import Any

import pytest

from bot.errors import EvaluationError
from bot.evaluation.datasets import load_questions

FERRY = "The ferry leaves Lévis at noon. It takes twelve minutes."
MUSEUM = "Le musée de Trois-Rivières l’a achetée en 1998. L’œuvre a coûté 1\u202f200\u00a0$."


def squad(*articles: dict[str, Any]) -> dict[str, Any]:
    return {"version": "v2.0", "data": list(articles)}


def article(context: str, *questions: tuple[str, str, list[str]]) -> dict[str, Any]:
    qas = [
        {
            "id": name,
            "question": text,
            "answers": [{"text": a, "answer_start": 0} for a in answers],
            "is_impossible": not answers,
        }
        for name, text, answers in questions
    ]
    return {"title": "", "paragraphs": [{"context": context, "qas": qas}]}


def write(folder: Path, name: str, record: object) -> Path:
    path = folder / name
    path.write_text(record if isinstance(record, str) else json.dumps(record), encoding="utf-8")
    return path


@pytest.fixture
def ferry(tmp_path: Path) -> Path:
    questions = [("q1", "When does the ferry leave Lévis?", ["noon", "at noon"]), ("q2", "Who steers the ferry?", [])]
    return write(tmp_path, "ferry.json", squad(article(FERRY, *questions), article(FERRY + " Dogs travel free.")))


def test_a_squad_file_gives_its_questions_with_their_passages(ferry: Path) -> None:
    [questions] = load_questions([ferry])
    assert (questions.name, questions.language) == ("ferry.json", "en")
    assert list(questions.passages.values()) == [FERRY, FERRY + " Dogs travel free."]
    noon, nobody = questions.questions
    assert (noon.id, noon.answers, noon.answerable, noon.language) == ("q1", ("noon", "at noon"), True, "en")
    assert (nobody.answers, nobody.answerable) == ((), False)
    assert questions.passages[noon.passage] == FERRY


def test_version_1_has_no_impossible_questions(tmp_path: Path) -> None:
    record = squad(article(MUSEUM, ("a", "Quand le musée l’a-t-il achetée\u202f?", ["en 1998"])))
    del record["data"][0]["paragraphs"][0]["qas"][0]["is_impossible"]
    [questions] = load_questions([write(tmp_path, "musée.json", record)])
    assert questions.language == "fr"
    assert [(q.language, q.answerable) for q in questions.questions] == [("fr", True)]


def test_a_question_may_declare_another_language_than_its_file(tmp_path: Path) -> None:
    record = squad(
        article(FERRY, ("a", "When does it leave?", ["noon"]), ("b", "À quelle heure part-il\u202f?", ["noon"]))
    )
    record["data"][0]["paragraphs"][0]["qas"][1]["language"] = "fr-CA"
    [questions] = load_questions([write(tmp_path, "ferry.json", record)])
    assert [q.language for q in questions.questions] == ["en", "fr"]


def test_translations_follow_the_questions_of_their_file(ferry: Path, tmp_path: Path) -> None:
    translated = {
        "ferry": [{"id": "q1", "question_translated": "Quand part le traversier\u202f?", "target_language": "fr"}],
        "another": [{"id": "x", "question_translated": "…"}],
    }
    [questions] = load_questions([write(tmp_path, "translated.json", translated), ferry])
    *_, last = questions.questions
    assert (last.text, last.language, last.answers) == ("Quand part le traversier\u202f?", "fr", ("noon", "at noon"))
    assert questions.passages[last.passage] == FERRY
    assert len({q.id for q in questions.questions}) == 3


PAIR = {
    "id": "dogs",
    "question_en": "May dogs travel?",
    "question_fr": "Les chiens voyagent-ils\u202f?",
    "passage_en": "Dogs travel free.",
    "passage_fr": "Les chiens voyagent gratuitement.",
}


def test_aligned_pairs_ask_the_passages_of_each_language_in_both(tmp_path: Path) -> None:
    alike = {**PAIR, "id": "name", "question_en": "Debian", "question_fr": "Debian"}
    french, english = load_questions([write(tmp_path, "pairs.json", [PAIR, alike])])
    assert (french.language, english.language) == ("fr", "en")
    assert [(q.language, q.text) for q in french.questions] == [(q.language, q.text) for q in english.questions]
    assert [q.text for q in french.questions] == [PAIR["question_fr"], PAIR["question_en"]]
    assert french.passages == {"00000.txt": PAIR["passage_fr"], "00001.txt": PAIR["passage_fr"]}


@pytest.mark.parametrize(
    ("record", "said"),
    [
        ('{"data": [\n{]}', r"set\.json, line 2: is not JSON"),
        ("[" * 100_000, r"nested too deep|is not JSON"),
        ("", r"set\.json, line 1: is not JSON"),
        ("[]", "is neither SQuAD"),
        ({"questions": 3}, "is neither SQuAD"),
        ({"data": 3}, "the file has no list named data"),
        ({"data": [3]}, r"data\[0\] has no list named paragraphs"),
        ({"data": []}, "holds no question"),
        (squad(article(FERRY)), "holds no question"),
        (squad({"paragraphs": [{"qas": []}]}), r"data\[0\].paragraphs\[0\] has no text named context"),
        (squad(article(FERRY, ("a", "", ["noon"]))), r"paragraphs\[0\].qas\[0\] has no text named question"),
        (squad(article(FERRY, ("a", "When?", [""]))), r"qas\[0\].answers\[0\] has no text named text"),
        (squad(article(FERRY, ("a", "When?", ["x"]), ("a", "Who?", ["y"]))), "two questions have the id a"),
        ([{**PAIR, "passage_fr": None}], r"\[0\] has no text named passage_fr"),
        ([PAIR, PAIR], "two questions have the id dogs@fr"),
    ],
)
def test_a_file_that_is_not_as_it_should_be_is_named_with_the_place(record: object, said: str, tmp_path: Path) -> None:
    with pytest.raises(EvaluationError, match=said):
        load_questions([write(tmp_path, "set.json", record)])


@pytest.mark.parametrize(
    ("translated", "said"),
    [
        (
            {"ferry": [{"id": "q9", "question_translated": "Quand\u202f?"}]},
            r"ferry\[0\]: .*ferry\.json has no question q9",
        ),
        ({"ferry": [{"id": "q1"}]}, r"ferry\[0\] has no text named question_translated"),
        ({"other": [{"id": "q1", "question_translated": "Quand\u202f?"}]}, r"questions of other\.json: give that file"),
        (
            {"ferry": [{"id": "q1", "question_translated": "Wann?", "target_language": "de"}]},
            "the language is 'de': only fr and en are known",
        ),
    ],
)
def test_translations_of_what_is_not_there_are_refused(
    translated: object, said: str, ferry: Path, tmp_path: Path
) -> None:
    with pytest.raises(EvaluationError, match=said):
        load_questions([ferry, write(tmp_path, "translated.json", translated)])
