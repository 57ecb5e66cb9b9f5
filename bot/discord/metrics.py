"""The metrics of Prometheus: counts what it is told, and looks how the bot stands when it is asked."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime

from prometheus_client import CollectorRegistry, Counter, Histogram, ProcessCollector
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4, generate_latest
from prometheus_client.metrics_core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from bot.discord.observing import OUTCOMES, Awaited, Outcome, Standing
from index.schema import LANGUAGES, Language

SECONDS = (0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 20.0, 45.0, 60.0)
"""Bounds of the times: an answer of the articles takes 20 to 100 ms on two cores, one that a chat model writes seconds
(20 by default, `CHAT_TIMEOUT` allows 45), and none more than `bot.discord.desk.ANSWER_TIMEOUT_SECONDS`."""

REPLIES: frozenset[Outcome] = frozenset({"answered", "abstained", "talk"})

CONTENT_TYPE = CONTENT_TYPE_PLAIN_0_0_4

_VOTES: dict[bool | None, str] = {True: "up", False: "down", None: "taken_back"}


class Metrics:
    """Counts for one process, in a registry of its own. Every label has few values, and all are there from the start.

    A client that starts again goes on with the same counts.
    """

    def __init__(
        self, standing: Callable[[], Standing | Awaited], now: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        """Count from zero.

        Args:
            standing: how the bot stands, or what it waits for before it can serve; looked up at each scrape.
            now: for the age of the index.
        """
        self._registry = CollectorRegistry()
        self._questions = Counter(
            "babillard_questions",
            "Messages by what came of them, and by the language of the reply",
            ["outcome", "language"],
            registry=self._registry,
        )
        self._seconds = Histogram(
            "babillard_reply_seconds",
            "From the question to the reply, the wait for a turn included",
            buckets=SECONDS,
            registry=self._registry,
        )
        self._votes = Counter("babillard_votes", "Votes on answers", ["vote"], registry=self._registry)
        self._rebuilds = Counter("babillard_rebuilds", "Ends of /rebuild", ["result"], registry=self._registry)
        for outcome in OUTCOMES:
            for language in LANGUAGES:
                self._questions.labels(outcome, language)
        for vote in _VOTES.values():
            self._votes.labels(vote)
        for result in ("succeeded", "failed"):
            self._rebuilds.labels(result)
        self._registry.register(_Standing(standing, now))
        ProcessCollector(registry=self._registry)

    def asked(self, outcome: Outcome, language: Language, seconds: float) -> None:
        """Count a message; its time only when the chain replied."""
        self._questions.labels(outcome, language).inc()
        if outcome in REPLIES:
            self._seconds.observe(seconds)

    def voted(self, helpful: bool | None) -> None:
        """Count a vote."""
        self._votes.labels(_VOTES[helpful]).inc()

    def rebuilt(self, succeeded: bool) -> None:
        """Count the end of a rebuild."""
        self._rebuilds.labels("succeeded" if succeeded else "failed").inc()

    def exposition(self) -> bytes:
        """Return all metrics in Prometheus' text format, `CONTENT_TYPE`."""
        return generate_latest(_WithoutCreated(self._registry))


class _WithoutCreated(Collector):
    """A registry without the times at which each count began, which would double its lines."""

    def __init__(self, registry: Collector) -> None:
        self._registry = registry

    def collect(self) -> Iterator[Metric]:
        for metric in self._registry.collect():
            metric.samples = [sample for sample in metric.samples if not sample.name.endswith("_created")]
            yield metric


class _Standing(Collector):
    """Gauges, and the counts that are kept elsewhere."""

    def __init__(self, standing: Callable[[], Standing | Awaited], now: Callable[[], datetime]) -> None:
        self._standing, self._now = standing, now

    def describe(self) -> Iterator[Metric]:
        """Yield nothing: there may be no client to look at yet."""
        yield from ()

    def collect(self) -> Iterator[Metric]:
        at = self._standing()
        if at is Awaited.DATABASE:
            yield _database_up(False)
            return
        reachable = at is not Awaited.INDEX and at.reachable
        told = "1 while what keeps the index answers"
        yield GaugeMetricFamily("babillard_index_reachable", told, value=reachable)
        if at is Awaited.INDEX:
            return
        age = (self._now() - at.index_built).total_seconds()
        for name, text, value in (
            ("discord_connected", "1 while every shard is connected to Discord", at.ready and not at.shards.away),
            ("discord_servers", "Servers that the bot is in", at.guilds),
            ("questions_waiting", "Questions that wait for their turn", at.waiting),
            ("questions_in_flight", "Questions that are being answered", at.running),
            ("index_age_seconds", "Since the index that answers was built", age),
            ("index_documents", "Articles in the index", at.documents),
            ("index_chunks", "Passages in the index", at.chunks),
        ):
            yield GaugeMetricFamily(f"babillard_{name}", text, value=value)
        shards = GaugeMetricFamily(
            "babillard_discord_shard_connected", "1 while this shard is connected to Discord", labels=["shard"]
        )
        for numbers, value in ((at.shards.connected, 1), (at.shards.away, 0)):
            for number in numbers:
                shards.add_metric([str(number)], value)
        yield shards
        if at.database is not None:
            yield _database_up(at.database.answers)
            text = "Answered questions that wait on this machine for the database"
            yield GaugeMetricFamily("babillard_journal_unsent", text, value=at.database.unsent)
        if at.chat is not None:
            tokens = CounterMetricFamily("babillard_chat_tokens", "Tokens of the chat model", labels=["direction"])
            tokens.add_metric(["in"], at.chat.tokens_in)
            tokens.add_metric(["out"], at.chat.tokens_out)
            yield tokens
            failures = CounterMetricFamily("babillard_chat_failures", "Calls without a reply", labels=["reason"])
            for reason, times in at.chat.failures.items():
                failures.add_metric([reason], times)
            yield failures


def _database_up(answers: bool) -> Metric:
    return GaugeMetricFamily("babillard_database_up", "1 while the database answers", value=answers)
