from pathlib import Path

import discord
import pytest

from bot.config import BotSettings
from bot.messages import say
from tests.bot.discord.cogs.test_asking import FRENCH
from tests.bot.discord.conftest import Server
from tests.processes import REPOSITORY

pytestmark = [pytest.mark.slow, pytest.mark.simcord(shard_count=1, settle_timeout=60.0)]


@pytest.fixture
def settings(tmp_path: Path) -> BotSettings:
    """Seeds and an index of their own, which a test may rebuild."""
    seeds = tmp_path / "seeds"
    seeds.mkdir()
    (seeds / "œuvre.md").write_text("# L’œuvre\n\nElle coûte 3,5\u00a0M$ à Québec.", encoding="utf-8")
    return BotSettings(seeds_dir=seeds, index_dir=tmp_path / "index", data_dir=tmp_path / "data")


async def test_forget_me_says_how_many_rows_went(server: Server) -> None:
    await server.alice.slash(server.channel, "ask", question=FRENCH)
    await server.alice.slash(server.channel, "ask", question=FRENCH)
    await server.bob.slash(server.channel, "ask", question=FRENCH)
    result = await server.alice.slash(server.channel, "forget-me")
    assert result.ephemeral
    assert result.response is not None
    assert result.response.content == "Erased: 2 rows of your questions and votes."
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
    server.guilds.change_channel(server.guild.id, server.channel.id, threads=True)
    await server.alice.send(server.channel, f"{server.mention} {FRENCH}")
    [thread] = server.channel.threads
    result = await server.bob.slash(thread, "new")
    assert not result.ephemeral
    await server.alice.send(thread, f"{server.mention} Et à Rome\u202f?")
    assert "J’ai compris" not in thread.history()[-1].content


@pytest.fixture(autouse=True)
def project_on_the_path(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the process of a rebuild find the project, from whatever folder the tests run in."""
    monkeypatch.setenv("PYTHONPATH", str(REPOSITORY))


async def test_an_administrator_rebuilds(server: Server, settings: BotSettings) -> None:
    role = server.guild.create_role("Admin", permissions=discord.Permissions(administrator=True))
    admin = server.guild.add_member(server.env.create_user("admin"), roles=[role])
    result = await admin.slash(server.channel, "rebuild")
    assert result.response is not None
    assert result.response.content.startswith("The index is up to date: 1 articles, 1 passages, 0 files skipped")


async def test_a_rebuild_that_fails_says_why(server: Server, settings: BotSettings) -> None:
    for path in settings.seeds_dir.iterdir():
        path.unlink()
    role = server.guild.create_role("Admin", permissions=discord.Permissions(administrator=True))
    admin = server.guild.add_member(server.env.create_user("admin"), roles=[role])
    result = await admin.slash(server.channel, "rebuild")
    assert result.response is not None
    assert result.response.content.startswith("The index was not rebuilt, the old one still serves: ")
