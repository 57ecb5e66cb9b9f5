"""What the connection to Discord does before there is one; the rest is tested in `tests/wire`."""

from types import SimpleNamespace
from typing import Any

import aiohttp
import pytest

from bot.channels.channels import Channels
from bot.config import BotSettings
from bot.discord.client import BabillardClient
from bot.discord.desk import Desk
from bot.discord.library import Library
from bot.discord.observing import ShardsNow
from bot.discord.part import Part
from bot.discord.rules_store import RulesStore
from bot.discord.shards import Shards
from bot.discord.turns import Turns
from bot.teaching.teaching import Teaching
from tests.bot.discord.conftest import FixedLive
from tests.bot.discord.test_turns import ScriptedKeeper

pytestmark = pytest.mark.slow

PART = Shards(4, 5, 8)


@pytest.fixture
def keeper() -> ScriptedKeeper:
    return ScriptedKeeper(*[0.0] * 10)


@pytest.fixture
def client(
    settings: BotSettings,
    live: FixedLive,
    rules: RulesStore,
    teaching: Teaching,
    channels: Channels,
    library: Library,
    keeper: ScriptedKeeper,
) -> BabillardClient:
    part = Part(shards=PART, turns=Turns(keeper))
    return BabillardClient(settings, Desk(live, None), rules, teaching, channels, library, part)


def allow(client: BabillardClient, *answers: int | Exception) -> None:
    """Let Discord say how many sessions may be opened at once, or fail, time after time."""
    left = list(answers)

    async def limits() -> Any:
        answer = left.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return SimpleNamespace(max_concurrency=answer)

    client.fetch_session_start_limits = limits  # type: ignore[method-assign]


async def test_shards_take_the_turns_of_their_buckets_and_discord_is_asked_once(
    client: BabillardClient, keeper: ScriptedKeeper
) -> None:
    allow(client, 3)
    for shard in (4, 5, 6):
        await client.before_identify_hook(shard)
    assert keeper.asked == [1, 2, 0]


async def test_while_discord_does_not_say_how_many_shards_go_one_after_another(
    client: BabillardClient, keeper: ScriptedKeeper
) -> None:
    allow(client, aiohttp.ServerDisconnectedError(), 16)
    await client.before_identify_hook(5, initial=True)
    await client.before_identify_hook(5)
    assert keeper.asked == [0, 5]


async def test_before_the_start_all_shards_of_the_process_are_away(client: BabillardClient) -> None:
    assert client.shards_now == ShardsNow(8, connected=(), away=(4, 5))
    assert (client.shard_ids, client.shard_count) == ([4, 5], 8)


async def test_without_the_option_discord_is_asked_how_many_there_are(simcord_bot: BabillardClient) -> None:
    assert simcord_bot.shard_ids is None
    assert simcord_bot.shards_now == ShardsNow(0)
