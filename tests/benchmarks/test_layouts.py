import random

import pytest

from benchmarks.dev_sets.sets import Asked, DevSet
from benchmarks.layouts import draw_articles, whole_articles


@pytest.fixture
def dev() -> DevSet:
    """Four articles: three of three paragraphs, one of one; a question on each paragraph, one without an answer."""
    names = {f"{article}-{place}.txt": article for article in range(3) for place in range(3)} | {"3-0.txt": 3}
    questions = [
        Asked(name, f"Où est né l’écrivain de {name}\u00a0?", "fr", name, article, ("à Québec",))
        for name, article in names.items()
    ]
    nowhere = Asked("sans", "Qui\u00a0?", "fr", "0-0.txt", 0, ())
    texts = {name: f"Paragraphe {name}, œuvre née à Québec." for name in names}
    return DevSet("set", "fr", texts, names, (*questions, nowhere), ())


def test_every_answerable_question_is_of_one_kind(dev: DevSet) -> None:
    _, questions = draw_articles(dev, 2, random.Random(1))
    assert sorted(q.id for kind in questions.values() for q in kind) == sorted(dev.paragraphs)


def test_the_kind_says_whether_paragraph_or_article_is_missing(dev: DevSet) -> None:
    texts, questions = draw_articles(dev, 2, random.Random(1))
    indexed = {dev.articles[name] for name in texts}
    assert len(indexed) == 2
    assert {q.paragraph for q in questions["indexed"]} == set(texts)
    assert {q.article for q in questions["paragraph missing"]} <= indexed
    assert not {q.article for q in questions["article missing"]} & indexed


def test_one_paragraph_in_three_is_left_out_but_the_only_one_of_an_article_stays(dev: DevSet) -> None:
    texts, questions = draw_articles(dev, 9, random.Random(1))
    assert [sum(dev.articles[name] == article for name in texts) for article in range(4)] == [2, 2, 2, 1]
    assert not questions["article missing"]


def test_the_paragraphs_of_an_article_become_one_file(dev: DevSet) -> None:
    files = whole_articles({"0-0.txt": "Né à Québec.", "0-2.txt": "Mort à Lévis.", "1-1.txt": "Sœur."}, dev.articles)
    assert list(files.values()) == ["Né à Québec.\n\nMort à Lévis.", "Sœur."]
