import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.discord.shards import Shards
from tests.processes import run_python


@pytest.mark.parametrize(
    ("text", "ids", "count"),
    [
        pytest.param("0-3/8", [0, 1, 2, 3], 8, id="some"),
        pytest.param("3/8", [3], 8, id="one"),
        pytest.param("7-7/8", [7], 8, id="one-as-both-ends"),
        pytest.param("0/1", [0], 1, id="the-only-one"),
        pytest.param(" 0-15/16\n", list(range(16)), 16, id="spaces-around"),
    ],
)
def test_shards_are_named_by_the_first_and_the_last_and_their_count(text: str, ids: list[int], count: int) -> None:
    shards = Shards.parse(text)
    assert (shards.ids, shards.count) == (ids, count)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "write FIRST-LAST/COUNT"),
        ("3", "write FIRST-LAST/COUNT"),
        ("0-3", "write FIRST-LAST/COUNT"),
        ("0–3/8", "write FIRST-LAST/COUNT"),
        ("-1/8", "write FIRST-LAST/COUNT"),
        ("0-3/8/8", "write FIRST-LAST/COUNT"),
        ("0,3/8", "write FIRST-LAST/COUNT"),
        ("٣/٨", "write FIRST-LAST/COUNT"),
        ("999999/1000000", "write FIRST-LAST/COUNT"),
        ("0/0", "at least one shard"),
        ("3-0/8", "the first shard comes before the last: 0-3/8"),
        ("8/8", "of 8 the last is 7"),
        ("4-8/8", "of 8 the last is 7"),
    ],
)
def test_what_names_no_shards_is_refused_with_the_reason(text: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        Shards.parse(text)


@given(st.data())
def test_shards_are_read_as_they_are_written(data: st.DataObject) -> None:
    count = data.draw(st.integers(1, 99_999))
    first = data.draw(st.integers(0, count - 1))
    shards = Shards(first, data.draw(st.integers(first, count - 1)), count)
    assert Shards.parse(str(shards)) == shards
    assert shards.is_whole == (str(shards) in (f"0-{count - 1}/{count}", "0/1"))


def test_the_command_refuses_them_with_status_2_before_anything_starts() -> None:
    done = run_python("-m", "bot", "discord", "--shards", "4-8/8", COLUMNS="200", NO_COLOR="1")
    assert done.returncode == 2
    assert "Invalid value for '--shards': shards are numbered from 0, so that of 8 the last is 7" in done.stderr
    assert not done.stdout
