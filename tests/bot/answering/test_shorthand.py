import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.answering.shorthand import written_out
from index.schema import Language


@pytest.mark.parametrize(
    ("typed", "language", "written"),
    [
        ("c koi le mdp", "fr", "c’est quoi le mot de passe"),
        ("C où la trousse ?", "fr", "c’est où la trousse ?"),
        ("ki controle les cordes", "fr", "qui controle les cordes"),
        ("PK g pas mon msg mtn", "fr", "pourquoi j’ai pas mon message maintenant"),
        ("eske ya du wifi", "fr", "est-ce que il y a du wifi"),
        ("y does it fail", "en", "why does it fail"),
        ("HOW R U", "en", "HOW are you"),
        ("ça marche-tu ?", "fr", "ça marche ?"),
        ("C’est-tu ouvert le dimanche ?", "fr", "C’est ouvert le dimanche ?"),
        ("mes données sont tu envoyées ?", "fr", "mes données sont envoyées ?"),
        ("L’entrée est-tu gratuite ?", "fr", "L’entrée est gratuite ?"),
        ("faut-tu réserver", "fr", "faut réserver"),
        ("Ya tu des signes ?", "fr", "il y a des signes ?"),
        ("mon boss veut vendre mon char", "fr", "mon patron veut vendre mon voiture"),
        ("on peut-tu amener son chien", "fr", "on peut amener son chien"),
        ("je vais tu avoir un salaire", "fr", "je vais avoir un salaire"),
        ("wdym, u cant log in w/o a pw?", "en", "what do you mean, you can’t log in without a password?"),
        ("Why dont ppl vote b4 noon", "en", "Why don’t people vote before noon"),
    ],
)
def test_short_forms_are_written_out(typed: str, language: Language, written: str) -> None:
    assert written_out(typed, language) == written


@pytest.mark.parametrize(
    ("question", "language"),
    [
        ("As-tu un chien ? Peux-tu venir ? Qui es-tu ? Où est tu ? Faut-il ?", "fr"),
        ("Tu veux-tu venir ?", "fr"),
        ("Où est l’œuvre « Le c » ?", "fr"),
        ("Vitamine C et plan B", "fr"),
        ("Is R a language? Who is B4?", "en"),
        ("Run `rm -r` in /r/u with u.s. users", "en"),
        ("Le wifi de la U", "en"),
        ("Who is Ayanz y Beaumont?", "en"),
        ("", "fr"),
    ],
)
def test_words_stay_as_they_were_typed(question: str, language: Language) -> None:
    assert written_out(question, language) == question


def test_words_of_the_articles_stay() -> None:
    assert written_out("c koi un char a voile", "fr", lambda word: word == "char") == "c’est quoi un char a voile"


@given(st.text(max_size=200), st.sampled_from(["fr", "en"]))
def test_what_is_written_out_stays_so(text: str, language: Language) -> None:
    once = written_out(text, language)
    assert written_out(once, language) == written_out(written_out(once, language), language)


def test_no_question_of_the_development_sets_is_changed(shared: Path) -> None:
    files: list[tuple[str, Language]] = [("piaf-1.1.fr.dev", "fr"), ("squad-2.0.en.dev", "en")]
    for name, language in files:
        articles = json.loads((shared / "data" / f"{name}.json").read_text(encoding="utf-8"))["data"]
        asked = [q["question"] for a in articles for p in a["paragraphs"] for q in p["qas"]]
        assert [question for question in asked if written_out(question, language) != question] == []
