import pytest

from bot.messages import say
from tests.bot.discord.cogs.test_asking import FRENCH
from tests.bot.discord.conftest import SIMULATED, Server

pytestmark = [pytest.mark.slow, pytest.mark.simcord(**SIMULATED)]


async def test_forget_me_says_how_many_rows_went(server: Server) -> None:
    await server.alice.slash(server.channel, "ask", question=FRENCH)
    await server.alice.slash(server.channel, "ask", question=FRENCH)
    await server.bob.slash(server.channel, "ask", question=FRENCH)
    result = await server.alice.slash(server.channel, "forget-me")
    assert result.ephemeral
    assert result.response is not None
    assert result.response.content == "Erased: 2 rows of your questions, votes and messages."
    assert (await server.alice.slash(server.channel, "forget-me")).response.content == "I keep nothing of you."  # type: ignore[union-attr]


async def test_new_ends_the_conversation_of_who_said_so(server: Server) -> None:
    for person in (server.alice, server.bob):
        await person.slash(server.channel, "ask", question=FRENCH)
        await person.slash(server.channel, "ask", question=FRENCH, private=True)
    result = await server.alice.slash(server.channel, "new")
    assert result.ephemeral
    assert result.response is not None
    assert result.response.content == say("new", "en")
    for person, continues in ((server.alice, False), (server.bob, True)):
        for private in (False, True):
            again = await person.slash(server.channel, "ask", question="Et à Rome\u202f?", private=private)
            assert again.response is not None
            assert ("J’ai compris" in again.response.content) is continues


async def test_new_in_a_thread_of_the_bot_ends_the_conversation_of_all_and_they_see_it(server: Server) -> None:
    server.rules.change_channel(server.guild.id, server.channel.id, threads=True)
    await server.alice.send(server.channel, f"{server.mention} {FRENCH}")
    [thread] = server.channel.threads
    result = await server.bob.slash(thread, "new")
    assert not result.ephemeral
    await server.alice.send(thread, f"{server.mention} Et à Rome\u202f?")
    assert "J’ai compris" not in thread.history()[-1].content


@pytest.mark.simcord(**SIMULATED, check_errors=False)
@pytest.mark.usefixtures("french_interface")
async def test_a_journal_that_cannot_be_erased_from_is_said_in_place_of_thinking(server: Server) -> None:
    server.journal.close()
    result = await server.alice.slash(server.channel, "forget-me")
    assert result.response is not None
    assert not result.deferred
    assert result.response.content == say("failed", "fr")
