from hypothesis import given
from hypothesis import strategies as st

from bot.chat.checks.markers import check_markers
from bot.chat.reply import read_reply
from tests.bot.fakes import FRENCH, make_chunk


def failures(text: str, passages: int) -> list[str]:
    chunks = [make_chunk(FRENCH, ordinal=n) for n in range(passages)]
    return list(check_markers(read_reply(text, chunks, "", "fr")))


@given(st.lists(st.integers(0, 30), min_size=1, max_size=6), st.integers(0, 20))
def test_exactly_the_markers_that_name_nothing_are_reported(markers: list[int], passages: int) -> None:
    text = " ".join(f"L’œuvre a coûté cher [{marker}]." for marker in markers)
    wrong = [marker for marker in dict.fromkeys(markers) if not 1 <= marker <= passages]
    assert [detail.split()[0] for detail in failures(text, passages)] == [f"[{marker}]" for marker in wrong]


def test_a_reply_without_a_marker_is_refused() -> None:
    assert len(failures("L’œuvre a coûté cher (1).", 3)) == 1
    assert len(failures("", 3)) == 1


def test_a_marker_inside_a_quotation_does_not_count() -> None:
    assert len(failures("Elle dit «\u00a0vu [1]\u00a0».", 3)) == 1
