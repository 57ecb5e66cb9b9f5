"""Teaching in Discord, from the form to the next asker's answer."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import discord
import pytest
from simcord import InteractionResult, MemberActor, ResponseMessage

from bot.config import BotSettings
from bot.live import LiveBot
from bot.messages import say
from index.build import build_index
from index.model.embedding import TextEmbeddings
from tests.bot.discord.cogs.test_asking import plain, replies
from tests.bot.discord.conftest import SIMULATED, Server

pytestmark = [pytest.mark.slow, pytest.mark.simcord(**SIMULATED)]

QUESTION, ANSWER = "Quel est le mot de passe du wifi\u202f?", "Le mot de passe du wifi est «\u00a0tournesol\u00a0»."
HALL = "La salle des fêtes se réserve à l’accueil, au moins dix jours avant la date. Elle compte 80 places."


@pytest.fixture
def settings(tmp_path: Path, bundled: TextEmbeddings) -> BotSettings:
    seeds = tmp_path / "articles"
    seeds.mkdir()
    (seeds / "salle.md").write_text(f"# La salle des fêtes\n\n{HALL}\n", encoding="utf-8")
    settings = BotSettings(seeds_dir=seeds, index_dir=tmp_path / "index", data_dir=tmp_path / "data")
    build_index(seeds, settings.index_dir, bundled)
    return settings


@pytest.fixture
def live(settings: BotSettings, bundled: TextEmbeddings) -> Iterator[LiveBot]:
    live = LiveBot(settings, bundled)
    yield live
    live.close()


@pytest.fixture
def moderator(server: Server) -> MemberActor:
    role = server.guild.create_role("Modération", permissions=discord.Permissions(manage_guild=True))
    return server.guild.add_member(server.env.create_user("modération"), roles=[role])


def content(result: InteractionResult) -> str:
    assert result.response is not None
    return result.response.content


def custom_id(message: discord.Message | ResponseMessage, action: str) -> str:
    """Return the id of the button or the menu that does something."""
    rows: list[Any] = (
        message.components if isinstance(message, ResponseMessage) else [row.to_dict() for row in message.components]
    )
    ids = [str(child.get("custom_id")) for row in rows for child in row["components"]]
    (found,) = [one for one in ids if one.startswith(f"babillard:{action}")]
    return found


def response(result: InteractionResult) -> ResponseMessage:
    assert result.response is not None
    return result.response


async def fill(person: MemberActor, form: InteractionResult, **values: str) -> InteractionResult:
    """Submit a form with what it was filled with, but for some values."""
    assert form.modal is not None
    fields = [label["component"] for label in form.modal["components"]]
    return await person.submit_modal(form, {f["custom_id"]: f.get("value", "") for f in fields} | values)


async def teach(server: Server, teacher: MemberActor, question: str, answer: str) -> InteractionResult:
    form = await teacher.slash(server.channel, "teach")
    return await teacher.submit_modal(form, {"question": question, "answer": answer})


async def asked(server: Server, question: str) -> discord.Message:
    await server.alice.send(server.channel, f"{server.mention} {question}")
    return replies(server)[-1]


async def answer(server: Server, question: str) -> str:
    """Return what a reader sees of the answer."""
    return plain((await asked(server, question)).content)


async def test_what_is_taught_is_the_answer_of_the_next_asker(server: Server, moderator: MemberActor) -> None:
    assert "tournesol" not in await answer(server, QUESTION)
    told = await teach(server, moderator, QUESTION, ANSWER)
    assert response(told).ephemeral
    assert content(told).startswith("Taught: “Quel est le mot de passe du wifi")
    assert "tournesol" in await answer(server, "c'est quoi le mot de passe du wifi ?")


async def test_a_message_is_taught_with_its_link(server: Server, moderator: MemberActor) -> None:
    said = await server.bob.send(server.channel, ANSWER)
    form = await moderator.context_menu(server.channel, "Teach this", said)
    await moderator.submit_modal(form, {"question": QUESTION, "answer": ANSWER})
    (entry,) = server.teaching.store.entries(server.guild.id)
    assert entry.link == said.jump_url
    assert said.jump_url in await answer(server, QUESTION)


@pytest.mark.simcord(**SIMULATED, check_errors=False)
async def test_who_may_not_teach_is_told_so(server: Server) -> None:
    for refused in (
        await server.bob.slash(server.channel, "teach"),
        await server.bob.slash(server.channel, "taught"),
        await server.bob.slash(server.channel, "gaps"),
        await server.bob.context_menu(server.channel, "Teach this", await server.bob.send(server.channel, ANSWER)),
    ):
        assert content(refused) == say("not_teacher", "en")


async def test_a_role_that_was_chosen_may_teach(server: Server) -> None:
    role = server.guild.create_role("Bénévoles")
    server.rules.change_guild(server.guild.id, teachers=frozenset({role.id}))
    helper = server.guild.add_member(server.env.create_user("bénévole"), roles=[role])
    assert content(await teach(server, helper, QUESTION, ANSWER)).startswith("Taught")


async def test_an_abstention_opens_the_form_with_its_question(server: Server, moderator: MemberActor) -> None:
    refused = await asked(server, QUESTION)
    form = await moderator.click(refused, custom_id=custom_id(refused, "teach"))
    assert form.modal is not None
    assert plain(str(form.modal)).count("mot de passe du wifi") == 1
    await fill(moderator, form, answer=ANSWER)
    assert "tournesol" in await answer(server, QUESTION)


async def test_a_vote_down_lets_a_teacher_correct(server: Server, moderator: MemberActor) -> None:
    question = "Combien de places compte la salle des fêtes\u202f?"
    reply = await asked(server, question)
    assert "80 places" in reply.content.replace("**", "")
    noted = response(await moderator.click(reply, custom_id=custom_id(reply, "down")))
    form = await moderator.click(noted, custom_id=custom_id(noted, "teach"))
    told = response(await fill(moderator, form, answer="La salle des fêtes compte 120 places."))
    assert told.content.startswith(say("lesson_rival", "en"))
    assert "80 places" in told.content.replace("**", "")
    await moderator.click(told, custom_id=custom_id(told, "lesson:keep"))
    assert "120 places" in await answer(server, question)


async def test_a_correction_of_what_was_taught_replaces_it(server: Server, moderator: MemberActor) -> None:
    await teach(server, moderator, QUESTION, ANSWER)
    told = response(await teach(server, moderator, QUESTION, "Le mot de passe du wifi est «\u00a0pivoine\u00a0»."))
    assert "tournesol" in told.content
    await moderator.click(told, custom_id=custom_id(told, "lesson:replace"))
    told_now = await answer(server, QUESTION)
    assert "pivoine" in told_now
    assert "tournesol" not in told_now


async def test_a_question_with_signs_is_replaced_too(server: Server, moderator: MemberActor) -> None:
    question = "Que fait `wifi --mdp` quand le mot de passe du *wifi* est perdu\u202f?"
    await teach(server, moderator, question, ANSWER)
    told = response(await teach(server, moderator, question, "Le mot de passe du wifi est «\u00a0pivoine\u00a0»."))
    assert custom_id(told, "lesson:replace")


async def test_a_lesson_that_is_dropped_answers_nothing(server: Server, moderator: MemberActor) -> None:
    await teach(server, moderator, QUESTION, ANSWER)
    told = response(await teach(server, moderator, QUESTION, "Le mot de passe du wifi est «\u00a0pivoine\u00a0»."))
    await server.env.restart_bot(server.started_again())  # the buttons carry all that they need
    await moderator.click(told, custom_id=custom_id(told, "lesson:drop"))
    assert "tournesol" in await answer(server, QUESTION)


async def test_what_was_taught_is_listed_edited_withdrawn_and_restored(server: Server, moderator: MemberActor) -> None:
    await teach(server, moderator, QUESTION, ANSWER)
    (entry,) = server.teaching.store.entries(server.guild.id)
    listed = response(await moderator.slash(server.channel, "taught"))
    assert "1 answers in use, 1 in all" in listed.content
    shown = response(await moderator.select(listed, [str(entry.number)], custom_id="babillard:taught"))
    assert ANSWER in shown.content
    form = await moderator.click(shown, custom_id=custom_id(shown, "entry:edit"))
    await fill(moderator, form, answer="Le mot de passe du wifi est «\u00a0pivoine\u00a0».")
    assert "pivoine" in await answer(server, QUESTION)
    await moderator.click(shown, custom_id=custom_id(shown, "entry:withdraw"))
    assert "pivoine" not in await answer(server, QUESTION)
    listed = response(await moderator.slash(server.channel, "taught"))
    shown = response(await moderator.select(listed, [str(entry.number)], custom_id="babillard:taught"))
    await moderator.click(shown, custom_id=custom_id(shown, "entry:restore"))
    assert "pivoine" in await answer(server, QUESTION)


async def test_a_gap_is_shown_until_it_is_taught(server: Server, moderator: MemberActor) -> None:
    await asked(server, QUESTION)
    gaps = response(await moderator.slash(server.channel, "gaps"))
    assert "mot de passe du wifi" in gaps.content
    menu = custom_id(gaps, "gaps")
    (option,) = gaps.components[0]["components"][0]["options"]
    form = await moderator.select(gaps, [option["value"]], custom_id=menu)
    await fill(moderator, form, answer=ANSWER)
    assert content(await moderator.slash(server.channel, "gaps")) == say("gaps_none", "en")


async def test_another_server_neither_hears_nor_sees_what_was_taught(server: Server, moderator: MemberActor) -> None:
    await teach(server, moderator, QUESTION, ANSWER)
    (entry,) = server.teaching.store.entries(server.guild.id)
    other = server.env.create_guild()
    there = other.create_text_channel("questions")
    role = other.create_role("Modération", permissions=discord.Permissions(manage_guild=True))
    stranger = other.add_member(server.env.create_user("voisine"), roles=[role])
    told = await stranger.slash(there, "ask", question=QUESTION)
    assert "tournesol" not in content(told)
    assert content(await stranger.slash(there, "taught")) == say("taught_none", "en")
    assert server.teaching.store.entries(other.id) == []
    with pytest.raises(Exception, match="no such entry"):
        server.client.lessons.entry(other.id, entry.number)


async def test_who_asks_to_be_forgotten_is_not_named_any_more(server: Server, moderator: MemberActor) -> None:
    await teach(server, moderator, QUESTION, ANSWER)
    await moderator.slash(server.channel, "forget-me")
    (entry,) = server.teaching.store.entries(server.guild.id)
    assert entry.teacher is None
