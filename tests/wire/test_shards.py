"""A bot in two processes, as it is shipped: each serves some of its shards, and they share a real PostgreSQL."""

import asyncio
import json
import re
import shutil
import socket
import sys
import urllib.error
import urllib.request
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, closing
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from benchmarks.loopback import interactions
from benchmarks.loopback.harness import BotProcess, bot_process
from benchmarks.loopback.refusals import Json
from benchmarks.loopback.server import TOKEN, LoopbackDiscord
from bot.discord.rules_postgres import PostgresRules
from bot.journal.file import drawn_secret, secret_file
from bot.journal.journal import FILE_NAME
from bot.postgres.server import Postgres
from tests.conftest import SEEDS
from tests.postgres import Server
from tests.wire.test_babillard import FRENCH, PATIENCE, QUOTE, shown

pytestmark = [pytest.mark.slow, pytest.mark.asyncio(loop_scope="module")]

SHARDS = 4

SESSION_SECONDS = 5.0  # from one session to the next, before which Discord refuses another


@dataclass
class Half:
    """A process, and where it tells how it stands."""

    bot: BotProcess
    port: int

    async def _page(self, path: str) -> str:
        def read() -> str:
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=PATIENCE) as response:
                    return str(response.read().decode())
            except urllib.error.HTTPError as error:  # 503 has a page too
                return error.read().decode()

        return await asyncio.to_thread(read)

    async def health(self) -> Json:
        state: Json = json.loads(await self._page("/health"))
        return state

    async def metrics(self) -> str:
        return await self._page("/metrics")

    async def shards_are(self, connected: list[int], away: list[int]) -> Json:
        """Wait until its shards stand like that; return what it tells then."""
        async with asyncio.timeout(PATIENCE):
            while True:
                state = await self.health()
                if state["shards"] == {"of": SHARDS, "connected": connected, "away": away}:
                    return state
                await asyncio.sleep(0.05)

    def told(self, event: str) -> int:
        """How often its log told something."""
        return self.bot.log.count(f'"event": "{event}"')


@dataclass
class Discord:
    """The loopback server, with the text channel of one guild on each shard."""

    server: LoopbackDiscord
    channels: list[Json]

    async def answer(self, shard: int, person: Json) -> Any:
        """Let a person ask in the guild of a shard, and return the answer."""
        question = self.server.send_message(self.channels[shard], person, FRENCH, mentions_bot=True)
        return (await self.server.answer_to(question, PATIENCE)).message

    def replies(self, channel: Json) -> int:
        """How many messages of the bot a channel has."""
        messages = self.server.world.messages.values()
        return sum(one["channel_id"] == channel["id"] and bool(one["author"]["bot"]) for one in messages)


Starting = Callable[[str], AbstractAsyncContextManager[BotProcess]]


@pytest.fixture(scope="module")
def database(postgres_server: Server) -> Server:
    postgres_server.empty()
    return postgres_server


@pytest.fixture(scope="module")
def ports() -> dict[str, int]:
    found = {}
    for shards in ("0-1/4", "2-3/4"):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            found[shards] = free.getsockname()[1]
    return found


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def discord() -> AsyncIterator[Discord]:
    async with LoopbackDiscord() as server:
        server.gateway.session_seconds = SESSION_SECONDS
        yield Discord(server, [server.add_guild(shard, SHARDS) for shard in range(SHARDS)])


