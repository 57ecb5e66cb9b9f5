"""What channels say, from the moderator's choice to the asker's answer, and what becomes of it."""

from collections.abc import Iterator
from pathlib import Path

import discord
import pytest
from simcord import ChannelHandle, InteractionResult, MemberActor
from simcord.backend.models import Overwrite
from simcord.enums import OverwriteType

from bot.config import BotSettings
from bot.discord.following import AGAIN_SECONDS, QUIET_SECONDS
from bot.live import LiveBot
from bot.messages import say
from index.build import build_index
from index.layers import server_layer
from index.model.embedding import TextEmbeddings
from tests.bot.discord.cogs.test_asking import plain, replies
from tests.bot.discord.conftest import SIMULATED, Server
from tests.bot.discord.forums import close_post, create_forum, open_post, said_by_the_bot, tag_post

pytestmark = [pytest.mark.slow, pytest.mark.simcord(**SIMULATED)]

QUESTION, ANSWER = "Quel est le mot de passe du wifi\u202f?", "Le mot de passe du wifi est «\u00a0tournesol\u00a0»."
HALL = "La salle des fêtes se réserve à l’accueil, au moins dix jours avant la date. Elle compte 80 places."
READ_ONLY = discord.PermissionOverwrite(send_messages=False)


@pytest.fixture
def settings(tmp_path: Path, bundled: TextEmbeddings) -> BotSettings:
    seeds = tmp_path / "articles"
    seeds.mkdir()
    (seeds / "salle.md").write_text(f"# La salle des fêtes\n\n{HALL}\n", encoding="utf-8")
    data, index = tmp_path / "data", tmp_path / "index"
    build_index(seeds, index, bundled)
    return BotSettings(seeds_dir=seeds, index_dir=index, data_dir=data, message_content=True)


@pytest.fixture
def live(settings: BotSettings, bundled: TextEmbeddings) -> Iterator[LiveBot]:
    live = LiveBot(settings, bundled)
    yield live
    live.close()


@pytest.fixture
def moderator(server: Server) -> MemberActor:
    allowed = discord.Permissions(manage_guild=True, manage_messages=True)
    role = server.guild.create_role("Modération", permissions=allowed)
    return server.guild.add_member(server.env.create_user("modération"), roles=[role])


@pytest.fixture
def info(server: Server) -> ChannelHandle:
    return server.guild.create_text_channel("infos")


@pytest.fixture
def announcements(server: Server, moderator: MemberActor) -> ChannelHandle:
    """A channel where moderators alone write."""
    everyone, staff = server.guild.default_role, server.guild.roles["Modération"]
    allowed = discord.PermissionOverwrite(send_messages=True)
    assert server.client.user is not None
    overwrites = {everyone: READ_ONLY, staff: allowed, server.client.user: allowed}
    return server.guild.create_text_channel("annonces", overwrites=overwrites)  # type: ignore[arg-type] # of three kinds


async def choose(server: Server, moderator: MemberActor, channel: ChannelHandle, *, use: bool = True) -> str:
    """Choose a source, or stop it, and let what follows come about; return what the moderator is told."""
    told: InteractionResult = await moderator.slash(server.channel, "babillard source", channel=channel, use=use)
    await later(server)
    assert told.response is not None
    return told.response.content


async def later(server: Server, seconds: float = QUIET_SECONDS) -> None:
    """Let so many seconds pass until the next reading, and what follows come about."""
    for passing in (seconds, QUIET_SECONDS):
        await server.env.advance_time(passing)
        await server.env.settle()


async def answer(server: Server, question: str = QUESTION) -> str:
    await server.alice.send(server.channel, f"{server.mention} {question}")
    return plain(replies(server)[-1].content)


async def pinned(server: Server, moderator: MemberActor, channel: ChannelHandle, text: str) -> discord.Message:
    message = await server.bob.send(channel, text)
    await moderator.set_pinned(message, True)
    return message


def kept(server: Server) -> list[str]:
    return [message.text for message in server.channels.store.messages(server.guild.id)]


