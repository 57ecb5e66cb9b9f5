"""Draw the plots of a page as inline SVG; colours and sizes come from the style sheet of the page."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from html import escape

import numpy as np
from numpy.typing import NDArray

from index.dating import MONTHS

WIDTH, HEIGHT = 360, 250  # of the drawing, in its own units: about one pixel each on a phone
LEFT, RIGHT, TOP, BOTTOM = 46, 12, 12, 42  # room for the labels of the axes
POINTS = 200  # drawn of a line, at most; more cannot be told apart at this size
BARS = 24


@dataclass(frozen=True, slots=True)
class Series:
    """One line, or points; x and y in the units of the axes, in order."""

    name: str
    x: Sequence[float]
    y: Sequence[float]
    dots: bool = False  # marks each point
    stands_at: tuple[float, float] | None = None  # one point that is marked: the threshold of the bot


@dataclass(frozen=True, slots=True)
class Axis:
    """What an axis shows, from `low` to `high`."""

    label: str
    low: float
    high: float
    percent: bool = False

    def at(self, value: float) -> float:
        """Return where the value stands on the axis, 0 to 1."""
        return min(max((value - self.low) / (self.high - self.low), 0.0), 1.0)

    def ticks(self) -> list[float]:
        """Return four to six round values."""
        span = self.high - self.low
        step = 10 ** np.floor(np.log10(span / 4))
        step = next(step * factor for factor in (1, 2, 2.5, 5, 10) if span / (step * factor) <= 5.01)
        first = np.ceil(self.low / step - 1e-9)
        return [float(step * n) + 0.0 for n in np.arange(first, np.floor(self.high / step + 1e-9) + 1)]  # no -0

    def text(self, value: float) -> str:
        """Return a value as it is written at its tick."""
        return f"{value * 100:.3g}\u202f%" if self.percent else f"{value:.4g}"


@dataclass(frozen=True, slots=True)
class DayAxis(Axis):
    """An axis of days: `low` is 0, the beginning of the first one, and `high` how many there are."""

    first: date = date.min

    def ticks(self) -> list[float]:
        """Return the middle of four to six days, or of each when there are fewer."""
        step = max(1, math.ceil(self.high / 5))
        return [day + 0.5 for day in range(0, int(self.high), step)]

    def text(self, value: float) -> str:
        """Return the day at its tick; of more than a year, the month."""
        day = self.first + timedelta(int(value))
        month = MONTHS["en"][day.month - 1][:3]
        return f"{month} {day.year}" if self.high > 366 else f"{day.day} {month}"


def line_chart(title: str, x: Axis, y: Axis, series: Sequence[Series], diagonal: bool = False) -> str:
    """Return a plot with one line for each series, and the diagonal, on which both axes agree."""
    parts = [_axes(x, y)]
    if diagonal:
        parts.append(_path([(x.low, y.low), (x.high, y.high)], x, y, "diagonal"))
    for number, one in enumerate(series):
        points = _thinned(list(zip(one.x, one.y, strict=True)))
        parts.append(_path(points, x, y, f"line s{number}"))
        parts += [_dot(at, x, y, f"dot s{number}", 3.5) for at in (points if one.dots else [])]
        if one.stands_at:
            parts.append(_dot(one.stands_at, x, y, f"stand s{number}", 5))
    return _svg(title, parts)


def bar_chart(title: str, x: Axis, y: Axis, bars: Sequence[tuple[float, float, float]]) -> str:
    """Return a plot with a bar for each `(start, end, height)`."""
    return _svg(title, [_axes(x, y), *(_bar(*bar, x, y) for bar in bars)])


def histogram(title: str, axis: Axis, values: NDArray[np.float64], marks: Sequence[tuple[str, float]]) -> str:
    """Return a histogram with lines at the marks; values beyond the axis count in the last bar."""
    counts, edges = np.histogram(np.clip(values, axis.low, axis.high), bins=BARS, range=(axis.low, axis.high))
    y = Axis("questions", 0, float(max(counts.max(), 1)) * 1.1)
    parts = [_axes(axis, y)]
    for count, start, end in zip(counts.tolist(), edges[:-1].tolist(), edges[1:].tolist(), strict=True):
        parts.append(_bar(start, end, count, axis, y))
    for row, (name, value) in enumerate(marks):
        at = _point((value, y.high), axis, y)[0]
        anchor = "end" if at > WIDTH * 0.6 else "start"
        parts.append(f'<line class="mark" x1="{at:.1f}" x2="{at:.1f}" y1="{TOP}" y2="{HEIGHT - BOTTOM}"/>')
        parts.append(
            f'<text class="note" x="{at + (-5 if anchor == "end" else 5):.1f}" y="{TOP + 10 + 14 * row}"'
            f' text-anchor="{anchor}">{escape(name)}</text>'
        )
    return _svg(title, parts)


def _svg(title: str, parts: Sequence[str]) -> str:
    return (
        f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{escape(title)}">'
        f"<title>{escape(title)}</title>{''.join(parts)}</svg>"
    )


def _axes(x: Axis, y: Axis) -> str:
    parts = []
    for tick in y.ticks():
        at = _point((x.low, tick), x, y)[1]
        parts.append(f'<line class="grid" x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{at:.1f}" y2="{at:.1f}"/>')
        parts.append(f'<text x="{LEFT - 5}" y="{at + 3.5:.1f}" text-anchor="end">{y.text(tick)}</text>')
    for tick in x.ticks():
        at = _point((tick, y.low), x, y)[0]
        anchor = "end" if at > WIDTH - RIGHT - 8 else "middle"  # the last one must not leave the picture
        parts.append(
            f'<text x="{min(at, WIDTH - RIGHT) if anchor == "middle" else WIDTH - 2:.1f}" y="{HEIGHT - BOTTOM + 15}"'
            f' text-anchor="{anchor}">{x.text(tick)}</text>'
        )
    base = HEIGHT - BOTTOM
    parts.append(f'<line class="axis" x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{base}" y2="{base}"/>')
    middle = (TOP + base) / 2
    for label, place in (
        (x.label, f'x="{(LEFT + WIDTH - RIGHT) / 2}" y="{HEIGHT - 8}"'),
        (y.label, f'transform="translate(11 {middle}) rotate(-90)"'),
    ):
        parts.append(f'<text class="label" {place} text-anchor="middle">{escape(label)}</text>')
    return "".join(parts)


def _point(at: tuple[float, float], x: Axis, y: Axis) -> tuple[float, float]:
    """Return where a point stands in the drawing, in its units, from the upper left."""
    return (
        LEFT + x.at(at[0]) * (WIDTH - LEFT - RIGHT),
        HEIGHT - BOTTOM - y.at(at[1]) * (HEIGHT - TOP - BOTTOM),
    )


def _bar(start: float, end: float, height: float, x: Axis, y: Axis) -> str:
    left, top, right, bottom = *_point((start, height), x, y), *_point((end, 0), x, y)
    return (
        f'<rect class="bar" x="{left + 0.5:.1f}" y="{top:.1f}" width="{max(right - left - 1, 0.5):.1f}"'
        f' height="{bottom - top:.1f}"/>'
    )


def _path(points: Sequence[tuple[float, float]], x: Axis, y: Axis, style: str) -> str:
    steps = " L".join("{:.1f} {:.1f}".format(*_point(at, x, y)) for at in points)
    return f'<path class="{style}" d="M{steps}"/>' if points else ""


def _dot(at: tuple[float, float], x: Axis, y: Axis, style: str, radius: float) -> str:
    cx, cy = _point(at, x, y)
    return f'<circle class="{style}" cx="{cx:.1f}" cy="{cy:.1f}" r="{radius}"/>'


def _thinned(points: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    """Return at most `POINTS` of the points, evenly, with the last."""
    if len(points) <= POINTS:
        return list(points)
    return [points[i] for i in np.linspace(0, len(points) - 1, POINTS).round().astype(int)]
