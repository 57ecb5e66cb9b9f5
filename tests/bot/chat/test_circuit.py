import threading
from contextlib import ExitStack, suppress

import pytest

from bot.chat.circuit import MAX_FAILURES, REST_SECONDS, CircuitBreaker
from bot.errors import ChatUnavailableError


class Clock:
    now = 1_000.0

    def __call__(self) -> float:
        return self.now


def fail(breaker: CircuitBreaker) -> None:
    with suppress(ChatUnavailableError), breaker.guard():
        raise ChatUnavailableError("timeout", "…")


def is_open(breaker: CircuitBreaker) -> bool:
    try:
        with breaker.guard():
            raise KeyboardInterrupt
    except KeyboardInterrupt:
        return False
    except ChatUnavailableError:
        return True


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def opened(clock: Clock) -> CircuitBreaker:
    breaker = CircuitBreaker(clock)
    for _ in range(MAX_FAILURES):
        fail(breaker)
    return breaker


def test_it_opens_after_failures_in_a_row_only(clock: Clock) -> None:
    breaker = CircuitBreaker(clock)
    for _ in range(3):
        for _ in range(MAX_FAILURES - 1):
            fail(breaker)
        with breaker.guard():
            pass
    assert not is_open(breaker)
    for _ in range(MAX_FAILURES):
        fail(breaker)
    assert is_open(breaker)


def test_an_open_one_refuses_until_the_rest_is_over(opened: CircuitBreaker, clock: Clock) -> None:
    clock.now += REST_SECONDS - 1
    assert is_open(opened)
    clock.now += 1
    assert not is_open(opened)


def test_a_probe_that_succeeds_closes_it(opened: CircuitBreaker, clock: Clock) -> None:
    clock.now += REST_SECONDS
    with opened.guard():
        pass
    assert not is_open(opened)


def test_a_probe_that_fails_opens_it_again_for_the_whole_rest(opened: CircuitBreaker, clock: Clock) -> None:
    clock.now += REST_SECONDS
    fail(opened)
    clock.now += REST_SECONDS - 1
    assert is_open(opened)


def test_one_call_at_a_time_is_a_probe(opened: CircuitBreaker, clock: Clock) -> None:
    clock.now += REST_SECONDS
    with opened.guard():
        assert is_open(opened)


def test_a_probe_that_is_interrupted_leaves_its_place_to_the_next(opened: CircuitBreaker, clock: Clock) -> None:
    clock.now += REST_SECONDS
    assert not is_open(opened)  # interrupted
    assert not is_open(opened)


def test_of_many_threads_one_is_the_probe(opened: CircuitBreaker, clock: Clock) -> None:
    clock.now += REST_SECONDS
    inside: list[int] = []
    go, done = threading.Barrier(8), threading.Event()

    def enter(n: int) -> None:
        go.wait()
        with ExitStack() as stack:
            try:
                stack.enter_context(opened.guard())
            except ChatUnavailableError:
                return
            inside.append(n)
            done.wait(5)

    threads = [threading.Thread(target=enter, args=(n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    while sum(thread.is_alive() for thread in threads) > 1:
        pass
    assert len(inside) == 1
    done.set()
    for thread in threads:
        thread.join()
