"""Ask by mention, by reply, in a thread that the bot opened, in private, by /ask, or about a message."""

import asyncio
import logging
from contextlib import suppress
from dataclasses import dataclass

import discord
from discord import app_commands
from discord.app_commands import locale_str as _
from discord.ext import commands

from bot.answering.answer import Question
from bot.bounded import BoundedDict
from bot.discord.addressing import Origin, channel_of, conversation_key, mentions, question_text, speaks_to
from bot.discord.answerer import Answerer
from bot.discord.conversations import MAX_REMEMBERED, Conversation, Conversations
from bot.discord.delivery import (
    REQUEST_ERRORS,
    deliver,
    describe_error,
    in_channel,
    in_interaction,
    in_private,
    is_transient,
)
from bot.discord.keepers import RulesKeeper
from bot.errors import StorageError
from bot.messages import say
from index.schema import Language

TYPING_SECONDS = 8.0  # Discord shows typing for ten

MAX_THREAD_NAME = 80  # characters; Discord allows 100, a phone shows about 40

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Reply:
    """The answer to a message: what was asked there, and the messages that answered it."""

    question: str
    channel: int
    messages: tuple[int, ...]


class Asking(commands.Cog):
    """Turns what people write into questions, and brings the answers back."""

    def __init__(
        self,
        bot: commands.AutoShardedBot,
        me: discord.ClientUser,
        answerer: Answerer,
        rules: RulesKeeper,
        conversations: Conversations,
    ) -> None:
        """Hear of messages from `bot`, and let `answerer` answer those that ask.

        Args:
            bot: the connection.
            me: the bot, as people see it.
            answerer: answers each question.
            rules: of each server, which say where an answer opens a thread.
            conversations: what was asked before.
        """
        self._bot, self._me, self._answerer = bot, me, answerer
        self._rules, self._conversations = rules, conversations
        self._replies: BoundedDict[int, Reply] = BoundedDict(MAX_REMEMBERED)  # by the id of the question
        self._hinted: BoundedDict[int, None] = BoundedDict(MAX_REMEMBERED)  # threads: the bot said that it cannot read
        self._about = app_commands.ContextMenu(name=_("Ask about this"), callback=self._ask_about)

    async def cog_load(self) -> None:
        """Add the command of the message menu, which a cog cannot declare."""
        self._bot.tree.add_command(self._about)

    async def cog_unload(self) -> None:
        """Remove it again."""
        self._bot.tree.remove_command(self._about.name, type=self._about.type)

    # ------------------------------------------------------------------------------------------------- interactions

    @app_commands.command(name=_("ask"), description=_("Ask a question about the articles"))
    @app_commands.rename(question=_("question"), language=_("language"), private=_("private"))
    @app_commands.describe(
        question=_("What you want to know, in French or English"),
        language=_("Language of the reply; that of the question if you do not choose"),
        private=_("Show the reply to you alone"),
    )
    @app_commands.choices(
        language=[
            app_commands.Choice(name=_("French"), value="fr"),
            app_commands.Choice(name=_("English"), value="en"),
        ]
    )
    async def ask(
        self,
        interaction: discord.Interaction,
        question: app_commands.Range[str, 1, 1000],
        language: app_commands.Choice[str] | None = None,
        private: bool = False,
    ) -> None:
        """Answer /ask."""
        wanted: Language | None = None if language is None else "fr" if language.value == "fr" else "en"
        hidden = private and interaction.guild_id is not None
        key = conversation_key(self._me, channel_of(interaction), interaction.user.id, hidden)
        await self._answer_interaction(interaction, Question(question, wanted), private, self._conversations.find(key))

    async def _ask_about(self, interaction: discord.Interaction, message: discord.Message) -> None:
        question = Question(message.content)
        await self._answer_interaction(interaction, question, private=False, conversation=Conversation())

    async def _answer_interaction(
        self, interaction: discord.Interaction, question: Question, private: bool, conversation: Conversation
    ) -> None:
        places = [in_interaction(interaction, private)]
        channel = interaction.channel
        if not private and isinstance(channel, discord.abc.Messageable):
            places.append(in_channel(channel, "channel"))
        places.append(in_private(interaction.user))
        try:
            await interaction.response.defer(ephemeral=private, thinking=True)
        except REQUEST_ERRORS as error:  # the question is answered all the same
            log.warning("not acknowledged", extra={"reason": describe_error(error)})
            if not is_transient(error):  # else Discord may have heard, and shows "thinking…"
                places = places[1:]
        parent = channel.parent_id if isinstance(channel, discord.Thread) else None
        hidden = private and interaction.guild_id is not None
        where = interaction.channel_id or 0
        origin = Origin(interaction.user, interaction.guild_id, where, parent, conversation, hidden)
        await self._answerer.answer(question, origin, places, interaction.id, shown=question.text)

    # ----------------------------------------------------------------------------------------------------- messages

    @commands.Cog.listener()
    async def on_message(self, message: discord.Message) -> None:
        """Answer a message that speaks to the bot."""
        if not speaks_to(self._me, message):
            return
        if not message.content and message.guild is not None and not mentions(self._me, message):
            if not self._bot.intents.message_content:  # else it is a picture alone
                await self._say_once_that_it_cannot_read(message)
            return
        if await self._answerer.takes(message.id):
            await self._answer_message(message)

    @commands.Cog.listener()
    async def on_raw_message_edit(self, payload: discord.RawMessageUpdateEvent) -> None:
        """Answer again when a question that was answered is edited; the old reply goes.

        Discord tells of an edit also when it only adds the preview of a link.
        """
        message = payload.message
        reply = self._replies.get(message.id)
        if reply is None or not speaks_to(self._me, message) or question_text(self._me, message) == reply.question:
            return
        await self._take_back(reply)
        await self._answer_message(message)

    @commands.Cog.listener()
    async def on_raw_message_delete(self, payload: discord.RawMessageDeleteEvent) -> None:
        """Take back the reply to a question that is deleted; one that is not answered yet gets no reply."""
        await self._withdraw(payload.message_id)

    @commands.Cog.listener()
    async def on_raw_bulk_message_delete(self, payload: discord.RawBulkMessageDeleteEvent) -> None:
        """Take back the replies to questions that are deleted all at once."""
        for message in payload.message_ids:
            await self._withdraw(message)

    async def _answer_message(self, message: discord.Message) -> None:
        channel = message.channel
        text = question_text(self._me, message)
        thread = channel if isinstance(channel, discord.Thread) else None
        reference = message.reference  # a forwarded message names one of another channel, maybe of another server
        replied_to = reference.message_id if reference and reference.channel_id == channel.id else None
        conversation = self._conversations.find(replied_to, conversation_key(self._me, channel, message.author.id))
        guild = message.guild.id if message.guild is not None else None
        parent = thread.parent_id if thread is not None else None
        origin = Origin(message.author, guild, channel.id, parent, conversation)
        places = [in_channel(channel, "reply", answering=message)]
        if message.guild is not None:
            places.append(in_channel(channel, "channel"))  # a reply needs the permission to read the history
            if thread is not None and isinstance(thread.parent, discord.TextChannel):
                places.append(in_channel(thread.parent, "parent"))
            places.append(in_private(message.author))
        typing = asyncio.create_task(self._show_typing(channel))
        try:
            if thread is None and (opened := await self._open_thread(message, origin, text)) is not None:
                places.insert(0, in_channel(opened, "thread"))
            sent = await self._answerer.answer(Question(text), origin, places, message.id)
        finally:
            typing.cancel()
        if sent:
            self._replies[message.id] = Reply(text, sent[0].channel.id, tuple(m.id for m in sent))

    async def _show_typing(self, channel: discord.abc.Messageable) -> None:
        """Show typing until cancelled, or until Discord refuses it."""
        with suppress(*REQUEST_ERRORS):
            while True:
                await channel.typing()
                await asyncio.sleep(TYPING_SECONDS)

    async def _open_thread(self, message: discord.Message, origin: Origin, text: str) -> discord.Thread | None:
        """Open a thread for a question, where the rules ask for one; None where they do not, or it cannot be opened."""
        try:
            if origin.guild is None or not self._rules.channel_rules(origin.guild, origin.channel).threads:
                return None
            return await message.create_thread(name=" ".join(text.split())[:MAX_THREAD_NAME] or "Babillard")
        except (*REQUEST_ERRORS, ValueError, StorageError) as error:  # ValueError: a channel that can have no threads
            log.warning("no thread", extra={"reason": describe_error(error)})
            return None

    async def _say_once_that_it_cannot_read(self, message: discord.Message) -> None:
        if message.channel.id not in self._hinted:
            self._hinted[message.channel.id] = None
            hint = f"{say('cannot_read', 'fr')}\n{say('cannot_read', 'en')}"
            await deliver([in_channel(message.channel, "reply", answering=message)], hint, None, message.id)

    async def _withdraw(self, message: int) -> None:
        self._answerer.withdraw(message)
        if (reply := self._replies.pop(message, None)) is not None:
            await self._take_back(reply)

    async def _take_back(self, reply: Reply) -> None:
        channel = self._bot.get_partial_messageable(reply.channel)
        for message in reply.messages:
            try:
                await channel.get_partial_message(message).delete()
            except REQUEST_ERRORS as error:
                log.info("reply not deleted", extra={"reason": describe_error(error)})
