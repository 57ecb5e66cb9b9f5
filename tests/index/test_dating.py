from dataclasses import replace

import pytest

from index.dating import Day, day_in, day_of, version_in, without_dates
from tests.bot.fakes import make_chunk


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2.9.1 - 2025-12-02", Day(2025, 12, 2)),
        ("Compte rendu du 1er août 2024", Day(2024, 8, 1)),
        ("Minutes, March 3rd, 2023", Day(2023, 3, 3)),
        ("January 14, 2025", Day(2025, 1, 14)),
        ("Édition 2019", Day(2019)),
        ("décembre 2024", Day(2024, 12)),
        ("Formule Or", None),
        ("Article 12", None),
    ],
)
def test_a_date_is_read_in_figures_and_in_words(text: str, expected: Day | None) -> None:
    assert day_in(text) == expected


def test_a_section_has_the_date_of_its_heading_else_of_one_above_else_of_the_document() -> None:
    chunk = replace(make_chunk("Le bac part à midi."), date="2020-01-01")
    assert day_of(replace(chunk, path="2024 › 3 mars 2025")) == Day(2025, 3, 3)
    assert day_of(replace(chunk, path="2024-05 › Ajouts")) == Day(2024, 5)
    assert day_of(replace(chunk, path="Ajouts")) == Day(2020, 1, 1)
    assert day_of(make_chunk("Le bac part à midi.")) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [("[2.10.0] - 2026-02-11", (2, 10, 0)), ("v3.1", (3, 1)), ("2026-02-11", None), ("Article 12", None)],
)
def test_a_version_is_numbers_with_points(text: str, expected: tuple[int, ...] | None) -> None:
    assert version_in(text) == expected


def test_the_titles_of_a_series_are_equal_without_their_dates() -> None:
    assert without_dates("Compte rendu, 3 mars 2025") == without_dates("Compte rendu – 14 avril 2025") == "compte rendu"
    assert without_dates("PV 2025-03-03") == without_dates("PV 2024")
    assert without_dates("Procès-verbal") != without_dates("Compte rendu 2024")
