import asyncio
from collections import Counter
from collections.abc import Coroutine

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.discord.queue import FairQueue
from bot.errors import BotError, BusyError

ANNE, BRUNO, CHLOE = 1, 2, 3


async def settle() -> None:
    """Let every task go on until all of them wait."""
    for _ in range(10):
        await asyncio.sleep(0)


class Desk:
    """Asks questions, keeps the turns they get open until it is told to answer, and writes down the order."""

    def __init__(self, queue: FairQueue) -> None:
        self.queue = queue
        self.served: list[int] = []  # the users, in the order of their turns
        self._open: list[asyncio.Event] = []

    async def ask(self, user: int) -> asyncio.Task[None]:
        """Return the task of a question that has its turn, waits in line or was refused."""
        task = asyncio.create_task(self._question(user))
        await settle()
        return task

    async def _question(self, user: int) -> None:
        async with self.queue.turn(user):
            self.served.append(user)
            answered = asyncio.Event()
            self._open.append(answered)
            try:
                await answered.wait()
            finally:
                self._open.remove(answered)

    @property
    def running(self) -> int:
        return len(self._open)

    async def answer(self) -> None:
        """End the oldest turn."""
        self._open[0].set()
        await settle()

    async def answer_all(self) -> None:
        while self._open:
            await self.answer()


def run(scenario: Coroutine[object, object, None]) -> None:
    asyncio.run(scenario)


def test_a_question_gets_its_turn_at_once_when_nobody_waits() -> None:
    async def scenario() -> None:
        desk = Desk(FairQueue(capacity=0, per_user=0))
        task = await desk.ask(ANNE)
        assert (desk.served, desk.queue.waiting) == ([ANNE], 0)
        await desk.answer_all()
        await task

    run(scenario())


def test_ten_questions_of_one_user_do_not_delay_the_first_of_another() -> None:
    async def scenario() -> None:
        desk = Desk(FairQueue(capacity=20, per_user=10))
        for _ in range(10):
            await desk.ask(ANNE)
        await desk.ask(BRUNO)
        await desk.ask(BRUNO)
        await desk.ask(CHLOE)
        assert desk.queue.waiting == 12
        await desk.answer_all()
        assert desk.served == [ANNE, ANNE, BRUNO, CHLOE, ANNE, BRUNO, *[ANNE] * 7]
        assert desk.queue.waiting == 0

    run(scenario())


def test_the_questions_of_one_user_keep_their_order() -> None:
    async def scenario() -> None:
        queue = FairQueue(capacity=5, per_user=5)
        order: list[int] = []

        async def ask(number: int) -> None:
            async with queue.turn(ANNE):
                order.append(number)
                await settle()

        await asyncio.gather(*(ask(number) for number in range(6)))
        assert order == [0, 1, 2, 3, 4, 5]

    run(scenario())


@pytest.mark.parametrize("workers", [1, 2, 5])
def test_as_many_turns_as_workers_are_held_at_once(workers: int) -> None:
    async def scenario() -> None:
        desk = Desk(FairQueue(capacity=10, per_user=10, workers=workers))
        for user in range(10):
            await desk.ask(user)
        assert (desk.running, desk.queue.waiting) == (workers, 10 - workers)
        await desk.answer()
        assert (desk.running, desk.queue.waiting) == (workers, 9 - workers)
        await desk.answer_all()
        assert sorted(desk.served) == list(range(10))

    run(scenario())


def test_a_full_queue_refuses_at_once() -> None:
    async def scenario() -> None:
        desk = Desk(FairQueue(capacity=2, per_user=2))
        for user in (ANNE, BRUNO, CHLOE):
            await desk.ask(user)
        with pytest.raises(BusyError, match="ask again in a moment") as refused:
            await (await desk.ask(4))
        assert refused.value.reason == "queue_full"
        assert isinstance(refused.value, BotError)
        await desk.answer()
        await desk.ask(4)
        await desk.answer_all()
        assert desk.served == [ANNE, BRUNO, CHLOE, 4]

    run(scenario())


def test_a_full_line_refuses_its_user_alone() -> None:
    async def scenario() -> None:
        desk = Desk(FairQueue(capacity=10, per_user=2))
        for _ in range(3):
            await desk.ask(ANNE)
        with pytest.raises(BusyError, match="wait for their answers") as refused:
            await (await desk.ask(ANNE))
        assert refused.value.reason == "line_full"
        await desk.ask(BRUNO)
        await desk.answer_all()
        assert desk.served == [ANNE, ANNE, BRUNO, ANNE]

    run(scenario())


def test_a_cancelled_question_leaves_its_place_to_the_next() -> None:
    async def scenario() -> None:
        desk = Desk(FairQueue(capacity=3, per_user=2))
        await desk.ask(ANNE)
        leaving = await desk.ask(BRUNO)
        await desk.ask(CHLOE)
        await desk.ask(CHLOE)
        leaving.cancel()
        await settle()
        assert (leaving.cancelled(), desk.queue.waiting) == (True, 2)
        await desk.ask(ANNE)
        await desk.answer_all()
        assert desk.served == [ANNE, CHLOE, ANNE, CHLOE]

    run(scenario())


