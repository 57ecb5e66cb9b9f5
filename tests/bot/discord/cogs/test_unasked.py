"""Answers that nobody asked the bot for: where they were chosen, where they are sure, and how they are taken away."""

from dataclasses import replace
from pathlib import Path

import discord
import pytest
from simcord import ChannelHandle, MemberActor

from bot.answering.answer import Answer, Question
from bot.answering.readers.shipped import load_similarity_reader
from bot.config import BotSettings
from bot.discord.unasked import SURE
from bot.factory import Bot
from bot.messages import say
from tests.bot.discord.cogs.test_asking import FRENCH, UNANSWERED, plain, replies
from tests.bot.discord.conftest import SIMULATED, FixedLive, Server
from tests.bot.discord.forums import create_forum, open_post, said_by_the_bot
from tests.bot.discord.test_buttons import buttons
from tests.bot.fakes import ScriptedChain
from tests.conftest import SEEDS

pytestmark = [pytest.mark.slow, pytest.mark.simcord(**SIMULATED)]

STATEMENT = "Netflix compte sept millions d’abonnés au Canada."


@pytest.fixture
def settings(tmp_path: Path, seed_index: Path) -> BotSettings:
    return BotSettings(seeds_dir=SEEDS, index_dir=seed_index, data_dir=tmp_path / "data", message_content=True)


@pytest.fixture
def chosen(server: Server) -> Server:
    """A server whose channel chose it, and a bot that is as sure as it must be."""
    server.rules.change_channel(server.guild.id, server.channel.id, unasked=True)
    let_it_be_sure(server, SURE)
    return server


def let_it_be_sure(server: Server, confidence: float) -> None:
    """Let each answer have this confidence; the chain refuses what is below the least that is asked for."""
    chain = server.live.current.chain

    def ask(question: Question) -> Answer:
        found = chain.invoke(replace(question, least=0.0))
        if found.citations and confidence < question.least:
            return replace(found, citations=(), abstention="no_evidence", confidence=confidence)
        return replace(found, confidence=confidence) if found.citations else found

    server.live.current = replace(server.live.current, chain=ScriptedChain(ask))


def press(message: discord.Message, label: str) -> str:
    (button,) = [one for one in buttons(message) if one.label == label]
    return str(button.custom_id)


async def test_a_moderator_chooses_it(server: Server) -> None:
    role = server.guild.create_role("Modération", permissions=discord.Permissions(manage_guild=True))
    moderator = server.guild.add_member(server.env.create_user("modération"), roles=[role])
    told = await moderator.slash(server.channel, "babillard unasked", channel=server.channel, use=True)
    assert told.response is not None
    assert "unasked: yes" in told.response.content
    assert server.rules.channel_rules(server.guild.id, server.channel.id).unasked
    await moderator.slash(server.channel, "babillard unasked", channel=server.channel, use=False)
    assert server.rules.all_channel_rules(server.guild.id) == {}


class TestOtherReader:
    @pytest.fixture
    def live(self, seed_bot: Bot) -> FixedLive:
        return FixedLive(replace(seed_bot, reader=load_similarity_reader()))

    async def test_it_cannot_be_chosen_where_the_reader_is_never_sure_enough(self, server: Server) -> None:
        role = server.guild.create_role("Modération", permissions=discord.Permissions(manage_guild=True))
        moderator = server.guild.add_member(server.env.create_user("modération"), roles=[role])
        told = await moderator.slash(server.channel, "babillard unasked", channel=server.channel, use=True)
        assert told.response is not None
        assert told.response.content.startswith(say("unasked_reader", "en"))
        assert server.rules.all_channel_rules(server.guild.id) == {}


