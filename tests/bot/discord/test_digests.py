"""The weekly digest, from the choice of its channel to the lesson of a teacher."""

import asyncio
from collections.abc import Iterator

import discord
import pytest
from simcord import ChannelHandle, MemberActor

from bot.config import BotSettings
from bot.discord.digests import LOOK_SECONDS, WEEK_SECONDS
from bot.discord.lesson_lists import PAGE, digest_list
from bot.discord.lessons import Waiting
from bot.discord.rules_store import Due
from bot.errors import BusyError
from bot.journal.entry import Unanswered
from bot.journal.gaps import Gap
from bot.journal.journal import Journal
from bot.messages import say
from tests.bot.discord.cogs.test_teaching import (
    ANSWER,
    QUESTION,
    answer,
    asked,
    content,
    custom_id,
    fill,
    live,
    moderator,
    settings,
    teach,
)
from tests.bot.discord.conftest import SIMULATED, Server
from tests.bot.journal.asking import NOW, Clock

__all__ = ["live", "moderator", "settings"]  # fixtures

pytestmark = [pytest.mark.slow, pytest.mark.simcord(**SIMULATED)]

OTHER = "Où se trouve le parapluie de tante Ursule\u202f?"


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def journal(settings: BotSettings, clock: Clock) -> Iterator[Journal]:
    with Journal(settings.data_dir / "journal.sqlite3", clock=clock) as journal:
        yield journal


@pytest.fixture
def server(server: Server, clock: Clock) -> Server:
    server.client.digests.clock = clock
    return server


@pytest.fixture
def team(server: Server) -> ChannelHandle:
    return server.guild.create_text_channel("équipe")


async def choose(server: Server, moderator: MemberActor, channel: ChannelHandle) -> str:
    return content(await moderator.slash(server.channel, "babillard digest", channel=channel))


async def choose_and_ask(server: Server, moderator: MemberActor, channel: ChannelHandle) -> None:
    """Choose the channel of the digest, then ask something that nothing answers."""
    await choose(server, moderator, channel)
    await asked(server, QUESTION)


async def pass_a_week(server: Server, clock: Clock, seconds: float = WEEK_SECONDS) -> None:
    """Let the time pass, and the look that comes then."""
    clock.now += seconds
    await server.client.digests.look()
    await server.env.settle()


def told(channel: ChannelHandle) -> list[str]:
    return [message.content.replace("\u202f", " ").replace("\u00a0", " ") for message in channel.history()]


async def test_a_week_after_the_choice_its_channel_is_told_what_waits_for_an_answer(
    server: Server, moderator: MemberActor, team: ChannelHandle, clock: Clock
) -> None:
    await asked(server, "Quelle est la capitale de la Zorglubie\u202f?")
    clock.now += 60
    assert f"Weekly digest: {team.mention}" in await choose(server, moderator, team)
    await asked(server, QUESTION)
    await asked(server, QUESTION)
    await asked(server, OTHER)
    await pass_a_week(server, clock, WEEK_SECONDS - 1)
    assert told(team) == []
    await pass_a_week(server, clock, 1)
    (shown,) = told(team)
    assert f"since <t:{int(clock.now - WEEK_SECONDS)}:D>" in shown
    assert "Different questions: 2. Times they were asked: 3. Answered or closed since: 0." in shown
    assert shown.index("**2** × Quel est le mot de passe du wifi") < shown.index("**1** × Où se trouve le parapluie")
    assert "Zorglubie" not in shown


async def test_what_was_closed_is_counted_and_a_week_without_gaps_is_not_told(
    server: Server, moderator: MemberActor, team: ChannelHandle, clock: Clock
) -> None:
    await choose_and_ask(server, moderator, team)
    await asked(server, OTHER)
    await teach(server, moderator, QUESTION, ANSWER)
    await pass_a_week(server, clock)
    (shown,) = told(team)
    assert "Different questions: 1. Times they were asked: 1. Answered or closed since: 1." in shown
    assert "wifi" not in shown
    await asked(server, "merci beaucoup !")
    await asked(server, "Combien de places compte la salle des fêtes\u202f?")
    await pass_a_week(server, clock)
    assert len(told(team)) == 1


@pytest.mark.simcord(**SIMULATED, check_errors=False)
async def test_a_teacher_answers_from_the_digest_and_nobody_else_can(
    server: Server, moderator: MemberActor, team: ChannelHandle, clock: Clock
) -> None:
    await choose_and_ask(server, moderator, team)
    await pass_a_week(server, clock)
    message = team.history()[-1]
    menu = custom_id(message, "gaps")
    (chosen,) = [option.value for row in message.components for option in row.children[0].options]  # type: ignore[union-attr]
    refused = await server.bob.select(message, [chosen], custom_id=menu)
    assert (refused.modal, content(refused)) == (None, say("not_teacher", "en"))
    form = await moderator.select(message, [chosen], custom_id=menu)
    await fill(moderator, form, answer=ANSWER)
    assert "tournesol" in await answer(server, QUESTION)


