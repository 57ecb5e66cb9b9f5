"""Show a run as one page of HTML that loads nothing: tables, plots and the worst questions."""

from collections.abc import Iterator, Sequence
from html import escape
from typing import Any

import numpy as np

from bot.evaluation.asking import Measured, Outcome
from bot.evaluation.comparing import RULE, Change, Comparison
from bot.evaluation.figures import FIGURES, Estimate, Figure, Slice, parts
from bot.evaluation.metrics import reliability, risk_coverage
from bot.evaluation.printing import TITLES, description_lines
from bot.page.charts import Axis, Series, histogram, line_chart
from bot.page.frame import document, figure, table

WORST = 15  # questions shown of each kind
MAX_SHOWN = 1_200  # characters of a passage, a quote or a question; with WORST it keeps the page under 1 MB


def page(
    description: dict[str, Any],
    slices: Sequence[Slice],
    outcomes: Sequence[Outcome],
    comparison: Comparison | None = None,
) -> str:
    """Return the page."""
    measured = [outcome.measured for outcome in outcomes]
    return document(
        "Babillard: how good are the answers?",
        [
            "<h1>How good are the answers?</h1>",
            *(f"<p>{escape(line)}</p>" for line in description_lines(description)),
            *(_comparison(comparison) if comparison else ()),
            "<h2>Figures</h2>",
            f'<div class="tables">{"".join(_tables(slices))}</div>',
            "<h2>Plots</h2>",
            f'<div class="plots">{_risk(measured)}{_calibration(measured)}{_latency(measured)}</div>',
            *_worst(outcomes),
        ],
    )


def _tables(slices: Sequence[Slice]) -> Iterator[str]:
    for group, title in TITLES.items():
        shown = [f for f in FIGURES if f.group == group and not np.isnan(slices[0].figures[f.key].value)]
        if not shown:
            continue
        head = "".join(f"<th>{escape(name)}</th>" for name in (figure.label for figure in shown))
        rows = "".join(
            f"<tr><th>{escape(one.name)}<small>n = {one.questions:,}</small></th>"
            f"{''.join(_cell(figure, one.figures[figure.key]) for figure in shown)}</tr>"
            for one in slices
        )
        yield f"<section><h3>{escape(title)}</h3>{table(f'<th></th>{head}', rows)}</section>"


def _cell(figure: Figure, estimate: Estimate) -> str:
    if np.isnan(estimate.value):
        return "<td>–</td>"
    digits = figure.decimals
    interval = "" if np.isnan(estimate.low) else f"<small>{estimate.low:.{digits}f}–{estimate.high:.{digits}f}</small>"
    return f"<td>{estimate.value:.{digits}f}{interval}</td>"


def _comparison(comparison: Comparison) -> Iterator[str]:
    regressions = comparison.regressions
    verdict = f"{len(regressions)} figures regressed." if regressions else "No figure regressed."
    yield "<h2>Since the baseline</h2>"
    yield f"<p><b>{verdict}</b> {comparison.shared:,} questions are in both runs. {escape(RULE)}</p>"
    if comparison.told:
        head = '<th class="text">figure</th><th>before</th><th>now</th><th>difference</th><th></th>'
        yield table(head, "".join(map(_change, comparison.told)))
    yield f"<p>{escape(comparison.rest)}</p>"


def _change(change: Change) -> str:
    digits = change.figure.decimals
    d = change.difference
    return (
        f"<tr><th>{escape(change.figure.label)}<small>{escape(change.slice)}</small></th>"
        f"<td>{change.old:.{digits}f}</td><td>{change.new:.{digits}f}</td>"
        f"<td>{d.value:+.{digits}f}<small>{d.low:+.{digits}f} to {d.high:+.{digits}f}</small></td>"
        f'<td class="text {change.verdict}">{"regression" if change.is_regression else change.verdict}</td></tr>'
    )


