import pytest

from bot.answering.readers.rows import asked_row
from index.schema import Language, SearchHit
from tests.bot.fakes import FRENCH, make_chunk, make_hit
from tests.index.pages import chunks_of

PRICES = """# Prix de la quincaillerie

| Article | Réf. | Prix de gros | Stock minimal |
| --- | --- | --- | --- |
| Vis Alba | 10 | 2,00 € | 1 |
| Vis Brunel | 47 | 9,30 € | 14 |
| Écrou Alba | 54 | 86,60 € | 37 |
| Patère d’œillet | 408 | 20,20 € | 43 |
"""
FERRIES = """# Ferries

| Day | First departure | Last departure |
| --- | --- | --- |
| Monday | 6:10 | 20:05 |
| Saturday | 7:40 | 22:15 |
"""


def hits(*pages: str) -> list[SearchHit]:
    chunks = [chunk for number, page in enumerate(pages) for chunk in chunks_of(page, f"{number}.md")]
    return [make_hit(chunk, rank=rank) for rank, chunk in enumerate(chunks, start=1)]


@pytest.mark.parametrize(
    ("question", "language", "row"),
    [
        ("Quel est le prix de gros de la Vis Brunel ?", "fr", "| Vis Brunel | 47 | 9,30 € | 14 |"),
        ("stock minimal ecrou alba", "fr", "| Écrou Alba | 54 | 86,60 € | 37 |"),
        ("À la quincaillerie, quel prix pour la patère d'œillet ?", "fr", "| Patère d’œillet | 408 | 20,20 € | 43 |"),
        ("When is the last departure on Monday?", "en", "| Monday | 6:10 | 20:05 |"),
    ],
)
def test_a_row_is_named_by_its_first_cell_and_a_column(question: str, language: Language, row: str) -> None:
    found, is_missing = asked_row(question, language, hits(FRENCH, PRICES, FERRIES))
    assert found is not None
    assert found.text == row
    assert not is_missing


@pytest.mark.parametrize(
    "question",
    [
        pytest.param("Avez-vous la Vis Brunel ?", id="no column"),
        pytest.param("Quel était le prix de la Vis Brunel en 2019 ?", id="what stands nowhere"),
        pytest.param("Quel est le prix de la Vis Corvin ?", id="an unknown name"),
        pytest.param("Quel est le prix de la Vis ?", id="a part of two names"),
        pytest.param("Quel est le prix de la Vis Brunel et de la Vis Alba ?", id="two rows"),
        pytest.param("Où est le musée ?", id="no table"),
    ],
)
def test_otherwise_no_row_is_named(question: str) -> None:
    assert asked_row(question, "fr", hits(PRICES, FRENCH)) == (None, False)


def test_a_name_that_stands_in_two_tables_names_no_row() -> None:
    assert asked_row("Quel est le prix de gros de la Vis Alba ?", "fr", hits(PRICES, PRICES)).row is None


@pytest.mark.parametrize("question", ["Quel est le prix de l’Écrou Brunel ?", "stock minimal écrou brunel"])
def test_words_of_several_names_that_are_together_in_none_ask_for_a_missing_row(question: str) -> None:
    assert asked_row(question, "fr", hits(PRICES)) == (None, True)


def test_prose_lacks_no_row() -> None:
    chunk = make_chunk("Le prix de la vis Alba est de 2 €. L’écrou Brunel est épuisé.")
    assert not asked_row("Quel est le prix de l’écrou Brunel ?", "fr", [make_hit(chunk)]).is_missing
