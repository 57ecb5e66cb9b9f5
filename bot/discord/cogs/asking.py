"""Ask by mention, by reply, in a thread that the bot opened, in private, by /ask, or about a message."""

import asyncio
import logging
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any

import discord
from discord import app_commands
from discord.app_commands import locale_str as _
from discord.ext import commands

from bot.answering.answer import Question
from bot.answering.conversation import Turn
from bot.answering.understanding import decide_languages
from bot.bounded import BoundedDict
from bot.discord.addressing import Origin, names, place_of, question_text, speaks_to, strand_of
from bot.discord.apologies import FORESEEN, apology
from bot.discord.buttons import answer_buttons
from bot.discord.conversations import REMEMBERED, Anchor, Conversations, Replied, Talk
from bot.discord.delivery import FAULTS, Place, deliver, describe, in_channel, in_interaction, in_private
from bot.discord.desk import Desk
from bot.discord.drafts import Draft
from bot.discord.limits import Limits
from bot.discord.markdown import answer_text
from bot.discord.rules import GuildRules, Guilds, answers_in, may_ask
from bot.errors import StorageError
from bot.messages import say
from index.schema import Language

TYPING_SECONDS = 8.0  # Discord shows typing for ten

THREAD_NAME = 80  # characters; Discord allows 100, a phone shows about 40

log = logging.getLogger(__name__)


