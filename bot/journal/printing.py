"""Show what the journal tells of a period as lines for a terminal."""

from collections.abc import Iterator, Sequence

from bot.journal.activity import Activity, Article, CitedArticle, share
from index.schema import Language
from index.text import visible

MAX_LINES = 10
"""Of each list: what a terminal shows at once. The page and --json have the rest."""

NAMES: dict[Language, str] = {"fr": "French", "en": "English"}

ONLY_SHARED = (
    "A gap is shown when at least two people asked it, in the words that two of them used; … stands for the others."
)

NO_INDEX = "There is no index that can be read: which articles are old, and which were never cited, is not known."


def activity_lines(activity: Activity) -> list[str]:
    """Return a summary, and the first of each list."""
    days = activity.days
    if not activity.questions:
        return [f"No question from {days[0].day} to {days[-1].day} (UTC).", *_articles(activity)]
    return [*_figures(activity), *_gaps(activity), *_articles(activity)]


def counted(count: int, what: str) -> str:
    """Return a number and what it counts: "1 question", "2,000 questions"."""
    return f"{count:,} {what}{'' if count == 1 else 's'}"


def percent(value: float | None) -> str:
    """Return a share as it is read: "81 %"; – when there is none."""
    return "–" if value is None else f"{value * 100:.0f} %"


def languages_text(languages: dict[Language, int]) -> str:
    """Return how often each language was used, the ones that were not left out."""
    return ", ".join(f"{language} {count:,}" for language, count in languages.items() if count)


def _figures(activity: Activity) -> Iterator[str]:
    days, asked = activity.days, activity.questions
    per_day = asked / len(days)
    yield f"{counted(asked, 'question')} from {days[0].day} to {days[-1].day} (UTC), {per_day:.1f} a day."
    talk = f"; {counted(activity.talk, 'message')} more asked nothing" if activity.talk else ""
    foreign = asked - activity.answered - activity.refused
    other = f", {percent(share(foreign, asked))} in another language" if foreign else ""
    refused = percent(share(activity.refused, asked))
    yield f"  outcome    {percent(share(activity.answered, asked))} answered, {refused} refused{other}{talk}"
    spoken = (f"{NAMES[name]} {percent(share(count, asked))}" for name, count in activity.languages.items())
    yield f"  language   {', '.join(spoken)}"
    votes = activity.up + activity.down
    liked = f" ({percent(share(activity.up, votes))} up)" if votes else ""
    yield f"  votes      {activity.up:,} up, {activity.down:,} down{liked}"
    if latency := activity.latency:
        yield f"  time       p50 {latency.p50:,.0f} ms, p95 {latency.p95:,.0f} ms, slowest {latency.slowest:,.0f} ms"


def _gaps(activity: Activity) -> Iterator[str]:
    shared, others = activity.gaps
    if not shared and not others:
        return
    yield ""
    yield f"Not answered, or not well: {counted(len(shared) + others, 'gap')}"
    for gap in shared[:MAX_LINES]:
        asked = f"{languages_text(gap.languages)}; {gap.people} people; last on {gap.last_asked}"
        yield f"{gap.times:5} × {visible(gap.wording, keep='')} ({asked})"
    yield from _rest(shared)
    if others:
        yield f"        {others:,} of one person alone, or without words in common: `babillard gaps` lists them"


def _articles(activity: Activity) -> Iterator[str]:
    for title, cited in (("Most cited", activity.cited), ("Cited, and old", activity.stale)):
        if cited:
            yield ""
            yield title
            yield from (f"{article.answers:5} × {article_text(article)}" for article in cited[:MAX_LINES])
            yield from _rest(cited)
    never = activity.never_cited
    if never:
        yield ""
        yield f"Never cited: {counted(len(never), 'article')}"
        yield from (f"        {article_text(article)}" for article in never[:MAX_LINES])
        yield from _rest(never)
    if never is None:
        yield ""
        yield NO_INDEX


def article_text(article: Article | CitedArticle) -> str:
    """Return the title of an article on one line, its source where that is another, and its date."""
    origin = f" — {article.source}" if article.source != article.title else ""
    date = f" ({article.date})" if article.date else ""
    gone = " (no longer in the index)" if isinstance(article, CitedArticle) and not article.indexed else ""
    return visible(f"{article.title}{origin}{date}{gone}", keep="")


def _rest(listed: Sequence[object]) -> Iterator[str]:
    if len(listed) > MAX_LINES:
        yield f"        and {len(listed) - MAX_LINES:,} more"
