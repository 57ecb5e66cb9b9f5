import pytest

from bot.bounded import BoundedDict


def test_what_was_set_longest_ago_is_forgotten_first() -> None:
    latest: BoundedDict[int, str] = BoundedDict(max_size=2)
    for key in (1, 2, 1, 3):
        latest[key] = f"{key}"
    assert dict(latest) == {1: "1", 3: "3"}


def test_reading_a_value_does_not_keep_it_longer() -> None:
    latest: BoundedDict[int, str] = BoundedDict(max_size=2)
    latest[1], latest[2] = "é", "œ"
    assert latest[1] == "é"
    latest[3] = "ï"
    assert (1 in latest, 2 in latest) == (False, True)


def test_what_was_taken_or_deleted_is_gone() -> None:
    latest: BoundedDict[int, str] = BoundedDict(max_size=9)
    latest[1], latest[2] = "é", "œ"
    assert (latest.pop(1), latest.pop(1, None)) == ("é", None)
    del latest[2]
    with pytest.raises(KeyError):
        latest[2]


def test_entries_are_deleted_by_their_values() -> None:
    latest: BoundedDict[int, str] = BoundedDict(max_size=9)
    latest.update({1: "é", 2: "œ", 3: "é"})
    latest.delete_where(lambda value: value == "é")
    assert dict(latest) == {2: "œ"}