def _risk(measured: Sequence[Measured]) -> str:
    series = []
    for name, rows in _languages(measured):
        confidence, wrong = np.array([m.confidence for m in rows]), np.array([float(not m.right) for m in rows])
        coverage, risk = risk_coverage(confidence, wrong)
        answered = [m for m in rows if not m.refused]
        stands = (len(answered) / len(rows), sum(not m.right for m in answered) / len(answered)) if answered else None
        series.append(Series(name, coverage.tolist(), risk.tolist(), stands_at=stands))
    highest = max([0.1, *(risk for one in series for risk in one.y[len(one.y) // 50 :])])
    x, y = Axis("questions answered", 0, 1, percent=True), Axis("wrong among them", 0, highest * 1.05, percent=True)
    return figure(
        "Risk and coverage",
        line_chart("Risk and coverage", x, y, series),
        [one.name for one in series],
        "How many answers are wrong, if only the surest questions are answered. The circle: where the bot is set. A"
        " question that the articles do not answer counts as wrong when it is answered.",
    )


def _calibration(measured: Sequence[Measured]) -> str:
    confidence = np.array([m.confidence for m in measured])
    events = {"the first quote is right": np.array([float(m.right) for m in measured])}
    if len({m.answerable for m in measured}) == 2:
        events["the articles hold the answer"] = np.array([float(m.answerable) for m in measured])
    series = []
    for name, happened in events.items():
        bins = reliability(confidence, happened)
        series.append(Series(name, [b[0] for b in bins], [b[1] for b in bins], dots=True))
    x, y = Axis("confidence", 0, 1), Axis("how often it is so", 0, 1, percent=True)
    return figure(
        "Calibration",
        line_chart("Calibration", x, y, series, diagonal=True),
        [one.name for one in series],
        "Questions with the same confidence, in ten parts. On the dotted diagonal the confidence would be the share of"
        " such questions; it depends on how many of the set have no answer.",
    )


def _latency(measured: Sequence[Measured]) -> str:
    ms = np.array([m.ms for m in measured])
    p50, p95 = np.quantile(ms, (0.5, 0.95)).tolist()
    axis = Axis("milliseconds", 0, max(float(np.quantile(ms, 0.99)) * 1.1, 1.0))
    marks = [(f"p50 {p50:.1f} ms", p50), (f"p95 {p95:.1f} ms", p95)]
    return figure(
        "Time per question",
        histogram("Time per question", axis, ms, marks),
        [],
        "In this process, with the model loaded. The slowest of a hundred count in the last bar.",
    )


def _languages(measured: Sequence[Measured]) -> Iterator[tuple[str, list[Measured]]]:
    names = {"fr": "French questions", "en": "English questions"}
    return ((names[name], rows) for name, rows in parts(measured) if name in names)


def _worst(outcomes: Sequence[Outcome]) -> Iterator[str]:
    """Yield the surest wrong answers, then the least sure refusals of what the articles answer."""
    answered = [o for o in outcomes if not o.measured.refused and not o.measured.right]
    refused = [o for o in outcomes if o.measured.refused and o.measured.answerable]
    for title, kind, surest_first in (
        ("Wrong, and the surest of it", answered, True),
        ("Refused, though the articles are said to answer", refused, False),
    ):
        ordered = sorted(kind, key=lambda o: o.measured.confidence, reverse=surest_first)
        yield f'<h2>{title}</h2><p class="soft">{len(ordered[:WORST])} of {len(ordered):,} questions.</p>'
        yield from map(_question, ordered[:WORST])


def _question(outcome: Outcome) -> str:
    m, q = outcome.measured, outcome.question
    if not m.answerable:
        found = "not to be found"
    else:
        found = f"found at rank {m.rank}" if m.rank else "right passage not found"
    rows = [("Question", escape(_cut(q.text))), ("Where", escape(f"{m.set}, {q.place}"))]
    if q.answers:
        rows.append(("Accepted", escape(_cut(" · ".join(dict.fromkeys(q.answers))))))
    if q.source:
        rows.append(("Source", escape(q.source)))
    if q.pages:
        rows.append(("Should show", escape(_cut(" · ".join(q.pages[0].must)))))
        rows.append(("Source", escape(" · ".join(q.sources))))
    if not m.answerable:
        rows.append(("Accepted", "a refusal: the articles do not hold the answer"))
    if outcome.quote:
        title = "Quoted" if not m.refused else "Would have quoted"
        rows.append((f"{title}, from {escape(outcome.place)}", f"<blockquote>{_marked(outcome)}</blockquote>"))
    if outcome.expected and outcome.expected != outcome.passage:
        rows.append(("Should have found", f"<blockquote>{escape(_cut(outcome.expected))}</blockquote>"))
    listed = "".join(f"<dt>{name}</dt><dd>{value}</dd>" for name, value in rows)
    return (
        f"<details><summary><b>{escape(_cut(q.text, 200))}</b> "
        f'<span class="soft">confidence {m.confidence:.2f} · {found}</span></summary><dl>{listed}</dl></details>'
    )


def _marked(outcome: Outcome) -> str:
    """Return the passage around the quote, with the quote marked."""
    before, quote, after = outcome.passage.partition(outcome.quote)
    room = max((MAX_SHOWN - len(quote)) // 2, 0)
    head = before if len(before) <= room else "…" + before[len(before) - room :]
    tail = after if len(after) <= room else after[:room] + "…"
    return f"{escape(head)}<mark>{escape(_cut(quote))}</mark>{escape(tail)}"


def _cut(text: str, limit: int = MAX_SHOWN) -> str:
    return text if len(text) <= limit else text[:limit] + "…"
