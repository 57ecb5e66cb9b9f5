"""Show an answer while the model still writes it: one message, edited again and again, that becomes the answer."""

import asyncio
import logging

import discord

from bot.discord.delivery import FAULTS, Place, describe
from bot.discord.pages import escape, split

EDIT_SECONDS = 1.2
"""Between two edits: at one a second bots meet Discord's rate limit, and others are answered in the channel too."""

log = logging.getLogger(__name__)


class Draft:
    """The first lines of an answer to come. Belongs to one event loop; `show` may be called from any thread."""

    def __init__(self, place: Place, number: int) -> None:
        """Show what comes at `place`; nothing is sent before there is something to show.

        Args:
            place: where the answer will be.
            number: of the question.
        """
        self._place, self._nonce = place, f"{number}.draft"[:25]
        self._loop = asyncio.get_running_loop()
        self._text = ""
        self._changed = asyncio.Event()
        self._ended = False
        self._showing: asyncio.Task[None] | None = None
        self._message: discord.Message | None = None

    def show(self, text: str) -> None:
        """Take the text so far, in place of what was taken before."""
        self._loop.call_soon_threadsafe(self._take, text)

    async def end(self) -> list[Place]:
        """Stop, and return where the answer goes first: in place of the draft, if there is one."""
        self._ended = True
        self._changed.set()
        if self._showing is not None:
            await self._showing
        return [] if self._message is None else [_in_place_of(self._message, self._place)]

    async def discard(self) -> None:
        """Stop, and take the draft away."""
        await self.end()
        try:
            if self._message is not None:
                await self._message.delete()
        except FAULTS as error:
            log.info("draft not deleted", extra={"reason": describe(error)})

    def _take(self, text: str) -> None:
        if self._ended or not text.strip():
            return
        self._text = text
        self._changed.set()
        if self._showing is None:
            self._showing = asyncio.create_task(self._write())

    async def _write(self) -> None:
        """Write the newest text until the end, and never twice within `EDIT_SECONDS`."""
        try:
            while not self._ended:
                self._changed.clear()
                page = split(f"{escape(self._text)} …")[0]
                if self._message is None:
                    self._message = await self._place.send(page, None, self._nonce)
                else:
                    await self._message.edit(content=page)
                await asyncio.sleep(EDIT_SECONDS)
                await self._changed.wait()
        except FAULTS as error:  # the answer itself is still brought, here or elsewhere
            log.info("no draft", extra={"reason": describe(error)})


def _in_place_of(draft: discord.Message, place: Place) -> Place:
    """Return a place whose first text replaces the draft; what follows goes to `place`."""
    is_first = True

    async def send(text: str, buttons: discord.ui.View | None, nonce: str) -> discord.Message | None:
        nonlocal is_first
        if not is_first:
            return await place.send(text, buttons, nonce)
        edited: discord.Message = await draft.edit(content=text, view=buttons)
        is_first = False
        return edited

    return Place(place.name, send)