class Asking(commands.Cog):
    """Turns what people write into questions, and brings the answers back."""

    def __init__(
        self,
        bot: commands.AutoShardedBot,
        desk: Desk,
        guilds: Guilds,
        limits: Limits,
        conversations: Conversations,
        default: Language,
        serving: set[asyncio.Task[Any]],
    ) -> None:
        """Answer with `desk`, by the rules of each guild.

        Args:
            bot: the connection.
            desk: where answers come from.
            guilds: the rules of each server.
            limits: how often people may ask.
            conversations: what was asked before.
            default: language where nothing tells it.
            serving: gets the task of each answer, for as long as it takes.
        """
        self._bot, self._desk, self._guilds, self._limits, self._default = bot, desk, guilds, limits, default
        self._conversations, self._serving = conversations, serving
        self._replied: BoundedDict[int, Replied] = BoundedDict(REMEMBERED)  # of a question
        self._withdrawn: BoundedDict[int, bool] = BoundedDict(REMEMBERED)  # deleted messages, questions or not
        self._hinted: BoundedDict[int, bool] = BoundedDict(REMEMBERED)  # threads where the bot said that it cannot read
        self._about = app_commands.ContextMenu(name=_("Ask about this"), callback=self._ask_about)

    async def cog_load(self) -> None:
        """Add what a cog cannot declare."""
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
        talk = self._conversations.find(strand_of(self._me, place_of(interaction), interaction.user.id, hidden))
        await self._answer_interaction(interaction, Question(question, wanted), private, talk)

    async def _ask_about(self, interaction: discord.Interaction, message: discord.Message) -> None:
        await self._answer_interaction(interaction, Question(message.content), private=False, talk=Talk())

    async def _answer_interaction(
        self, interaction: discord.Interaction, question: Question, private: bool, talk: Talk
    ) -> None:
        places = [in_interaction(interaction, private)]
        channel = interaction.channel
        if not private and isinstance(channel, discord.abc.Messageable):
            places.append(in_channel(channel, "channel"))
        places.append(in_private(interaction.user))
        try:
            await interaction.response.defer(ephemeral=private, thinking=True)
        except FAULTS as error:  # the interaction is lost, the question is not
            log.warning("not acknowledged", extra={"reason": describe(error)})
            places = places[1:]
        parent = channel.parent_id if isinstance(channel, discord.Thread) else None
        hidden = private and interaction.guild_id is not None
        origin = Origin(interaction.user, interaction.guild_id, interaction.channel_id or 0, parent, talk, hidden)
        await self._serve(question, origin, places, interaction.id, shown=question.text)

    # ----------------------------------------------------------------------------------------------------- messages

    @commands.Cog.listener()
    async def on_message(self, message: discord.Message) -> None:
        """Answer a message that speaks to the bot."""
        if not speaks_to(self._me, message):
            return
        if not message.content and message.guild is not None and not names(self._me, message):
            if not self._bot.intents.message_content:  # else it is a picture alone
                await self._say_once_that_it_cannot_read(message)
            return
        await self._answer_message(message)

    @commands.Cog.listener()
    async def on_raw_message_edit(self, payload: discord.RawMessageUpdateEvent) -> None:
        """Answer again when a question that was answered is edited; the old reply goes.

        Discord tells of an edit also when it only adds the preview of a link.
        """
        message = payload.message
        replied = self._replied.get(message.id)
        if replied is None or not speaks_to(self._me, message) or question_text(self._me, message) == replied.question:
            return
        await self._take_back(replied)
        await self._answer_message(message)

    @commands.Cog.listener()
    async def on_raw_message_delete(self, payload: discord.RawMessageDeleteEvent) -> None:
        """Take the reply back when its question is deleted, or do not give it."""
        self._withdrawn[payload.message_id] = True
        if (replied := self._replied.pop(payload.message_id, None)) is not None:
            await self._take_back(replied)

    @commands.Cog.listener()
    async def on_raw_bulk_message_delete(self, payload: discord.RawBulkMessageDeleteEvent) -> None:
        """Take the replies back when their questions are deleted at once."""
        for message in payload.message_ids:
            self._withdrawn[message] = True
            if (replied := self._replied.pop(message, None)) is not None:
                await self._take_back(replied)

    @property
    def _me(self) -> discord.ClientUser:
        me = self._bot.user
        if me is None:
            raise RuntimeError("no event comes before the login")
        return me

    async def _answer_message(self, message: discord.Message) -> None:
        channel = message.channel
        text = question_text(self._me, message)
        thread = channel if isinstance(channel, discord.Thread) else None
        replied_to = message.reference.message_id if message.reference else None
        talk = self._conversations.find(replied_to, strand_of(self._me, channel, message.author.id))
        guild = message.guild.id if message.guild is not None else None
        origin = Origin(message.author, guild, channel.id, thread.parent_id if thread is not None else None, talk)
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
            sent = await self._serve(Question(text), origin, places, message.id)
        finally:
            typing.cancel()
        if sent:
            self._replied[message.id] = Replied(text, sent[0].channel.id, tuple(m.id for m in sent))

    async def _show_typing(self, channel: discord.abc.Messageable) -> None:
        """Show typing until cancelled; a channel where it fails is told of no fault twice."""
        with suppress(*FAULTS):
            while True:
                await channel.typing()
                await asyncio.sleep(TYPING_SECONDS)

    async def _open_thread(self, message: discord.Message, origin: Origin, text: str) -> discord.Thread | None:
        """Return a new thread for a question where the rules ask for one; None where there can be none."""
        try:
            if origin.guild is None or not self._guilds.channel_rules(origin.guild, origin.channel).threads:
                return None
            return await message.create_thread(name=" ".join(text.split())[:THREAD_NAME] or "Babillard")
        except (*FAULTS, ValueError, StorageError) as error:  # ValueError: a channel that can have no threads
            log.warning("no thread", extra={"reason": describe(error)})
            return None

    async def _say_once_that_it_cannot_read(self, message: discord.Message) -> None:
        if message.channel.id not in self._hinted:
            self._hinted[message.channel.id] = True
            hint = f"{say('cannot_read', 'fr')}\n{say('cannot_read', 'en')}"
            await deliver([in_channel(message.channel, "reply", answering=message)], hint, None, message.id)

    async def _take_back(self, replied: Replied) -> None:
        channel = self._bot.get_partial_messageable(replied.channel)
        for message in replied.messages:
            try:
                await channel.get_partial_message(message).delete()
            except FAULTS as error:
                log.info("reply not deleted", extra={"reason": describe(error)})

    # -------------------------------------------------------------------------------------------------------- both

    async def _serve(
        self,
        question: Question,
        origin: Origin,
        places: Sequence[Place],
        number: int,
        shown: str = "",
    ) -> list[discord.Message]:
        """Answer, or say in one sentence why not; return the messages that were sent."""
        if (task := asyncio.current_task()) is not None:
            self._serving.add(task)
            task.add_done_callback(self._serving.discard)
        buttons = None
        draft = Draft(places[0], number)
        turns: tuple[Turn, ...] = ()
        question = replace(question, history=origin.talk.turns, on_draft=draft.show)
        try:
            rules = GuildRules() if origin.guild is None else self._guilds.rules(origin.guild)
            question = self._with_languages(question, rules, origin)
            if refusal := self._refusal(rules, origin, self._reply_language(question)):
                text = refusal
            else:
                served = await self._desk.ask(question, origin.asker)
                text = answer_text(served.answer, served.built, shown, rules.help_channel)
                buttons = answer_buttons(served)
                turns = served.answer.history
        except FORESEEN as error:
            log.warning("not answered", extra={"guild": origin.guild, "reason": f"{type(error).__name__}: {error}"})
            text = apology(error, self._reply_language(question))
        except Exception as error:  # the origin is told, whatever failed
            log.exception("not answered", extra={"guild": origin.guild})
            text = apology(error, self._reply_language(question))
        places = [*await draft.end(), *places]
        if number in self._withdrawn:
            await draft.discard()
            return []
        sent = await deliver(places, text, buttons, number)
        if turns and sent:
            talk = Talk(turns, origin.talk.people | {origin.user.id})
            self._conversations.remember(talk, self._anchors(origin, sent))
        return sent

    def _refusal(self, rules: GuildRules, origin: Origin, language: Language) -> str | None:
        """Return why this origin gets no answer here, or None; counts the question against the limits."""
        if not answers_in(rules, origin.channel, origin.parent):
            channels = ", ".join(f"<#{channel}>" for channel in sorted(rules.channels))
            return say("not_here", language, channels=channels)
        if not may_ask(rules, origin.channel, origin.parent, origin.roles):
            return say("not_you", language)
        self._limits.check(origin.guild, origin.user.id, rules.cooldown_seconds, rules.daily_questions)
        return None

    def _with_languages(self, question: Question, rules: GuildRules, origin: Origin) -> Question:
        """Return the question with what moderators chose for where it was asked."""
        if origin.guild is None:
            return question
        here = self._guilds.channel_rules(origin.guild, origin.parent or origin.channel)
        return replace(question, channel_language=here.language, server_language=rules.language)

    def _reply_language(self, question: Question) -> Language:
        return decide_languages(question, self._default).reply

    def _anchors(self, origin: Origin, sent: Sequence[discord.Message]) -> list[Anchor]:
        """Return what the next question can follow up: each message that was sent, and the strand it stands in."""
        hidden = origin.private and sent[0].channel.id == origin.channel  # else it came as a direct message
        return [*(m.id for m in sent), strand_of(self._me, sent[0].channel, origin.user.id, hidden)]
