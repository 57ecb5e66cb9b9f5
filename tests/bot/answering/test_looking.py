from collections.abc import Sequence

import pytest

from bot.answering.answer import Citation, Reading
from bot.answering.looking import Look, Looker, surest
from index.schema import Chunk
from tests.bot.fakes import FixedSearch, cite, make_chunk, make_hit, says

PAID = make_chunk("La prime d’équipe est versée le 27.")
MEANING = make_chunk("PE : prime d’équipe.", document="sigles.md")
FERRY = make_chunk("Le bac part à midi.", document="bac.md")

ASKED = "Quand est versée la PE ?"
OTHER = "Quand est versée la prime d’équipe ?"


def look(words: str, chunk: Chunk, confidence: float, threshold: float = 0.5, forms: bool = True) -> Look:
    return Look(words, (make_hit(chunk),), Reading((cite(chunk),), confidence, threshold), has_other_forms=forms)


@pytest.mark.parametrize(
    ("own", "other", "taken"),
    [
        pytest.param(0.6, 0.7, OTHER, id="surer"),
        pytest.param(0.7, 0.7, ASKED, id="as-sure"),
        pytest.param(0.7, 0.6, ASKED, id="less-sure"),
        pytest.param(0.4, 0.6, OTHER, id="alone"),
        pytest.param(0.1, 0.4, ASKED, id="none-answers"),
    ],
)
def test_the_wording_that_is_surest_to_answer_is_taken(own: float, other: float, taken: str) -> None:
    assert surest([look(ASKED, MEANING, own), look(OTHER, PAID, other)]).words == taken


def test_how_sure_is_told_by_the_distance_to_the_threshold() -> None:
    assert surest([look(ASKED, MEANING, 0.7, threshold=0.6), look(OTHER, PAID, 0.6, threshold=0.3)]).words == OTHER


def test_a_quote_without_the_words_of_its_wording_answers_something_else() -> None:
    assert surest([look(ASKED, MEANING, 0.6), look(OTHER, FERRY, 0.9)]).words == ASKED


def test_a_wording_without_house_words_may_be_answered_in_any_words() -> None:
    assert surest([look(ASKED, MEANING, 0.6), look(OTHER, FERRY, 0.9, forms=False)]).words == OTHER


@pytest.mark.parametrize(
    ("asked", "other"),
    [
        ("Que veut dire PE ?", "Que veut dire prime d’équipe ?"),
        ("C’est quoi la PE ?", "C’est quoi la prime d’équipe ?"),
        ("What does PE mean?", "What does prime d’équipe mean?"),
    ],
)
def test_a_quote_that_tells_what_the_word_means_answers_who_asks_for_it(asked: str, other: str) -> None:
    assert surest([look(asked, MEANING, 0.6), look(other, PAID, 0.9)]).words == asked


@pytest.mark.parametrize(
    ("asked", "other"), [("Où est la PE ?", "Où est la prime d’équipe ?"), ("Who is PE?", "Who is prime d’équipe?")]
)
def test_who_asks_for_more_is_not_told_what_the_word_means(asked: str, other: str) -> None:
    assert surest([look(asked, MEANING, 0.6), look(other, PAID, 0.9)]).words == other


def citations(read: Look) -> Sequence[Citation]:
    return read.reading.citations


def test_what_is_found_is_read() -> None:
    looker = Looker(FixedSearch(hits=(make_hit(PAID),)), says(cite(PAID), confidence=0.9))
    read = looker.read(looker.search(ASKED, "fr"), "fr")
    assert (read.words, [hit.chunk for hit in read.hits]) == (ASKED, [PAID])
    assert (citations(read), read.reading.confidence, read.is_partial) == ((cite(PAID),), 0.9, False)
