from pathlib import Path

import pytest

from bot.errors import EvaluationError
from bot.evaluation import datasets
from bot.evaluation.datasets import load_questions
from bot.evaluation.questions import KnownQuestion


def read(folder: Path, name: str, text: str | bytes) -> tuple[KnownQuestion, ...]:
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    [questions] = load_questions([path])
    return questions.questions


TABLE = """question;réponse;source;langue
Quand part le traversier\u202f?;à midi;;fr
Où est l’œuvre\u00a0?;;musee.md;fr
Who won the World Cup?;;;en
"""


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_table_gives_its_questions(encoding: str, tmp_path: Path) -> None:
    noon, work, cup = read(tmp_path, "q.csv", TABLE.encode(encoding))
    assert (noon.text, noon.answers, noon.language) == (
        "Quand part le traversier\u202f?".replace("\u202f", " "),
        ("à midi",),
        "fr",
    )
    assert (work.answers, work.source, work.answerable) == ((), "musee.md", True)
    assert (cup.language, cup.answerable, cup.place) == ("en", False, "line 4")


def test_a_table_in_windows_1252_is_read(tmp_path: Path) -> None:
    text = "question,réponse\nOù est le musée ?,à Trois-Rivières\n"
    assert read(tmp_path, "q.csv", text.encode("cp1252"))[0].answers == ("à Trois-Rivières",)


def test_lines_of_json_may_accept_several_answers(tmp_path: Path) -> None:
    first = '{"question": "Quand\u202f?", "réponse": ["midi", "12\u00a0h"], "langue": "fr"}'
    when, who = read(tmp_path, "q.jsonl", first + '\n\n{"Question": "Who?", "answer": null}\n')
    assert when.answers == ("midi", "12\u00a0h")
    assert (who.answerable, who.place) == (False, "line 3")


def test_a_language_that_is_not_told_is_detected_and_proves_nothing(tmp_path: Path) -> None:
    [question] = read(tmp_path, "q.csv", "question,answer\nQuand part le traversier de Lévis ?,midi\n")
    assert (question.language, question.language_known) == ("fr", False)


def test_questions_on_one_source_are_of_one_article(tmp_path: Path) -> None:
    rows = "question,source\nQui ?,musee.md\nOù ?,musee.md\nQuand ?,ferry.md\n"
    assert [q.article for q in read(tmp_path, "q.csv", rows)] == ["musee.md", "musee.md", "ferry.md"]


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("q.csv", "question,language\nQui ?,fr\n", "q.csv, line 1: has no columns named question, and answer"),
        ("q.csv", "answer,source\nmidi,a\n", "q.csv, line 1: has no columns named question"),
        ("q.csv", "question,answer\n", "q.csv: holds no question"),
        ("q.csv", "", "q.csv, line 1: has no columns"),
        ("q.csv", "question,answer\nQui ?,a\n,b\n", "q.csv, line 3: has no question"),
        ("q.csv", "question,answer\nQui ?,a, b\n", "q.csv, line 2: has 3 cells under 2 names"),
        ("q.csv", "question,answer,langue\nWer?,a,de\n", "q.csv, line 2: the language is 'de'"),
        ("q.csv", "question,answer\nQui ?,a\nQui ?,b\n", "q.csv, line 3: asks the same as line 2"),
        ("q.csv", b"\x00\x01\x02question", "q.csv: holds control characters"),
        ("q.csv", b"question,answer\nQui ?,\xdd \xde \xf0 \xfd\n", "q.csv: is in no encoding"),
        ("q.jsonl", '{"question": "Qui ?"}\n{oups}\n', "q.jsonl, line 2: is not JSON"),
        ("q.jsonl", "[1]\n", "q.jsonl, line 1: is not a JSON object"),
        ("q.jsonl", '{"question": 3}\n', "q.jsonl, line 1: question is not text"),
        ("q.jsonl", '{"question": "Qui ?", "answer": 7}\n', "q.jsonl, line 1: answer is not text"),
        ("q.jsonl", '{"question": "Qui ?", "answer": [7]}\n', "q.jsonl, line 1: an answer is text"),
        ("q.jsonl", "\n", "q.jsonl: holds no question"),
        ("q.txt", "Qui ?", "q.txt: .txt is no set of questions"),
    ],
)
def test_a_fault_names_the_file_and_the_line(name: str, text: str | bytes, said: str, tmp_path: Path) -> None:
    with pytest.raises(EvaluationError) as caught:
        read(tmp_path, name, text)
    assert said in str(caught.value)


def test_a_file_that_is_missing_or_a_folder_is_named(tmp_path: Path) -> None:
    for path in (tmp_path / "absent.csv", tmp_path):
        with pytest.raises(EvaluationError, match="cannot be read"):
            load_questions([path])


def test_an_enormous_file_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(datasets, "MAX_MB", 0)
    with pytest.raises(EvaluationError, match="has more than 0 MB"):
        read(tmp_path, "q.csv", TABLE)


def test_two_files_of_one_name_cannot_be_told_apart(tmp_path: Path) -> None:
    files = [tmp_path / folder / "q.csv" for folder in "ab"]
    for file in files:
        file.parent.mkdir()
        file.write_text(TABLE, encoding="utf-8")
    with pytest.raises(EvaluationError, match="have the same name"):
        load_questions(files)
