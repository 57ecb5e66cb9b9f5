"""What the journal tells of a period: how much was asked, how it went, and which articles served. Nothing of people."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple

import numpy as np

from bot.answering.answer import NO_QUESTIONS
from bot.answering.dates import is_old
from bot.journal.entry import Cited, Entry, JournalKeeper
from bot.journal.gaps import Gap, find_gaps
from bot.journal.shared_words import shared_wording
from index.layers import is_common
from index.model.embedding import TextEmbeddings
from index.schema import LANGUAGES, Language


class Article(NamedTuple):
    """An article of the index."""

    id: str
    title: str
    source: str
    date: str | None  # ISO 8601; None when it tells none


class CitedArticle(NamedTuple):
    """An article that was quoted, and in how many answers."""

    title: str
    source: str
    date: str | None
    answers: int
    indexed: bool  # whether the index still holds it


class Day(NamedTuple):
    """What was asked on one day, UTC."""

    day: date
    questions: int
    answered: int
    refused: int  # no article held the answer


class SharedGap(NamedTuple):
    """A gap that at least two people asked about, in the words that they share."""

    wording: str
    languages: dict[Language, int]  # language -> times, the commonest first
    times: int
    people: int
    last_asked: date


class Gaps(NamedTuple):
    """What the articles lack."""

    shared: list[SharedGap]  # the most asked first
    others: int  # of one person alone, or without words in common: only counted


class Latency(NamedTuple):
    """Milliseconds from the question to the reply."""

    p50: float
    p95: float
    slowest: float


@dataclass(frozen=True, slots=True)
class Activity:
    """A period in figures."""

    days: tuple[Day, ...]  # each day of the period; the last one is not over
    languages: dict[Language, int]  # of the questions
    talk: int  # messages that asked nothing of the articles
    up: int  # votes on answers
    down: int
    latencies: tuple[float, ...]  # milliseconds of each question
    gaps: Gaps
    cited: list[CitedArticle]  # the most cited first
    stale: list[CitedArticle]  # those of them that are old now
    never_cited: list[Article] | None  # in the order of the index; None without an index

    @property
    def questions(self) -> int:
        """How many questions were asked, talk left out."""
        return sum(day.questions for day in self.days)

    @property
    def answered(self) -> int:
        """How many were answered."""
        return sum(day.answered for day in self.days)

    @property
    def refused(self) -> int:
        """How many found no answer in the articles; the rest were in another language than French or English."""
        return sum(day.refused for day in self.days)

    @property
    def latency(self) -> Latency | None:
        """The time to the reply; None when nothing was asked."""
        if not self.latencies:
            return None
        p50, p95 = np.quantile(self.latencies, (0.5, 0.95)).tolist()
        return Latency(p50, p95, max(self.latencies))

    def record(self) -> dict[str, object]:
        """Return the documented JSON shape."""
        latency = self.latency
        return {
            "first_day": self.days[0].day.isoformat(),
            "last_day": self.days[-1].day.isoformat(),
            "questions": self.questions,
            "answered": self.answered,
            "refused": self.refused,
            "talk": self.talk,
            "languages": self.languages,
            "votes": {"up": self.up, "down": self.down},
            "latency_ms": {name: round(ms, 1) for name, ms in latency._asdict().items()} if latency else None,
            "days": [day._asdict() | {"day": day.day.isoformat()} for day in self.days],
            "gaps": [gap._asdict() | {"last_asked": gap.last_asked.isoformat()} for gap in self.gaps.shared],
            "other_gaps": self.gaps.others,
            "cited": [article._asdict() for article in self.cited],
            "stale": [article._asdict() for article in self.stale],
            "never_cited": None if self.never_cited is None else [article._asdict() for article in self.never_cited],
        }


def share(part: int, whole: int) -> float | None:
    """Return a part of a whole, 0 to 1; None of nothing."""
    return part / whole if whole else None


def activity_of(
    journal: JournalKeeper,
    load: Callable[[], TextEmbeddings],
    articles: list[Article] | None,
    *,
    days: int | None = None,
    guild: int | None = None,
    old_after_days: int = 0,
    now: datetime | None = None,
) -> Activity:
    """Read a period from the journal.

    Args:
        journal: of the questions.
        load: opens the embedding model, which is needed only where there are gaps.
        articles: of the index; None when there is none.
        days: of the period, today included; None from the first question on.
        guild: Discord's id of a server; None for all, and private conversations.
        old_after_days: after which an article is old; 0 for never.
        now: None for this moment.

    Raises:
        JournalError: the file cannot be read.
        EmbeddingError: the model cannot be loaded.
    """
    last = (now or datetime.now(UTC)).astimezone(UTC).date()
    first = last - timedelta(days - 1) if days else None
    since = datetime.combine(first, time(), UTC) if first else datetime.fromtimestamp(0, UTC)
    entries = journal.entries(since, guild)
    numbers = {entry.number for entry in entries}
    unanswered = [u for u in journal.unanswered() if u.entry in numbers]
    gaps = find_gaps(unanswered, load()) if unanswered else []
    first = min(first or (entries[0].asked.date() if entries else last), last)
    limit = last - timedelta(old_after_days) if old_after_days else None
    return summarise(entries, gaps, articles, first, last, limit)


def summarise(
    entries: Sequence[Entry],
    gaps: Iterable[Gap],
    articles: Sequence[Article] | None,
    first: date,
    last: date,
    old_before: date | None,
) -> Activity:
    """Count what was asked from one day to another.

    Args:
        entries: of these days.
        gaps: among them, the most asked first.
        articles: of the index; None when there is none.
        first: day of the period, UTC.
        last: likewise.
        old_before: articles from before that day are old; None when none is ever old.
    """
    asked = [entry for entry in entries if entry.abstention not in NO_QUESTIONS]
    cited, never_cited = _count_citations(asked, articles)
    return Activity(
        days=_days(asked, first, last),
        languages={language: sum(e.language == language for e in asked) for language in LANGUAGES},
        talk=len(entries) - len(asked),
        up=sum(entry.up for entry in entries),
        down=sum(entry.down for entry in entries),
        latencies=tuple(entry.latency_ms for entry in asked),
        gaps=_shared(gaps, {entry.number: entry.asker for entry in entries}),
        cited=cited,
        stale=[article for article in cited if article.date and is_old(article.date, old_before)],
        never_cited=never_cited,
    )


def _days(asked: Sequence[Entry], first: date, last: date) -> tuple[Day, ...]:
    questions = Counter(entry.asked.date() for entry in asked)
    answered = Counter(entry.asked.date() for entry in asked if entry.abstention is None)
    refused = Counter(entry.asked.date() for entry in asked if entry.abstention == "no_evidence")
    period = [first + timedelta(n) for n in range((last - first).days + 1)]
    return tuple(Day(day, questions[day], answered[day], refused[day]) for day in period)


def _shared(gaps: Iterable[Gap], askers: Mapping[int, int]) -> Gaps:
    shared, others = [], 0
    for gap in gaps:
        wording = shared_wording(gap, askers)
        if wording is None:
            others += 1
            continue
        people = len({askers[u.entry] for u in gap.asked})
        shared.append(SharedGap(wording, gap.languages, gap.count, people, gap.last_asked.date()))
    return Gaps(shared, others)


def _count_citations(
    asked: Iterable[Entry], articles: Sequence[Article] | None
) -> tuple[list[CitedArticle], list[Article] | None]:
    """Return the articles that were cited, and those of the index that were not.

    What is not for every question is named in no report: its words, and where it is from, tell of one server.
    """
    by_id = {article.id: article for article in articles or ()}
    by_name = {(article.title, article.source): article for article in articles or ()}

    def today(cited: Cited) -> Article:
        """Return the article as the index has it: under its id, or where it moved to, in a table or in the folder."""
        same_id = by_id.get(cited.document)
        if same_id and same_id.title == cited.title:
            return same_id
        moved = by_name.get((cited.title, cited.source))
        return moved or same_id or Article(cited.document, cited.title, cited.source, None)

    answers = Counter(
        article for entry in asked for article in {today(cited) for cited in entry.cited if is_common(cited.document)}
    )
    ordered = sorted(answers.items(), key=lambda counted: (-counted[1], counted[0].title, counted[0].id))
    shown = [CitedArticle(a.title, a.source, a.date, count, a.id in by_id) for a, count in ordered]
    never = None if articles is None else [article for article in articles if article not in answers]
    return shown, never
