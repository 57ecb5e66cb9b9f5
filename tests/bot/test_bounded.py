from bot.bounded import BoundedDict


def test_what_was_set_longest_ago_is_forgotten_first() -> None:
    latest: BoundedDict[int, str] = BoundedDict(size=2)
    for key in (1, 2, 1, 3):
        latest.set(key, f"{key}")
    assert [latest.get(key) for key in (1, 2, 3)] == ["1", None, "3"]


def test_what_was_taken_is_gone() -> None:
    latest: BoundedDict[int, str] = BoundedDict(9)
    latest.set(1, "é")
    assert (latest.pop(1), latest.pop(1)) == ("é", None)


def test_what_is_not_wanted_is_dropped() -> None:
    latest: BoundedDict[int, str] = BoundedDict(9)
    for key, value in ((1, "é"), (2, "œ"), (3, "é")):
        latest.set(key, value)
    latest.drop(lambda value: value == "é")
    assert (len(latest), latest.get(2)) == (1, "œ")
