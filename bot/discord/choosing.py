"""Choose a channel to read, for a moderator: nothing is read before its members were told."""

import logging

import discord

from bot.discord.delivery import REQUEST_ERRORS, describe_error
from bot.discord.following import Following
from bot.discord.keepers import RulesKeeper
from bot.discord.rules import MAX_SOURCES, Source
from bot.discord.sources import Readable, is_seen_by_all, may_read, what_to_read
from bot.message_keys import Key
from bot.messages import say

SHOWN: dict[Source, Key] = {"pins": "read_pins", "posts": "read_posts", "messages": "read_messages"}
TOLD: dict[Source, Key] = {"pins": "told_pins", "posts": "told_posts", "messages": "told_messages"}

log = logging.getLogger(__name__)


async def choose_source(channel: Readable, rules: RulesKeeper, following: Following) -> Key | None:
    """Read a channel from now on, and tell it so; return why not, where that cannot be, and change nothing then."""
    guild = channel.guild.id
    here = rules.guild_rules(guild)
    known = rules.sources(guild)
    source = what_to_read(channel, here)
    if not following.reads_messages:
        return "no_message_content"
    if channel.id not in known and len(known) >= MAX_SOURCES:
        return "source_many"
    if not may_read(channel):
        return "source_unreadable"
    if not is_seen_by_all(channel, here):
        return "source_hidden"
    if known.get(channel.id) != source:
        if not await _tell(channel, source):
            return "source_not_told"
        rules.change_channel(guild, channel.id, source=source)
    await following.look_through(guild)
    return None


async def drop_source(channel: Readable, rules: RulesKeeper, following: Following) -> None:
    """Read a channel no longer, and keep nothing of it."""
    rules.change_channel(channel.guild.id, channel.id, source=None)
    await following.look_through(channel.guild.id)


async def _tell(channel: Readable, source: Source) -> bool:
    """Tell those who write in a channel, in both languages; in a forum, in a post of its own."""
    text = "\n".join(say(TOLD[source], language) for language in ("fr", "en"))
    try:
        if isinstance(channel, discord.ForumChannel):
            tags = [tag for tag in channel.available_tags if not tag.moderated][:1] if channel.flags.require_tag else []
            await channel.create_thread(name="Babillard", content=text, applied_tags=tags, suppress_embeds=True)
        else:
            await channel.send(text, suppress_embeds=True)
    except REQUEST_ERRORS as error:
        log.info("a channel cannot be told", extra={"guild": channel.guild.id, "reason": describe_error(error)})
        return False
    return True
