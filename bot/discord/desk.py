"""Answer one question: wait for a turn, run the chain, record the answer in the journal. Knows nothing of Discord.

The chain and the journal run in threads of the desk, so that the event loop never waits for them.
"""

import asyncio
import logging
import os
import secrets
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Protocol, TypeVar

from bot.answering.answer import Answer, Asker, Question
from bot.answering.dates import old_before
from bot.bounded import BoundedDict
from bot.discord.observing import Observer, Unobserved
from bot.discord.queue import FairQueue
from bot.errors import AnswerTimeoutError, JournalError
from bot.factory import Bot
from bot.journal.entry import JournalKeeper, Sending
from bot.journal.gaps import Gap, find_gaps
from bot.seen import Seen

T = TypeVar("T")

MAX_WAITING = 500
"""Questions that may wait. At 40 answers a second on two cores the last waits 13 s, and its asker sees typing."""

MAX_WAITING_PER_USER = 3
"""Questions that one person may have waiting: a slip and a follow-up. More is a flood."""

ANSWER_TIMEOUT_SECONDS = 60.0
"""For one answer. Discord takes the answer to an interaction for 15 minutes, but no person waits that long."""

CHAT_WORKERS = 4
"""Answers at the same time when a chat model writes them: they wait for the model more than they compute. A model
server on one's own machine serves about four at once."""

MAX_RECENT = 1_000
"""Answers in memory for the buttons under them, some 20 kB each; older ones are asked again from the journal."""

MAX_GAP_QUESTIONS = 300
"""Questions without a good answer that are grouped for a teacher, the last ones: each takes 20 ms."""

log = logging.getLogger(__name__)


class Live(Protocol):
    """A bot that takes up each new generation of the index: see `bot.live.LiveBot`."""

    @property
    def current(self) -> Bot:
        """The bot over the newest generation of the common articles."""
        ...

    @property
    def is_reachable(self) -> bool:
        """Whether what keeps the indexes answers."""
        ...

    def bot(self, seen: Seen) -> Bot:
        """Return the bot over what a question sees.

        Raises:
            UnreachableStoreError: what keeps the indexes does not answer.
        """
        ...

    def refresh(self) -> None:
        """Take up the newest generation now."""
        ...


@dataclass(frozen=True, slots=True)
class ServedAnswer:
    """An answer, and what the message that shows it needs."""

    key: str  # by which the buttons under it find it again
    answer: Answer
    index_built: datetime  # when the index was made that it comes from
    recorded: bool  # in the journal, where votes on it can be kept
    old_before: date | None = None  # articles from before that day are said to be old; None says it of none


