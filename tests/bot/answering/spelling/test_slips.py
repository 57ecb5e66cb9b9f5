import pytest

from bot.answering.spelling.slips import NEIGHBOURS, cost


@pytest.mark.parametrize(
    ("likely", "unlikely", "meant"),
    [
        pytest.param("abonés", "abonns", "abonnes", id="doubled before dropped"),
        pytest.param("netflux", "netflzx", "netflix", id="next key before another"),
        pytest.param("netlfix", "netpfix", "netflix", id="swapped before another"),
        pytest.param("definately", "definmtely", "definitely", id="sound before another"),
        pytest.param("bureayu", "bureaku", "bureau", id="next key as well before another as well"),
        pytest.param("netflox", "metflix", "netflix", id="inside before the first letter"),
        pytest.param("telephne", "telphne", "telephone", id="one before two"),
    ],
)
def test_a_likely_slip_costs_less(likely: str, unlikely: str, meant: str) -> None:
    assert cost(likely.replace("é", "e"), meant) < cost(unlikely, meant)


@pytest.mark.parametrize(("one", "other"), [("a", "z"), ("a", "q"), ("q", "w"), ("m", "l"), ("n", "m"), ("g", "b")])
def test_neighbours_are_those_of_every_keyboard(one: str, other: str) -> None:
    assert frozenset((one, other)) in NEIGHBOURS


@pytest.mark.parametrize(("one", "other"), [("a", "p"), ("e", "n"), ("t", "m")])
def test_keys_that_lie_apart_are_no_neighbours(one: str, other: str) -> None:
    assert frozenset((one, other)) not in NEIGHBOURS


def test_two_swaps_cost_more_than_one() -> None:
    assert cost("teelphoen", "telephone") > cost("teelphone", "telephone")