def test_a_question_cancelled_as_the_turn_ends_does_not_cost_its_user_the_next_turn() -> None:
    async def scenario() -> None:
        desk = Desk(FairQueue(capacity=5, per_user=5))
        await desk.ask(ANNE)
        leaving = await desk.ask(BRUNO)
        await desk.ask(BRUNO)
        await desk.ask(CHLOE)
        leaving.cancel()
        await desk.answer_all()
        assert desk.served == [ANNE, BRUNO, CHLOE]
        assert desk.queue.waiting == 0

    run(scenario())


def test_a_turn_that_comes_to_a_question_being_cancelled_passes_on() -> None:
    async def scenario() -> None:
        queue = FairQueue(capacity=5, per_user=5)
        served: list[int] = []

        async def ask(user: int) -> None:
            async with queue.turn(user):
                served.append(user)

        async with queue.turn(ANNE):
            leaving, staying = asyncio.create_task(ask(BRUNO)), asyncio.create_task(ask(CHLOE))
            await settle()
        leaving.cancel()  # its turn has come, and it has not yet run
        await asyncio.gather(leaving, staying, return_exceptions=True)
        assert (leaving.cancelled(), served) == (True, [CHLOE])
        assert await queue.drain(0)

    run(scenario())


def test_a_turn_that_fails_or_is_cancelled_passes_on() -> None:
    async def scenario() -> None:
        desk = Desk(FairQueue(capacity=2, per_user=1))

        async def fail() -> None:
            async with desk.queue.turn(ANNE):
                await desk.ask(BRUNO)
                raise OSError("disque plein")

        with pytest.raises(OSError, match="disque plein"):
            await fail()
        await settle()
        assert desk.served == [BRUNO]
        running = await desk.ask(CHLOE)
        await desk.answer()
        running.cancel()
        await settle()
        async with desk.queue.turn(ANNE):
            assert desk.served == [BRUNO, CHLOE]

    run(scenario())


def test_draining_waits_for_those_who_run_and_those_who_wait() -> None:
    async def scenario() -> None:
        desk = Desk(FairQueue(capacity=5, per_user=5))
        await desk.ask(ANNE)
        await desk.ask(BRUNO)
        draining = asyncio.create_task(desk.queue.drain(timeout=3600))
        await settle()
        with pytest.raises(BusyError, match="about to stop") as refused:
            await (await desk.ask(CHLOE))
        assert refused.value.reason == "stopping"
        await desk.answer()
        assert not draining.done()
        await desk.answer()
        assert await draining
        assert desk.served == [ANNE, BRUNO]

    run(scenario())


def test_draining_tells_when_time_is_up() -> None:
    async def scenario() -> None:
        desk = Desk(FairQueue(capacity=1, per_user=1))
        await desk.ask(ANNE)
        assert not await desk.queue.drain(timeout=0)
        await desk.answer_all()
        assert await desk.queue.drain(timeout=0)

    run(scenario())


def test_an_idle_queue_is_drained_at_once() -> None:
    async def scenario() -> None:
        assert await FairQueue(capacity=1, per_user=1).drain(timeout=0)

    run(scenario())


@pytest.mark.parametrize(("capacity", "per_user", "workers"), [(-1, 1, 1), (1, -1, 1), (1, 1, 0)])
def test_a_queue_without_room_or_worker_is_refused(capacity: int, per_user: int, workers: int) -> None:
    with pytest.raises(ValueError, match="at least"):
        FairQueue(capacity, per_user, workers)


@given(st.lists(st.integers(0, 4), max_size=30), st.integers(1, 3))
def test_nobody_is_served_twice_while_another_waits_for_a_first_turn(users: list[int], workers: int) -> None:
    async def scenario() -> None:
        desk = Desk(FairQueue(capacity=30, per_user=30, workers=workers))
        for user in users:
            await desk.ask(user)
        await desk.answer_all()
        assert Counter(desk.served) == Counter(users)
        queued = desk.served[workers:]  # those before found nobody waiting
        left = Counter(users[workers:])
        # in each round, everybody who still waits is served once, in the order of arrival
        everybody = list(dict.fromkeys(users[workers:]))
        rounds: list[int] = []
        while left.total():
            turn = [user for user in everybody if left[user]]
            rounds += turn
            left -= Counter(turn)
        assert queued == rounds

    run(scenario())


@given(st.lists(st.tuples(st.sampled_from(["ask", "answer", "cancel"]), st.integers(0, 3)), max_size=40))
def test_no_turn_is_lost_whatever_is_asked_answered_and_cancelled(steps: list[tuple[str, int]]) -> None:
    async def scenario() -> None:
        desk = Desk(FairQueue(capacity=6, per_user=3, workers=2))
        waiting: list[asyncio.Task[None]] = []
        for step, user in steps:
            if step == "ask":
                served = len(desk.served)
                task = await desk.ask(user)
                if task.done():
                    assert isinstance(task.exception(), BusyError)
                elif len(desk.served) == served:
                    waiting.append(task)
            elif step == "answer" and desk.running:
                await desk.answer()
            elif step == "cancel" and waiting:
                waiting.pop(user % len(waiting)).cancel()  # one that has its turn gives it back
                await settle()
            assert desk.running == 2 or desk.queue.waiting == 0
        await desk.answer_all()
        assert await desk.queue.drain(0)
        assert desk.queue.waiting == 0

    run(scenario())
