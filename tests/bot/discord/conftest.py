import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import discord
import pytest
import simcord

from bot.answering.answer import Answer, Question
from bot.channels.channels import Channels
from bot.channels.store import ChannelStore
from bot.config import BotSettings
from bot.discord.client import BabillardClient
from bot.discord.desk import Desk
from bot.discord.library import Library
from bot.discord.part import Part
from bot.discord.rules_store import RulesStore
from bot.factory import Bot
from bot.journal.journal import Journal
from bot.publishing import Publisher
from bot.seen import Seen
from bot.teaching.store import TaughtStore
from bot.teaching.teaching import Teaching
from index.model.embedding import TextEmbeddings
from tests.bot.fakes import ScriptedChain
from tests.conftest import SEEDS

SIMULATED = {"shard_count": 1, "settle_timeout": 600.0}
"""Options of `pytest.mark.simcord`: on a busy machine a step may take far longer than the usual 5 s."""


@dataclass
class FixedLive:
    """Serves one bot for ever; a test may put another in its place."""

    current: Bot
    refusal: Exception | None = None
    is_reachable: bool = True

    def bot(self, seen: Seen) -> Bot:
        """Return the one bot, whatever is seen."""
        return self.current

    def refresh(self) -> None:
        """Take nothing up; fail if the test says so."""
        if self.refusal is not None:
            raise self.refusal

    def break_down(self, error: Exception) -> None:
        """Let each question fail from now on."""

        def fail(question: Question) -> Answer:
            raise error

        self.current = replace(self.current, chain=ScriptedChain(fail))


@dataclass
class Server:
    """A bot in a simulated Discord: one server, one channel, two people."""

    env: simcord.Env
    client: BabillardClient
    live: FixedLive
    rules: RulesStore
    journal: Journal
    teaching: Teaching
    channels: Channels

    def __post_init__(self) -> None:
        self.guild = self.env.create_guild()
        self.channel = self.guild.create_text_channel("questions")
        self.alice = self.guild.add_member(self.env.create_user("alice"))
        self.bob = self.guild.add_member(self.env.create_user("bob"))
        self.rules.change_guild(self.guild.id, cooldown_seconds=0)
        self.client.following.sleep = self.sleep

    async def sleep(self, seconds: float) -> None:
        """Wait in simulated time alone: `env.advance_time` ends it."""
        await self.env.external_wait(asyncio.sleep(seconds), reason="simulated time")

    def started_again(self) -> BabillardClient:
        """Return a client as after a restart: with the same files, and no answer in memory."""
        desk = Desk(self.live, self.journal)
        client = BabillardClient(
            self.client._settings, desk, self.rules, self.teaching, self.channels, self.client.library
        )
        client.following.sleep = self.sleep
        return client

    @property
    def mention(self) -> str:
        assert self.client.user is not None
        return self.client.user.mention


@pytest.fixture
def settings(tmp_path: Path, seed_index: Path) -> BotSettings:
    return BotSettings(seeds_dir=SEEDS, index_dir=seed_index, data_dir=tmp_path / "data")


@pytest.fixture
def rules(settings: BotSettings) -> Iterator[RulesStore]:
    with RulesStore(settings.data_dir / "guilds.sqlite3") as rules:
        yield rules


@pytest.fixture
def journal(settings: BotSettings) -> Iterator[Journal]:
    with Journal(settings.data_dir / "journal.sqlite3") as journal:
        yield journal


@pytest.fixture
def live(seed_bot: Bot) -> FixedLive:
    return FixedLive(seed_bot)


@pytest.fixture
def publisher(settings: BotSettings, bundled: TextEmbeddings, live: FixedLive) -> Publisher:
    return Publisher(settings, bundled, live.refresh)


@pytest.fixture
def teaching(settings: BotSettings, publisher: Publisher) -> Iterator[Teaching]:
    with TaughtStore(settings.data_dir / "taught.sqlite3") as store:
        yield Teaching(store, publisher)


@pytest.fixture
def channels(settings: BotSettings, publisher: Publisher) -> Iterator[Channels]:
    with ChannelStore(settings.data_dir / "channels.sqlite3") as store:
        yield Channels(store, publisher)


@pytest.fixture
def library(settings: BotSettings, publisher: Publisher) -> Library:
    return Library(settings, publisher)


@pytest.fixture
def part() -> Part:
    return Part()


@pytest.fixture
def simcord_bot(
    settings: BotSettings,
    live: FixedLive,
    rules: RulesStore,
    journal: Journal,
    teaching: Teaching,
    channels: Channels,
    library: Library,
    *,
    part: Part,
) -> BabillardClient:
    return BabillardClient(settings, Desk(live, journal), rules, teaching, channels, library, part)


@pytest.fixture
def server(
    simcord_env: simcord.Env,
    simcord_bot: BabillardClient,
    live: FixedLive,
    rules: RulesStore,
    journal: Journal,
    teaching: Teaching,
    channels: Channels,
) -> Server:
    return Server(simcord_env, simcord_bot, live, rules, journal, teaching, channels)


@pytest.fixture
def french_interface(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let everybody use Discord in French; simcord knows English alone."""
    read = discord.Interaction._from_data
    monkeypatch.setattr(discord.Interaction, "_from_data", lambda self, data: read(self, data | {"locale": "fr"}))
