"""Bring a text to whoever asked, whatever Discord does meanwhile.

The place to write may be gone: the interaction expired, the channel or the question was deleted, the thread is locked,
a permission is missing. So a text is tried at the nearest place first, then at the next, and last in a direct message.
Where a fault passes in a moment (503, a dropped connection) the same place is tried again; discord.py itself waits out
429 and retries 500, 502 and 504.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any

import aiohttp
import discord

from bot.discord.pages import split

REQUEST_ERRORS = (discord.HTTPException, aiohttp.ClientError, OSError, TimeoutError)
"""All that a request to Discord may raise; `discord.HTTPException` alone misses the dropped connections."""

RETRY_DELAYS = (0.5, 1.0, 2.0, 4.0)
"""Seconds before each further try at one place: enough for one of Discord's servers to restart."""

SERVICE_UNAVAILABLE = 503  # discord.py does not retry this one

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Place:
    """Somewhere a text can be put.

    `send` takes the text, the buttons or None, and a nonce. Discord takes a nonce once, so that a retry after a
    dropped connection does not post the text twice.
    """

    name: str
    send: Callable[[str, discord.ui.View | None, str], Awaitable[discord.Message | None]]


async def deliver(
    places: Sequence[Place], text: str, buttons: discord.ui.View | None, number: int
) -> list[discord.Message]:
    """Put the text at the first place that takes it, in as many messages as it needs; the buttons under the last.

    Args:
        places: the nearest first.
        text: Markdown of any length.
        buttons: or None.
        number: id of the question, from which the nonces are made.

    Returns:
        The messages, in order; empty when no place took the text, which is logged with every reason.
    """
    reasons = []
    for place in places:
        sent: list[discord.Message] = []
        pages = split(text)
        try:
            for position, page in enumerate(pages):
                last = position == len(pages) - 1
                message = await _send_patiently(
                    place, page, buttons if last else None, f"{number}.{position}.{place.name}"[:25]
                )
                if message is not None:
                    sent.append(message)
        except REQUEST_ERRORS as error:
            reasons.append(f"{place.name}: {describe_error(error)}")
            continue
        if reasons:
            log.warning("delivered elsewhere", extra={"place": place.name, "refused": reasons})
        return sent
    log.error("not delivered", extra={"refused": reasons})
    return []


async def _send_patiently(
    place: Place, page: str, buttons: discord.ui.View | None, nonce: str
) -> discord.Message | None:
    for delay in RETRY_DELAYS:
        try:
            return await place.send(page, buttons, nonce)
        except REQUEST_ERRORS as error:
            if not is_transient(error):
                raise
            log.info(
                "trying again", extra={"place": place.name, "reason": describe_error(error), "wait_seconds": delay}
            )
        await asyncio.sleep(delay)
    return await place.send(page, buttons, nonce)


def is_transient(error: BaseException) -> bool:
    """Whether a fault may be gone in a moment."""
    return not isinstance(error, discord.HTTPException) or error.status == SERVICE_UNAVAILABLE


def describe_error(error: BaseException) -> str:
    """Return a fault as one line for the log, without the text that was to be sent."""
    if isinstance(error, discord.HTTPException):
        return f"{type(error).__name__} {error.status} {error.code}"
    return type(error).__name__


def in_channel(channel: discord.abc.Messageable, name: str, answering: discord.Message | None = None) -> Place:
    """Return a channel as a place; the text replies to `answering`, or to nothing when that was deleted."""
    reference = answering.to_reference(fail_if_not_exists=False) if answering else None

    async def send(text: str, buttons: discord.ui.View | None, nonce: str) -> discord.Message:
        options: dict[str, Any] = {"view": buttons} if buttons else {}
        if reference is not None:
            options["reference"] = reference
        sent: discord.Message = await channel.send(text, nonce=nonce, suppress_embeds=True, **options)
        return sent

    return Place(name, send)


def in_private(user: discord.User | discord.Member) -> Place:
    """Return the direct messages of a user as a place: the last resort."""
    return in_channel(user, "private")


def in_response(interaction: discord.Interaction) -> Place:
    """Return an interaction that was not answered yet as a place; only whoever acted sees the texts."""

    async def send(text: str, buttons: discord.ui.View | None, nonce: str) -> discord.Message | None:
        options: dict[str, Any] = {"ephemeral": True, "suppress_embeds": True} | ({"view": buttons} if buttons else {})
        if interaction.response.is_done():
            await interaction.followup.send(text, **options)
        else:
            await interaction.response.send_message(text, **options)
        return None

    return Place("response", send)


def in_interaction(interaction: discord.Interaction, private: bool) -> Place:
    """Return an interaction that was deferred as a place: the first text replaces "thinking…", the others follow.

    Args:
        interaction: when it was answered with a message already, every text follows that message.
        private: whether only whoever acted sees the texts that follow.
    """
    first = interaction.response.type is not discord.InteractionResponseType.channel_message

    async def send(text: str, buttons: discord.ui.View | None, nonce: str) -> discord.Message:
        nonlocal first
        options: dict[str, Any] = {"view": buttons} if buttons else {}
        if first:
            message = await interaction.edit_original_response(content=text, **options)
            first = False
            return message
        more: discord.Message = await interaction.followup.send(
            text, ephemeral=private, suppress_embeds=True, wait=True, **options
        )
        return more

    return Place("interaction", send)
