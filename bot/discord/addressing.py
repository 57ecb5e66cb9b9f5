"""Whether a message speaks to the bot, who asks in it, and what."""

from dataclasses import dataclass

import discord

from bot.answering.answer import Asker
from bot.discord.conversations import Strand, Talk

QUESTIONS = (discord.MessageType.default, discord.MessageType.reply)


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a question comes from: who asked, in which channel, after what."""

    user: discord.User | discord.Member
    guild: int | None
    channel: int
    parent: int | None  # the channel of a thread
    talk: Talk  # what was asked before
    private: bool = False  # whether others do not see the answer

    @property
    def asker(self) -> Asker:
        """Who asks, as the desk counts it."""
        return Asker(self.user.id, self.guild)

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
    return _is_own_thread(me, message.channel) and not message.mentions and not message.mention_everyone


def strand_of(me: discord.ClientUser, channel: discord.abc.Snowflake, user: int, private: bool = False) -> Strand:
    """Return the conversation that a question in a channel belongs to.

    A thread that the bot opened holds one conversation, of all who ask there. Elsewhere people speak of different
    things side by side: each has a conversation of their own, and another for what others do not see.
    """
    if _is_own_thread(me, channel) and not private:
        return Strand(channel.id)
    return Strand(channel.id, user, private)


def place_of(interaction: discord.Interaction) -> discord.abc.Snowflake:
    """Return the channel of an interaction, known perhaps by its number alone."""
    return interaction.channel or discord.Object(interaction.channel_id or 0)


def _is_own_thread(me: discord.ClientUser, channel: discord.abc.Snowflake) -> bool:
    return isinstance(channel, discord.Thread) and channel.owner_id == me.id


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
