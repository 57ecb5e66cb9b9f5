import socket
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import aiohttp
import pytest
from prometheus_client import REGISTRY
from prometheus_client.parser import text_string_to_metric_families

from bot.discord.health import health_endpoint
from bot.discord.metrics import CONTENT_TYPE, SECONDS, Metrics
from bot.discord.observing import OUTCOMES, Awaited, ChatUse, Outcome, ShardsNow, Standing
from bot.journal.entry import Sending
from index.schema import Language
from tests.processes import run_python

BUILT = datetime(2026, 5, 1, 12, tzinfo=UTC)
STANDING = Standing(
    ready=True,
    shards=ShardsNow(8, connected=(4, 5), away=()),
    guilds=3,
    waiting=2,
    running=1,
    generation="20260501T120000-été",
    index_built=BUILT,
    documents=40,
    chunks=170,
    asked=9,
    known=4,
)

Series = dict[tuple[str, tuple[tuple[str, str], ...]], float]


@dataclass
class Bot:
    """Stands as the test says, and is scraped at noon of the next day."""

    standing: Standing = STANDING
    metrics: Metrics = field(init=False)

    def __post_init__(self) -> None:
        self.metrics = Metrics(lambda: self.standing, lambda: BUILT + timedelta(days=1))

    def series(self) -> Series:
        return parsed(self.metrics.exposition().decode())

    def value(self, name: str, **labels: str) -> float:
        return self.series()[name, tuple(sorted(labels.items()))]


