import asyncio
import threading
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import discord
import pytest
from pydantic import SecretStr

from bot.chat.usage import Usage
from bot.config import BotSettings
from bot.discord import supervisor
from bot.discord.desk import Desk
from bot.discord.limits import Limits
from bot.discord.observing import ChatUse, ShardsNow
from bot.discord.shards import Shards
from bot.discord.stores import Stores
from bot.discord.supervisor import health, serve, standing, tended
from bot.errors import DiscordError, JournalError
from bot.journal.entry import Sending
from bot.journal.journal import Journal
from tests.bot.discord.test_desk import MANIFEST, ScriptedLive, declines

ALL = ShardsNow(2, connected=(0, 1))


@pytest.mark.parametrize("token", [None, SecretStr(""), SecretStr("  ")])
def test_without_a_token_it_says_where_to_put_one(token: SecretStr | None) -> None:
    with pytest.raises(DiscordError, match=r"set DISCORD_TOKEN, in \.env"):
        serve(BotSettings(discord_token=token))


class CountingJournal(Journal):
    """Counts how often it is pruned, and fails the first time after its opening."""

    def __init__(self, path: Path) -> None:
        self.pruned = 0
        self.pruned_again = threading.Event()
        super().__init__(path)

    def prune(self) -> int:
        self.pruned += 1
        if self.pruned == 2:
            raise JournalError("le disque est plein")
        if self.pruned == 5:
            self.pruned_again.set()
        return 0


def stores(journal: Journal | None, tend: Callable[[], None] | None = None) -> Stores:
    unused: Any = None
    return Stores(unused, unused, journal, Limits, tend)


async def test_the_journal_is_pruned_again_and_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(supervisor, "DAY_SECONDS", 0)
    with closing(CountingJournal(tmp_path / "journal.sqlite3")) as journal:
        async with tended(stores(journal)):
            await asyncio.to_thread(journal.pruned_again.wait)
    assert "not pruned" in caplog.text


async def test_a_shared_database_is_looked_after_again_and_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervisor, "LOOK_SECONDS", 0)
    looks: list[None] = []
    thrice = threading.Event()

    def look() -> None:
        looks.append(None)
        if len(looks) == 3:
            thrice.set()

    async with tended(stores(None, look)):
        await asyncio.to_thread(thrice.wait)


def client_of(live: ScriptedLive, shards: ShardsNow = ALL, journal: Any = None) -> Any:
    return SimpleNamespace(desk=Desk(live, journal), shards_now=shards, is_ready=lambda: True, guilds=[1, 2])


def test_health_tells_how_a_client_stands() -> None:
    at = standing(client_of(ScriptedLive(declines)))
    assert (at.index_built.isoformat(), at.documents, at.chunks, at.running, at.chat) == (
        MANIFEST.created,
        1,
        1,
        0,
        None,
    )
    assert health(at) == {
        "ready": True,
        "reachable": True,
        "shards": {"of": 2, "connected": [0, 1], "away": []},
        "guilds": 2,
        "waiting": 0,
        "generation": "g1",
        "answers": {"asked": 0, "known": 0},
    }


def test_health_tells_whether_a_database_answers_and_how_much_waits_for_it() -> None:
    journal: Any = SimpleNamespace(sending=Sending(answers=False, unsent=3))
    told = health(standing(client_of(ScriptedLive(declines), journal=journal)))
    assert told["database"] == {"answers": False, "unsent": 3}
    assert told["ready"]  # questions are answered


def test_one_that_cannot_reach_the_index_is_not_ready() -> None:
    told = health(standing(client_of(ScriptedLive(declines, is_reachable=False))))
    assert (told["ready"], told["reachable"]) == (False, False)


@pytest.mark.parametrize(
    ("shards", "ready"),
    [
        pytest.param(ShardsNow(8, connected=(4,), away=(5,)), True, id="one-restores-its-connection"),
        pytest.param(ShardsNow(8, away=(4, 5)), False, id="all-are-away"),
        pytest.param(ShardsNow(0), False, id="none-is-known-yet"),
    ],
)
def test_a_bot_is_ready_while_some_of_its_shards_are_connected(shards: ShardsNow, ready: bool) -> None:
    told = health(standing(client_of(ScriptedLive(declines), shards)))
    assert told["ready"] is ready
    assert told["shards"] == {"of": shards.count, "connected": list(shards.connected), "away": list(shards.away)}


def test_shards_of_several_processes_need_a_database() -> None:
    settings = BotSettings(discord_token=SecretStr("MTIz.a.b"))
    with pytest.raises(DiscordError, match=r"--shards 0-1/4 leaves some servers .* DATABASE_URL is not set"):
        serve(settings, Shards(0, 1, 4))


class RefusedClient:
    """Is refused by Discord with a code."""

    def __init__(self, code: int) -> None:
        self._code = code

    async def start(self, token: str) -> None:
        raise discord.ConnectionClosed(SimpleNamespace(close_code=self._code), shard_id=3)  # type: ignore[arg-type]

    async def close(self) -> None:
        pass


@pytest.mark.parametrize(("code", "said"), [(4010, "no such shard"), (4011, "wants more shards")])
async def test_shards_that_discord_refuses_are_not_tried_again(code: int, said: str) -> None:
    client: Any = RefusedClient(code)
    with pytest.raises(DiscordError, match=said):
        await supervisor._run_once(client, SecretStr("MTIz.a.b"), asyncio.Event())


async def test_a_connection_that_discord_closed_otherwise_is_tried_again() -> None:
    client: Any = RefusedClient(4000)
    assert not await supervisor._run_once(client, SecretStr("MTIz.a.b"), asyncio.Event())


def test_what_a_chat_model_used_is_a_part_of_it() -> None:
    usage = Usage()
    usage.add(900, 120)
    usage.fail("timeout")
    live: Any = ScriptedLive(declines)
    writer = SimpleNamespace(client=SimpleNamespace(usage=usage))
    client = client_of(SimpleNamespace(current=replace(live.current, writer=writer), is_reachable=True))  # type: ignore[arg-type]
    assert standing(client).chat == ChatUse(900, 120, {"timeout": 1, "unavailable": 0, "refused": 0, "budget": 0})
