from collections import Counter

from benchmarks.dev_sets.tiny import SEEDS
from benchmarks.typed import Outcome, load_typed, shares


def test_there_are_thirty_questions_in_each_language() -> None:
    assert Counter(typed.language for typed in load_typed()) == {"fr": 30, "en": 30}


def test_each_has_its_own_name_and_words() -> None:
    typed = load_typed()
    assert len({one.id for one in typed}) == len({one.question for one in typed}) == len(typed)


def test_each_answer_stands_in_an_article_of_the_project() -> None:
    articles = "".join(path.read_text(encoding="utf-8") for path in SEEDS.iterdir())
    assert [answer for typed in load_typed() for answer in typed.answers if answer not in articles] == []
    assert all(typed.answers for typed in load_typed())


def test_shares_are_of_all_that_were_asked() -> None:
    outcomes = [Outcome(first_quote=True, refused=False, in_language=True), Outcome(False, True, True)]
    assert shares(outcomes) == (0.5, 0.5, 1.0)
