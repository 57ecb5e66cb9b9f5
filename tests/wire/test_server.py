import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from benchmarks.loopback.harness import BotProcess, bot_process
from benchmarks.loopback.server import TOKEN, LoopbackDiscord

pytestmark = pytest.mark.asyncio(loop_scope="module")

ECHO = (sys.executable, Path(__file__).with_name("echo_bot.py"))


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def server() -> AsyncIterator[LoopbackDiscord]:
    async with LoopbackDiscord() as server:
        yield server


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def bot(server: LoopbackDiscord) -> AsyncIterator[BotProcess]:
    async with bot_process(ECHO, server, DISCORD_TOKEN=TOKEN) as bot:
        await bot.ready()
        yield bot


@pytest.fixture(autouse=True)
def _running(bot: BotProcess) -> None:
    """Let every test have the bot."""


async def test_a_bot_that_starts_logs_in_and_registers_its_commands_before_it_connects(server: LoopbackDiscord) -> None:
    assert [record.label for record in server.records[:5]] == [
        "GET /users/@me",
        "GET /oauth2/applications/@me",
        f"PUT /applications/{server.world.bot['id']}/commands",
        "GET /gateway/bot",
        "HEARTBEAT",
    ]
    assert [(command["name"], command["type"]) for command in server.commands] == [("ask", 1), ("Répéter", 3)]
    assert len(server.identifies) == 1


async def test_a_mention_is_replied_to(server: LoopbackDiscord) -> None:
    question = server.send_message(server.general, server.alice, "L’œuf coûte « 2 $ » ?", mentions_bot=True)
    reply = (await server.answer_to(question)).message
    assert (reply["content"], reply["type"], reply["mentions"][0]["id"]) == (
        "L’œuf coûte « 2 $ » ?",
        19,
        server.alice["id"],
    )


async def test_a_direct_message_is_replied_to(server: LoopbackDiscord) -> None:
    question = server.send_message(server.direct(server.alice), server.alice, "Bonjour")
    assert (await server.answer_to(question)).message["content"] == "Bonjour"


async def test_a_command_is_deferred_then_answered_in_the_place_of_the_deferral(server: LoopbackDiscord) -> None:
    interaction = server.slash("ask", {"question": "Combien ?"}, server.alice, locale="fr")
    first = await server.response_to(interaction)
    answer = await server.answer_to(interaction)
    assert (first.body["type"], answer.message["content"]) == (5, "fr Combien ?")
    assert answer.message["id"] == first.message["id"]


async def test_a_button_changes_its_message(server: LoopbackDiscord) -> None:
    message = (await server.answer_to(server.slash("ask", {"question": "?"}))).message
    answer = await server.answer_to(server.press("again", message))
    assert (answer.body["type"], answer.message["content"], answer.message["id"]) == (7, "Encore !", message["id"])
    with pytest.raises(LookupError, match="again"):
        server.press("again", message)


async def test_an_option_is_completed(server: LoopbackDiscord) -> None:
    completion = await server.response_to(server.slash("ask", {"question": "Comb"}, focused="question"))
    assert [choice["name"] for choice in completion.body["data"]["choices"]] == ["Comb…"]


async def test_a_menu_of_a_message_answers_to_one_person(server: LoopbackDiscord) -> None:
    message = server.send_message(server.general, server.alice, "écho")
    answer = await server.answer_to(server.context_menu("Répéter", message))
    assert (answer.message["content"], answer.message["flags"]) == ("écho", 64)


async def test_a_form_is_filled_in_and_sent(server: LoopbackDiscord) -> None:
    message = server.send_message(server.general, server.alice, "!form")
    form = await server.response_to(server.context_menu("Répéter", message))
    answer = await server.answer_to(server.submit(form.body["data"], {"opinion": "très utile"}))
    assert (form.body["type"], answer.message["content"]) == (9, "Merci : très utile")


async def test_a_thread_is_opened_from_a_message_and_spoken_in(server: LoopbackDiscord) -> None:
    question = server.send_message(server.general, server.alice, "!thread", mentions_bot=True)
    thread = (await server.wait_for("POST /channels/*/messages/*/threads")).answer
    said = await server.wait_for(f"POST /channels/{thread['id']}/messages")
    assert (thread["id"], thread["type"], said.message["content"]) == (question["id"], 11, "Ici.")
    inside = server.send_message(thread, server.alice, "Et là ?", mentions_bot=True)
    assert (await server.answer_to(inside)).message["content"] == "Et là ?"


async def test_a_file_comes_with_its_message(server: LoopbackDiscord) -> None:
    question = server.send_message(server.general, server.alice, "!file", mentions_bot=True)
    reply = await server.answer_to(question)
    assert (reply.files, reply.message["attachments"][0]["filename"]) == (("bot.py",), "bot.py")


