"""Show an answer while a model still writes it: one message, edited again and again until it is the answer."""

import asyncio
import logging

import discord

from bot.discord.delivery import REQUEST_ERRORS, Place, describe_error
from bot.discord.pages import escape, split

EDIT_SECONDS = 1.2
"""Between two edits of one message: Discord's rate limit holds five in five seconds for a channel, where others are
answered too."""

log = logging.getLogger(__name__)


class Draft:
    """The beginning of an answer that is not complete yet. Belongs to one event loop; any thread may call `show`."""

    def __init__(self, place: Place, number: int) -> None:
        """Send nothing yet.

        Args:
            place: where the draft is shown, and then the answer.
            number: id of the question.
        """
        self._place, self._nonce = place, f"{number}.draft"[:25]
        self._loop = asyncio.get_running_loop()
        self._text = ""
        self._changed = asyncio.Event()
        self._ended = False
        self._showing: asyncio.Task[None] | None = None
        self._message: discord.Message | None = None

    def show(self, text: str) -> None:
        """Show this text, the whole answer so far, in place of the text before."""
        self._loop.call_soon_threadsafe(self._take, text)

    async def end(self) -> list[Place]:
        """Stop, and return the place of the draft, which the answer replaces; no place when no draft was shown."""
        self._ended = True
        self._changed.set()
        if self._showing is not None:
            await self._showing
        return [] if self._message is None else [_in_place_of(self._message, self._place)]

    async def discard(self) -> None:
        """Stop, and delete the draft."""
        await self.end()
        try:
            if self._message is not None:
                await self._message.delete()
        except REQUEST_ERRORS as error:
            log.info("draft not deleted", extra={"reason": describe_error(error)})

    def _take(self, text: str) -> None:
        if self._ended or not text.strip():
            return
        self._text = text
        self._changed.set()
        if self._showing is None:
            self._showing = asyncio.create_task(self._write())

    async def _write(self) -> None:
        """Write the newest text, and write again when there is a newer one, but not within `EDIT_SECONDS`."""
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
        except REQUEST_ERRORS as error:  # the answer itself still comes, here or elsewhere
            log.info("no draft", extra={"reason": describe_error(error)})


def _in_place_of(draft: discord.Message, place: Place) -> Place:
    """Return a place where the first text replaces the draft, and the next ones go to `place`."""
    is_first = True

    async def send(text: str, buttons: discord.ui.View | None, nonce: str) -> discord.Message | None:
        nonlocal is_first
        if not is_first:
            return await place.send(text, buttons, nonce)
        edited: discord.Message = await draft.edit(content=text, view=buttons)
        is_first = False
        return edited

    return Place(place.name, send)
