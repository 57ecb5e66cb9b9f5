"""Show the activity of a period as one page of HTML that loads nothing, and from which nobody can be told."""

from collections.abc import Callable, Iterator, Sequence
from html import escape

import numpy as np

from bot.journal.activity import Activity, Article, CitedArticle, Day, share
from bot.journal.printing import NAMES, NO_INDEX, ONLY_SHARED, article_text, counted, languages_text, percent
from bot.page.charts import Axis, DayAxis, Series, bar_chart, histogram, line_chart
from bot.page.frame import document, figure, table

MAX_BARS = 62  # two months of days; beyond it a bar is a week, then four
MAX_LISTED = 100  # rows of a table or a list; --json has all
MAX_SHOWN = 300  # characters of a title or a wording; with MAX_LISTED it keeps the page under 1 MB

PRIVACY = (
    "This page does not tell who asked, or in which server, and shows no word of content that one person alone used. "
    "Who has two accounts counts as two people: read the wordings before you send it."
)


def page(activity: Activity) -> str:
    """Return the page."""
    first, last = activity.days[0].day, activity.days[-1].day
    figures = "".join(f"<tr><th>{name}</th><td>{escape(value)}</td></tr>" for name, value in _figures(activity))
    plots = f'<h2>Plots</h2><div class="plots">{"".join(_plots(activity))}</div>' if activity.questions else ""
    return document(
        "Babillard: what was asked",
        [
            "<h1>What was asked?</h1>",
            f"<p>{counted(activity.questions, 'question')} on Discord from {first} to {last} (UTC).</p>",
            f'<p class="soft">{escape(PRIVACY)}</p>',
            f'<h2>Figures</h2><div class="wide"><table><tbody>{figures}</tbody></table></div>',
            plots,
            *_gaps(activity),
            *_cited("Most cited articles", "answers that quote them", activity.cited),
            *_cited("Cited, and old", "older than OLD_AFTER_DAYS; put them right first", activity.stale),
            *_never_cited(activity.never_cited),
        ],
    )


def _figures(activity: Activity) -> Iterator[tuple[str, str]]:
    asked = activity.questions
    foreign = asked - activity.answered - activity.refused
    votes = activity.up + activity.down
    yield "Questions", f"{asked:,}"
    yield "a day", f"{asked / len(activity.days):.1f}"
    yield "Answered", _part(activity.answered, asked)
    yield "Refused: no article answers", _part(activity.refused, asked)
    if foreign:
        yield "In another language", _part(foreign, asked)
    yield from ((NAMES[language], _part(count, asked)) for language, count in activity.languages.items())
    yield "Votes up", _part(activity.up, votes)
    yield "Votes down", _part(activity.down, votes)
    if latency := activity.latency:
        yield "Half are answered within", f"{latency.p50:,.0f} ms"
        yield "95 % within", f"{latency.p95:,.0f} ms"
        yield "The slowest in", f"{latency.slowest:,.0f} ms"
    yield "Greetings, thanks and the like", f"{activity.talk:,}"


def _part(count: int, whole: int) -> str:
    return f"{count:,} ({percent(share(count, whole))})" if whole else f"{count:,}"


def _plots(activity: Activity) -> Iterator[str]:
    days = activity.days
    x = DayAxis("", 0, len(days), first=days[0].day)
    step = next((n for n in (1, 7) if len(days) <= n * MAX_BARS), 28)
    yield _questions(days, x, step)
    yield _outcomes(days, x, max(step, 7))
    if latency := activity.latency:
        ms = np.array(activity.latencies)
        axis = Axis("milliseconds", 0, max(float(np.quantile(ms, 0.99)) * 1.1, 1.0))
        marks = [(f"p50 {latency.p50:,.0f} ms", latency.p50), (f"p95 {latency.p95:,.0f} ms", latency.p95)]
        yield figure(
            "Time per question",
            histogram("Time per question", axis, ms, marks),
            [],
            "From the question to the reply, the wait for a turn included. The slowest of a hundred count in the last"
            " bar.",
        )


