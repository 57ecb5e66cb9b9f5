from dataclasses import replace
from pathlib import Path

import pytest

from bot.answering.answer import Answer, Question
from bot.setting_up.folder import EXAMPLES
from bot.setting_up.questions import MAX_ASKED, Drawn, answered, draw
from index.build import build_index
from index.schema import Chunk, Language
from index.store import IndexStore, open_store
from tests.bot.fakes import cite, make_chunk, make_hit
from tests.fakes import HashingEmbeddings

PAGES = {
    "faq.csv": "question,réponse\nQuand le musée est-il ouvert ?,Le mardi.\nPourquoi ?,Parce que.\n",
    "guide.md": (
        "# Le guide\n\n## 1. Comment réserver une salle.\n\nÉcrivez-nous avant le 15.\n\n"
        "## 2.1 Les salles du musée\n\nIl y en a trois.\n\n## Contact\n\nAppelez le 12.\n\n"
        "## Ce qu’on dit de « Ted »\n\nRien du tout.\n\n## Combien ça coûte par mois\n\nNeuf euros.\n"
    ),
    "note.txt": "Le bureau a ouvert en mai. Sa directrice, Ève Saint-Cyr, y reçoit le mardi. Ève Saint-Cyr lit tout.\n",
    "ferry.en.md": "# The ferry\n\n## How to buy a ticket\n\nAsk on board.\n\n## Where does it stop?\n\nIn Lévis.\n",
}


def store_of(pages: dict[str, str], folder: Path) -> IndexStore:
    seeds = folder / "seeds"
    seeds.mkdir()
    for name, text in pages.items():
        (seeds / name).write_text(text, encoding="utf-8")
    build_index(seeds, folder / "index", HashingEmbeddings())
    return open_store(folder / "index")


def drawn(language: Language, folder: Path) -> list[Drawn]:
    return list(draw([store_of(PAGES, folder)], language))


def texts(language: Language, folder: Path) -> list[str]:
    return [one.text for one in drawn(language, folder)]


# ------------------------------------------------------------------------------------------------------------- drawing


def test_the_questions_of_articles_come_first_then_how_tos_headings_and_names(tmp_path: Path) -> None:
    assert texts("fr", tmp_path)[:5] == [
        "Quand le musée est-il ouvert ?",
        "Comment réserver une salle\u202f?",
        "Que sait-on de «\u00a0Les salles du musée\u00a0»\u202f?",
        "Que sait-on de «\u00a0Ève Saint-Cyr\u00a0»\u202f?",
        "Where does it stop?",
    ]


def test_those_in_the_language_of_the_person_come_first(tmp_path: Path) -> None:
    found = drawn("en", tmp_path)
    assert [one.text for one in found[:2]] == ["Where does it stop?", "How do I buy a ticket?"]
    assert [one.language for one in found] == sorted(one.language for one in found)


@pytest.mark.parametrize("unfit", ["Pourquoi", "Contact", "« Ted »", "Combien ça coûte", "How to buy"])
def test_what_tells_nothing_alone_or_cannot_be_asked_about_is_left_out(unfit: str, tmp_path: Path) -> None:
    assert not any(unfit in text for text in texts("fr", tmp_path))


def test_articles_take_turns_and_neighbours_stand_apart(tmp_path: Path) -> None:
    pages = {
        f"{name}.md": f"# {name}\n\n## Quand part {name} ?\n\nÀ 8 h.\n\n## Où va {name} ?\n\nÀ Lévis.\n"
        for name in "abcdef"
    }
    found = [one.document for one in draw([store_of(pages, tmp_path)], "fr")]
    assert sorted(found[:6]) == sorted(pages)
    assert found[:3] == ["a.md", "c.md", "e.md"]