@pytest.fixture(scope="module")
def starting(
    discord: Discord,
    database: Server,
    ports: dict[str, int],
    seed_index: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> Starting:
    """Return what starts a process with some shards, on a machine of its own."""
    folder = tmp_path_factory.mktemp("machines")
    machines = {shards: folder / str(number) for number, shards in enumerate(ports)}
    first, second = (secret_file(machine / FILE_NAME) for machine in machines.values())
    for path in (first, second):
        path.parent.mkdir()
    drawn_secret(first)
    shutil.copy(first, second)

    def start(shards: str) -> AbstractAsyncContextManager[BotProcess]:
        environment = {
            "DISCORD_TOKEN": TOKEN,
            "SEEDS_DIR": str(SEEDS),
            "INDEX_DIR": str(seed_index),
            "DATA_DIR": str(machines[shards]),
            "HEALTH_PORT": str(ports[shards]),
            "DATABASE_URL": database.url.get_secret_value(),
        }
        return bot_process((sys.executable, "-m", "bot", "discord", "--shards", shards), discord.server, **environment)

    return start


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def halves(discord: Discord, starting: Starting, ports: dict[str, int]) -> AsyncIterator[tuple[Half, Half]]:
    async with starting("0-1/4") as first, starting("2-3/4") as second:
        for bot in (first, second):
            await bot.logged('"event": "ready"', PATIENCE)
        yield Half(first, ports["0-1/4"]), Half(second, ports["2-3/4"])


@pytest.fixture(autouse=True)
def patient_discord(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a first response to an interaction take longer than Discord's 3 s."""
    monkeypatch.setattr(interactions, "FIRST_RESPONSE_SECONDS", PATIENCE)


async def test_sessions_are_opened_in_turn_also_by_processes_that_start_at_once(
    discord: Discord, halves: tuple[Half, Half]
) -> None:
    opened = discord.server.identifies
    assert sorted(record.body["shard"] for record in opened) == [[shard, SHARDS] for shard in range(SHARDS)]
    assert min(after.time - before.time for before, after in pairwise(opened)) >= SESSION_SECONDS
    assert not discord.server.matching("EARLY")


async def test_the_commands_are_sent_by_the_process_of_the_first_shard_alone(
    discord: Discord, halves: tuple[Half, Half]
) -> None:
    assert [half.told("commands sent") for half in halves] == [1, 0]
    assert len(discord.server.matching("PUT /applications/*/commands")) == 1


async def test_a_message_in_any_server_is_answered_once_by_the_process_of_its_shard(
    discord: Discord, halves: tuple[Half, Half]
) -> None:
    before = [half.told("answered") for half in halves]
    for shard in range(SHARDS):
        assert QUOTE in shown(await discord.answer(shard, discord.server.add_user(f"Zoé{shard}")))
    assert [half.told("answered") - known for half, known in zip(halves, before, strict=True)] == [2, 2]
    assert [discord.replies(channel) for channel in discord.channels] == [1, 1, 1, 1]


async def test_a_direct_message_is_answered_by_the_process_of_the_first_shard(
    discord: Discord, halves: tuple[Half, Half]
) -> None:
    server, (first, second) = discord.server, halves
    before = first.told("answered"), second.told("answered")
    private = server.direct(server.add_user("Ève"))
    question = server.send_message(private, private["recipients"][0], FRENCH)
    assert QUOTE in shown((await server.answer_to(question, PATIENCE)).message)
    assert (first.told("answered"), second.told("answered")) == (before[0] + 1, before[1])
    assert discord.replies(private) == 1


@pytest.mark.parametrize("shard", [0, 3])
async def test_a_command_is_answered_once(discord: Discord, halves: tuple[Half, Half], shard: int) -> None:
    server = discord.server
    asked = server.slash("ask", {"question": FRENCH}, server.add_user(f"Noé{shard}"), channel=discord.channels[shard])
    assert QUOTE in shown((await server.answer_to(asked, PATIENCE)).message)
    assert len(server.matching(f"POST /interactions/{asked.payload['id']}/*/callback")) == 1


async def test_a_pause_holds_over_both_processes(discord: Discord, database: Server, halves: tuple[Half, Half]) -> None:
    channels = [discord.channels[0], discord.channels[2]]
    with Postgres(database.url) as opened, closing(PostgresRules(opened)) as rules:
        for channel in channels:
            rules.change_guild(int(channel["guild_id"]), cooldown_seconds=3_600)
    await asyncio.sleep(6)  # a process remembers for five seconds what it read of the rules of a server
    anne = discord.server.add_user("Anne")
    asked = [discord.server.send_message(one, anne, FRENCH, mentions_bot=True) for one in channels]
    said = [shown((await discord.server.answer_to(question, PATIENCE)).message) for question in asked]
    assert sorted(QUOTE in text for text in said) == [False, True]  # whichever came first
    with Postgres(database.url) as opened, closing(PostgresRules(opened)) as rules:
        for channel in channels:
            rules.change_guild(int(channel["guild_id"]), cooldown_seconds=0)


async def test_all_questions_are_in_one_journal(discord: Discord, database: Server, halves: tuple[Half, Half]) -> None:
    for shard in (1, 2):
        await discord.answer(shard, discord.server.add_user(f"Léo{shard}"))
    rows = database.execute("SELECT DISTINCT guild FROM journal_entries WHERE guild IS NOT NULL")
    assert {int(discord.channels[shard]["guild_id"]) for shard in (1, 2)} <= {guild for (guild,) in rows}


async def test_each_process_tells_its_own_shards(halves: tuple[Half, Half]) -> None:
    for half, numbers in zip(halves, ([0, 1], [2, 3]), strict=True):
        state = await half.shards_are(numbers, [])
        assert state["ready"]
        assert f'"shards": "{numbers[0]}-{numbers[1]}/4"' in half.bot.log
        found = re.findall(
            r'^babillard_discord_shard_connected\{shard="(\d)"\} 1.0$', await half.metrics(), re.MULTILINE
        )
        assert list(map(int, found)) == numbers


async def test_a_shard_that_restores_its_connection_is_told_and_the_others_go_on(
    discord: Discord, halves: tuple[Half, Half]
) -> None:
    first, second = halves
    discord.server.refuse_connections(1)
    discord.server.cut(shard=2)
    state = await second.shards_are([3], [2])
    assert state["ready"]
    assert "\nbabillard_discord_connected 0.0\n" in await second.metrics()
    assert QUOTE in shown(await discord.answer(3, discord.server.add_user("Inès")))
    await second.shards_are([2, 3], [])
    assert (first.told("shard away"), second.told("shard away") > 0) == (0, True)
    assert QUOTE in shown(await discord.answer(2, discord.server.add_user("Éloi")))
    assert not discord.server.matching("EARLY")


async def test_a_process_that_is_killed_comes_back_and_nobody_else_notices(
    discord: Discord, halves: tuple[Half, Half], starting: Starting
) -> None:
    server, (first, second) = discord.server, halves
    since, away = len(server.records), second.told("shard away")
    await first.bot.kill()
    lost = server.send_message(discord.channels[0], server.add_user("Maé"), FRENCH, mentions_bot=True)
    assert QUOTE in shown(await discord.answer(3, server.add_user("Tom")))
    assert (await second.health())["ready"]
    async with starting("0-1/4") as again:
        await again.logged('"event": "ready"', PATIENCE)
        assert QUOTE in shown(await discord.answer(0, server.add_user("Zoé")))
        assert QUOTE in shown(await discord.answer(1, server.add_user("Ugo")))
        assert QUOTE in shown(await discord.answer(2, server.add_user("Lou")))
        assert '"event": "commands sent"' not in again.log  # they are those that were sent last
        opened = [record for record in server.records[since:] if record.method == "IDENTIFY"]
        assert [record.body["shard"] for record in opened] == [[0, SHARDS], [1, SHARDS]]
        assert second.told("shard away") == away
        assert not [one for one in server.records if (one.body or {}) and lost["id"] in json.dumps(one.body)]


async def test_without_the_option_a_process_serves_all_shards_that_discord_asks_for(
    seed_index: Path, tmp_path: Path
) -> None:
    environment = {
        "DISCORD_TOKEN": TOKEN,
        "SEEDS_DIR": str(SEEDS),
        "INDEX_DIR": str(seed_index),
        "DATA_DIR": str(tmp_path),
    }
    async with LoopbackDiscord() as server:
        server.world.recommended_shards = 2
        channels = [server.add_guild(shard, 2) for shard in range(2)]
        server.gateway.session_seconds = SESSION_SECONDS
        async with bot_process((sys.executable, "-m", "bot", "discord"), server, **environment) as bot:
            await bot.logged('"event": "ready"', PATIENCE)
            assert '"shards": "0-1/2"' in bot.log
            for channel in channels:
                question = server.send_message(channel, server.add_user("Zoé"), FRENCH, mentions_bot=True)
                assert QUOTE in shown((await server.answer_to(question, PATIENCE)).message)
        presences = [record.body["status"] for record in server.matching("PRESENCE")]
        assert presences == ["online", "online"]
        assert not server.matching("EARLY")


async def test_a_count_of_shards_that_discord_refuses_is_said_in_one_line(seed_index: Path, tmp_path: Path) -> None:
    environment = {
        "DISCORD_TOKEN": TOKEN,
        "SEEDS_DIR": str(SEEDS),
        "INDEX_DIR": str(seed_index),
        "DATA_DIR": str(tmp_path),
    }
    command = (sys.executable, "-m", "bot", "discord", "--shards", "0/1")
    async with LoopbackDiscord() as server:
        server.gateway.largest_shard = 0
        async with bot_process(command, server, **environment) as bot:
            assert await bot.wait(PATIENCE) == 1
    assert "raise COUNT of --shards" in bot.log.splitlines()[-1]