class Desk:
    """Answers the questions of many people, fairly. Belongs to one event loop."""

    def __init__(
        self,
        live: Live,
        journal: JournalKeeper | None,
        workers: int | None = None,
        *,
        recording: bool = True,
        observer: Observer | None = None,
    ) -> None:
        """Answer from `live`.

        Args:
            live: the bot.
            journal: where answers are recorded, recalled and erased, or None.
            workers: answers at the same time; None for one on each core, at most four.
            recording: False to record nothing new; what was recorded can still be recalled and erased.
            observer: is told what happens here and around; None for nobody.
        """
        self.live = live
        self.observer = observer or Unobserved()
        self._journal, self._recording = journal, recording
        workers = workers or min(4, os.cpu_count() or 1)
        self._threads = ThreadPoolExecutor(workers + 1, thread_name_prefix="desk")  # one more, for the journal
        self._queue = FairQueue(capacity=MAX_WAITING, per_user=MAX_WAITING_PER_USER, workers=workers)
        self._recent: BoundedDict[str, tuple[Asker, ServedAnswer]] = BoundedDict(MAX_RECENT)  # key -> who asked, answer

    @property
    def waiting(self) -> int:
        """How many questions wait for their turn."""
        return self._queue.waiting

    @property
    def running(self) -> int:
        """How many questions are being answered."""
        return self._queue.running

    @property
    def sending(self) -> Sending | None:
        """How the journal stands with its database; None where there is none."""
        return None if self._journal is None else self._journal.sending

    async def ask(self, question: Question, asker: Asker) -> ServedAnswer:
        """Wait for the asker's turn, answer, and record the answer.

        Raises:
            BusyError: too many questions wait.
            AnswerTimeoutError: the answer took more than `ANSWER_TIMEOUT_SECONDS`.
            IndexingError: the index was damaged in the meantime, or what keeps it does not answer.
        """
        began = time.perf_counter()
        async with self._queue.turn(asker.user):
            served = await self._run_in_time(lambda: self._answer(question, asker))
            served = await self._keep(served, asker, began)
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

    async def offer(
        self, question: Question, asker: Asker, is_wanted: Callable[[ServedAnswer], bool]
    ) -> ServedAnswer | None:
        """Answer what nobody asked the bot; None, and no record of it, where there is no answer that is wanted.

        Raises:
            BusyError, AnswerTimeoutError, IndexingError: as `ask`.
        """
        began = time.perf_counter()
        async with self._queue.turn(asker.user):
            served = await self._run_in_time(lambda: self._answer(question, asker))
            if not (served.answer.citations and is_wanted(served)):
                return None
            served = await self._keep(served, asker, began)
        log.info("answered unasked", extra={"guild": asker.guild, "confidence": round(served.answer.confidence, 3)})
        return served

    async def again(self, question: Question, asker: Asker) -> ServedAnswer:
        """Answer a question that is in the journal already: wait for a turn, and record nothing.

        Raises:
            BusyError, AnswerTimeoutError, IndexingError: as `ask`.
        """
        async with self._queue.turn(asker.user):
            return await self._run_in_time(lambda: self._answer(question, asker))

    async def recall(self, key: str, asker: Asker) -> ServedAnswer | None:
        """Return an earlier answer, from memory, else by asking its question again; None when there is none to show.

        A key may be guessed: an answer is shown where it was given, and from memory only to who sees the same articles.
        """
        recent = self._recent.get(key)
        if recent is not None and _is_there(recent[0], asker) and recent[0].collection == asker.collection:
            return recent[1]
        question = await self._recorded(key, asker)
        if question is None:
            return None
        return replace(await self.again(question, asker), key=key, recorded=True)

    async def question_of(self, key: str, asker: Asker) -> str:
        """Return the question of an earlier answer in the same place; "" when it is in no journal."""
        if (recent := self._recent.get(key)) is not None:
            return recent[1].answer.question if _is_there(recent[0], asker) else ""
        question = await self._recorded(key, asker)
        return question.text if question else ""

    async def _recorded(self, key: str, asker: Asker) -> Question | None:
        """Return the question of a row of the journal that was asked where somebody is now."""
        journal = self._journal
        if journal is None or not key.isdecimal():
            return None
        return await self._run(lambda: journal.question(int(key), asker.guild, asker.user))

    async def gaps(self, guild: int, since: datetime | None = None, *, private: bool = True) -> list[Gap]:
        """Return what a server asked lately in vain, grouped; the most asked first.

        Args:
            guild: the server.
            since: what was asked before is left out; None for all that is kept.
            private: whether questions are told whose answer nobody else saw.
        """
        journal, embeddings = self._journal, self.live.current.embeddings
        if journal is None:
            return []
        return await self._run(
            lambda: find_gaps(journal.unanswered(guild, since, private=private)[-MAX_GAP_QUESTIONS:], embeddings)
        )

    async def rate(self, key: str, asker: Asker, helpful: bool | None) -> bool:
        """Keep one person's vote on an answer; None takes it back. Return False when it is gone, or elsewhere."""
        journal = self._journal
        if journal is None or await self._recorded(key, asker) is None:
            return False
        kept = await self._run(lambda: journal.rate(int(key), user=asker.user, helpful=helpful))
        if kept:
            self.observer.voted(helpful)
        return kept

    async def forget(self, user: int) -> int:
        """Erase what is kept of a person, and return how many rows that was."""
        self._recent.delete_where(lambda kept: kept[0].user == user)
        journal = self._journal
        return 0 if journal is None else await self._run(lambda: journal.forget(user))

    async def close(self, timeout: float) -> bool:
        """Take no more questions, and finish those that were taken; return whether `timeout` seconds were enough."""
        done = await self._queue.drain(timeout)
        self._threads.shutdown(wait=done, cancel_futures=True)
        return done

    def _answer(self, question: Question, asker: Asker) -> ServedAnswer:
        bot = self.live.bot(Seen(asker.collection, asker.guild))
        answer = bot.chain.invoke(replace(question, asker=asker))
        key = f"x{secrets.token_hex(8)}"  # no row of the journal has such a number
        built = datetime.fromisoformat(bot.manifest.created)
        return ServedAnswer(key, answer, built, recorded=False, old_before=old_before(bot.old_after_days))

    async def _keep(self, served: ServedAnswer, asker: Asker, began: float) -> ServedAnswer:
        """Record an answer, and remember it for its buttons; `began` is when it was asked, by `time.perf_counter`."""
        served = await self._record(served, asker, (time.perf_counter() - began) * 1000)
        self._recent[served.key] = (asker, served)
        return served

    async def _record(self, served: ServedAnswer, asker: Asker, waited_ms: float) -> ServedAnswer:
        """Record the answer and make its key the number of its row; leave it as it is when nothing is recorded."""
        if (journal := self._journal) is None or not self._recording:
            return served
        try:
            row = await self._run(
                lambda: journal.record(
                    served.answer, user=asker.user, guild=asker.guild, latency_ms=waited_ms, private=asker.private
                )
            )
        except JournalError:
            log.exception("not recorded")
            return served
        if row is None:  # the journal is away and has it later: until then nobody can vote on it
            return served
        return replace(served, key=str(row), recorded=True)

    async def _run_in_time(self, work: Callable[[], T]) -> T:
        try:
            return await asyncio.wait_for(self._run(work), ANSWER_TIMEOUT_SECONDS)
        except TimeoutError as error:
            raise AnswerTimeoutError(f"no answer within {ANSWER_TIMEOUT_SECONDS:.0f} s") from error

    async def _run(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._threads, work)


def _is_there(asked: Asker, now: Asker) -> bool:
    """Whether somebody is where something was asked: in the server, or, in private, the one who asked."""
    return asked.guild == now.guild and (asked.guild is not None or asked.user == now.user)
