from dataclasses import replace

import discord
import pytest
import simcord

from bot.answering.chain import Followed
from bot.messages import say
from tests.bot.discord.cogs.test_asking import FRENCH, FRENCH_QUOTE, UNANSWERED, plain, replies
from tests.bot.discord.conftest import SIMULATED, Server

SECTION = "## Étapes\n\n1. Tapez\u00a0:\n\n   ```bash\n   make\n   ```"

pytestmark = [pytest.mark.slow, pytest.mark.simcord(**SIMULATED)]


async def answer(server: Server, question: str = FRENCH) -> discord.Message:
    await server.alice.send(server.channel, f"{server.mention} {question}")
    return replies(server)[-1]


def buttons(message: discord.Message) -> list[discord.Button]:
    return [
        child
        for row in message.components
        if isinstance(row, discord.ActionRow)
        for child in row.children
        if isinstance(child, discord.Button) and child.custom_id
    ]


def custom_ids(message: discord.Message) -> dict[str, str]:
    """Return action -> custom id of each button."""
    return {str(b.custom_id).split(":")[1]: str(b.custom_id) for b in buttons(message)}


def let_each_answer_show_a_part_of(server: Server, section: str) -> None:
    chain = Followed(server.live.current.chain, lambda found: replace(found, more=section))
    server.live.current = replace(server.live.current, chain=chain)


def told(result: simcord.InteractionResult) -> str:
    assert result.response is not None
    assert result.response.ephemeral
    return result.response.content.replace("\\", "")


async def test_an_answer_has_votes_sources_and_the_other_language(server: Server) -> None:
    assert list(custom_ids(await answer(server))) == ["up", "down", "sources", "en"]


async def test_the_other_language_is_named_in_itself(server: Server) -> None:
    other = buttons(await answer(server))[-1]
    assert (other.label, other.emoji) == ("English", None)


async def test_show_all_shows_the_whole_section_where_the_answer_is_a_part_of_it(server: Server) -> None:
    let_each_answer_show_a_part_of(server, SECTION)
    reply = await answer(server)
    assert list(custom_ids(reply)) == ["up", "down", "all", "sources", "en"]
    assert buttons(reply)[2].label == say("all_button", "fr")
    assert say("more", "fr") in plain(reply.content)
    text = told(await server.bob.click(reply, custom_id=custom_ids(reply)["all"]))
    assert text.startswith("-# Netflix veut un bureau au Canada")
    assert text.endswith("### Étapes\n1. Tapez\u00a0:\n```bash\nmake\n```")


async def test_show_all_of_an_answer_that_now_shows_everything_says_so(server: Server) -> None:
    let_each_answer_show_a_part_of(server, SECTION)
    reply = await answer(server)
    let_each_answer_show_a_part_of(server, "")
    again = server.started_again()
    await server.env.restart_bot(again)
    text = told(await server.bob.click(reply, custom_id=custom_ids(reply)["all"]))
    assert text == say("no_more", "en")


async def test_an_abstention_has_the_other_language_and_a_way_to_teach(server: Server) -> None:
    assert list(custom_ids(await answer(server, UNANSWERED))) == ["en", "teach"]


@pytest.mark.parametrize(("text", "buttons"), [("merci !", []), ("Qui es-tu ?", ["en"])])
async def test_talk_has_no_votes_and_no_sources(server: Server, text: str, buttons: list[str]) -> None:
    reply = await answer(server, text)
    assert list(custom_ids(reply)) == buttons
    assert "-#" not in reply.content


async def test_votes_are_kept_and_can_be_changed(server: Server) -> None:
    reply = await answer(server)
    entry = int(custom_ids(reply)["up"].split(":")[2])
    assert told(await server.bob.click(reply, custom_id=custom_ids(reply)["up"])) == "Thank you, noted: helpful."
    await server.alice.click(reply, custom_id=custom_ids(reply)["up"])
    assert server.journal.votes(entry) == (2, 0)
    await server.bob.click(reply, custom_id=custom_ids(reply)["down"])
    assert server.journal.votes(entry) == (1, 1)


async def test_sources_shows_the_passage_to_whoever_pressed(server: Server) -> None:
    reply = await answer(server)
    text = told(await server.bob.click(reply, custom_id=custom_ids(reply)["sources"]))
    assert text.startswith("**[1]** Netflix veut un bureau au Canada")
    assert f"-# Index\u00a0: {server.live.current.manifest.generation}" in text


async def test_the_other_language_answers_again(server: Server) -> None:
    reply = await answer(server)
    text = told(await server.bob.click(reply, custom_id=custom_ids(reply)["en"]))
    assert text.startswith("Here is what “Netflix veut un bureau au Canada” says, in French:")
    assert FRENCH_QUOTE in plain(text)


async def test_the_buttons_work_after_a_restart(server: Server) -> None:
    reply = await answer(server)
    again = server.started_again()
    await server.env.restart_bot(again)
    text = told(await server.bob.click(reply, custom_id=custom_ids(reply)["sources"]))
    assert text.startswith("**[1]** Netflix veut un bureau au Canada")
    assert "noted" in told(await server.bob.click(reply, custom_id=custom_ids(reply)["down"]))


async def test_what_was_forgotten_is_gone_for_the_buttons_too(server: Server) -> None:
    reply = await answer(server)
    await server.alice.slash(server.channel, "forget-me")
    assert told(await server.bob.click(reply, custom_id=custom_ids(reply)["sources"])) == (
        "This answer is too old: please ask again."
    )
    assert "no longer kept" in told(await server.bob.click(reply, custom_id=custom_ids(reply)["up"]))
