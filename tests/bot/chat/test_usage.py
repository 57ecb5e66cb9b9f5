from concurrent.futures import ThreadPoolExecutor

from bot.chat.usage import REASONS, Usage


def test_every_reason_is_there_from_the_start() -> None:
    assert (Usage().tokens, Usage().failures) == ((0, 0), dict.fromkeys(REASONS, 0))


def test_threads_lose_no_count() -> None:
    usage = Usage()

    def use(_: int) -> None:
        usage.add(3, 1)
        usage.fail("timeout")

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(use, range(400)))
    assert (usage.tokens, usage.failures["timeout"]) == ((1_200, 400), 400)
