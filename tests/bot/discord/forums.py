"""Posts of a forum, as people write them: simcord has none of its own."""

import discord
from simcord import ChannelHandle, MemberActor

from tests.bot.discord.conftest import Server

SOLVED_TAG = 1


async def open_post(
    server: Server, forum: ChannelHandle, author: MemberActor, title: str, text: str, *, solved: bool = False
) -> ChannelHandle:
    """Open a post, and let the bot hear of it."""
    backend = server.env.backend
    tags = [SOLVED_TAG] if solved else []
    thread = backend.create_thread(forum.id, title, author.id, applied_tags=tags, broadcast=False)
    backend.announce_thread_create(thread)
    first = backend.prepare_message(thread.id, author.id, text)
    first.id = thread.id
    backend.commit_message(first)
    await server.env.settle()
    return ChannelHandle(server.env, server.guild, thread)


async def tag_post(server: Server, post: ChannelHandle, *, solved: bool) -> None:
    """Put the tag on a post, or take it away."""
    server.env.backend.edit_channel(post.id, {"applied_tags": [SOLVED_TAG] if solved else []})
    await server.env.settle()


async def close_post(server: Server, post: ChannelHandle) -> None:
    """Archive a post."""
    server.env.backend.edit_channel(post.id, {}, thread_metadata={"archived": True})
    await server.env.settle()


async def create_forum(server: Server, name: str) -> ChannelHandle:
    """Create a forum with a tag for what is solved."""
    forum = server.guild.create_forum_channel(name)
    tag = {"id": str(SOLVED_TAG), "name": "Résolu ✅", "moderated": False, "emoji_id": None, "emoji_name": None}
    server.env.backend.edit_channel(forum.id, {"available_tags": [tag]})
    await server.env.settle()
    return forum


def said_by_the_bot(server: Server, channel: ChannelHandle) -> list[discord.Message]:
    """Return what the bot wrote in a channel or a post, oldest first."""
    return [m for m in channel.history() if m.author.id == server.client.user.id]  # type: ignore[union-attr]
