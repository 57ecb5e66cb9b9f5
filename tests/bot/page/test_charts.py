import re
from datetime import date
from xml.etree import ElementTree

import numpy as np
import pytest

from bot.page.charts import (
    BOTTOM,
    HEIGHT,
    LEFT,
    POINTS,
    RIGHT,
    TOP,
    WIDTH,
    Axis,
    DayAxis,
    Series,
    bar_chart,
    histogram,
    line_chart,
)

SHARE, RISK = Axis("coverage", 0, 1, percent=True), Axis("risk", 0, 0.5)


def elements(svg: str, tag: str) -> list[ElementTree.Element]:
    return list(ElementTree.fromstring(svg).iter(tag))


@pytest.mark.parametrize(
    ("low", "high", "ticks"),
    [
        (0, 1, [0, 0.2, 0.4, 0.6, 0.8, 1.0]),
        (0, 0.42, [0, 0.1, 0.2, 0.3, 0.4]),
        (0, 47.3, [0, 10, 20, 30, 40]),
        (0, 1234, [0, 250, 500, 750, 1000]),
        (0.3, 0.9, [0.4, 0.6, 0.8]),
    ],
)
def test_ticks_are_round_and_few(low: float, high: float, ticks: list[float]) -> None:
    assert Axis("", low, high).ticks() == pytest.approx(ticks)


def test_percentages_are_written_as_such() -> None:
    assert [SHARE.text(tick) for tick in (SHARE.ticks()[0], 0.25)] == ["0\u202f%", "25\u202f%"]
    assert RISK.text(0.25) == "0.25"


def test_a_line_goes_from_corner_to_corner() -> None:
    svg = line_chart("Risk", SHARE, RISK, [Series("fr", [0, 1], [0, 0.5])])
    [path] = elements(svg, "path")
    numbers = list(map(float, re.findall(r"[\d.]+", path.get("d", ""))))
    assert numbers[:3] == [LEFT, HEIGHT - BOTTOM, WIDTH - RIGHT]


def test_what_lies_beyond_the_axes_stays_on_them() -> None:
    svg = line_chart("Risk", SHARE, RISK, [Series("fr", [0.5, 2], [7, -3], dots=True, stands_at=(9, 9))])
    for circle in elements(svg, "circle"):
        assert 0 <= float(circle.get("cx", "")) <= WIDTH
        assert 0 <= float(circle.get("cy", "")) <= HEIGHT


def test_a_long_line_is_thinned_and_keeps_its_ends() -> None:
    xs = np.linspace(0, 1, 5_000).tolist()
    svg = line_chart("Risk", SHARE, RISK, [Series("fr", xs, xs)])
    [path] = elements(svg, "path")
    assert path.get("d", "").count("L") == POINTS - 1


def test_every_value_is_in_a_bar_the_slowest_in_the_last() -> None:
    svg = histogram("Time", Axis("ms", 0, 24), np.array([0.5] * 3 + [900.0]), [("p50", 0.5), ("p95", 800.0)])
    bars = [bar for bar in elements(svg, "rect") if float(bar.get("height", "")) > 0]
    heights = [float(bar.get("height", "")) for bar in bars]
    assert heights[0] == pytest.approx(3 * heights[1], abs=0.2)
    assert [text.text for text in elements(svg, "text")][-2:] == ["p50", "p95"]


def test_a_bar_stands_between_its_ends_and_is_as_high_as_its_value() -> None:
    svg = bar_chart("Questions", Axis("", 0, 2), Axis("", 0, 4), [(0, 1, 4), (1, 2, 0)])
    full, none = elements(svg, "rect")
    assert (full.get("y"), full.get("height")) == (f"{TOP:.1f}", f"{HEIGHT - TOP - BOTTOM:.1f}")
    assert float(none.get("x", "")) == pytest.approx((LEFT + WIDTH - RIGHT) / 2 + 0.5)
    assert none.get("height") == "0.0"


@pytest.mark.parametrize(
    ("days", "said"),
    [
        (1, ["28 Feb"]),
        (3, ["28 Feb", "1 Mar", "2 Mar"]),
        (30, ["28 Feb", "6 Mar", "12 Mar", "18 Mar", "24 Mar"]),
        (1_000, ["Feb 2026", "Sep 2026", "Apr 2027", "Oct 2027", "May 2028"]),
    ],
)
def test_days_are_named_and_few(days: int, said: list[str]) -> None:
    axis = DayAxis("", 0, days, first=date(2026, 2, 28))
    assert [axis.text(tick) for tick in axis.ticks()] == said


def test_names_are_escaped() -> None:
    svg = line_chart("<Risk> & co", Axis("a < b", 0, 1), RISK, [])
    assert [text.text for text in elements(svg, "title")] == ["<Risk> & co"]
