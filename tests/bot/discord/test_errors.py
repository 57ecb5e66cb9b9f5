import logging
from dataclasses import dataclass, field
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any
from unittest.mock import AsyncMock, Mock

import aiohttp
import discord
import pytest
from discord import app_commands

from bot.discord import delivery
from bot.discord.errors import answer_error, answer_event_error, error_level, error_text, report_error
from bot.errors import (
    AnswerTimeoutError,
    BusyError,
    DailyCapError,
    JournalError,
    RebuildError,
    RebuildKilledError,
    StorageError,
    TooSoonError,
    WrongChannelError,
    WrongRoleError,
)
from bot.messages import say
from index.errors import DamagedIndexError, UnreachableStoreError
from index.schema import Language
from tests.bot.discord.test_delivery import refusal

MIDNIGHT = datetime(2026, 5, 2, tzinfo=UTC)
COMMAND: Any = SimpleNamespace(name="rebuild", qualified_name="rebuild")


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(delivery, "RETRY_DELAYS", (0.0,))


# ------------------------------------------------------------------------------------------------------- the sentences


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize(
    ("error", "key", "values"),
    [
        (WrongChannelError([7, 8]), "not_here", {"channels": "<#7>, <#8>"}),
        (WrongRoleError(), "not_you", {}),
        (app_commands.MissingPermissions(["administrator"]), "no_permission", {}),
        (TooSoonError(1.2), "too_soon", {"seconds": 2}),
        (DailyCapError(MIDNIGHT), "daily_cap", {"when": f"<t:{int(MIDNIGHT.timestamp())}:R>"}),
        (BusyError("stopping"), "busy", {}),
        (AnswerTimeoutError("60 s"), "too_long", {}),
        (RebuildError("les articles manquent"), "rebuild_failed", {"reason": "les articles manquent"}),
        (RebuildKilledError("-9"), "rebuild_killed", {}),
        (JournalError("le disque est plein"), "failed", {}),
        (DamagedIndexError("l’index est abîmé"), "failed", {}),
        (UnreachableStoreError("Milvus ne répond pas"), "unreachable", {}),
        (refusal(403), "failed", {}),
        (RuntimeError("bogue"), "failed", {}),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else "",
)
def test_each_error_has_a_sentence_in_both_languages(
    error: Exception, key: Any, values: dict[str, object], language: Language
) -> None:
    assert error_text(error, language) == say(key, language, **values)


@pytest.mark.parametrize(
    ("error", "level"),
    [
        (TooSoonError(1.2), logging.INFO),
        (WrongRoleError(), logging.INFO),
        (app_commands.MissingPermissions(["manage_guild"]), logging.INFO),
        (BusyError("queue_full"), logging.WARNING),
        (DamagedIndexError("l’index est abîmé"), logging.WARNING),
        (refusal(404), logging.WARNING),
        (aiohttp.ServerDisconnectedError(), logging.WARNING),
        (OSError(28, "le disque est plein"), logging.ERROR),
        (KeyError("œ"), logging.ERROR),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else "",
)
def test_a_refusal_is_no_warning_and_what_was_foreseen_no_error(error: Exception, level: int) -> None:
    assert error_level(error) == level


def test_what_may_be_a_bug_is_logged_with_its_trace_and_nothing_else_is(caplog: pytest.LogCaptureFixture) -> None:
    for error in (KeyError("œ"), JournalError("le disque est plein")):
        report_error(error, "fr", "not answered", {"guild": 7})
    bug, foreseen = caplog.records
    assert bug.exc_info is not None
    assert foreseen.exc_info is None
    assert vars(foreseen)["reason"] == "JournalError: le disque est plein"
    assert [vars(record)["guild"] for record in caplog.records] == [7, 7]


def test_what_discord_says_of_a_text_stays_out_of_the_log(caplog: pytest.LogCaptureFixture) -> None:
    report_error(refusal(400, 50035), "fr", "not answered", {})
    assert "secret" not in caplog.text
    assert vars(caplog.records[0])["reason"] == "HTTPException 400 50035"


# ------------------------------------------------------------------------------------------------- where they are told


@dataclass
class FakeInteraction:
    """An interaction that notes what it is told, and where; some places refuse."""

    type: discord.InteractionResponseType | None = None  # of the first response; None: there was none
    refuses: tuple[str, ...] = ()
    told: list[tuple[str, str]] = field(default_factory=list)
    locale: discord.Locale = discord.Locale.french
    id: int = 12
    guild_id: int = 7

    @property
    def response(self) -> Any:
        return SimpleNamespace(type=self.type, is_done=lambda: self.type is not None, send_message=self._put("message"))

    @property
    def followup(self) -> Any:
        return SimpleNamespace(send=self._put("followup"))

    @property
    def user(self) -> Any:
        return SimpleNamespace(send=self._put("private"))

    async def edit_original_response(self, content: str) -> Any:
        return await self._put("original")(content)

    def _put(self, place: str) -> Any:
        async def send(content: str, **_: object) -> Any:
            if place in self.refuses:
                raise refusal(404, 10015)
            self.told.append((place, content))

        return send


def fake(*args: Any, **options: Any) -> Any:
    return FakeInteraction(*args, **options)


DEFERRED = discord.InteractionResponseType.deferred_channel_message
ANSWERED = discord.InteractionResponseType.channel_message


@pytest.mark.parametrize(
    ("interaction", "place"),
    [
        pytest.param(fake(), "message", id="nothing-was-said"),
        pytest.param(fake(refuses=("message",)), "original", id="the-first-response-came-through-unnoticed"),
        pytest.param(fake(DEFERRED), "original", id="thinking"),
        pytest.param(fake(DEFERRED, refuses=("original",)), "private", id="thinking-and-the-interaction-is-gone"),
        pytest.param(fake(ANSWERED), "followup", id="a-message-was-sent"),
    ],
)
async def test_an_error_is_told_once_where_it_is_seen(interaction: Any, place: str) -> None:
    await answer_error(interaction, RuntimeError("bogue"), "command rebuild failed")
    assert interaction.told == [(place, say("failed", "fr"))]


async def test_nobody_is_written_to_who_waits_for_nothing() -> None:
    interaction = fake(refuses=("message", "original"))
    await answer_error(interaction, RuntimeError("bogue"), "button up failed")
    assert interaction.told == []


async def test_what_a_command_raised_is_told_and_not_that_it_raised() -> None:
    interaction = fake(DEFERRED)
    await answer_error(interaction, app_commands.CommandInvokeError(COMMAND, RebuildKilledError("-9")), "failed")
    assert interaction.told == [("original", say("rebuild_killed", "fr"))]


async def test_a_check_that_failed_has_said_so_itself(caplog: pytest.LogCaptureFixture) -> None:
    interaction = fake()
    await answer_error(interaction, app_commands.CheckFailure(), "failed")
    assert (interaction.told, caplog.records) == ([], [])


async def test_the_language_is_that_of_the_interface() -> None:
    interaction = fake(locale=discord.Locale.british_english)
    await answer_error(interaction, app_commands.MissingPermissions(["manage_guild"]), "failed")
    assert interaction.told == [("message", say("no_permission", "en"))]


# ------------------------------------------------------------------------------------------------------------ listeners


ME: Any = SimpleNamespace(id=42)


def message(text: str, mentioned: int) -> Any:
    """Return a message in a channel that mentions somebody."""
    made = Mock(spec=discord.Message)
    made.author, made.webhook_id, made.type = Mock(bot=False), None, discord.MessageType.default
    made.guild, made.channel = Mock(id=7), Mock(send=AsyncMock())
    made.content, made.mentions, made.reference, made.id = text, [Mock(id=mentioned)], None, 3
    return made


@pytest.mark.parametrize(
    ("text", "language"), [("Où est l’œuvre achetée par le musée\u202f?", "fr"), ("Where is the museum?", "en")]
)
async def test_whoever_asked_the_bot_is_told_in_the_language_of_the_question(text: str, language: Language) -> None:
    asked = message(f"<@42> {text}", mentioned=42)
    await answer_event_error(ME, "on_message", [asked], RuntimeError("bogue"), "en")
    [call] = asked.channel.send.await_args_list
    assert call.args == (say("failed", language),)


async def test_an_error_about_what_others_say_is_logged_alone(caplog: pytest.LogCaptureFixture) -> None:
    heard = message("<@43> Bonjour", mentioned=43)
    await answer_event_error(ME, "on_message", [heard], RuntimeError("bogue"), "en")
    heard.channel.send.assert_not_awaited()
    assert [record.message for record in caplog.records] == ["on_message failed"]


async def test_an_error_of_another_listener_is_logged_alone(caplog: pytest.LogCaptureFixture) -> None:
    await answer_event_error(ME, "on_guild_role_delete", [Mock(spec=discord.Role)], StorageError("le disque"), "fr")
    [record] = caplog.records
    assert (record.message, record.levelname) == ("on_guild_role_delete failed", "WARNING")