class TestPins:
    async def test_a_pin_is_quoted_with_its_link_and_the_channel_is_told(
        self, server: Server, moderator: MemberActor, info: ChannelHandle
    ) -> None:
        message = await pinned(server, moderator, info, ANSWER)
        await server.bob.send(info, "Le mot de passe de la cave est «\u00a0violette\u00a0».")
        assert f"{info.mention}: threads no" in await choose(server, moderator, info)
        [told] = said_by_the_bot(server, info)
        assert told.content == f"{say('told_pins', 'fr')}\n{say('told_pins', 'en')}"
        found = await answer(server)
        assert "tournesol" in found
        assert message.jump_url in found
        assert "infos" in found
        assert kept(server) == [ANSWER]

    async def test_nothing_is_read_before_it_was_chosen(
        self, server: Server, moderator: MemberActor, info: ChannelHandle
    ) -> None:
        await pinned(server, moderator, info, ANSWER)
        await later(server)
        assert kept(server) == []
        assert "tournesol" not in await answer(server)

    async def test_what_is_edited_unpinned_and_deleted_follows(
        self, server: Server, moderator: MemberActor, info: ChannelHandle
    ) -> None:
        message = await pinned(server, moderator, info, ANSWER)
        other = await pinned(server, moderator, info, "La clé de la cave est chez Mme Œuvrard.")
        await choose(server, moderator, info)
        await server.bob.edit(message, "Le mot de passe du wifi est «\u00a0pivoine\u00a0».")
        await later(server)
        assert "pivoine" in await answer(server)
        await moderator.set_pinned(message, False)
        await later(server)
        assert "pivoine" not in await answer(server)
        await server.bob.delete(other)
        assert kept(server) == []  # at once
        await later(server)
        assert not server_layer(server.client._settings, server.guild.id).index.exists()

    async def test_a_burst_of_edits_is_built_once(
        self, server: Server, moderator: MemberActor, info: ChannelHandle, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        message = await pinned(server, moderator, info, ANSWER)
        await choose(server, moderator, info)
        built: list[int] = []
        publish = server.channels.publish

        def counted(guild: int) -> None:
            built.append(guild)
            publish(guild)

        monkeypatch.setattr(server.channels, "publish", counted)
        for number in range(5):
            await server.bob.edit(message, f"{ANSWER} Version {number}.")
        await later(server)
        assert built == [server.guild.id]
        assert kept(server) == [f"{ANSWER} Version 4."]
        await later(server, AGAIN_SECONDS)
        assert len(built) == 1

    async def test_a_source_that_is_given_up_is_forgotten(
        self, server: Server, moderator: MemberActor, info: ChannelHandle
    ) -> None:
        await pinned(server, moderator, info, ANSWER)
        await choose(server, moderator, info)
        await choose(server, moderator, info, use=False)
        assert kept(server) == []
        assert "tournesol" not in await answer(server)

    async def test_a_reset_forgets_all_sources(
        self, server: Server, moderator: MemberActor, info: ChannelHandle
    ) -> None:
        await pinned(server, moderator, info, ANSWER)
        await choose(server, moderator, info)
        await moderator.slash(server.channel, "babillard reset")
        assert kept(server) == []

    async def test_what_changed_while_the_bot_was_away_is_read_at_its_start(
        self, server: Server, moderator: MemberActor, info: ChannelHandle
    ) -> None:
        message = await pinned(server, moderator, info, ANSWER)
        await choose(server, moderator, info)
        server.env.backend.messages[info.id][message.id].content = "Le wifi n’a plus de mot de passe."  # no event
        await server.env.restart_bot(server.started_again())
        await later(server)
        assert kept(server) == ["Le wifi n’a plus de mot de passe."]

    async def test_a_channel_that_not_all_see_any_more_is_forgotten(
        self, server: Server, moderator: MemberActor, info: ChannelHandle
    ) -> None:
        await pinned(server, moderator, info, ANSWER)
        await choose(server, moderator, info)
        deny = discord.Permissions(view_channel=True).value
        overwrites = [Overwrite(server.guild.default_role.id, OverwriteType.ROLE, deny=deny)]
        server.env.backend.edit_channel(info.id, {}, overwrites=overwrites)
        await server.env.settle()
        await later(server)
        assert kept(server) == []

    async def test_who_asks_to_be_forgotten_is_left_out_from_then_on(
        self, server: Server, moderator: MemberActor, info: ChannelHandle
    ) -> None:
        await pinned(server, moderator, info, ANSWER)
        await choose(server, moderator, info)
        told = await server.bob.slash(server.channel, "forget-me")
        assert told.response is not None
        assert told.response.content.endswith(say("left_out", "en"))
        await pinned(server, moderator, info, "La clé de la cave est chez Mme Œuvrard.")
        await later(server)
        assert kept(server) == []
        assert "tournesol" not in await answer(server)

    async def test_nobody_is_named(self, server: Server, moderator: MemberActor, info: ChannelHandle) -> None:
        text = (
            f"{ANSWER} Merci à {server.alice.mention}, demandez à {server.bob.mention} dans {server.channel.mention}."
        )
        await pinned(server, moderator, info, text)
        await choose(server, moderator, info)
        assert kept(server) == [f"{ANSWER} Merci à @…, demandez à @… dans #questions."]
        found = await answer(server)
        assert "tournesol" in found
        assert not any(name in found for name in ("alice", "bob", str(server.alice.id), str(server.bob.id)))

    async def test_what_discord_fails_to_give_is_read_again(
        self, server: Server, moderator: MemberActor, info: ChannelHandle
    ) -> None:
        await pinned(server, moderator, info, ANSWER)
        server.env.inject_error("GET", f"/channels/{info.id}/messages/pins", status=503)
        await choose(server, moderator, info)
        assert kept(server) == []
        await later(server, AGAIN_SECONDS)
        assert kept(server) == [ANSWER]


class TestRefusals:
    async def test_without_the_intent_the_command_says_how_to_get_it(
        self, server: Server, moderator: MemberActor, info: ChannelHandle
    ) -> None:
        server.client.following.reads_messages = False
        for command in ("source", "unasked"):
            told = await moderator.slash(server.channel, f"babillard {command}", channel=info, use=True)
            assert told.response is not None
            assert told.response.content == f"{say('no_message_content', 'en')} {say('unchanged', 'en')}"
        assert server.rules.all_channel_rules(server.guild.id) == {}
        assert said_by_the_bot(server, info) == []

    async def test_a_channel_that_some_askers_do_not_see_is_not_read(
        self, server: Server, moderator: MemberActor
    ) -> None:
        everyone, members = server.guild.default_role, server.guild.create_role("Membres")
        hidden, shown = discord.PermissionOverwrite(view_channel=False), discord.PermissionOverwrite(view_channel=True)
        assert server.client.user is not None
        overwrites = {everyone: hidden, members: shown, moderator: shown, server.client.user: shown}
        channel = server.guild.create_text_channel("membres", overwrites=overwrites)  # type: ignore[arg-type] # as above
        assert await choose(server, moderator, channel) == (
            f"{say('source_hidden', 'en', channel=channel.mention)} {say('unchanged', 'en')}"
        )
        assert server.rules.sources(server.guild.id) == {}
        await moderator.slash(server.channel, "babillard role", **{"role": members, "may-ask": True})
        await choose(server, moderator, channel)
        assert server.rules.sources(server.guild.id) == {channel.id: "pins"}

    async def test_a_channel_that_cannot_be_told_is_not_read(self, server: Server, moderator: MemberActor) -> None:
        bot = server.client.user
        assert bot is not None
        everyone = server.guild.default_role
        channel = server.guild.create_text_channel("muet", overwrites={everyone: READ_ONLY, bot: READ_ONLY})
        assert say("source_not_told", "en", channel=channel.mention) in await choose(server, moderator, channel)
        assert server.rules.sources(server.guild.id) == {}


class TestAnnouncements:
    async def test_every_message_is_read_and_followed(
        self, server: Server, moderator: MemberActor, announcements: ChannelHandle
    ) -> None:
        first = await moderator.send(announcements, f"## Le wifi\n{ANSWER}")
        await choose(server, moderator, announcements)
        assert server.rules.sources(server.guild.id) == {announcements.id: "messages"}
        [told] = said_by_the_bot(server, announcements)
        assert told.content.startswith(say("told_messages", "fr"))
        [message] = server.channels.store.messages(server.guild.id)  # not what the bot said itself
        assert (message.title, message.text, message.link) == ("Le wifi", ANSWER, first.jump_url)
        await moderator.send(announcements, "La buvette ouvre le 3 mai à 18 h.")
        await later(server)
        assert "3 mai" in await answer(server, "Quand ouvre la buvette ?")
        await moderator.delete(first)
        await later(server)
        assert kept(server) == ["La buvette ouvre le 3 mai à 18 h."]

    async def test_a_channel_that_is_deleted_is_forgotten(
        self, server: Server, moderator: MemberActor, announcements: ChannelHandle
    ) -> None:
        await moderator.send(announcements, ANSWER)
        await choose(server, moderator, announcements)
        server.env.backend.delete_channel(announcements.id)
        await server.env.settle()
        assert kept(server) == []


class TestPosts:
    TITLE = "Le wifi me demande un mot de passe"

    async def test_the_reply_with_the_check_of_its_asker_is_read(self, server: Server, moderator: MemberActor) -> None:
        forum = await create_forum(server, "entraide")
        post = await open_post(server, forum, server.alice, self.TITLE, "Bonjour, quel est-il ?")
        await server.bob.send(post, "Je l’ai déjà demandé, moi aussi.")
        reply = await server.bob.send(post, ANSWER)
        await choose(server, moderator, forum)
        assert server.rules.sources(server.guild.id) == {forum.id: "posts"}
        [told] = [t for t in forum.threads if t.name == "Babillard"]
        assert said_by_the_bot(server, told)[0].content.startswith(say("told_posts", "fr"))
        assert kept(server) == []
        await server.bob.react(reply, "✅")  # who replied is no judge of it
        await later(server)
        assert kept(server) == []
        await server.alice.react(reply, "✅")
        await later(server)
        [message] = server.channels.store.messages(server.guild.id)
        assert (message.title, message.text, message.link) == (self.TITLE, ANSWER, reply.jump_url)
        assert "tournesol" in await answer(server)
        await server.alice.unreact(reply, "✅")
        await later(server)
        assert kept(server) == []

    async def test_the_check_of_a_moderator_counts(self, server: Server, moderator: MemberActor) -> None:
        forum = await create_forum(server, "entraide")
        post = await open_post(server, forum, server.alice, self.TITLE, "Quel est-il ?")
        reply = await server.bob.send(post, ANSWER)
        await choose(server, moderator, forum)
        await moderator.react(reply, "✅")
        await later(server)
        assert kept(server) == [ANSWER]

    async def test_a_tag_lets_the_replies_of_others_be_read(self, server: Server, moderator: MemberActor) -> None:
        forum = await create_forum(server, "entraide")
        post = await open_post(server, forum, server.alice, self.TITLE, "Quel est-il ?", solved=True)
        await server.bob.send(post, ANSWER)
        await server.alice.send(post, "Merci, ça marche !")
        await close_post(server, post)
        await choose(server, moderator, forum)
        assert kept(server) == [ANSWER]
        await tag_post(server, post, solved=False)
        await later(server)
        assert kept(server) == []

    async def test_a_post_that_is_deleted_is_forgotten(self, server: Server, moderator: MemberActor) -> None:
        forum = await create_forum(server, "entraide")
        post = await open_post(server, forum, server.alice, self.TITLE, "Quel est-il ?", solved=True)
        await server.bob.send(post, ANSWER)
        await choose(server, moderator, forum)
        assert kept(server) == [ANSWER]
        server.env.backend.delete_channel(post.id)
        await server.env.settle()
        assert kept(server) == []
