"""/new ends a conversation, /forget-me erases what is kept of a person."""

import asyncio

import discord
from discord import app_commands
from discord.app_commands import locale_str as _
from discord.ext import commands

from bot.discord.addressing import channel_of, conversation_key
from bot.discord.conversations import Conversations
from bot.discord.delivery import deliver, in_interaction
from bot.discord.desk import Desk
from bot.discord.following import Following
from bot.discord.lessons import Lessons
from bot.discord.localization import language_of
from bot.messages import say


class Forgetting(commands.Cog):
    """Lets people end their conversations, and take back what they asked."""

    def __init__(
        self,
        me: discord.ClientUser,
        desk: Desk,
        lessons: Lessons,
        conversations: Conversations,
        following: Following,
    ) -> None:
        """Erase what is kept of people.

        Args:
            me: the bot.
            desk: what it recorded is erased.
            lessons: who taught is kept no longer.
            conversations: what they remember is forgotten.
            following: a person's messages are kept no longer, nor from then on.
        """
        self._me, self._desk, self._lessons, self._conversations = me, desk, lessons, conversations
        self._following = following

    @app_commands.command(name=_("new"), description=_("Begin a new conversation: your next question stands alone"))
    async def new(self, interaction: discord.Interaction) -> None:
        """End the conversation of this person here; in a thread that the bot opened, everybody's."""
        channel, user = channel_of(interaction), interaction.user.id
        key = conversation_key(self._me, channel, user)
        self._conversations.end(key)
        self._conversations.end(conversation_key(self._me, channel, user, private=True))
        text = say("new", language_of(interaction))
        await interaction.response.send_message(text, ephemeral=key.user is not None)

    @app_commands.command(name=_("forget-me"), description=_("Erase all that is kept of your questions and votes"))
    async def forget_me(self, interaction: discord.Interaction) -> None:
        """Erase a person's rows, and say how many there were."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        self._conversations.forget(interaction.user.id)
        count = await self._desk.forget(interaction.user.id)
        count += await asyncio.to_thread(self._lessons.forget, interaction.user.id)
        count += await self._following.forget(interaction.user.id)
        language = language_of(interaction)
        text = say("forgotten", language, count=count) if count else say("nothing_kept", language)
        if self._following.reads_messages:
            text += f" {say('left_out', language)}"
        await deliver([in_interaction(interaction, private=True)], text, None, interaction.id)
