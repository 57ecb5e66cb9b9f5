"""Whether a message speaks to the bot, who asks in it, and what."""

from dataclasses import dataclass

import discord

QUESTIONS = (discord.MessageType.default, discord.MessageType.reply)


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asked, and where."""

    user: discord.User | discord.Member
    guild: int | None
    channel: int
    parent: int | None  # the channel of a thread

    @property
    def roles(self) -> list[int]:
        """Ids of the roles of a member; none in private."""
        return [role.id for role in self.user.roles] if isinstance(self.user, discord.Member) else []


def speaks_to(me: discord.ClientUser, message: discord.Message) -> bool:
    """Whether a person speaks to the bot: never other bots, webhooks, system messages or @everyone.

    In a thread that the bot opened every message does, unless it names somebody else.
    """
    if message.author.bot or message.webhook_id or message.type not in QUESTIONS:
        return False
    if message.guild is None or names(me, message) or _replies_to(me, message):
        return True
    in_own_thread = isinstance(message.channel, discord.Thread) and message.channel.owner_id == me.id
    return in_own_thread and not message.mentions and not message.mention_everyone


def names(me: discord.ClientUser, message: discord.Message) -> bool:
    """Whether the message mentions the bot; only then can the bot read it without a privileged intent."""
    return any(user.id == me.id for user in message.mentions)


def _replies_to(me: discord.ClientUser, message: discord.Message) -> bool:
    replied = message.reference.resolved if message.reference else None
    return isinstance(replied, discord.Message) and replied.author.id == me.id and bool(message.content)


def question_text(me: discord.ClientUser, message: discord.Message) -> str:
    """Return what was asked: without the mention of the bot, and after the title of a forum post that it opens."""
    text = message.content
    for mention in (f"<@{me.id}>", f"<@!{me.id}>"):
        text = text.replace(mention, " ")
    text = text.strip()
    thread = message.channel
    if (
        isinstance(thread, discord.Thread)
        and isinstance(thread.parent, discord.ForumChannel)
        and message.id == thread.id
    ):
        return f"{thread.name}\n{text}".strip()
    return text
