"""A written answer on its way: the real bot, a real Discord on loopback, and a chat model there too."""

import asyncio
import sys
from collections.abc import AsyncIterator, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from benchmarks.loopback.harness import BotProcess, bot_process
from benchmarks.loopback.journal import Record
from benchmarks.loopback.server import TOKEN, LoopbackDiscord
from bot.discord.drafts import EDIT_SECONDS
from bot.messages import say
from tests.conftest import SEEDS
from tests.llm.server import ChatServer, Reply, Stall, serving

pytestmark = [pytest.mark.slow, pytest.mark.asyncio(loop_scope="module")]

FRENCH = "Combien d’abonnés Netflix compte-t-il au Canada\u202f?"
OTHER_WORDS = (  # an answer is given again to the same words, without asking the model
    "Combien Netflix compte-t-il d’abonnés au Canada\u202f?",
    "Au Canada, combien d’abonnés Netflix compte-t-il\u202f?",
    "Netflix compte combien d’abonnés au Canada\u202f?",
)
QUOTE = "> Netflix a maintenant sept millions d’abonnés au Canada"
GOOD = "Netflix a sept millions d’abonnés au Canada [1]. La société y fête son 10e anniversaire [1]."
LIE = "Netflix, selon son PDG, a «\u00a0neuf millions d’abonnés au Canada\u00a0» et le dit @everyone [1]."


@pytest.fixture(scope="module")
def model() -> Iterator[ChatServer]:
    with serving(Reply(GOOD)) as model:
        yield model


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def discord() -> AsyncIterator[LoopbackDiscord]:
    async with LoopbackDiscord() as discord:
        yield discord


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def bot(
    discord: LoopbackDiscord, model: ChatServer, seed_index: Path, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[BotProcess]:
    settings = {
        "DISCORD_TOKEN": TOKEN,
        "SEEDS_DIR": str(SEEDS),
        "INDEX_DIR": str(seed_index),
        "DATA_DIR": str(tmp_path_factory.mktemp("chat")),
        "CHAT_MODEL": "openai:scripted",
        "CHAT_TIMEOUT": "6",
        "OPENAI_BASE_URL": model.url,
    }
    async with bot_process((sys.executable, "-m", "bot", "discord"), discord, **settings) as bot:
        await bot.ready(60)
        await bot.logged('"event": "ready"', 30)
        yield bot


async def final(discord: LoopbackDiscord, message: dict[str, Any]) -> str:
    """Return what a message shows once it is more than a draft, without Discord's backslashes and stars."""
    shown = "…"
    async with asyncio.timeout(30):
        while shown.endswith("…"):
            await asyncio.sleep(0.1)
            shown = str(discord.world.messages[message["id"]]["content"]).replace("\\", "").replace("**", "")
    return shown


def writes(record: Record) -> bool:
    """Whether a request writes the text of a message in a channel."""
    return record.method in ("POST", "PATCH") and "/messages" in record.path and "content" in (record.body or {})


async def test_one_message_grows_into_the_answer(discord: LoopbackDiscord, bot: BotProcess, model: ChatServer) -> None:
    model.say(Reply(GOOD, pause=0.3))
    since = len(discord.records)
    question = discord.send_message(discord.general, discord.alice, FRENCH, mentions_bot=True)
    message = (await discord.answer_to(question, 20)).message
    text = await final(discord, message)
    assert text.split("\n")[0] == GOOD
    assert text.split("\n")[1].startswith(QUOTE)
    written = [record for record in discord.records[since:] if writes(record)]
    assert [record.method for record in written][:2] == ["POST", "PATCH"]
    assert all(later.time - earlier.time >= EDIT_SECONDS * 0.9 for earlier, later in pairwise(written))


async def test_a_lie_that_was_shown_is_replaced_and_pings_nobody(
    discord: LoopbackDiscord, bot: BotProcess, model: ChatServer
) -> None:
    model.say(Reply(LIE, pause=0.1))
    since = len(discord.records)
    question = discord.send_message(discord.general, discord.alice, OTHER_WORDS[0], mentions_bot=True)
    text = await final(discord, (await discord.answer_to(question, 20)).message)
    assert text.split("\n")[1].startswith(QUOTE)
    assert say("note_checks", "fr") in text
    written = [record for record in discord.records[since:] if writes(record)]
    assert any("neuf" in record.body["content"] for record in written)
    assert all(record.body["allowed_mentions"]["parse"] == [] for record in written)


async def test_a_slash_command_shows_its_draft_too(
    discord: LoopbackDiscord, bot: BotProcess, model: ChatServer
) -> None:
    model.say(Reply(GOOD, pause=0.2))
    interaction = discord.slash("ask", {"question": OTHER_WORDS[1]}, discord.alice, locale="fr")
    assert (await discord.response_to(interaction, 10)).body["type"] == 5
    text = await final(discord, (await discord.answer_to(interaction, 20)).message)
    assert GOOD in text.split("\n")


async def test_a_model_that_stalls_loses_nothing(discord: LoopbackDiscord, bot: BotProcess, model: ChatServer) -> None:
    model.say(Stall("Netflix a"))
    question = discord.send_message(discord.general, discord.alice, OTHER_WORDS[2], mentions_bot=True)
    text = await final(discord, (await discord.answer_to(question, 20)).message)
    assert text.split("\n")[1].startswith(QUOTE)
    assert say("note_timeout", "fr") in text