def _questions(days: Sequence[Day], x: DayAxis, step: int) -> str:
    means = [
        (start, end, sum(day.questions for day in days[start:end]) / (end - start)) for start, end in _runs(x, step)
    ]
    y = Axis("questions a day", 0, max(4.0, *(mean for _, _, mean in means)) * 1.1)
    text = {1: "A bar is a day", 7: "A bar is the mean of a week"}.get(step, "A bar is the mean of four weeks")
    return figure("Questions a day", bar_chart("Questions a day", x, y, means), [], f"{text}, UTC.")


def _outcomes(days: Sequence[Day], x: DayAxis, step: int) -> str:
    runs = [(start, end) for start, end in _runs(x, step) if any(day.questions for day in days[start:end])]
    middles = [(start + end) / 2 for start, end in runs]

    def shares(count: Callable[[Day], int]) -> list[float]:
        return [sum(map(count, days[start:end])) / sum(day.questions for day in days[start:end]) for start, end in runs]

    lines = [
        Series("answered", middles, shares(lambda day: day.answered), dots=True),
        Series("refused", middles, shares(lambda day: day.refused), dots=True),
    ]
    text = "A point is a week" if step == 7 else "A point is four weeks"
    return figure(
        "Answered and refused",
        line_chart("Answered and refused", x, Axis("of the questions", 0, 1, percent=True), lines),
        [line.name for line in lines],
        f"{text}. Refused: no article holds the answer.",
    )


def _runs(x: DayAxis, step: int) -> list[tuple[int, int]]:
    """Return the days of each bar or point, from and to; the last may have fewer."""
    count = int(x.high)
    return [(start, min(start + step, count)) for start in range(0, count, step)]


def _gaps(activity: Activity) -> Iterator[str]:
    shared, others = activity.gaps
    yield f'<h2>Not answered, or not well</h2><p class="soft">{escape(ONLY_SHARED)}</p>'
    if shared:
        rows = "".join(
            f'<tr><td class="text said">{_cut(gap.wording)}</td><td>{gap.times:,}</td><td>{gap.people:,}</td>'
            f"<td>{languages_text(gap.languages)}</td><td>{gap.last_asked}</td></tr>"
            for gap in shared[:MAX_LISTED]
        )
        head = '<th class="text">gap</th><th>times</th><th>people</th><th>languages</th><th>last asked</th>'
        yield table(head, rows)
        yield _rest(shared)
    alone = "of one person alone, or without words in common: <code>babillard gaps</code> lists them."
    yield f"<p>{counted(others, 'more gap' if shared else 'gap')} {alone}</p>" if others else ""
    if not shared and not others:
        yield "<p>None.</p>"


def _cited(title: str, what: str, cited: Sequence[CitedArticle]) -> Iterator[str]:
    if not cited:
        return
    rows = "".join(
        f'<tr><td class="text said">{_cut(article_text(article))}</td><td>{article.answers:,}</td></tr>'
        for article in cited[:MAX_LISTED]
    )
    yield f'<h2>{title}</h2><p class="soft">{escape(what)}</p>'
    yield table('<th class="text">article</th><th>answers</th>', rows)
    yield _rest(cited)


def _never_cited(articles: Sequence[Article] | None) -> Iterator[str]:
    yield "<h2>Never cited in this time</h2>"
    if articles is None:
        yield f"<p>{NO_INDEX}</p>"
    elif not articles:
        yield "<p>None: each article of the index was cited.</p>"
    else:
        listed = "".join(f"<li>{_cut(article_text(article))}</li>" for article in articles[:MAX_LISTED])
        count = counted(len(articles), "article")
        yield f"<details><summary>{count}</summary><ul>{listed}</ul>{_rest(articles)}</details>"


def _rest(listed: Sequence[object]) -> str:
    return f"<p>And {len(listed) - MAX_LISTED:,} more.</p>" if len(listed) > MAX_LISTED else ""


def _cut(text: str) -> str:
    return escape(text if len(text) <= MAX_SHOWN else text[:MAX_SHOWN] + "…")
