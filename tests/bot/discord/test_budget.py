"""Whose budget an answer counts against: that of the server where it was asked for, whichever way."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from bot.answering.answer import Answer, Asker, Question
from bot.config import BotSettings
from bot.discord.desk import Desk
from bot.factory import Bot, build_bot
from bot.journal.journal import Journal
from index.model.embedding import TextEmbeddings
from tests.bot.discord.cogs.test_asking import FRENCH, replies
from tests.bot.discord.conftest import SIMULATED, FixedLive, Server
from tests.bot.discord.test_buttons import custom_ids
from tests.bot.fakes import ScriptedChain
from tests.llm.server import Reply, serving

pytestmark = [pytest.mark.slow, pytest.mark.simcord(**SIMULATED)]

QUEBEC, LEVIS = 11, 12
ALLOWED = 1_000_000  # tokens a day for each server; the first reply uses more


# ------------------------------------------------------------------------------------------------ with a real budget


@pytest.fixture
def chat_settings(settings: BotSettings, monkeypatch: pytest.MonkeyPatch) -> Iterator[BotSettings]:
    with serving(Reply("Netflix a sept millions d’abonnés au Canada [1].", usage=(ALLOWED, 10))) as model:
        monkeypatch.setenv("OPENAI_BASE_URL", model.url)
        chat = {"chat_model": "openai:scripted", "chat_timeout": 600, "chat_daily_tokens": ALLOWED}
        yield settings.model_copy(update=chat)


@pytest.fixture
def bots(chat_settings: BotSettings, bundled: TextEmbeddings) -> Iterator[Iterator[Bot]]:
    """Yield one bot after another, as a restart makes them; they share the budget."""
    made: list[Bot] = []

    def start() -> Iterator[Bot]:
        while True:
            made.append(build_bot(chat_settings, bundled))
            yield made[-1]

    yield start()
    for bot in made:
        assert bot.writer is not None
        bot.writer.close()


def is_refused(answer: Answer) -> bool:
    """Whether the model was not asked, because the day's budget is used up."""
    return "note_budget" in answer.notes


async def test_every_way_to_an_answer_counts_against_its_server(bots: Iterator[Bot], journal: Journal) -> None:
    desk = Desk(FixedLive(next(bots)), journal)
    served = await desk.ask(Question(FRENCH), Asker(1, QUEBEC))
    assert not is_refused(served.answer)
    in_english = await desk.again(Question(FRENCH, "en"), Asker(2, QUEBEC))
    assert is_refused(in_english.answer)
    restarted = Desk(FixedLive(next(bots)), journal)
    recalled = await restarted.recall(served.key, Asker(3, QUEBEC))
    assert recalled is not None
    assert is_refused(recalled.answer)
    for elsewhere in (Asker(1, LEVIS), Asker(1)):  # another server, and a private conversation
        desk = Desk(FixedLive(next(bots)), journal)
        assert await desk.recall(served.key, elsewhere) is None
        assert not is_refused((await desk.again(Question(FRENCH), elsewhere)).answer)


# ----------------------------------------------------------------------------------------------------- in Discord


@pytest.fixture
def askers(server: Server) -> list[Asker | None]:
    """Who asked each question that comes to the chain from now on."""
    asked: list[Asker | None] = []
    chain = server.live.current.chain

    def note(question: Question) -> Answer:
        asked.append(question.asker)
        return chain.invoke(question)

    server.live.current = replace(server.live.current, chain=ScriptedChain(note))
    return asked


async def restart(server: Server) -> None:
    """Start the bot again: it keeps its journal, and has no answer in memory."""
    again = server.started_again()
    await server.env.restart_bot(again)


async def test_what_is_asked_on_a_server_is_asked_for_it(server: Server, askers: list[Asker | None]) -> None:
    await server.alice.send(server.channel, f"{server.mention} {FRENCH}")
    await server.alice.slash(server.channel, "ask", question=FRENCH)
    await server.alice.slash(server.channel, "ask", question=FRENCH, private=True)
    message = await server.bob.send(server.channel, FRENCH)
    await server.alice.context_menu(server.channel, "Ask about this", message)
    alice = Asker(server.alice.id, server.guild.id)
    assert askers == [alice, alice, replace(alice, private=True), alice]


async def test_a_button_asks_for_its_server_and_whoever_pressed_it(server: Server, askers: list[Asker | None]) -> None:
    await server.alice.send(server.channel, f"{server.mention} {FRENCH}")
    [reply] = replies(server)
    await server.bob.click(reply, custom_id=custom_ids(reply)["en"])
    await restart(server)
    await server.bob.click(reply, custom_id=custom_ids(reply)["sources"])  # asked again, to know the passages
    await server.bob.click(reply, custom_id=custom_ids(reply)["en"])  # likewise, and then in English
    bob = Asker(server.bob.id, server.guild.id)
    assert askers == [Asker(server.alice.id, server.guild.id), bob, bob, bob, bob]


async def test_what_is_asked_in_private_is_asked_for_no_server(server: Server, askers: list[Asker | None]) -> None:
    await server.alice.send_dm(FRENCH)
    [*_, reply] = server.alice.user.dm_channel.history()
    await server.alice.user.click(reply, custom_id=custom_ids(reply)["en"])
    assert askers == [Asker(server.alice.id)] * 2
