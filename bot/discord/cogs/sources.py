"""Hear what changes in the channels that are read."""

import discord
from discord.ext import commands

from bot.discord.following import WHOLE, Following, Place
from bot.discord.rules import Source
from bot.discord.sources import CHECK


class Sources(commands.Cog):
    """Notes what changed, to be read again.

    A connection that was resumed has missed no event; of one that is new nobody knows, so all is looked through.
    """

    def __init__(self, bot: commands.AutoShardedBot, following: Following) -> None:
        """Tell `following` what `bot` hears."""
        self._bot, self._following = bot, following

    @commands.Cog.listener()
    async def on_ready(self) -> None:
        """Look through all servers: the bot was away."""
        for guild in self._bot.guilds:
            await self._following.look_through(guild.id)

    @commands.Cog.listener()
    async def on_guild_available(self, guild: discord.Guild) -> None:
        """Look through a server that was away."""
        await self._following.look_through(guild.id)

    @commands.Cog.listener()
    async def on_guild_remove(self, guild: discord.Guild) -> None:
        """Keep nothing of a server that the bot left."""
        await self._following.leave(guild.id)

    @commands.Cog.listener()
    async def on_guild_channel_delete(self, channel: discord.abc.GuildChannel) -> None:
        """Keep nothing of a channel that is gone."""
        await self._following.stop(channel.guild.id, channel.id)

    @commands.Cog.listener()
    async def on_guild_channel_update(self, before: discord.abc.GuildChannel, after: discord.abc.GuildChannel) -> None:
        """Look at a channel whose permissions, tags or name may have changed."""
        self._note(after.guild.id, after.id)

    @commands.Cog.listener()
    async def on_guild_role_update(self, before: discord.Role, after: discord.Role) -> None:
        """Look at all channels when a role may see more or less."""
        if before.permissions != after.permissions:
            await self._following.look_through(after.guild.id)

    @commands.Cog.listener()
    async def on_guild_channel_pins_update(
        self, channel: discord.abc.GuildChannel | discord.Thread, last_pin: object
    ) -> None:
        """Read the pins again."""
        self._note(channel.guild.id, channel.id, "pins")

    @commands.Cog.listener()
    async def on_message(self, message: discord.Message) -> None:
        """Read what was added: a pin is told otherwise."""
        if message.guild is not None:
            self._note(message.guild.id, message.channel.id, "messages", "posts")

    @commands.Cog.listener()
    async def on_raw_message_edit(self, payload: discord.RawMessageUpdateEvent) -> None:
        """Read again what was edited; of a channel whose pins are read, only a pin."""
        if payload.guild_id is not None:
            added: tuple[Source, ...] = ("messages", "posts")
            kept: tuple[Source, ...] = ("pins",) if self._following.holds(payload.message_id) else ()
            self._note(payload.guild_id, payload.channel_id, *added, *kept)

    @commands.Cog.listener()
    async def on_raw_message_delete(self, payload: discord.RawMessageDeleteEvent) -> None:
        """Keep a deleted message no longer."""
        await self._delete(payload.guild_id, {payload.message_id})

    @commands.Cog.listener()
    async def on_raw_bulk_message_delete(self, payload: discord.RawBulkMessageDeleteEvent) -> None:
        """Keep deleted messages no longer."""
        await self._delete(payload.guild_id, payload.message_ids)

    @commands.Cog.listener()
    async def on_thread_create(self, thread: discord.Thread) -> None:
        """Read a post that may be solved from the start: one that was moved here, or is told late."""
        self._note_post(thread.guild.id, thread.parent_id, thread.id)

    @commands.Cog.listener()
    async def on_raw_thread_update(self, payload: discord.RawThreadUpdateEvent) -> None:
        """Read a post again: its tags or its title may have changed."""
        self._note_post(payload.guild_id, payload.parent_id, payload.thread_id)

    @commands.Cog.listener()
    async def on_raw_thread_delete(self, payload: discord.RawThreadDeleteEvent) -> None:
        """Keep nothing of a post that is gone."""
        await self._following.stop(payload.guild_id, payload.parent_id, payload.thread_id)

    @commands.Cog.listener()
    async def on_raw_reaction_add(self, payload: discord.RawReactionActionEvent) -> None:
        """Read a post again where somebody said that a reply solves it."""
        self._note_reaction(payload.guild_id, payload.channel_id, payload.emoji)

    @commands.Cog.listener()
    async def on_raw_reaction_remove(self, payload: discord.RawReactionActionEvent) -> None:
        """Read a post again where somebody took that back."""
        self._note_reaction(payload.guild_id, payload.channel_id, payload.emoji)

    @commands.Cog.listener()
    async def on_raw_reaction_clear(self, payload: discord.RawReactionClearEvent) -> None:
        """Read a post again where all reactions to a reply were taken away."""
        self._note_reaction(payload.guild_id, payload.channel_id)

    @commands.Cog.listener()
    async def on_raw_reaction_clear_emoji(self, payload: discord.RawReactionClearEmojiEvent) -> None:
        """Read a post again where one reaction was taken away from all."""
        self._note_reaction(payload.guild_id, payload.channel_id, payload.emoji)

    async def _delete(self, guild: int | None, messages: set[int]) -> None:
        if guild is not None and self._following.sources(guild):
            await self._following.delete(guild, messages)

    def _note_reaction(self, guild: int | None, channel: int, emoji: discord.PartialEmoji | None = None) -> None:
        if guild is not None and (emoji is None or emoji.name == CHECK):
            self._note(guild, channel, "posts")

    def _note_post(self, guild: int, forum: int | None, post: int) -> None:
        if forum is not None and self._following.sources(guild).get(forum) == "posts":
            self._following.note(guild, (forum, post))

    def _note(self, guild: int, channel: int, *of: Source) -> None:
        """Note a channel or a post, if something is read of it; with `of`, only if it is one of these."""
        sources = self._following.sources(guild)
        place: Place | None = (channel, WHOLE) if channel in sources else None
        if place is None and sources and (server := self._bot.get_guild(guild)) is not None:
            thread = server.get_thread(channel)
            if thread is not None and sources.get(thread.parent_id) == "posts":
                place = (thread.parent_id, channel)
        if place is not None and (not of or sources[place[0]] in of):
            self._following.note(guild, place)