async def test_a_reply_that_was_rate_limited_is_sent_once(server: LoopbackDiscord) -> None:
    server.fail_next("POST", f"/channels/{server.general['id']}/messages", status=429, retry_after=0.1)
    question = server.send_message(server.general, server.alice, "vite", mentions_bot=True)
    limited = await server.wait_for(lambda record: record.status == 429)
    reply = await server.answer_to(question)
    assert reply.time - limited.time >= 0.1
    assert len(_replies_to(server, question["id"])) == 1


@pytest.mark.parametrize("after", [False, True])
async def test_a_reply_whose_connection_was_dropped_and_is_sent_again_exists_once(
    server: LoopbackDiscord, bot: BotProcess, after: bool
) -> None:
    server.drop_next("POST", "/channels/*/messages", after=after)
    question = server.send_message(server.general, server.alice, f"perdu {after}", mentions_bot=True)
    dropped = await server.wait_for(lambda record: record.method == "POST" and record.status == 0)
    reply = await server.answer_to(question)
    assert dropped.body == reply.body
    assert len(_replies_to(server, question["id"])) == 1
    await bot.logged("sending again after ServerDisconnectedError")


async def test_what_was_missed_is_replayed_when_the_session_resumes(server: LoopbackDiscord) -> None:
    await server.disconnect(resume=True)
    missed = [server.send_message(server.general, server.alice, f"manqué {n}", mentions_bot=True) for n in range(3)]
    assert (await server.wait_for("RESUME")).body["session_id"] == server.gateway.sessions[-1].id
    replies = [(await server.answer_to(question)).message["content"] for question in missed]
    assert replies == ["manqué 0", "manqué 1", "manqué 2"]


async def test_a_connection_that_was_cut_is_resumed(server: LoopbackDiscord) -> None:
    sessions = len(server.identifies)
    server.cut()
    question = server.send_message(server.general, server.alice, "coupé", mentions_bot=True)
    await server.wait_for("RESUME")
    assert (await server.answer_to(question)).message["content"] == "coupé"
    assert len(server.identifies) == sessions


async def test_an_invalid_session_is_begun_anew(server: LoopbackDiscord) -> None:
    sessions, mark = len(server.identifies), len(server.records)
    await server.disconnect(resume=False)
    await server.wait_for("IDENTIFY", since=mark)
    question = server.send_message(server.general, server.alice, "nouveau", mentions_bot=True)
    await server.answer_to(question)
    assert len(server.identifies) == sessions + 1


async def test_a_server_that_comes_back_after_an_outage_is_found_again(
    server: LoopbackDiscord, bot: BotProcess
) -> None:
    mark = len(server.records)
    async with server.outage():
        await bot.logged("Attempting a reconnect for shard ID 0")
    await server.wait_for("IDENTIFY", since=mark)
    question = server.send_message(server.general, server.alice, "revenu", mentions_bot=True)
    assert (await server.answer_to(question)).message["content"] == "revenu"


async def test_heartbeats_are_counted(server: LoopbackDiscord, monkeypatch: pytest.MonkeyPatch) -> None:
    before, mark = server.heartbeats, len(server.records)
    monkeypatch.setattr(server.gateway, "heartbeat_interval", 0.05)
    await server.disconnect(resume=True)
    for _ in range(3):
        await server.wait_for("HEARTBEAT", since=mark)
    assert server.heartbeats >= before + 3


@pytest.mark.parametrize(("code", "status"), [(50027, 401), (10015, 404), (10062, 404)])
async def test_an_answer_after_the_token_expired_is_refused(
    server: LoopbackDiscord, bot: BotProcess, code: int, status: int
) -> None:
    interaction = server.slash("ask", {"question": "Trop tard ?"})
    await server.response_to(interaction)
    server.expire(interaction, code)
    await bot.logged(f"too late: {status} {code}")
    [refused] = server.matching(f"POST /webhooks/*/{interaction.token}")
    assert (refused.status, refused.answer["code"]) == (status, code)


async def test_a_message_that_is_too_long_is_refused(server: LoopbackDiscord, bot: BotProcess) -> None:
    server.send_message(server.general, server.alice, "!long", mentions_bot=True)
    refused = await server.wait_for(lambda record: record.status == 400)
    assert (refused.answer["code"], list(refused.answer["errors"])) == (50035, ["content"])
    await bot.logged("In content: Must be between 0 and 2000 in length.")


async def test_a_process_that_ends_before_it_is_ready_shows_its_log(server: LoopbackDiscord) -> None:
    async with bot_process([sys.executable, "-c", "raise SystemExit('no token')"], server) as broken:
        with pytest.raises(RuntimeError, match="status 1:\nno token"):
            await broken.ready()


async def test_sigterm_ends_the_bot(bot: BotProcess) -> None:
    assert await bot.stop() == 0


def _replies_to(server: LoopbackDiscord, message_id: str) -> list[str]:
    """The texts of the messages that reply to one."""
    return [
        message["content"]
        for message in server.world.messages.values()
        if message.get("message_reference", {}).get("message_id") == message_id
    ]
