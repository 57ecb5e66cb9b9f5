"""Whichever way a question comes, a refusal is in its language, whatever the language of the interface."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from bot.discord.rules import MAX_COOLDOWN
from bot.errors import BusyError
from bot.message_keys import Key
from bot.messages import say
from index.schema import Language
from tests.bot.discord.cogs.test_asking import ENGLISH, FRENCH, replies
from tests.bot.discord.conftest import SIMULATED, Server

pytestmark = [pytest.mark.slow, pytest.mark.simcord(**SIMULATED)]

Way = Callable[[Server, str], Awaitable[str]]


async def by_mention(server: Server, question: str) -> str:
    await server.alice.send(server.channel, f"{server.mention} {question}")
    return replies(server)[-1].content


async def by_command(server: Server, question: str) -> str:
    return content(await server.alice.slash(server.channel, "ask", question=question))


async def by_menu(server: Server, question: str) -> str:
    message = await server.bob.send(server.channel, question)
    return content(await server.alice.context_menu(server.channel, "Ask about this", message))


async def in_thread(server: Server, question: str) -> str:
    [thread] = server.channel.threads
    await server.alice.send(thread, f"{server.mention} {question}")
    return thread.history()[-1].content


async def in_private(server: Server, question: str) -> str:
    await server.bob.send_dm(question)  # Alice has just asked: three seconds are between two direct messages
    return server.bob.user.dm_channel.history()[-1].content


def content(result: Any) -> str:
    assert result.response is not None
    text: str = result.response.content
    return text


ON_SERVER = [by_mention, by_command, by_menu, in_thread]
EVERYWHERE = [*ON_SERVER, in_private]


@pytest.fixture
async def thread(server: Server) -> None:
    """Let the bot open a thread, where Alice has asked a question."""
    server.rules.change_channel(server.guild.id, server.channel.id, threads=True)
    await server.alice.send(server.channel, f"{server.mention} {FRENCH}")
    server.rules.change_channel(server.guild.id, server.channel.id, threads=False)


@pytest.mark.usefixtures("thread")
@pytest.mark.parametrize(("question", "language"), [(FRENCH, "fr"), (ENGLISH, "en")], ids=["fr", "en"])
class TestRefusals:
    @pytest.mark.parametrize("ask", ON_SERVER)
    async def test_in_the_wrong_channel(self, server: Server, ask: Way, question: str, language: Language) -> None:
        other = server.guild.create_text_channel("ailleurs")
        server.rules.change_guild(server.guild.id, channels=frozenset({other.id}))
        assert await ask(server, question) == say("not_here", language, channels=other.mention)

    @pytest.mark.parametrize("ask", ON_SERVER)
    async def test_with_the_wrong_role(self, server: Server, ask: Way, question: str, language: Language) -> None:
        server.rules.change_guild(server.guild.id, roles=frozenset({server.guild.create_role("Membres").id}))
        assert await ask(server, question) == say("not_you", language)

    @pytest.mark.parametrize("ask", ON_SERVER)
    async def test_too_soon_after_another(self, server: Server, ask: Way, question: str, language: Language) -> None:
        server.rules.change_guild(server.guild.id, cooldown_seconds=MAX_COOLDOWN)
        assert (await ask(server, question)).startswith(say("too_soon", language, seconds="|").partition("|")[0])

    @pytest.mark.parametrize("ask", ON_SERVER)
    async def test_after_the_last_of_the_day(self, server: Server, ask: Way, question: str, language: Language) -> None:
        server.rules.change_guild(server.guild.id, daily_questions=1)
        assert (await ask(server, question)).startswith(say("daily_cap", language, when="|").partition("|")[0])

    @pytest.mark.parametrize(
        ("error", "key"),
        [(BusyError("queue_full"), "busy"), (RuntimeError("bogue"), "failed")],
        ids=["busy", "failure"],
    )
    @pytest.mark.parametrize("ask", EVERYWHERE)
    async def test_when_the_bot_cannot(
        self, server: Server, ask: Way, question: str, language: Language, error: Exception, key: Key
    ) -> None:
        server.live.break_down(error)
        assert await ask(server, question) == say(key, language)


@pytest.mark.usefixtures("thread", "french_interface")
@pytest.mark.parametrize("ask", [by_command, by_menu])
async def test_the_language_of_the_interface_decides_nothing(server: Server, ask: Way) -> None:
    server.live.break_down(RuntimeError("bogue"))
    assert await ask(server, ENGLISH) == say("failed", "en")


@pytest.mark.usefixtures("thread")
async def test_the_language_that_was_chosen_for_the_answer_is_that_of_the_refusal(server: Server) -> None:
    server.live.break_down(RuntimeError("bogue"))
    result = await server.alice.slash(server.channel, "ask", question=ENGLISH, language="fr")
    assert content(result) == say("failed", "fr")