class TestChannel:
    async def test_a_question_is_answered_in_reply_with_two_buttons(self, chosen: Server) -> None:
        asked = await chosen.alice.send(chosen.channel, FRENCH)
        [reply] = replies(chosen)
        assert reply.reference is not None
        assert reply.reference.message_id == asked.id
        assert "sept millions" in plain(reply.content)
        assert reply.content.endswith(f"-# {say('unasked_note', 'fr')}")
        assert [button.label for button in buttons(reply)] == [say("unasked_helped", "fr"), say("unasked_not", "fr")]
        assert chosen.journal.question(1, chosen.guild.id) == Question(FRENCH, "fr")

    async def test_it_is_off_by_default(self, server: Server) -> None:
        let_it_be_sure(server, 1.0)
        await server.alice.send(server.channel, FRENCH)
        assert replies(server) == []

    async def test_without_the_span_reader_nothing_is_sure(self, chosen: Server) -> None:
        chosen.live.current = replace(chosen.live.current, reader=load_similarity_reader())
        await chosen.alice.send(chosen.channel, FRENCH)
        assert replies(chosen) == []

    @pytest.mark.parametrize("text", [UNANSWERED, STATEMENT, "Bonjour\u202f!", "Merci\u202f?", "…\u202f?"])
    async def test_what_is_not_answered_or_asks_nothing_meets_silence(self, chosen: Server, text: str) -> None:
        await chosen.alice.send(chosen.channel, text)
        assert replies(chosen) == []
        assert chosen.journal.question(1, chosen.guild.id) is None

    async def test_below_the_threshold_nothing_is_said_or_recorded(self, chosen: Server) -> None:
        let_it_be_sure(chosen, SURE - 0.01)
        await chosen.alice.send(chosen.channel, FRENCH)
        assert replies(chosen) == []
        assert chosen.journal.question(1, chosen.guild.id) is None

    async def test_what_others_are_asked_is_left_to_them(self, chosen: Server) -> None:
        said = await chosen.bob.send(chosen.channel, STATEMENT)
        await chosen.alice.send(chosen.channel, f"{chosen.bob.mention} {FRENCH}")
        await chosen.alice.send(chosen.channel, FRENCH, reply_to=said)
        assert replies(chosen) == []

    async def test_bots_and_webhooks_are_ignored(self, chosen: Server) -> None:
        robot = chosen.guild.add_member(chosen.env.create_user("robot", bot=True))
        await robot.send(chosen.channel, FRENCH)
        await chosen.guild.create_webhook(chosen.channel, "nouvelles").send(FRENCH)
        assert replies(chosen) == []

    async def test_a_mention_is_answered_once_and_as_ever(self, chosen: Server) -> None:
        await chosen.alice.send(chosen.channel, f"{chosen.mention} {FRENCH}")
        [reply] = replies(chosen)
        assert len(buttons(reply)) > 2

    async def test_a_reply_to_the_answer_follows_it_up(self, chosen: Server) -> None:
        await chosen.alice.send(chosen.channel, FRENCH)
        await chosen.alice.send(chosen.channel, "Et dans le monde\u202f?", reply_to=replies(chosen)[-1])
        assert "J’ai compris" in replies(chosen)[-1].content

    async def test_the_rules_of_the_server_hold_in_silence(self, chosen: Server) -> None:
        role, other = chosen.guild.create_role("Bénévoles"), chosen.guild.create_text_channel("ailleurs")
        for rules in ({"roles": frozenset({role.id})}, {"channels": frozenset({other.id})}):
            chosen.rules.change_guild(chosen.guild.id, **rules)
            await chosen.alice.send(chosen.channel, FRENCH)
            assert replies(chosen) == []
            chosen.rules.change_guild(chosen.guild.id, roles=frozenset(), channels=frozenset())
        chosen.rules.change_guild(chosen.guild.id, daily_questions=1)
        await chosen.alice.send(chosen.channel, FRENCH)
        await chosen.bob.send(chosen.channel, FRENCH)
        assert len(replies(chosen)) == 1

    async def test_what_is_not_answered_counts_against_no_limit(self, chosen: Server) -> None:
        chosen.rules.change_guild(chosen.guild.id, daily_questions=1, cooldown_seconds=600)
        await chosen.alice.send(chosen.channel, UNANSWERED)
        await chosen.alice.send(chosen.channel, FRENCH)
        assert len(replies(chosen)) == 1

    @pytest.mark.simcord(**SIMULATED, check_errors=False)
    async def test_a_fault_is_told_to_nobody(self, chosen: Server) -> None:
        chosen.live.break_down(RuntimeError("cassé"))
        await chosen.alice.send(chosen.channel, FRENCH)
        assert replies(chosen) == []

    async def test_the_answer_goes_with_its_question(self, chosen: Server) -> None:
        asked = await chosen.alice.send(chosen.channel, FRENCH)
        await chosen.alice.delete(asked)
        assert replies(chosen) == []


class TestButtons:
    async def test_this_helped_is_a_vote(self, chosen: Server) -> None:
        await chosen.alice.send(chosen.channel, FRENCH)
        [reply] = replies(chosen)
        told = await chosen.bob.click(reply, custom_id=press(reply, say("unasked_helped", "fr")))
        assert told.response is not None
        assert told.response.content == say("vote_up", "en")
        assert told.ephemeral
        assert chosen.journal.votes(1) == (1, 0)

    async def test_not_this_of_the_asker_takes_the_answer_away_and_says_nothing(self, chosen: Server) -> None:
        await chosen.alice.send(chosen.channel, FRENCH)
        [reply] = replies(chosen)
        await chosen.env.restart_bot(chosen.started_again())  # the buttons carry all that they need
        told = await chosen.alice.click(reply, custom_id=press(reply, say("unasked_not", "fr")))
        assert replies(chosen) == []
        assert told.response is None or not told.response.content
        assert chosen.journal.votes(1) == (0, 1)

    async def test_not_this_of_somebody_else_is_a_vote_alone(self, chosen: Server) -> None:
        await chosen.alice.send(chosen.channel, FRENCH)
        [reply] = replies(chosen)
        await chosen.bob.click(reply, custom_id=press(reply, say("unasked_not", "fr")))
        assert len(replies(chosen)) == 1
        assert chosen.journal.votes(1) == (0, 1)


class TestForum:
    @pytest.fixture
    async def forum(self, server: Server) -> ChannelHandle:
        forum = await create_forum(server, "entraide")
        server.rules.change_channel(server.guild.id, forum.id, unasked=True)
        let_it_be_sure(server, SURE)
        return forum

    async def test_a_new_post_is_answered_once_by_its_title_and_text(
        self, server: Server, forum: ChannelHandle
    ) -> None:
        post = await open_post(server, forum, server.alice, FRENCH, "Je n’ai rien trouvé là-dessus.")
        [reply] = said_by_the_bot(server, post)
        assert "sept millions" in plain(reply.content)
        for person in (server.alice, server.bob):
            await person.send(post, FRENCH)
        assert len(said_by_the_bot(server, post)) == 1

    async def test_a_post_elsewhere_is_left_alone(self, server: Server, forum: ChannelHandle) -> None:
        other = await create_forum(server, "bavardages")
        post = await open_post(server, other, server.alice, FRENCH, FRENCH)
        assert said_by_the_bot(server, post) == []

    async def test_a_thread_of_a_channel_is_left_alone(self, chosen: Server, forum: ChannelHandle) -> None:
        thread = chosen.env.backend.create_thread(chosen.channel.id, "Un fil", chosen.alice.id)
        await chosen.env.settle()
        here = ChannelHandle(chosen.env, chosen.guild, thread)
        person: MemberActor = chosen.alice
        await person.send(here, FRENCH)
        assert said_by_the_bot(chosen, here) == []
