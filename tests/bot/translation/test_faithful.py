import pytest

from bot.translation.faithful import failures
from tests.bot.translation.sentences import EN_FR, FR_EN, RIGHT, WRONG, Translated


def named(sentences: list[Translated]) -> list[object]:
    return [pytest.param(one, id=f"{one.fault or 'right'}-{'-'.join(one.pair)}-{n}") for n, one in enumerate(sentences)]


@pytest.mark.parametrize("one", named(WRONG))
def test_a_wrong_translation_fails_the_check_of_its_fault(one: Translated) -> None:
    assert one.fault in set(failures(one.source, one.translated, one.pair))


@pytest.mark.parametrize("one", named(RIGHT))
def test_a_right_translation_fails_none(one: Translated) -> None:
    assert set(failures(one.source, one.translated, one.pair)) == set()


def test_each_direction_has_wrong_and_right_ones() -> None:
    for pair in (FR_EN, EN_FR):
        assert sum(one.pair == pair for one in WRONG) >= 20
        assert sum(one.pair == pair for one in RIGHT) >= 10
