"""Processes open their sessions with Discord one after another."""

import asyncio
import logging
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise

import pytest

from bot.discord import turns_postgres
from bot.discord.turns import SPREAD_SECONDS, Turns
from bot.discord.turns_postgres import PAUSE_SECONDS, PostgresTurns
from bot.errors import StorageError
from bot.postgres.server import Postgres
from tests.postgres import Server


class ScriptedKeeper:
    """Answers as the test says."""

    def __init__(self, *answers: float | Exception) -> None:
        self._answers = list(answers)
        self.asked: list[int] = []

    def take(self, bucket: int) -> float:
        self.asked.append(bucket)
        answer = self._answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer


async def test_a_turn_is_asked_for_again_until_it_comes() -> None:
    slept: list[float] = []

    async def sleep(seconds: float) -> None:
        slept.append(seconds)

    keeper = ScriptedKeeper(4.0, 1.5, 0.0)
    assert await Turns(keeper, sleep).wait(3)
    assert keeper.asked == [3, 3, 3]
    assert [4.0, 1.5] <= slept <= [4.0 + SPREAD_SECONDS, 1.5 + SPREAD_SECONDS]


async def test_without_the_database_nobody_waits_for_it(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        assert not await Turns(ScriptedKeeper(StorageError("elle ne répond pas"))).wait(0)
    assert "a session is opened without a turn" in caplog.text


def test_of_those_who_ask_at_once_one_goes_first_and_the_others_are_told_when(postgres: Server) -> None:
    with Postgres(postgres.url) as here, Postgres(postgres.url) as there, ThreadPoolExecutor(6) as threads:
        keepers = [PostgresTurns(here), PostgresTurns(there)] * 3
        left = sorted(threads.map(lambda keeper: keeper.take(0), keepers))
    assert left[0] == 0
    assert all(PAUSE_SECONDS - 2 < seconds <= PAUSE_SECONDS for seconds in left[1:])


def test_buckets_do_not_wait_for_each_other(postgres: Server) -> None:
    with Postgres(postgres.url) as database:
        turns = PostgresTurns(database)
        assert [turns.take(bucket) for bucket in (0, 1, 2)] == [0, 0, 0]
        assert turns.take(1) > 0


def test_the_next_turn_comes_when_the_pause_is_over(postgres: Server) -> None:
    with Postgres(postgres.url) as database:
        turns = PostgresTurns(database)
        assert turns.take(0) == 0
        postgres.execute(f"UPDATE sessions SET opened = opened - {PAUSE_SECONDS}")
        assert turns.take(0) == 0
        assert turns.take(0) > 0


def test_a_clock_that_was_set_back_holds_nobody_up(postgres: Server) -> None:
    with Postgres(postgres.url) as database:
        turns = PostgresTurns(database)
        turns.take(0)
        postgres.execute("UPDATE sessions SET opened = opened + 86400")
        assert turns.take(0) == 0


async def test_sessions_of_two_processes_are_a_pause_apart(postgres: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turns_postgres, "PAUSE_SECONDS", 0.3)
    opened: list[float] = []
    loop = asyncio.get_running_loop()

    async def start(turns: Turns) -> None:
        for _ in range(3):
            await turns.wait(0)
            opened.append(loop.time())

    with Postgres(postgres.url) as here, Postgres(postgres.url) as there:
        await asyncio.gather(*(start(Turns(PostgresTurns(one))) for one in (here, there)))
    assert len(opened) == 6
    assert min(b - a for a, b in pairwise(opened)) > 0.2
