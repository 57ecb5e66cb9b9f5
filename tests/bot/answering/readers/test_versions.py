from dataclasses import replace

import pytest

from bot.answering.readers.ranking import Candidate
from bot.answering.readers.versions import current_first
from tests.bot.fakes import make_chunk, make_hit

OLD = "L’entrée de la patinoire coûte 5,50 euros."
NEW = "L’entrée de la patinoire coûte 7 euros."
OTHER = "La patinoire ferme à midi le dimanche."


def sentence(text: str, date: str | None = None, path: str = "") -> Candidate:
    return Candidate(1.0, make_hit(replace(make_chunk(text), date=date, path=path)), 0)


def first(question: str, *ranked: Candidate) -> str:
    return current_first(question, list(ranked))[0].text


@pytest.mark.parametrize(
    ("old", "new", "year"),
    [
        pytest.param(sentence(OLD, "2022-10-01"), sentence(NEW, "2026-01-15"), 2022, id="documents"),
        pytest.param(sentence(OLD, path="Prix › 3 mars 2023"), sentence(NEW, path="14 janvier 2025"), 2023, id="fr"),
        pytest.param(sentence(OLD, path="2.9.1 - 2025-12-02"), sentence(NEW, path="2.10 - 2026-02-11"), 2025, id="iso"),
        pytest.param(sentence(OLD, path="March 3rd, 2023"), sentence(NEW, path="January 14 2025"), 2023, id="en"),
    ],
)
def test_the_newest_version_comes_first_unless_a_year_is_asked_for(old: Candidate, new: Candidate, year: int) -> None:
    assert first("Combien coûte l’entrée ?", old, new) == NEW
    assert first("Combien coûte l’entrée ?", new, old) == NEW
    assert first(f"Combien coûtait l’entrée en {year} ?", new, old) == OLD


def test_a_sentence_that_says_something_else_stays_where_it_is() -> None:
    assert first("Combien ?", sentence(OLD, "2022"), sentence(OTHER, "2026")) == OLD


def test_without_dates_nothing_moves() -> None:
    assert first("Combien ?", sentence(OLD), sentence(NEW, "2026")) == OLD
    assert first("Combien ?", sentence(OLD, "2022"), sentence(NEW)) == OLD
    assert first("Combien en 1998 ?", sentence(OLD, "2022"), sentence(NEW, "2026")) == OLD
