"""Hear what nobody asks the bot, where moderators chose that it may answer."""

import discord
from discord.ext import commands

from bot.bounded import BoundedDict
from bot.discord.conversations import MAX_REMEMBERED
from bot.discord.unasked import Unasked, take_back


class UnaskedCog(commands.Cog):
    """Brings messages to `Unasked`, and takes its replies back when their questions go."""

    def __init__(self, unasked: Unasked, *, reads_messages: bool) -> None:
        """Bring messages to `unasked`, where Discord gives their text."""
        self._unasked, self._reads_messages = unasked, reads_messages
        self._replies: BoundedDict[int, discord.Message | None] = BoundedDict(MAX_REMEMBERED)  # question -> its reply

    @commands.Cog.listener()
    async def on_message(self, message: discord.Message) -> None:
        """Answer a message that nobody else is asked, if that is sure."""
        if not self._reads_messages or not self._unasked.is_meant(message):
            return
        self._replies[message.id] = None
        reply = await self._unasked.answer(message)
        if message.id in self._replies:
            self._replies[message.id] = reply
        elif reply is not None:  # the question was deleted meanwhile
            await take_back(reply)

    @commands.Cog.listener()
    async def on_raw_message_delete(self, payload: discord.RawMessageDeleteEvent) -> None:
        """Take the reply back when its question is deleted."""
        await self._withdraw(payload.message_id)

    @commands.Cog.listener()
    async def on_raw_bulk_message_delete(self, payload: discord.RawBulkMessageDeleteEvent) -> None:
        """Take the replies back when their questions are deleted all at once."""
        for message in payload.message_ids:
            await self._withdraw(message)

    async def _withdraw(self, message: int) -> None:
        if (reply := self._replies.pop(message, None)) is not None:
            await take_back(reply)
