"""The bot as it is shipped, in a process of its own, over real HTTP and a real websocket."""

import json
import re
import socket
import sys
import urllib.request
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from benchmarks.loopback import interactions
from benchmarks.loopback.harness import BotProcess, bot_process
from benchmarks.loopback.server import TOKEN, LoopbackDiscord
from bot.answering.answer import Question
from bot.answering.plain import plain_text
from bot.discord.rules_store import RulesStore
from bot.factory import Bot
from tests.conftest import SEEDS

pytestmark = [pytest.mark.slow, pytest.mark.asyncio(loop_scope="module")]

PATIENCE = 600.0
"""Seconds for whatever has to come: the tests wait for events, and on a busy machine these take long."""

COMMAND = (sys.executable, "-m", "bot", "discord")
FRENCH = "Combien d’abonnés Netflix compte-t-il au Canada\u202f?"
QUOTE = "sept millions d’abonnés au Canada"


@pytest.fixture(scope="module")
def environment(seed_index: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    data = tmp_path_factory.mktemp("wire")
    return {
        "DISCORD_TOKEN": TOKEN,
        "SEEDS_DIR": str(SEEDS),
        "INDEX_DIR": str(seed_index),
        "DATA_DIR": str(data),
        "HEALTH_PORT": str(port),
    }


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def server() -> AsyncIterator[LoopbackDiscord]:
    async with LoopbackDiscord() as server:
        yield server


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def bot(server: LoopbackDiscord, environment: dict[str, str]) -> AsyncIterator[BotProcess]:
    async with bot_process(COMMAND, server, **environment) as bot:
        await bot.ready(PATIENCE)
        await bot.logged('"event": "ready"', PATIENCE)
        yield bot


@pytest.fixture(autouse=True)
def patient_discord(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a first response to an interaction take longer than Discord's 3 s."""
    monkeypatch.setattr(interactions, "FIRST_RESPONSE_SECONDS", PATIENCE)


@pytest.fixture(autouse=True)
def no_cooldown(environment: dict[str, str], server: LoopbackDiscord) -> None:
    """Let one person ask as often as the tests do."""
    with RulesStore(Path(environment["DATA_DIR"]) / "guilds.sqlite3") as rules:
        rules.change_guild(int(server.world.guild_id), cooldown_seconds=0)


def shown(message: dict[str, object]) -> str:
    """Return what a reader sees: the backslashes are Discord's, and so are the stars of what is bold."""
    return str(message["content"]).replace("\\", "").replace("**", "")


async def test_it_asks_for_no_privileged_intent(server: LoopbackDiscord, bot: BotProcess) -> None:
    intents = server.identifies[0].body["intents"]
    assert intents & ((1 << 1) | (1 << 8) | (1 << 15)) == 0  # members, presences, message content


async def test_a_mention_is_answered(server: LoopbackDiscord, bot: BotProcess) -> None:
    question = server.send_message(server.general, server.alice, FRENCH, mentions_bot=True)
    assert QUOTE in shown((await server.answer_to(question, PATIENCE)).message)


async def test_ask_is_deferred_then_answered(server: LoopbackDiscord, bot: BotProcess) -> None:
    interaction = server.slash("ask", {"question": FRENCH}, server.alice, locale="fr")
    assert (await server.response_to(interaction, PATIENCE)).body["type"] == 5
    message = (await server.answer_to(interaction, PATIENCE)).message
    assert QUOTE in shown(message)


async def test_a_button_shows_the_sources(server: LoopbackDiscord, bot: BotProcess) -> None:
    question = server.send_message(server.general, server.alice, FRENCH, mentions_bot=True)
    message = (await server.answer_to(question, PATIENCE)).message
    custom_id = next(
        button["custom_id"]
        for row in message["components"]
        for button in row["components"]
        if ":sources:" in button["custom_id"]
    )
    pressed = server.press(custom_id, message, server.alice)
    assert "[1] Netflix veut un bureau au Canada" in shown((await server.answer_to(pressed, PATIENCE)).message)


async def test_a_rate_limit_is_waited_out_and_answered_once(server: LoopbackDiscord, bot: BotProcess) -> None:
    server.fail_next("POST", "/channels/*/messages", status=429, retry_after=0.2)
    question = server.send_message(server.general, server.alice, FRENCH, mentions_bot=True)
    assert QUOTE in shown((await server.answer_to(question, PATIENCE)).message)


@pytest.mark.parametrize("status", [500, 503])
async def test_a_server_that_fails_is_tried_again(server: LoopbackDiscord, bot: BotProcess, status: int) -> None:
    server.fail_next("POST", "/channels/*/messages", status=status, times=2)
    question = server.send_message(server.general, server.alice, FRENCH, mentions_bot=True)
    assert QUOTE in shown((await server.answer_to(question, PATIENCE)).message)


async def test_an_answer_whose_receipt_was_lost_is_posted_once(server: LoopbackDiscord, bot: BotProcess) -> None:
    before = len(server.world.messages)
    server.drop_next("POST", "/channels/*/messages", after=True)
    question = server.send_message(server.general, server.alice, FRENCH, mentions_bot=True)
    assert QUOTE in shown((await server.answer_to(question, PATIENCE)).message)
    await bot.logged("trying again", PATIENCE)
    second = server.send_message(server.general, server.alice, FRENCH, mentions_bot=True)
    await server.answer_to(second, PATIENCE)
    assert len(server.world.messages) == before + 4  # two questions, two answers


@pytest.mark.parametrize("code", [10015, 50027])
async def test_an_interaction_that_expired_is_answered_in_the_channel(
    server: LoopbackDiscord, bot: BotProcess, code: int
) -> None:
    since = len(server.records)
    interaction = server.slash("ask", {"question": FRENCH}, server.alice, locale="fr")
    await server.response_to(interaction, PATIENCE)
    server.expire(interaction, code)
    posted = await server.wait_for("POST /channels/*/messages", PATIENCE, since)
    assert QUOTE in shown(posted.message)


async def test_a_deferral_whose_receipt_was_lost_is_answered_in_its_place(
    server: LoopbackDiscord, bot: BotProcess
) -> None:
    server.drop_next("POST", "/interactions/*/*/callback", after=True)
    interaction = server.slash("ask", {"question": FRENCH}, server.alice, locale="fr")
    assert QUOTE in shown((await server.answer_to(interaction, PATIENCE)).message)
    await bot.logged("not acknowledged", PATIENCE)


async def test_what_was_asked_while_the_connection_was_away_is_answered(
    server: LoopbackDiscord, bot: BotProcess
) -> None:
    await server.disconnect(resume=True)
    question = server.send_message(server.general, server.alice, FRENCH, mentions_bot=True)
    assert QUOTE in shown((await server.answer_to(question, PATIENCE)).message)
    assert server.resumes


async def test_health_says_that_it_is_ready(bot: BotProcess, environment: dict[str, str]) -> None:
    with urllib.request.urlopen(f"http://127.0.0.1:{environment['HEALTH_PORT']}/health", timeout=PATIENCE) as response:
        state = json.load(response)
    assert (state["ready"], state["guilds"], state["waiting"]) == (True, 1, 0)


async def test_metrics_count_what_was_asked_and_name_nobody(
    server: LoopbackDiscord, bot: BotProcess, environment: dict[str, str]
) -> None:
    question = server.send_message(server.general, server.alice, FRENCH, mentions_bot=True)
    await server.answer_to(question, PATIENCE)
    with urllib.request.urlopen(f"http://127.0.0.1:{environment['HEALTH_PORT']}/metrics", timeout=PATIENCE) as response:
        text = response.read().decode()
    [answered] = re.findall(r'^babillard_questions_total{language="fr",outcome="answered"} (\S+)$', text, re.MULTILINE)
    assert float(answered) >= 1
    assert "\nbabillard_discord_connected 1.0\n" in text
    assert not [
        number for number in (server.alice["id"], server.general["id"], server.world.guild_id) if str(number) in text
    ]


async def test_the_log_is_json_and_holds_no_question_and_no_token(bot: BotProcess) -> None:
    assert [json.loads(line)["level"] for line in bot.log.splitlines()]
    assert "abonnés" not in bot.log
    assert TOKEN not in bot.log


async def test_sigterm_ends_it_once_the_answer_is_given(server: LoopbackDiscord, environment: dict[str, str]) -> None:
    async with LoopbackDiscord() as other, bot_process(COMMAND, other, **environment | {"HEALTH_PORT": "0"}) as bot:
        await bot.ready(PATIENCE)
        await bot.logged('"event": "ready"', PATIENCE)
        question = other.send_message(other.general, other.alice, FRENCH, mentions_bot=True)
        await other.wait_for("POST /channels/*/typing", PATIENCE)
        status = await bot.stop(PATIENCE)
        assert status == 0
        assert QUOTE in shown((await other.answer_to(question, 1)).message)


async def test_commands_that_did_not_change_are_not_sent_again(environment: dict[str, str]) -> None:
    async with LoopbackDiscord() as other:
        for _ in range(2):
            async with bot_process(COMMAND, other, **environment | {"HEALTH_PORT": "0"}) as bot:
                await bot.ready(PATIENCE)
                assert await bot.stop(PATIENCE) == 0
        assert len(other.matching("PUT /applications/*/commands")) == 1


async def test_commands_that_are_refused_do_not_stop_the_bot(environment: dict[str, str], tmp_path: Path) -> None:
    changed = environment | {"HEALTH_PORT": "0", "DATA_DIR": str(tmp_path)}
    async with LoopbackDiscord() as other:
        other.fail_next("PUT", "/applications/*/commands", status=403, json_code=50001)
        async with bot_process(COMMAND, other, **changed) as bot:
            await bot.ready(PATIENCE)
            await bot.logged("commands not sent", PATIENCE)
            assert await bot.stop(PATIENCE) == 0


async def test_in_its_own_thread_it_says_once_that_it_cannot_read(
    server: LoopbackDiscord, bot: BotProcess, environment: dict[str, str]
) -> None:
    with RulesStore(Path(environment["DATA_DIR"]) / "guilds.sqlite3") as rules:
        rules.change_channel(int(server.world.guild_id), int(server.general["id"]), threads=True)
    server.send_message(server.general, server.alice, FRENCH, mentions_bot=True)
    opened = (await server.wait_for("POST /channels/*/messages/*/threads", PATIENCE)).answer
    await server.wait_for(f"POST /channels/{opened['id']}/messages", PATIENCE)
    server.send_message(opened, server.alice, "Et dans le monde\u202f?")
    hint = await server.wait_for(f"POST /channels/{opened['id']}/messages", PATIENCE)
    assert "mentionnez-moi" in shown(hint.message)
    with RulesStore(Path(environment["DATA_DIR"]) / "guilds.sqlite3") as rules:
        rules.change_channel(int(server.world.guild_id), int(server.general["id"]), threads=None)


async def test_a_discord_that_refuses_at_first_is_tried_again(environment: dict[str, str]) -> None:
    async with LoopbackDiscord() as other:
        other.fail_next("GET", "/users/@me", status=503, times=1)
        async with bot_process(COMMAND, other, **environment | {"HEALTH_PORT": "0"}) as bot:
            await bot.ready(PATIENCE)
            await bot.logged("starting again", PATIENCE)
            assert await bot.stop(PATIENCE) == 0


async def test_a_wrong_token_is_said_in_one_line(environment: dict[str, str]) -> None:
    changed = environment | {"HEALTH_PORT": "0", "DISCORD_TOKEN": "MTIz.wrong.token"}
    async with LoopbackDiscord() as other, bot_process(COMMAND, other, **changed) as bot:
        assert await bot.wait(PATIENCE) == 1
    assert bot.log.splitlines()[-1].startswith("babillard: Discord refuses the token: set DISCORD_TOKEN")


async def test_an_intent_that_is_refused_is_said_in_one_line(environment: dict[str, str]) -> None:
    changed = environment | {"HEALTH_PORT": "0", "MESSAGE_CONTENT": "true"}
    async with LoopbackDiscord() as other:
        other.refuse_intents()
        async with bot_process(COMMAND, other, **changed) as bot:
            assert await bot.wait(PATIENCE) == 1
    assert "enable Message Content Intent" in bot.log.splitlines()[-1]


async def examined(
    server: LoopbackDiscord, environment: dict[str, str], *options: str
) -> tuple[int, dict[str, dict[str, str]]]:
    """Return the exit status of the doctor, and its findings by check."""
    command = (sys.executable, "-m", "bot", "doctor", "--json", *options)
    async with bot_process(command, server, **environment | {"HEALTH_PORT": "0"}) as doctor:
        status = await doctor.wait(PATIENCE)
        assert TOKEN not in doctor.log
        return status, {(found := json.loads(line))["check"]: found for line in doctor.log.splitlines()}


async def test_the_doctor_asks_discord_only_when_told_to(environment: dict[str, str]) -> None:
    async with LoopbackDiscord() as other:
        status, found = await examined(other, environment)
        assert (status, found["discord"]["state"], other.records) == (0, "ok", [])
        status, found = await examined(other, environment, "--online")
        assert (status, found["discord"]["state"]) == (0, "ok")
        assert found["discord"]["said"].startswith("Discord takes the token, of Babillard")
        assert {record.label for record in other.records} == {"GET /users/@me", "GET /oauth2/applications/@me"}


@pytest.mark.parametrize(
    ("method", "said"),
    [
        pytest.param("wrong", "set DISCORD_TOKEN", id="wrong-token"),
        pytest.param("away", "check the network", id="away"),
        pytest.param("intent", "set MESSAGE_CONTENT=false", id="intent"),
    ],
)
async def test_the_doctor_says_what_discord_refuses(environment: dict[str, str], method: str, said: str) -> None:
    changed = environment | {"MESSAGE_CONTENT": "true"}
    async with LoopbackDiscord() as other:
        match method:
            case "wrong":
                changed["DISCORD_TOKEN"] = "MTIz.wrong.token"
            case "away":
                other.fail_next("GET", "/users/@me", status=403)
            case "intent":
                other.refuse_intents()
        status, found = await examined(other, changed, "--online")
    assert (status, found["discord"]["state"]) == (1, "failed")
    assert said in found["discord"]["said"]


async def test_the_same_questions_get_the_same_answers_as_in_the_terminal(
    server: LoopbackDiscord, bot: BotProcess, seed_bot: Bot
) -> None:
    for text in (
        FRENCH,
        "How many offices does Netflix have around the world?",
        "Which Python version does Babillard need?",
    ):
        answer = seed_bot.chain.invoke(Question(text))
        question = server.send_message(server.general, server.alice, text, mentions_bot=True)
        assert shown((await server.answer_to(question, PATIENCE)).message).startswith(plain_text(answer))
