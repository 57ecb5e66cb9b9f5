"""Serve one question: a place in the queue, the chain in a thread, a line in the journal. Knows nothing of Discord.

The event loop never waits for the chain or the disk: both run in the desk's own threads.
"""

import asyncio
import logging
import os
import secrets
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol, TypeVar

from bot.answering.answer import Answer, Asker, Question
from bot.bounded import BoundedDict
from bot.discord.queue import FairQueue
from bot.errors import AnswerTimeoutError, JournalError
from bot.factory import Bot
from bot.journal.journal import Journal

T = TypeVar("T")

WAITING = 500
"""Questions that may wait. At 40 answers a second on two cores the last waits 13 s, and its asker sees typing."""

WAITING_PER_USER = 3
"""Questions that one person may have waiting: a slip and a follow-up; more is a flood."""

PATIENCE_SECONDS = 60.0
"""Longest time for one answer; a Discord interaction can be answered for 15 minutes, a person waits less."""

WRITTEN_AT_ONCE = 4
"""Answers at the same time with a chat model: they wait for it more than they compute, and a server on one's own
machine serves some four at once."""

REMEMBERED = 1_000
"""Answers kept for the buttons under them, some 20 kB each; older ones are asked again from the journal."""

log = logging.getLogger(__name__)


class Live(Protocol):
    """A bot that is replaced when the index is: see `bot.factory.LiveBot`."""

    @property
    def current(self) -> Bot:
        """The bot over the newest generation."""
        ...

    def refresh(self) -> None:
        """Take up the newest generation now."""
        ...


@dataclass(frozen=True, slots=True)
class Served:
    """An answer, the key by which its buttons find it again, and when its index was made."""

    key: str
    answer: Answer
    built: datetime
    rated: bool  # whether a vote on it can be kept


class Desk:
    """Answers the questions of many people, fairly. Belongs to one event loop."""

    def __init__(
        self, live: Live, journal: Journal | None, workers: int | None = None, *, recording: bool = True
    ) -> None:
        """Answer from `live`.

        Args:
            live: the bot.
            journal: where answers are recorded, recalled and erased, or None.
            workers: answers at the same time; None for the number of cores, four at the most.
            recording: False to record no more, and still recall and erase.
        """
        self.live = live
        self._journal, self._recording = journal, recording
        workers = workers or min(4, os.cpu_count() or 1)
        self._threads = ThreadPoolExecutor(workers + 1, thread_name_prefix="desk")  # one more, for the journal
        self._queue = FairQueue(capacity=WAITING, per_user=WAITING_PER_USER, workers=workers)
        self._recent: BoundedDict[str, tuple[int, Served]] = BoundedDict(REMEMBERED)  # key -> who asked, answer

    @property
    def waiting(self) -> int:
        """How many questions wait for their turn."""
        return self._queue.waiting

    async def ask(self, question: Question, asker: Asker) -> Served:
        """Return the answer, once it is the asker's turn, and record it.

        Raises:
            BusyError: too many questions wait.
            AnswerTimeoutError: the answer took more than `PATIENCE_SECONDS`.
            IndexingError: the index was damaged meanwhile.
        """
        began = time.perf_counter()
        async with self._queue.turn(asker.user):
            served = await self._within(lambda: self._answer(question, asker))
            served = await self._record(served, asker, (time.perf_counter() - began) * 1000)
        self._recent[served.key] = (asker.user, served)
        log.info(
            "answered",
            extra={
                "guild": asker.guild,
                "language": served.answer.language,
                "abstention": served.answer.abstention,
                "confidence": round(served.answer.confidence, 3),
                "generation": served.answer.generation,
                "cached": "cached" in served.answer.timings_ms,
                "ms": round((time.perf_counter() - began) * 1000),
            },
        )
        return served

    async def again(self, question: Question, asker: Asker) -> Served:
        """Return the answer to a question that was already recorded: in its turn, and in no journal.

        Raises:
            BusyError, AnswerTimeoutError, IndexingError: as `ask`.
        """
        async with self._queue.turn(asker.user):
            return await self._within(lambda: self._answer(question, asker))

    async def recall(self, key: str, asker: Asker) -> Served | None:
        """Return an earlier answer: as it was given, else asked again from the journal; None when nothing is left."""
        if (recent := self._recent.get(key)) is not None:
            return recent[1]
        journal = self._journal
        if journal is None or not key.isdecimal():
            return None
        question = await self._run(lambda: journal.question(int(key)))
        if question is None:
            return None
        return replace(await self.again(question, asker), key=key, rated=True)

    async def rate(self, key: str, user: int, helpful: bool | None) -> bool:
        """Keep one person's vote on an answer; None takes it back. False when the answer is gone."""
        journal = self._journal
        if journal is None or not key.isdecimal():
            return False
        return await self._run(lambda: journal.rate(int(key), user=user, helpful=helpful))

    async def forget(self, user: int) -> int:
        """Erase what is kept of a person, and return how many rows that was."""
        self._recent.delete_where(lambda kept: kept[0] == user)
        journal = self._journal
        return 0 if journal is None else await self._run(lambda: journal.forget(user))

    async def close(self, patience: float) -> bool:
        """Take no more questions, and wait for those that were taken; False when `patience` seconds were too few."""
        done = await self._queue.drain(patience)
        self._threads.shutdown(wait=done, cancel_futures=True)
        return done

    def _answer(self, question: Question, asker: Asker) -> Served:
        bot = self.live.current
        answer = bot.chain.invoke(replace(question, asker=asker))
        key = f"x{secrets.token_hex(8)}"  # never the number of a row
        return Served(key, answer, datetime.fromisoformat(bot.manifest.created), rated=False)

    async def _record(self, served: Served, asker: Asker, waited_ms: float) -> Served:
        """Return the answer under the number of its row; as it is when nothing is recorded."""
        if (journal := self._journal) is None or not self._recording:
            return served
        try:
            row = await self._run(
                lambda: journal.record(served.answer, user=asker.user, guild=asker.guild, latency_ms=waited_ms)
            )
        except JournalError:
            log.exception("not recorded")
            return served
        return replace(served, key=str(row), rated=True)

    async def _within(self, work: Callable[[], T]) -> T:
        try:
            return await asyncio.wait_for(self._run(work), PATIENCE_SECONDS)
        except TimeoutError as error:
            raise AnswerTimeoutError(f"no answer within {PATIENCE_SECONDS:.0f} s") from error

    async def _run(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._threads, work)
