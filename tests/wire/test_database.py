"""The bot as it is shipped, whose PostgreSQL fails while it serves, and comes back."""

import asyncio
import json
import socket
import urllib.request
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from benchmarks.loopback.harness import BotProcess, bot_process
from benchmarks.loopback.server import TOKEN, LoopbackDiscord
from bot.discord.rules_postgres import PostgresRules
from bot.postgres.server import Postgres
from tests.conftest import SEEDS
from tests.postgres import Server
from tests.wire.test_babillard import COMMAND, FRENCH, PATIENCE, QUOTE, shown

pytestmark = pytest.mark.slow


@dataclass
class Serving:
    """A bot that serves, and what it tells of itself."""

    discord: LoopbackDiscord
    process: BotProcess
    port: int

    async def answers(self) -> bool:
        """Ask, and return whether the answer is the one of the articles."""
        question = self.discord.send_message(self.discord.general, self.discord.alice, FRENCH, mentions_bot=True)
        return QUOTE in shown((await self.discord.answer_to(question, PATIENCE)).message)

    async def database_is(self, **expected: object) -> None:
        """Wait until `/health` tells this of the database."""
        async with asyncio.timeout(PATIENCE):
            while await asyncio.to_thread(self._database) != expected:
                await asyncio.sleep(0.1)

    def _database(self) -> Any:
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/health", timeout=PATIENCE) as response:
            return json.load(response)["database"]

    def told(self, event: str) -> int:
        """How often its log told something."""
        return self.process.log.count(f'"event": "{event}"')


@pytest_asyncio.fixture
async def serving(postgres: Server, seed_index: Path, tmp_path: Path) -> AsyncIterator[Serving]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {
        "DISCORD_TOKEN": TOKEN,
        "SEEDS_DIR": str(SEEDS),
        "INDEX_DIR": str(seed_index),
        "DATA_DIR": str(tmp_path),
        "HEALTH_PORT": str(port),
        "DATABASE_URL": postgres.url.get_secret_value(),
    }
    async with LoopbackDiscord() as discord:
        with Postgres(postgres.url) as database:
            PostgresRules(database).change_guild(int(discord.world.guild_id), cooldown_seconds=0)
        async with bot_process(COMMAND, discord, **environment) as process:
            await process.logged('"event": "ready"', PATIENCE)
            yield Serving(discord, process, port)


async def test_a_database_that_is_killed_and_comes_back_costs_no_answer_and_no_row(
    serving: Serving, postgres: Server
) -> None:
    assert await serving.answers()
    await serving.database_is(answers=True, unsent=0)
    postgres.stop()
    try:
        assert await serving.answers()
        assert await serving.answers()
        await serving.database_is(answers=False, unsent=2)
    finally:
        postgres.start()
    await serving.database_is(answers=True, unsent=0)  # nobody asked meanwhile
    assert await serving.answers()
    assert postgres.execute("SELECT count(*) FROM journal_entries") == [(4,)]
    assert [serving.told(event) for event in ("the database is away", "the database answers again")] == [1, 1]
    assert "Traceback" not in serving.process.log
    assert await serving.process.stop(PATIENCE) == 0


async def test_a_database_that_is_paused_costs_no_answer_and_no_row(serving: Serving, postgres: Server) -> None:
    assert await serving.answers()
    with postgres.paused():
        assert await serving.answers()
        await serving.database_is(answers=False, unsent=1)
    await serving.database_is(answers=True, unsent=0)
    assert postgres.execute("SELECT count(*) FROM journal_entries") == [(2,)]
    assert "Traceback" not in serving.process.log
    assert await serving.process.stop(PATIENCE) == 0


async def test_a_bot_that_starts_without_its_database_says_so_waits_and_serves(
    postgres: Server, seed_index: Path, tmp_path: Path
) -> None:
    Postgres(postgres.url).close()
    environment = {
        "DISCORD_TOKEN": TOKEN,
        "SEEDS_DIR": str(SEEDS),
        "INDEX_DIR": str(seed_index),
        "DATA_DIR": str(tmp_path),
        "DATABASE_URL": postgres.url.get_secret_value(),
    }
    postgres.stop()
    try:
        async with LoopbackDiscord() as discord, bot_process(COMMAND, discord, **environment) as process:
            await process.logged("waiting for the database", PATIENCE)
            postgres.start()
            await process.logged('"event": "ready"', PATIENCE)
            assert "Traceback" not in process.log
    finally:
        postgres.start()
