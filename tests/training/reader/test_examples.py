import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from training.reader.examples import (
    PARTS,
    Entry,
    Example,
    capped,
    read_examples,
    read_squad,
    translated,
    without_part,
    without_titles,
    write_examples,
)

PASSAGE = "L’été, à Québec, dure peu\u00a0: le fleuve est froid. À Lévis aussi, l’été dure peu."


def squad(*articles: tuple[str, list[dict[str, Any]]]) -> dict[str, Any]:
    return {"data": [{"title": title, "paragraphs": [{"context": PASSAGE, "qas": qas}]} for title, qas in articles]}


def qa(name: str, answer: str = "", start: int = 0) -> dict[str, Any]:
    answers = [{"text": answer, "answer_start": start}] if answer else []
    return {"id": name, "question": f"{name} ?", "answers": answers, "is_impossible": not answer}


def entry(name: str, article: int = 0, title: str = "Québec", passage: str = PASSAGE) -> Entry:
    return Entry(name, Example(f"{name} ?", passage, ((0, 5),)), ("L’été",), title, article)


@pytest.mark.parametrize("suffix", [".json", ".json.gz"])
def test_questions_are_read_with_their_answers_and_articles(suffix: str, tmp_path: Path) -> None:
    raw = json.dumps(squad(("Québec", [qa("où", "Québec", 9), qa("qui")]), ("Lévis", [qa("quoi", "Lévis", 53)])))
    path = tmp_path / f"set{suffix}"
    path.write_bytes(gzip.compress(raw.encode()) if suffix.endswith("gz") else raw.encode())
    where, who, what = read_squad(path)
    assert [PASSAGE[start:end] for start, end in where.example.spans] == ["Québec"]
    assert (who.answers, who.example.spans) == ((), ())
    assert (what.title, what.article) == ("Lévis", 1)


def test_an_answer_that_the_file_misplaces_is_taken_where_it_stands_nearest(tmp_path: Path) -> None:
    (tmp_path / "set.json").write_text(json.dumps(squad(("Québec", [qa("quoi", "dure peu", 70)]))), encoding="utf-8")
    (what,) = read_squad(tmp_path / "set.json")
    start = PASSAGE.rindex("dure peu")
    assert what.example.spans == ((start, start + len("dure peu")),)


def test_every_answer_that_people_gave_is_read(tmp_path: Path) -> None:
    said = qa("où", "Québec", 9)
    said["answers"] += [{"text": "à Québec", "answer_start": 7}, {"text": "Québec", "answer_start": 9}]
    (tmp_path / "set.json").write_text(json.dumps(squad(("Québec", [said]))), encoding="utf-8")
    (where,) = read_squad(tmp_path / "set.json")
    assert where.example.spans == ((9, 15), (7, 15), (9, 15))


def test_an_article_is_left_out_of_the_examples_of_one_part_only() -> None:
    entries = [entry(f"{i}", i) for i in range(2 * PARTS)]
    for part in range(PARTS):
        left = {e.article for e in without_part(entries, part)}
        assert set(range(2 * PARTS)) - left == {part, part + PARTS}


def test_no_passage_has_more_questions_than_the_cap_and_the_draw_is_the_same_again() -> None:
    entries = [entry(f"{i}", passage=f"Passage {i % 3}") for i in range(30)]
    kept = capped(entries, 2, seed=1)
    assert [e.example.passage for e in kept].count("Passage 0") == 2
    assert len(kept) == 6
    assert kept == capped(entries, 2, seed=1) != capped(entries, 2, seed=2)


def test_articles_that_are_measured_on_are_left_out_whatever_the_writing_of_their_title() -> None:
    entries = [entry("a", title="Steam engine"), entry("b", title="Huguenot")]
    assert [e.id for e in without_titles(entries, [entry("c", title="Steam Engine")])] == ["b"]


def test_a_translated_question_keeps_the_answer() -> None:
    (only,) = translated([entry("a"), entry("b")], [{"id": "b", "question_translated": "When is summer?"}])
    assert only.example == Example("When is summer?", PASSAGE, ((0, 5),))


def test_examples_come_back_from_their_file_whatever_they_hold(tmp_path: Path) -> None:
    examples = [Example("Où\u2028?", "a\u0085b\n\u2029c", ((0, 3), (2, 3))), Example("Qui ?", "«\u00a0Rien\u00a0»")]
    write_examples(examples, tmp_path / "examples.jsonl")
    assert read_examples(tmp_path / "examples.jsonl") == examples


def test_a_title_is_read_as_an_article_bears_it(tmp_path: Path) -> None:
    titles = ["Les_%C5%93uvres", "<i>28 jours</i>  plus tard"]
    (tmp_path / "set.json").write_text(json.dumps(squad(*((title, [qa("où")]) for title in titles))), encoding="utf-8")
    assert [e.title for e in read_squad(tmp_path / "set.json")] == ["Les œuvres", "28 jours plus tard"]


def test_a_passage_under_its_title_has_the_same_answers() -> None:
    example = Example("Où ?", PASSAGE, ((9, 15),)).under("L’été")
    assert example.passage.startswith("L’été\nL’été, à")
    assert [example.passage[start:end] for start, end in example.spans] == ["Québec"]
