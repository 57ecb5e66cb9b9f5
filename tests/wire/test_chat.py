"""A written answer on its way: the real bot, a real Discord on loopback, and a chat model there too."""

import asyncio
import contextlib
import sys
import threading
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from benchmarks.loopback import interactions
from benchmarks.loopback.harness import BotProcess, bot_process
from benchmarks.loopback.journal import Record
from benchmarks.loopback.server import TOKEN, LoopbackDiscord
from bot.config import MAX_CHAT_SECONDS
from bot.discord.rules_store import FILE_NAME, RulesStore
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
# Its first word is a lie: only plain spaces part words.
LIE = "«\u00a0Neuf\u00a0millions\u00a0d’abonnés\u00a0», dit le PDG de Netflix à @everyone [1]."

PATIENCE = 600.0
"""Seconds for whatever has to come: the tests wait for events, and on a busy machine these take long."""


@pytest.fixture(scope="module")
def model() -> Iterator[ChatServer]:
    with serving(Reply(GOOD)) as model:
        yield model


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def discord() -> AsyncIterator[LoopbackDiscord]:
    async with LoopbackDiscord() as discord:
        yield discord


@contextlib.asynccontextmanager
async def running(
    discord: LoopbackDiscord, model: ChatServer, index: Path, data: Path, timeout: int
) -> AsyncIterator[BotProcess]:
    """Run the bot; the model has so many seconds for an answer, and people may ask as often as they like."""
    with RulesStore(data / FILE_NAME) as rules:
        rules.change_guild(int(discord.world.guild_id), cooldown_seconds=0)
    settings = {
        "DISCORD_TOKEN": TOKEN,
        "SEEDS_DIR": str(SEEDS),
        "INDEX_DIR": str(index),
        "DATA_DIR": str(data),
        "CHAT_MODEL": "openai:scripted",
        "CHAT_TIMEOUT": str(timeout),
        "OPENAI_BASE_URL": model.url,
    }
    async with bot_process((sys.executable, "-m", "bot", "discord"), discord, **settings) as bot:
        await bot.ready(PATIENCE)
        await bot.logged('"event": "ready"', PATIENCE)
        yield bot


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def bot(
    discord: LoopbackDiscord, model: ChatServer, seed_index: Path, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[BotProcess]:
    data = tmp_path_factory.mktemp("chat")
    async with running(discord, model, seed_index, data, MAX_CHAT_SECONDS) as bot:
        yield bot


@pytest.fixture(autouse=True)
def patient_discord(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a first response to an interaction take longer than Discord's 3 s."""
    monkeypatch.setattr(interactions, "FIRST_RESPONSE_SECONDS", PATIENCE)


@pytest.fixture
def is_shown() -> Iterator[threading.Event]:
    """Tells the model that its first word is shown, and that it may go on."""
    event = threading.Event()
    yield event
    event.set()  # so that no server waits for a test that failed


async def final(discord: LoopbackDiscord, message: dict[str, Any]) -> str:
    """Return what a message shows once it is more than a draft, without Discord's backslashes and stars."""
    shown = "…"
    async with asyncio.timeout(PATIENCE):
        while shown.endswith("…"):
            await asyncio.sleep(0.1)
            shown = str(discord.world.messages[message["id"]]["content"]).replace("\\", "").replace("**", "")
    return shown


def writes(record: Record) -> bool:
    """Whether a request writes the text of a message in a channel."""
    return record.method in ("POST", "PATCH") and "/messages" in record.path and "content" in (record.body or {})


async def test_one_message_grows_into_the_answer(
    discord: LoopbackDiscord, bot: BotProcess, model: ChatServer, is_shown: threading.Event
) -> None:
    model.say(Reply(GOOD, hold=is_shown))
    since = len(discord.records)
    question = discord.send_message(discord.general, discord.alice, FRENCH, mentions_bot=True)
    message = (await discord.answer_to(question, PATIENCE)).message
    assert message["content"] == "Netflix …"
    is_shown.set()
    text = await final(discord, message)
    assert text.split("\n")[0] == GOOD
    assert text.split("\n")[1].startswith(QUOTE)
    methods = [record.method for record in discord.records[since:] if writes(record)]
    assert (methods[0], set(methods[1:])) == ("POST", {"PATCH"})


async def test_a_lie_that_was_shown_is_replaced_and_pings_nobody(
    discord: LoopbackDiscord, bot: BotProcess, model: ChatServer, is_shown: threading.Event
) -> None:
    model.say(Reply(LIE, hold=is_shown))
    since = len(discord.records)
    question = discord.send_message(discord.general, discord.alice, OTHER_WORDS[0], mentions_bot=True)
    message = (await discord.answer_to(question, PATIENCE)).message
    assert "Neuf" in message["content"]
    is_shown.set()
    text = await final(discord, message)
    assert text.split("\n")[1].startswith(QUOTE)
    assert say("note_checks", "fr") in text
    written = [record for record in discord.records[since:] if writes(record)]
    assert all(record.body["allowed_mentions"]["parse"] == [] for record in written)


async def test_a_slash_command_shows_its_draft_too(
    discord: LoopbackDiscord, bot: BotProcess, model: ChatServer, is_shown: threading.Event
) -> None:
    model.say(Reply(GOOD, hold=is_shown))
    interaction = discord.slash("ask", {"question": OTHER_WORDS[1]}, discord.alice, locale="fr")
    assert (await discord.response_to(interaction, PATIENCE)).body["type"] == 5
    message = (await discord.answer_to(interaction, PATIENCE)).message
    assert message["content"] == "Netflix …"
    is_shown.set()
    assert GOOD in (await final(discord, message)).split("\n")


async def test_a_model_that_stalls_loses_nothing(model: ChatServer, seed_index: Path, tmp_path: Path) -> None:
    model.say(Stall("Netflix a"))
    async with LoopbackDiscord() as discord, running(discord, model, seed_index, tmp_path, timeout=1):
        question = discord.send_message(discord.general, discord.alice, FRENCH, mentions_bot=True)
        text = await final(discord, (await discord.answer_to(question, PATIENCE)).message)
    assert text.split("\n")[1].startswith(QUOTE)
    assert say("note_timeout", "fr") in text
