import pytest

from benchmarks.taught import Pair, can_be_taught
from benchmarks.teaching import invented, measure_kills


def test_what_is_invented_has_names_of_its_own() -> None:
    assert len({question for question, _ in invented(200, seed=1)}) == 200
    assert [*invented(3, seed=1)] == [*invented(3, seed=1)] != [*invented(3, seed=2)]


@pytest.mark.parametrize(
    ("question", "answer", "can"), [("Où ?", "Là.", True), ("O" * 301, "Là.", False), ("Où ?", "", False)]
)
def test_an_entry_that_is_too_long_or_empty_in_a_language_is_left_out(question: str, answer: str, can: bool) -> None:
    assert can_be_taught(Pair("faq", {"fr": question, "en": "Where?"}, {"fr": answer, "en": "There."})) is can


@pytest.mark.slow
def test_a_process_that_is_killed_while_it_teaches_loses_and_doubles_nothing() -> None:
    figures = measure_kills(2, "spawn")
    assert (figures["teaching_kills"], figures["teaching_lost"], figures["teaching_doubled"]) == (2, 0, 0)
