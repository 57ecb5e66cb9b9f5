"""Whether a message speaks to the bot, what it asks, who asks, and which conversation it belongs to."""

from dataclasses import dataclass

import discord

from bot.discord.conversations import Conversation, ConversationKey

WRITTEN_BY_PEOPLE = (discord.MessageType.default, discord.MessageType.reply)


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a question comes from: who asked it, in which channel, after what."""

    user: discord.User | discord.Member
    guild: int | None
    channel: int
    parent: int | None  # the channel that a thread belongs to
    conversation: Conversation  # what was asked before
    private: bool = False  # whether others cannot see the answer

    @property
    def roles(self) -> list[int]:
        """Ids of the roles that a member has; none in direct messages."""
        return [role.id for role in self.user.roles] if isinstance(self.user, discord.Member) else []


def speaks_to(me: discord.ClientUser, message: discord.Message) -> bool:
    """Whether a person speaks to the bot: bots, webhooks, system messages and @everyone never do.

    In a thread that the bot opened every message does, unless it mentions somebody else.
    """
    if message.author.bot or message.webhook_id or message.type not in WRITTEN_BY_PEOPLE:
        return False
    if message.guild is None or mentions(me, message) or _replies_to(me, message):
        return True
    return _is_own_thread(me, message.channel) and not message.mentions and not message.mention_everyone


def conversation_key(
    me: discord.ClientUser, channel: discord.abc.Snowflake, user: int, private: bool = False
) -> ConversationKey:
    """Return which conversation a question in a channel belongs to.

    A thread that the bot opened holds one conversation, shared by all who ask there. Elsewhere people ask about
    different things side by side: each has their own conversation, and a second one for private answers.
    """
    if _is_own_thread(me, channel) and not private:
        return ConversationKey(channel.id)
    return ConversationKey(channel.id, user, private)


def channel_of(interaction: discord.Interaction) -> discord.abc.Snowflake:
    """Return the channel of an interaction; the bare id where the bot cannot see the channel."""
    return interaction.channel or discord.Object(interaction.channel_id or 0)


def mentions(me: discord.ClientUser, message: discord.Message) -> bool:
    """Whether the message mentions the bot; only then can the bot read it without a privileged intent."""
    return any(user.id == me.id for user in message.mentions)


def question_text(me: discord.ClientUser, message: discord.Message) -> str:
    """Return what a message asks: without the mention of the bot; with the title of the forum post that it opens."""
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


def _is_own_thread(me: discord.ClientUser, channel: discord.abc.Snowflake) -> bool:
    return isinstance(channel, discord.Thread) and channel.owner_id == me.id


def _replies_to(me: discord.ClientUser, message: discord.Message) -> bool:
    replied = message.reference.resolved if message.reference else None
    return isinstance(replied, discord.Message) and replied.author.id == me.id and bool(message.content)
