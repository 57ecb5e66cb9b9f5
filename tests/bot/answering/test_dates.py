from datetime import UTC, date, datetime, timedelta

import pytest

from bot.answering.dates import is_old, of_date, old_before


@pytest.mark.parametrize(
    ("written", "french", "english"),
    [
        ("2024-03-03", "du 3 mars 2024", "of 3 March 2024"),
        ("2024-08-01T10:00:00Z", "du 1er août 2024", "of 1 August 2024"),
        ("2024-12", "de décembre 2024", "of December 2024"),
        ("2024-04", "d’avril 2024", "of April 2024"),
        ("2021", "de 2021", "of 2021"),
        ("2024-02-30", "2024-02-30", "2024-02-30"),
        ("2024-13", "2024-13", "2024-13"),
        ("mars 2024", "mars 2024", "mars 2024"),
        ("0000", "0000", "0000"),
    ],
)
def test_a_date_is_said_as_it_follows_a_title(written: str, french: str, english: str) -> None:
    assert (of_date(written, "fr"), of_date(written, "en")) == (french, english)


@pytest.mark.parametrize(
    ("written", "old"),
    [
        ("2024-03-02", True),
        ("2024-03-03", False),
        ("2024-02", True),
        ("2024-03", False),
        ("2023", True),
        ("2024", False),
        ("9999-12", False),
        ("autrefois", False),
    ],
)
def test_what_ended_before_the_limit_is_old(written: str, old: bool) -> None:
    assert is_old(written, date(2024, 3, 3)) == old
    assert not is_old(written, None)


def test_the_limit_is_so_many_days_ago_and_none_for_no_days() -> None:
    before = datetime.now(UTC).date()
    limit = old_before(365)
    assert limit is not None
    assert before - timedelta(365) <= limit <= datetime.now(UTC).date() - timedelta(365)
    assert old_before(0) is None