def test_a_heading_above_several_passages_is_asked_about_once(tmp_path: Path) -> None:
    long = "Le musée garde des œuvres de la région. " * 60
    found = [
        one.text for one in draw([store_of({"a.md": f"# A\n\n## Les œuvres du musée\n\n{long}\n"}, tmp_path)], "fr")
    ]
    assert found.count("Que sait-on de «\u00a0Les œuvres du musée\u00a0»\u202f?") == 1


def test_no_article_gives_no_question(tmp_path: Path) -> None:
    assert list(draw([store_of({"a.txt": "Oui.\n"}, tmp_path)], "fr")) == []


# -------------------------------------------------------------------------------------------------------------- asking


PASSAGE = make_chunk("Le musée ouvre à midi. Il ferme à six heures.", document="musee.md", title="Le musée")


def about(chunk: Chunk, text: str = "Quand le musée ouvre-t-il ?", told_by: str = "Le musée") -> Drawn:
    return Drawn(text, "fr", chunk.document_id, told_by)


def answer_from(chunk: Chunk, question: str = "?", language: Language = "fr") -> Answer:
    return Answer(question, language, citations=(cite(chunk),), hits=(make_hit(chunk),))


def test_a_question_is_shown_when_the_article_that_it_comes_from_answers() -> None:
    [found] = answered([about(PASSAGE)], lambda q: answer_from(PASSAGE, q.text))
    assert found.question == "Quand le musée ouvre-t-il ?"


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(Answer("?", "fr", abstention="no_evidence"), id="refused"),
        pytest.param(Answer("?", "fr", abstention="about"), id="talk"),
        pytest.param(answer_from(PASSAGE, language="en"), id="other-language"),
        pytest.param(answer_from(replace(PASSAGE, document_id="gare.md", title="Horaires")), id="other-article"),
        pytest.param(answer_from(replace(PASSAGE, title="Le guide", path="La gare")), id="other-section"),
    ],
)
def test_a_question_that_is_not_answered_there_is_left_out(answer: Answer) -> None:
    assert answered([about(PASSAGE, told_by="Horaires")], lambda _: answer) == []


@pytest.mark.parametrize(
    ("passage", "told_by"),
    [
        pytest.param(replace(PASSAGE, title="Le guide", path="Ville › Le musée"), "Le musée", id="heading"),
        pytest.param(replace(PASSAGE, question="Quand ?"), "Quand ?", id="question"),
        pytest.param(PASSAGE, "midi", id="name"),
    ],
)
def test_a_heading_a_question_or_a_name_tells_where_it_should_stand(passage: Chunk, told_by: str) -> None:
    assert about(PASSAGE, told_by=told_by).is_answered_by(answer_from(passage))


def test_each_is_answered_by_another_passage_and_three_are_enough() -> None:
    passages = [make_chunk(PASSAGE.text, document="musee.md", ordinal=n) for n in (0, 0, 1, 2, 3)]
    asked: list[str] = []

    def ask(question: Question) -> Answer:
        asked.append(question.text)
        return answer_from(passages[int(question.text)], question.text)

    found = answered([about(PASSAGE, text=str(n)) for n in range(5)], ask)
    assert [answer.question for answer in found] == ["0", "2", "3"]
    assert asked == ["0", "1", "2", "3"]


def test_no_more_are_asked_than_somebody_waits_for() -> None:
    asked: list[str] = []

    def refuse(question: Question) -> Answer:
        asked.append(question.text)
        return Answer(question.text, "fr", abstention="no_evidence")

    assert answered([about(PASSAGE, text=str(n)) for n in range(99)], refuse) == []
    assert len(asked) == MAX_ASKED


def test_the_example_articles_are_asked_what_their_headings_ask(tmp_path: Path) -> None:
    pages = {path.name: path.read_text(encoding="utf-8") for path in EXAMPLES.iterdir()}
    found = list(draw([store_of(pages, tmp_path)], "fr"))
    assert [one.language for one in found[:5]] == ["fr"] * 5
    assert all(one.text.endswith("?") for one in found[:5])
