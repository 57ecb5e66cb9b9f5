"""Read what a channel says: its pins, the solved posts of a forum, or the messages of one for announcements.

    channel ──▶ messages, in pages ──▶ those that count ──▶ `Kept`: cleaned, titled, with link and date

Discord has no mark of its own for a solved post. It has two that people use for it: a tag of the forum, and a reaction
on the reply that solved it. Both count here, and `solving` says how.
"""

import re
from collections.abc import Collection, Sequence

import discord

from bot.channels.message import Kept, cleaned, post_title, titled
from bot.discord.addressing import WRITTEN_BY_PEOPLE
from bot.discord.rules import GuildRules, Source
from index.text import fold

Readable = discord.TextChannel | discord.ForumChannel

MAX_MESSAGES = 500
"""Messages of a channel that are read, the newest: five requests. Discord pins 250 at most."""

MAX_POSTS = 200
"""Posts of a forum that are read, the newest, one request each: a start reads them in a minute."""

MAX_REPLIES = 100  # of a post that are looked at, the last ones: one request

MAX_SOLVING = 5
"""Replies of a post that are kept, the last ones: what solved it stands near its end, before the thanks."""

CHECK = "✅"

MAX_JUDGES = 5
"""People with a ✅ on one reply who are asked for their roles, where its post's author is not among them."""

SOLVED = frozenset(
    "solved resolved answered fixed done resolu resolue repondu repondue regle reglee termine terminee".split()
)
"""Names of tags that say that a post is solved, folded and without signs, in French and English."""

_SIGNS = re.compile(r"[^a-z]+")


def what_to_read(channel: Readable, rules: GuildRules) -> Source:
    """Return what is read of a channel: posts of a forum, all messages where members cannot write, else pins."""
    if isinstance(channel, discord.ForumChannel):
        return "posts"
    can_write = any(channel.permissions_for(role).send_messages for role in _askers(channel.guild, rules))
    return "pins" if can_write and not channel.is_news() else "messages"


def is_seen_by_all(channel: discord.abc.GuildChannel, rules: GuildRules) -> bool:
    """Whether all who may ask in a server can read a channel: its messages may then be told to any of them."""
    return all(_reads(channel, role) for role in _askers(channel.guild, rules))


def may_read(channel: Readable) -> bool:
    """Whether the bot can read a channel."""
    return _reads(channel, channel.guild.me)


def is_solved(post: discord.Thread) -> bool:
    """Whether a post has a tag that says so."""
    return any(_SIGNS.sub("", fold(tag.name)) in SOLVED for tag in post.applied_tags)


async def read_channel(channel: discord.TextChannel, source: Source, rules: GuildRules) -> list[Kept]:
    """Return the pins or the messages of a channel, the newest `MAX_MESSAGES`.

    Raises:
        HTTPException: Discord refuses.
    """
    history = channel.pins(limit=MAX_MESSAGES) if source == "pins" else channel.history(limit=MAX_MESSAGES)
    messages = [message async for message in history]
    name = f"#{channel.name}"
    return [kept for message in messages if (kept := _kept(message, rules, name=name)) is not None]


async def posts_of(forum: discord.ForumChannel) -> list[discord.Thread]:
    """Return the posts of a forum, the newest `MAX_POSTS`, those that were archived included.

    Raises:
        HTTPException: Discord refuses.
    """
    posts = {post.id: post for post in forum.threads}
    posts |= {post.id: post async for post in forum.archived_threads(limit=MAX_POSTS)}
    return sorted(posts.values(), key=lambda post: post.id, reverse=True)[:MAX_POSTS]


async def read_post(post: discord.Thread, rules: GuildRules) -> list[Kept]:
    """Return the replies that solved a post; none where it is not solved.

    Raises:
        HTTPException: Discord refuses.
    """
    messages = [message async for message in post.history(limit=MAX_REPLIES)][::-1]
    checked = {message.id for message in messages if await _is_checked(message, post)}
    solved = is_solved(post) or post.id in checked
    title = post_title(post.name)
    chosen = solving(messages, post, checked, solved=solved)
    return [kept for message in chosen if (kept := _kept(message, rules, title=title)) is not None]


def solving(
    messages: Sequence[discord.Message], post: discord.Thread, checked: Collection[int], *, solved: bool
) -> list[discord.Message]:
    """Return the replies that solved a post, the last `MAX_SOLVING`.

    These are the replies with a ✅ of the post's author or of a moderator; where there is none and the post is marked
    as solved, by a tag or a ✅ on its first message, those of everybody but its author.

    Args:
        messages: of the post, the oldest first.
        post: whose they are.
        checked: the ids of those with such a ✅.
        solved: whether the post is marked.
    """
    replies = [message for message in messages if message.id != post.id]
    if accepted := [message for message in replies if message.id in checked]:
        return accepted[-MAX_SOLVING:]
    others = [message for message in replies if message.author.id != post.owner_id]
    return others[-MAX_SOLVING:] if solved else []


async def _is_checked(message: discord.Message, post: discord.Thread) -> bool:
    """Whether the author of the post, or a moderator, put a ✅ on a message."""
    for reaction in message.reactions:
        if reaction.emoji != CHECK:
            continue
        people = [user.id async for user in reaction.users()]
        if post.owner_id in people:
            return True
        for person in people[:MAX_JUDGES]:
            if await _moderates(post, person):
                return True
    return False


async def _moderates(post: discord.Thread, person: int) -> bool:
    try:
        member = post.guild.get_member(person) or await post.guild.fetch_member(person)
    except discord.NotFound:  # who left the server
        return False
    return not member.bot and post.permissions_for(member).manage_messages


def _kept(message: discord.Message, rules: GuildRules, *, title: str = "", name: str = "") -> Kept | None:
    """Return a message as it is kept, under its own heading, else under `name`; None where it says nothing."""
    guild = message.guild
    if guild is None or message.author.id == guild.me.id or message.type not in WRITTEN_BY_PEOPLE:
        return None

    def channel_name(number: int) -> str | None:
        channel = guild.get_channel(number)
        return channel.name if channel is not None and is_seen_by_all(channel, rules) else None

    text = cleaned(message.content, channel_name)
    if not title:
        title, text = titled(text, name)
    if not any(c.isalnum() for c in title) or not any(c.isalnum() for c in text):
        return None
    return Kept(message.id, message.author.id, title, text, message.jump_url, message.created_at)


def _askers(guild: discord.Guild, rules: GuildRules) -> list[discord.Role]:
    """Return the roles that may ask."""
    return [role for number in rules.roles if (role := guild.get_role(number))] or [guild.default_role]


def _reads(channel: discord.abc.GuildChannel, who: discord.Role | discord.Member) -> bool:
    allowed = channel.permissions_for(who)
    return allowed.view_channel and allowed.read_message_history