async def test_it_speaks_the_language_of_its_channel_or_server_and_pings_nobody(
    server: Server, moderator: MemberActor, team: ChannelHandle, clock: Clock
) -> None:
    await choose(server, moderator, team)
    server.rules.change_guild(server.guild.id, language="fr")
    await asked(server, f"Où est le parapluie de {server.bob.mention} et de @everyone\u202f?")
    await pass_a_week(server, clock)
    assert "Questions restées sans réponse depuis le" in told(team)[-1]
    message = team.history()[-1]
    assert (message.mentions, message.mention_everyone) == ([], False)
    await asked(server, OTHER)
    server.rules.change_channel(server.guild.id, team.id, language="en")
    await pass_a_week(server, clock)
    assert "Questions without an answer since" in told(team)[-1]


async def test_nothing_of_another_server_of_direct_messages_or_of_private_questions_is_told(
    server: Server, moderator: MemberActor, team: ChannelHandle, clock: Clock
) -> None:
    await choose(server, moderator, team)
    there = server.env.create_guild()
    hall = there.create_text_channel("hall")
    spy = there.add_member(server.env.create_user("spy"))
    await spy.send(hall, f"{server.mention} {OTHER}")
    await server.alice.send_dm("Quelle est la capitale de la Zorglubie\u202f?")
    await server.alice.slash(server.channel, "ask", question="Qui dirige la Zorglubie\u202f?", private=True)
    await pass_a_week(server, clock)
    assert told(team) == []
    await asked(server, QUESTION)
    await pass_a_week(server, clock)
    (shown,) = told(team)
    assert "wifi" in shown
    assert "Ursule" not in shown
    assert "Zorglubie" not in shown
    assert not any("Ursule" in text for text in told(hall) if text.startswith("**Questions"))


async def test_a_restart_neither_loses_nor_doubles_a_digest(
    server: Server, moderator: MemberActor, team: ChannelHandle, clock: Clock
) -> None:
    await choose_and_ask(server, moderator, team)
    clock.now += WEEK_SECONDS + 5 * 3_600  # the bot was away when it was due
    await restart(server, clock)
    for _ in range(2):
        await server.client.digests.look()
    await restart(server, clock)
    await server.client.digests.look()
    assert len(told(team)) == 1


async def restart(server: Server, clock: Clock) -> None:
    server.client = server.started_again()
    server.client.digests.clock = clock
    await server.env.restart_bot(server.client)


async def test_what_a_digest_that_did_not_arrive_would_have_told_comes_with_the_next(
    server: Server, moderator: MemberActor, team: ChannelHandle, clock: Clock
) -> None:
    await choose_and_ask(server, moderator, team)
    (due,) = server.rules.digests().values()
    clock.now += WEEK_SECONDS
    assert server.rules.begin_digest(server.guild.id, due, clock.now)  # and then the process is killed
    await pass_a_week(server, clock, 3_600)
    assert told(team) == []
    await asked(server, OTHER)
    await pass_a_week(server, clock)
    (shown,) = told(team)
    assert "wifi" in shown
    assert "Ursule" in shown


async def test_two_processes_post_one_digest(
    server: Server, moderator: MemberActor, team: ChannelHandle, clock: Clock
) -> None:
    await choose_and_ask(server, moderator, team)
    clock.now += WEEK_SECONDS
    await asyncio.gather(server.client.digests.look(), server.client.digests.look())
    assert len(told(team)) == 1


async def test_the_digest_of_a_server_that_another_process_serves_is_left_to_it(server: Server, clock: Clock) -> None:
    server.rules.choose_digest(81384788765712384, 155101607195836416, clock())
    chosen = server.rules.digests()
    await pass_a_week(server, clock)
    assert server.rules.digests() == chosen


async def test_a_channel_that_was_deleted_meanwhile_leaves_the_rules(
    server: Server,
    moderator: MemberActor,
    team: ChannelHandle,
    clock: Clock,
    caplog: pytest.LogCaptureFixture,
) -> None:
    await choose_and_ask(server, moderator, team)
    due = server.rules.digests()[server.guild.id]
    server.rules.change_guild(server.guild.id, digest=None)
    server.rules.choose_digest(server.guild.id, 9, due.begun)  # no such channel
    for _ in range(3):
        await pass_a_week(server, clock)
    assert caplog.text.count("the channel of the digest is gone") == 1
    assert server.rules.digests() == {}
    assert server.rules.guild_rules(server.guild.id).digest is None


