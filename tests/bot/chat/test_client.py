import logging
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from bot.chat import client as client_module
from bot.chat.budget import Budget, Limits
from bot.chat.circuit import MAX_FAILURES
from bot.chat.client import ChatClient
from bot.chat.prompts import Message
from bot.chat.providers import MAX_TOKENS, open_model
from bot.errors import ChatUnavailableError
from tests.bot.chat.conftest import KEY, Connect
from tests.llm.server import Drop, Reply, Stall, Status

PROMPT = [Message("system", "Réponds."), Message("human", "Où est le traversier\u202f?")]
GOOD = Reply("À Lévis, «\u00a0au bord de l’eau\u00a0»\u202f! [1]")


@pytest.fixture(autouse=True)
def short_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client_module, "_BACK_OFF", lambda state: 0.01)


def test_it_returns_what_the_model_says_to_the_last_character(connect: Connect) -> None:
    server, client = connect(GOOD)
    completion = client.complete(PROMPT, client.allow(None), 500)
    assert completion.text == GOOD.text
    assert not completion.is_cut
    assert [m["content"] for m in server.requests[0]["messages"]] == ["Réponds.", "Où est le traversier\u202f?"]


def test_it_tells_the_whole_text_at_each_piece(connect: Connect) -> None:
    _, client = connect(Reply("un deux trois"))
    told: list[str] = []
    client.complete(PROMPT, client.allow(None), 500, told.append)
    assert list(dict.fromkeys(filter(None, told))) == ["un", "un deux", "un deux trois"]


@pytest.mark.parametrize("fault", [Status(429), Status(500), Status(503), Drop("À Lé"), Reply("À Lé", finish=None)])
def test_a_fault_that_passes_is_tried_again(fault: Status | Drop | Reply, connect: Connect) -> None:
    server, client = connect(fault, GOOD)
    assert client.complete(PROMPT, client.allow(None), 500).text == GOOD.text
    assert len(server.requests) == 2


@pytest.mark.parametrize("status", [400, 401, 403, 404, 422])
def test_a_refusal_is_not_tried_again_and_says_no_word_of_the_key(
    status: int, connect: Connect, caplog: pytest.LogCaptureFixture
) -> None:
    server, client = connect(Status(status), GOOD)
    with caplog.at_level(logging.DEBUG, "bot"), pytest.raises(ChatUnavailableError) as raised:
        client.complete(PROMPT, client.allow(None), 500)
    assert raised.value.reason == "refused"
    assert str(status) in str(raised.value)
    assert KEY in server.keys[0]
    assert KEY not in str(raised.value) + caplog.text
    assert len(server.requests) == 1


def test_a_fault_that_lasts_is_given_up(connect: Connect) -> None:
    server, client = connect(Status(500))
    with pytest.raises(ChatUnavailableError) as raised:
        client.complete(PROMPT, client.allow(None), 500)
    assert raised.value.reason == "unavailable"
    assert len(server.requests) == client_module.TRIES


def test_a_server_that_asks_for_more_time_than_there_is_is_not_waited_for(connect: Connect) -> None:
    server, client = connect(Status(429, {"Retry-After": "60"}), GOOD, seconds=2)
    with pytest.raises(ChatUnavailableError) as raised:
        client.complete(PROMPT, client.allow(None), 500)
    assert raised.value.reason == "unavailable"
    assert len(server.requests) == 1


def test_no_server_at_all_is_a_fault_that_passes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:9/v1")  # nobody listens on the port of "discard"
    client = ChatClient("openai:x", open_model("openai:x", 5), 5, Budget(tmp_path / "budget.sqlite3", Limits()))
    with pytest.raises(ChatUnavailableError, match="no connection") as raised:
        client.complete(PROMPT, client.allow(None), 500)
    assert raised.value.reason == "unavailable"


@pytest.mark.parametrize("stalling", [Stall(), Stall("À Lévis")])
def test_a_stream_that_stalls_ends_at_the_deadline(stalling: Stall, connect: Connect) -> None:
    server, client = connect(stalling, seconds=0.4)
    with pytest.raises(ChatUnavailableError) as raised:
        client.complete(PROMPT, client.allow(None), 500)
    assert raised.value.reason == "timeout"
    assert len(server.requests) == 1


def test_a_stream_that_drips_ends_at_the_deadline_though_each_piece_is_in_time(connect: Connect) -> None:
    _, client = connect(Reply("goutte " * 50, pause=0.1), seconds=0.5)
    with pytest.raises(ChatUnavailableError) as raised:
        client.complete(PROMPT, client.allow(None), 5_000)
    assert raised.value.reason == "timeout"


def test_an_endless_reply_is_left_at_the_limit(connect: Connect) -> None:
    _, client = connect(Reply("encore " * 2_000))
    completion = client.complete(PROMPT, client.allow(None), 100)
    assert 100 <= len(completion.text) < 120
    assert completion.is_cut


@pytest.mark.parametrize("finish", ["length", "content_filter"])
def test_a_reply_that_was_cut_says_so(finish: str, connect: Connect) -> None:
    _, client = connect(Reply("À Lévis, au", finish=finish))
    assert client.complete(PROMPT, client.allow(None), 500).is_cut


