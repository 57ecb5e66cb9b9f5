"""Where errors in Discord end: as a line in the log, and as a sentence for whoever waits for an answer.

Commands, buttons and listeners do not catch their errors: `ReportingTree`, `AnswerButton` and the client's `on_error`
bring them here. The answer to a question can go to more places than an interaction has, so `Answerer` catches its own
errors, and shares `report_error`.
"""

import logging
import math
from collections.abc import Mapping, Sequence

import aiohttp
import discord
from discord import app_commands

from bot.answering.answer import Question
from bot.answering.understanding import decide_languages
from bot.discord.addressing import question_text, speaks_to
from bot.discord.claiming import is_taken
from bot.discord.delivery import (
    REQUEST_ERRORS,
    deliver,
    describe_error,
    in_channel,
    in_interaction,
    in_private,
    in_response,
)
from bot.discord.localization import language_of
from bot.errors import (
    AnswerTimeoutError,
    BotError,
    BusyError,
    DailyCapError,
    RebuildError,
    RebuildKilledError,
    TeachingError,
    TooSoonError,
    WrongChannelError,
    WrongRoleError,
)
from bot.message_keys import Key
from bot.messages import say
from index.errors import IndexingError, UnreachableStoreError
from index.schema import Language

REFUSALS = (
    WrongChannelError,
    WrongRoleError,
    TooSoonError,
    DailyCapError,
    TeachingError,
    app_commands.MissingPermissions,
)
"""Nothing went wrong: a rule did its work."""

FORESEEN = (BotError, IndexingError, discord.HTTPException, aiohttp.ClientError)

_TEACHING: Mapping[str, Key] = {
    "no_question": "teach_no_question",
    "no_answer": "teach_no_answer",
    "too_long": "teach_too_long",
    "gone": "teach_gone",
    "not_teacher": "not_teacher",
    "learning": "learn_busy",
    "full": "learn_full",
    "not_learned": "unlearn_unknown",
}

log = logging.getLogger(__name__)


def error_text(error: BaseException, language: Language) -> str:
    """Return the sentence that tells the asker of an error; one for all errors that they can do nothing about."""
    key: Key = "failed"
    values: dict[str, object] = {}
    match error:
        case WrongChannelError():
            key, values = "not_here", {"channels": ", ".join(f"<#{channel}>" for channel in error.channels)}
        case WrongRoleError():
            key = "not_you"
        case app_commands.MissingPermissions():
            key = "no_permission"
        case TooSoonError():
            key, values = "too_soon", {"seconds": math.ceil(error.seconds_left)}
        case DailyCapError():
            key, values = "daily_cap", {"when": f"<t:{int(error.resets_at.timestamp())}:R>"}
        case TeachingError():
            key = _TEACHING[error.reason]
        case BusyError():
            key = "busy"
        case AnswerTimeoutError():
            key = "too_long"
        case UnreachableStoreError():
            key = "unreachable"
        case RebuildKilledError():
            key = "rebuild_killed"
        case RebuildError():
            key, values = "rebuild_failed", {"reason": error}
        case _:
            pass
    return say(key, language, **values)


def error_level(error: BaseException) -> int:
    """Return how bad an error is: INFO for a refusal, WARNING when it was foreseen, ERROR for what may be a bug."""
    if isinstance(error, REFUSALS):
        return logging.INFO
    return logging.WARNING if isinstance(error, FORESEEN) else logging.ERROR


def report_error(error: BaseException, language: Language, event: str, fields: Mapping[str, object]) -> str:
    """Log an error, with its trace when it may be a bug, and return the sentence for the asker.

    Args:
        error: what was raised.
        language: of the sentence.
        event: what did not come about, for the log.
        fields: more about it, for the log.
    """
    level = error_level(error)
    if level == logging.ERROR:
        log.error(event, exc_info=error, extra=dict(fields))
    else:
        # The words of Discord's own errors may quote the text that was sent.
        reason = describe_error(error) if isinstance(error, REQUEST_ERRORS) else f"{type(error).__name__}: {error}"
        log.log(level, event, extra={**fields, "reason": reason})
    return error_text(error, language)


async def answer_error(interaction: discord.Interaction, error: BaseException, event: str) -> None:
    """Log the error of a command or a button, and tell whoever gave it.

    The sentence replaces "thinking…" where that shows; else it is a message of its own. Where "thinking…" shows and the
    interaction is gone, it comes as a direct message. A check that failed has said why itself, unless it is about
    permissions.
    """
    if isinstance(error, app_commands.CommandInvokeError):
        error = error.original
    if isinstance(error, app_commands.CheckFailure) and not isinstance(error, app_commands.MissingPermissions):
        return
    sentence = report_error(error, language_of(interaction), event, {"guild": interaction.guild_id})
    if interaction.response.is_done():
        places = [in_interaction(interaction, private=True), in_private(interaction.user)]
    else:  # Discord may have heard a first response, though the bot was not told so: the second place is for that
        places = [in_response(interaction), in_interaction(interaction, private=True)]
    await deliver(places, sentence, None, interaction.id)


async def answer_event_error(
    me: discord.ClientUser, event: str, arguments: Sequence[object], error: BaseException, default: Language
) -> None:
    """Log the error of a listener; when it heard a message that speaks to the bot, reply to that.

    Args:
        me: the bot.
        event: name of the listener, such as "on_message".
        arguments: of the listener.
        error: what was raised.
        default: language of the settings.
    """
    message = arguments[0] if event == "on_message" and arguments else None
    if not isinstance(message, discord.Message) or not speaks_to(me, message):
        report_error(error, default, f"{event} failed", {})
        return
    language = decide_languages(Question(question_text(me, message)), default).reply
    guild = message.guild.id if message.guild is not None else None
    sentence = report_error(error, language, "not answered", {"guild": guild})
    places = [in_channel(message.channel, "reply", answering=message), in_private(message.author)]
    await deliver(places, sentence, None, message.id)


class ReportingTree(app_commands.CommandTree):
    """The commands of the bot; what one of them raises is logged, and told to whoever gave it."""

    async def interaction_check(self, interaction: discord.Interaction, /) -> bool:
        """Let a command through to this process, or leave it to another."""
        return await is_taken(interaction)

    async def on_error(self, interaction: discord.Interaction, error: app_commands.AppCommandError, /) -> None:
        """Take the error of a command."""
        name = interaction.command.qualified_name if interaction.command is not None else "unknown"
        await answer_error(interaction, error, f"command {name} failed")