async def test_a_channel_that_cannot_be_written_is_told_once_and_again_when_it_can(
    server: Server,
    moderator: MemberActor,
    team: ChannelHandle,
    clock: Clock,
    caplog: pytest.LogCaptureFixture,
) -> None:
    await choose_and_ask(server, moderator, team)
    channel = server.client.get_channel(team.id)
    assert isinstance(channel, discord.TextChannel)
    await channel.set_permissions(channel.guild.me, view_channel=True, send_messages=False)
    await server.env.settle()
    await pass_a_week(server, clock)
    await pass_a_week(server, clock, LOOK_SECONDS)
    assert caplog.text.count("the channel of the digest cannot be written") == 1
    assert told(team) == []
    await channel.set_permissions(channel.guild.me, overwrite=None)
    await server.env.settle()
    await pass_a_week(server, clock, LOOK_SECONDS)
    assert "wifi" in told(team)[0]


async def test_a_channel_where_the_bot_may_not_write_is_refused(server: Server, moderator: MemberActor) -> None:
    denied = {server.client.user: discord.PermissionOverwrite(send_messages=False)}
    closed = server.guild.create_text_channel("fermé", overwrites=denied)  # type: ignore[arg-type] # of two kinds
    refused = await choose(server, moderator, closed)
    assert refused.startswith(say("digest_unwritable", "en", channel=closed.mention))
    assert server.rules.digests() == {}


async def test_without_a_journal_there_is_nothing_to_choose(
    server: Server, moderator: MemberActor, team: ChannelHandle
) -> None:
    server.client.digests._is_recording = False
    refused = await choose(server, moderator, team)
    assert refused.startswith(say("digest_no_journal", "en", channel=team.mention))


async def test_without_a_channel_there_is_no_digest_and_a_new_choice_begins_anew(
    server: Server, moderator: MemberActor, team: ChannelHandle, clock: Clock
) -> None:
    await choose_and_ask(server, moderator, team)
    shown = await moderator.slash(server.channel, "babillard digest")
    assert "Weekly digest: —" in content(shown)
    await pass_a_week(server, clock)
    await choose(server, moderator, team)
    assert server.rules.digests() == {server.guild.id: Due(team.id, clock.now, clock.now)}
    await pass_a_week(server, clock)
    assert told(team) == []


async def test_another_channel_goes_on_where_the_first_ended(
    server: Server, moderator: MemberActor, team: ChannelHandle, clock: Clock
) -> None:
    await choose_and_ask(server, moderator, team)
    clock.now += WEEK_SECONDS - 1
    await choose(server, moderator, server.channel)
    await pass_a_week(server, clock, 1)
    assert told(team) == []
    assert "wifi" in told(server.channel)[-1]


async def test_one_server_that_cannot_be_told_keeps_no_other_from_its_digest(
    server: Server,
    moderator: MemberActor,
    team: ChannelHandle,
    clock: Clock,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    await choose_and_ask(server, moderator, team)
    there = server.env.create_guild()
    server.rules.choose_digest(there.id, there.create_text_channel("hall").id, clock.now)
    post = server.client.digests._post
    faults = [BusyError("queue_full"), RuntimeError("unforeseen")]

    async def fail_there(guild: int, due: Due) -> None:
        if guild == there.id:
            raise faults.pop()
        await post(guild, due)

    monkeypatch.setattr(server.client.digests, "_post", fail_there)
    await pass_a_week(server, clock)
    assert len(told(team)) == 1
    await pass_a_week(server, clock, LOOK_SECONDS)
    assert caplog.text.count("no digest") == 2


async def test_it_is_looked_at_every_hour(
    server: Server, moderator: MemberActor, team: ChannelHandle, clock: Clock
) -> None:
    await choose_and_ask(server, moderator, team)
    clock.now += WEEK_SECONDS
    await server.env.advance_time(LOOK_SECONDS + 1)
    assert len(told(team)) == 1
    clock.now += WEEK_SECONDS
    await asked(server, OTHER)
    await server.env.advance_time(LOOK_SECONDS + 1)
    assert len(told(team)) == 2


def gap(number: int, text: str, count: int = 1) -> Gap:
    return Gap(text, "fr", tuple(Unanswered(number, text, "fr", NOW, "no_evidence") for _ in range(count)))


async def test_a_digest_is_one_message_whatever_was_asked() -> None:
    for text in ("Où\u202f?", "_*~|" * 240, "🦀" * 900):
        waiting = Waiting(tuple(gap(n, text) for n in range(30)), 2, (gap(31, text), gap(32, text)))
        shown, view = digest_list(waiting, NOW.timestamp(), "fr")
        assert len(shown.encode("utf-16-le")) // 2 <= 2_000
        (menu,) = [item.item for item in view.children]  # type: ignore[attr-defined]
        lines = shown.count("×")
        assert len(menu.options) == lines <= PAGE
        assert f"… et {32 - lines} de plus" in shown