def test_a_model_that_fails_in_a_row_is_left_alone(connect: Connect) -> None:
    server, client = connect(Status(401))
    for _ in range(MAX_FAILURES + 2):
        with pytest.raises(ChatUnavailableError):
            client.complete(PROMPT, client.allow(None), 500)
    assert len(server.requests) == MAX_FAILURES


def test_what_was_used_counts_as_the_server_tells_it_or_by_length(connect: Connect) -> None:
    _, client = connect(Reply("À Lévis.", usage=(1_000, 50)), Reply("À Lévis." * 30, usage=None), limits=Limits(5_000))
    client.complete(PROMPT, client.allow(7), 500)
    assert client._budget.used(7) == (1_000, 50)
    client.complete(PROMPT, client.allow(7), 500)
    tokens_in, tokens_out = client._budget.used(7)
    assert (tokens_in, tokens_out) == (1_000 + sum(len(m.content) for m in PROMPT) // 3, 50 + 80)
    assert (client.usage.tokens, sum(client.usage.failures.values())) == ((tokens_in, tokens_out), 0)


def test_what_failed_counts_too(connect: Connect) -> None:
    _, client = connect(Stall("À Lévis, au bord de l’eau"), seconds=0.4, limits=Limits(5_000))
    with pytest.raises(ChatUnavailableError):
        client.complete(PROMPT, client.allow(7), 500)
    tokens_in, tokens_out = client._budget.used(7)
    assert tokens_in > 0
    assert tokens_out > 0
    assert (client.usage.tokens, client.usage.failures["timeout"]) == ((tokens_in, tokens_out), 1)


def test_without_a_limit_there_is_no_file_and_yet_a_count(connect: Connect) -> None:
    _, client = connect(Reply("À Lévis.", usage=(1_000, 50)))
    client.complete(PROMPT, client.allow(7), 500)
    assert (client.usage.tokens, client._budget.used(7)) == ((1_000, 50), (0, 0))


def test_a_budget_that_is_used_up_refuses_before_anything_is_sent(connect: Connect) -> None:
    server, client = connect(Reply("À Lévis.", usage=(1_000, 50)), limits=Limits(1_000))
    client.complete(PROMPT, client.allow(7), 500)
    with pytest.raises(ChatUnavailableError) as raised:
        client.complete(PROMPT, client.allow(7), 500)
    assert raised.value.reason == "budget"
    assert (len(server.requests), client.usage.failures["budget"]) == (1, 1)
    assert client.complete(PROMPT, client.allow(8), 500).text == "À Lévis."  # of another server


def test_a_budget_that_cannot_be_read_is_not_spent(
    connect: Connect, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    server, client = connect(GOOD, limits=Limits(5_000))
    (tmp_path / "budget.sqlite3").write_bytes(b"rien d'une base" * 1_000)
    with pytest.raises(ChatUnavailableError) as raised:
        client.complete(PROMPT, client.allow(7), 500)
    assert raised.value.reason == "budget"
    assert server.requests == []
    assert "the budget cannot be read" in caplog.text


def test_a_budget_that_cannot_be_written_loses_no_answer(
    connect: Connect, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    def spoil(body: object) -> Reply:
        (tmp_path / "budget.sqlite3").write_bytes(b"rien d'une base" * 1_000)
        return GOOD

    _, client = connect(spoil, limits=Limits(5_000))
    assert client.complete(PROMPT, client.allow(7), 500).text == GOOD.text
    assert "the budget cannot be written" in caplog.text


def test_a_call_counts_while_it_is_made(connect: Connect) -> None:
    seen: list[tuple[int, int]] = []

    def look(body: object) -> Reply:
        seen.append(client._budget.used(7))
        return Reply("À Lévis.", usage=(1_000, 50))

    _, client = connect(look, limits=Limits(5_000))
    client.complete(PROMPT, client.allow(7), 500)
    assert seen == [(sum(len(m.content) for m in PROMPT) // 3, MAX_TOKENS)]
    assert client._budget.used(7) == (1_000, 50)


def test_many_threads_share_one_client(connect: Connect) -> None:
    server, client = connect(
        lambda body: Reply(body["messages"][-1]["content"], usage=(10, 1)), limits=Limits(1_000_000)
    )

    def ask(n: int) -> str:
        return client.complete([Message("human", f"question {n}")], client.allow(n % 2), 500).text

    with ThreadPoolExecutor(8) as threads:
        assert list(threads.map(ask, range(40))) == [f"question {n}" for n in range(40)]
    assert (client._budget.used(0), client._budget.used(1)) == ((200, 20), (200, 20))
    assert len(server.requests) == 40


def test_a_stream_that_was_left_ends_its_thread(connect: Connect) -> None:
    _, client = connect(Reply("goutte " * 50, pause=0.05), seconds=0.2)
    with pytest.raises(ChatUnavailableError):
        client.complete(PROMPT, client.allow(None), 5_000)
    ends = time.monotonic() + 5
    while any(thread.name == "chat-model" for thread in threading.enumerate()):
        assert time.monotonic() < ends
        time.sleep(0.02)