def parsed(text: str) -> Series:
    """Read the text as Prometheus does."""
    return {
        (sample.name, tuple(sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


@pytest.fixture
def bot() -> Bot:
    return Bot()


@pytest.fixture
def port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


async def test_the_endpoint_serves_them_beside_health(bot: Bot, port: int) -> None:
    page = lambda: (bot.metrics.exposition(), CONTENT_TYPE)  # noqa: E731
    async with health_endpoint(port, lambda: {"ready": False}, page), aiohttp.ClientSession() as session:
        bot.metrics.asked("answered", "fr", 0.03)
        async with session.get(f"http://127.0.0.1:{port}/metrics") as response:
            assert (response.status, response.headers["Content-Type"]) == (200, CONTENT_TYPE)
            series = parsed(await response.text())
        async with session.get(f"http://127.0.0.1:{port}/health") as response:
            assert response.status == 503
    assert series["babillard_questions_total", (("language", "fr"), ("outcome", "answered"))] == 1


@pytest.mark.parametrize("outcome", OUTCOMES)
@pytest.mark.parametrize("language", ["fr", "en"])
def test_questions_are_counted_by_outcome_and_language(bot: Bot, outcome: Outcome, language: Language) -> None:
    for _ in range(3):
        bot.metrics.asked(outcome, language, 0.03)
    counted = {key: value for key, value in bot.series().items() if key[0] == "babillard_questions_total" and value}
    assert counted == {("babillard_questions_total", (("language", language), ("outcome", outcome))): 3}


def test_times_are_those_of_replies_alone(bot: Bot) -> None:
    outcomes: Sequence[Outcome] = OUTCOMES
    for outcome in outcomes:
        bot.metrics.asked(outcome, "fr", 0.2)
    bot.metrics.asked("answered", "en", 59.0)
    assert bot.value("babillard_reply_seconds_count") == 4
    assert bot.value("babillard_reply_seconds_sum") == pytest.approx(59.6)
    assert [bot.value("babillard_reply_seconds_bucket", le=le) for le in ("0.1", "0.25", "45.0", "60.0")] == [
        0,
        3,
        3,
        4,
    ]
    assert SECONDS[-1] == 60


def test_votes_and_rebuilds_are_counted(bot: Bot) -> None:
    for helpful in (True, True, False, None):
        bot.metrics.voted(helpful)
    for succeeded in (True, False, False):
        bot.metrics.rebuilt(succeeded)
    votes = [bot.value("babillard_votes_total", vote=vote) for vote in ("up", "down", "taken_back")]
    rebuilds = [bot.value("babillard_rebuilds_total", result=result) for result in ("succeeded", "failed")]
    assert (votes, rebuilds) == ([2, 1, 1], [1, 2])


def test_how_the_bot_stands_is_looked_up_at_each_scrape(bot: Bot) -> None:
    names = (
        "discord_connected discord_servers questions_waiting questions_in_flight index_documents index_chunks".split()
    )
    assert [bot.value(f"babillard_{name}") for name in names] == [1, 3, 2, 1, 40, 170]
    assert bot.value("babillard_index_age_seconds") == 86_400
    bot.standing = replace(STANDING, ready=False, waiting=0)
    assert [bot.value(f"babillard_{name}") for name in names[:3]] == [0, 3, 0]


def test_whether_the_index_can_be_reached_is_told_even_before_it_ever_was(bot: Bot) -> None:
    assert bot.value("babillard_index_reachable") == 1
    bot.standing = replace(STANDING, reachable=False)
    assert bot.value("babillard_index_reachable") == 0
    series = parsed(Metrics(lambda: Awaited.INDEX).exposition().decode())
    assert series["babillard_index_reachable", ()] == 0
    assert not [name for name, _ in series if "documents" in name]


def test_while_the_database_is_waited_for_nothing_is_told_of_the_index() -> None:
    series = parsed(Metrics(lambda: Awaited.DATABASE).exposition().decode())
    assert series["babillard_database_up", ()] == 0
    assert not [name for name, _ in series if "index" in name]


def test_a_shard_that_is_away_is_told_apart_from_all_being_away(bot: Bot) -> None:
    def connected() -> list[float]:
        shards = [bot.value("babillard_discord_shard_connected", shard=number) for number in ("4", "5")]
        return [bot.value("babillard_discord_connected"), *shards]

    assert connected() == [1, 1, 1]
    bot.standing = replace(STANDING, shards=ShardsNow(8, connected=(4,), away=(5,)))
    assert connected() == [0, 1, 0]
    bot.standing = replace(STANDING, ready=False, shards=ShardsNow(8, away=(4, 5)))
    assert connected() == [0, 0, 0]


def test_a_chat_model_is_told_only_where_there_is_one(bot: Bot) -> None:
    assert not [name for name, _ in bot.series() if "chat" in name]
    bot.standing = replace(STANDING, chat=ChatUse(900, 120, {"timeout": 2, "budget": 0}))
    assert [bot.value("babillard_chat_tokens_total", direction=way) for way in ("in", "out")] == [900, 120]
    failures = [bot.value("babillard_chat_failures_total", reason=why) for why in ("timeout", "budget")]
    assert failures == [2, 0]


def test_a_database_is_told_only_where_there_is_one(bot: Bot) -> None:
    assert not [name for name, _ in bot.series() if "database" in name or "unsent" in name]
    bot.standing = replace(STANDING, database=Sending(answers=False, unsent=7))
    assert [bot.value(f"babillard_{name}") for name in ("database_up", "journal_unsent")] == [0, 7]
    bot.standing = replace(STANDING, database=Sending(answers=True, unsent=0))
    assert [bot.value(f"babillard_{name}") for name in ("database_up", "journal_unsent")] == [1, 0]


def test_all_counts_are_there_before_anything_happens_and_none_is_added(bot: Bot) -> None:
    before = bot.series().keys()
    for outcome in OUTCOMES:
        bot.metrics.asked(outcome, "en", 1.0)
    bot.metrics.voted(None)
    bot.metrics.rebuilt(False)
    assert bot.series().keys() == before


def test_no_label_tells_a_person_a_server_or_a_question(bot: Bot) -> None:
    bot.standing = replace(STANDING, chat=ChatUse(1, 1, {"timeout": 1}))
    labels = {name for _, pairs in bot.series() for name, _ in pairs}
    assert labels == {"outcome", "language", "le", "vote", "result", "direction", "reason", "shard"}
    assert STANDING.generation not in bot.metrics.exposition().decode()


def test_two_bots_in_a_process_count_apart_and_nothing_is_global(bot: Bot) -> None:
    other = Bot()
    bot.metrics.voted(True)
    assert other.value("babillard_votes_total", vote="up") == 0
    assert not [metric.name for metric in REGISTRY.collect() if metric.name.startswith("babillard")]


def test_without_the_endpoint_the_library_is_not_loaded() -> None:
    done = run_python("-c", "import sys, bot.discord.supervisor; print('prometheus_client' in sys.modules)", cwd=None)
    assert (done.stdout, done.stderr) == ("False\n", "")
