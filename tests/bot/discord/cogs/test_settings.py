from pathlib import Path

import discord
import pytest
from simcord import InteractionResult, MemberActor

from bot.config import BotSettings
from bot.discord.rules import ChannelRules, GuildRules
from bot.messages import say
from tests.bot.discord.conftest import SIMULATED, Server

pytestmark = [pytest.mark.slow, pytest.mark.simcord(**SIMULATED)]


@pytest.fixture
def seeds(tmp_path: Path) -> Path:
    folder = tmp_path / "articles"
    folder.mkdir()
    return folder


@pytest.fixture
def settings(seeds: Path, tmp_path: Path, seed_index: Path) -> BotSettings:
    return BotSettings(seeds_dir=seeds, index_dir=seed_index, data_dir=tmp_path / "data")


@pytest.fixture
def moderator(server: Server) -> MemberActor:
    role = server.guild.create_role("Modération", permissions=discord.Permissions(manage_guild=True))
    return server.guild.add_member(server.env.create_user("modération"), roles=[role])


def content(result: InteractionResult) -> str:
    assert result.response is not None
    return result.response.content


async def test_a_channel_is_added_and_removed(server: Server, moderator: MemberActor) -> None:
    shown = await moderator.slash(server.channel, "babillard channel", channel=server.channel, answers=True)
    assert server.rules.guild_rules(server.guild.id).channels == {server.channel.id}
    assert shown.ephemeral
    assert f"Channels: {server.channel.mention}" in content(shown)
    await moderator.slash(server.channel, "babillard channel", channel=server.channel, answers=False)
    assert server.rules.guild_rules(server.guild.id).channels == set()


async def test_a_role_is_added(server: Server, moderator: MemberActor) -> None:
    role = server.guild.create_role("Membres")
    await moderator.slash(server.channel, "babillard role", role=role, **{"may-ask": True})
    assert server.rules.guild_rules(server.guild.id).roles == {role.id}


async def test_limits_change_one_at_a_time(server: Server, moderator: MemberActor) -> None:
    await moderator.slash(server.channel, "babillard limits", daily=12)
    rules = server.rules.guild_rules(server.guild.id)
    assert (rules.cooldown_seconds, rules.daily_questions) == (0, 12)


async def test_language_and_threads_of_a_channel(server: Server, moderator: MemberActor) -> None:
    await moderator.slash(server.channel, "babillard threads", channel=server.channel, use=True)
    shown = await moderator.slash(server.channel, "babillard language", language="fr", channel=server.channel)
    assert server.rules.channel_rules(server.guild.id, server.channel.id) == ChannelRules(threads=True, language="fr")
    assert f"{server.channel.mention}: threads yes, language French" in content(shown)


async def test_the_channel_of_people_is_set_and_unset(server: Server, moderator: MemberActor) -> None:
    await moderator.slash(server.channel, "babillard help-channel", channel=server.channel)
    assert server.rules.guild_rules(server.guild.id).help_channel == server.channel.id
    await moderator.slash(server.channel, "babillard help-channel")
    assert server.rules.guild_rules(server.guild.id).help_channel is None


async def test_the_language_goes_back_to_the_default(server: Server, moderator: MemberActor) -> None:
    await moderator.slash(server.channel, "babillard language", language="fr")
    assert server.rules.guild_rules(server.guild.id).language == "fr"
    await moderator.slash(server.channel, "babillard language", language="auto")
    assert server.rules.guild_rules(server.guild.id).language is None


async def test_a_collection_is_chosen_for_the_server_and_for_a_channel(
    server: Server, moderator: MemberActor, seeds: Path
) -> None:
    for name in ("cuisine", "jardin"):
        (seeds / f"@{name}").mkdir()
    shown = await moderator.slash(server.channel, "babillard collection", name="cuisine")
    assert "Collection: cuisine" in content(shown)
    await moderator.slash(server.channel, "babillard collection", name="jardin", channel=server.channel)
    assert server.rules.collection(server.guild.id, server.channel.id) == "jardin"
    assert server.rules.collection(server.guild.id, 9) == "cuisine"
    await moderator.slash(server.channel, "babillard collection")
    assert server.rules.guild_rules(server.guild.id).collection == ""


async def test_a_collection_that_there_is_not_is_refused_with_those_that_there_are(
    server: Server, moderator: MemberActor, seeds: Path
) -> None:
    (seeds / "@cuisine").mkdir()
    shown = await moderator.slash(server.channel, "babillard collection", name="voisins")
    assert "Collections: cuisine." in content(shown)
    assert server.rules.guild_rules(server.guild.id).collection == ""


async def test_teachers_are_added_and_removed(server: Server, moderator: MemberActor) -> None:
    role = server.guild.create_role("Bénévoles")
    shown = await moderator.slash(server.channel, "babillard teachers", role=role, **{"may-teach": True})
    assert server.rules.guild_rules(server.guild.id).teachers == {role.id}
    assert f"<@&{role.id}>" in content(shown)


async def test_reset_forgets_all(server: Server, moderator: MemberActor) -> None:
    server.rules.change_guild(server.guild.id, daily_questions=1)
    server.rules.change_channel(server.guild.id, server.channel.id, threads=True)
    shown = await moderator.slash(server.channel, "babillard reset")
    assert server.rules.guild_rules(server.guild.id) == GuildRules()
    assert server.rules.all_channel_rules(server.guild.id) == {}
    assert "One question every 3 s for each person, 500 a day" in content(shown)


async def test_a_channel_and_a_role_that_are_deleted_leave_the_rules(server: Server) -> None:
    here, role = server.channel.id, server.guild.create_role("Membres")
    chosen = frozenset({role.id})
    server.rules.change_guild(
        server.guild.id, channels=frozenset({here}), roles=chosen, help_channel=here, teachers=chosen
    )
    server.rules.change_channel(server.guild.id, here, threads=True)
    guild = server.client.get_guild(server.guild.id)
    assert guild is not None
    await guild.get_channel(here).delete()  # type: ignore[union-attr]
    await guild.get_role(role.id).delete()  # type: ignore[union-attr]
    await server.env.settle()
    assert server.rules.guild_rules(server.guild.id) == GuildRules(cooldown_seconds=0)
    assert server.rules.all_channel_rules(server.guild.id) == {}


@pytest.mark.simcord(**SIMULATED, check_errors=False)
async def test_rules_that_cannot_be_kept_are_said(server: Server, moderator: MemberActor) -> None:
    server.rules.close()
    shown = await moderator.slash(server.channel, "babillard limits", daily=12)
    assert content(shown).startswith("I could not answer")


async def test_a_member_does_not_see_the_settings(server: Server) -> None:
    commands = server.alice.available_commands(server.channel)
    assert "ask" in commands
    assert not [name for name in commands if name.startswith("babillard") or name == "rebuild"]


@pytest.mark.simcord(**SIMULATED, check_errors=False)
@pytest.mark.usefixtures("french_interface")
@pytest.mark.parametrize("name", ["babillard show", "babillard reset", "rebuild"])
async def test_a_member_who_is_shown_the_commands_may_not_use_them(server: Server, name: str) -> None:
    server.rules.change_guild(server.guild.id, daily_questions=12)
    for command in await server.client.tree.fetch_commands():
        server.guild.set_command_permissions(command, {server.alice: True})
    shown = await server.alice.slash(server.channel, name)
    assert (shown.ephemeral, content(shown)) == (True, say("no_permission", "fr"))
    assert server.rules.guild_rules(server.guild.id).daily_questions == 12
