"""Answer one question in Discord: by the rules of its server, and at the nearest place that takes the answer."""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import discord

from bot.answering.answer import Asker, Question
from bot.answering.conversation import Turn
from bot.answering.understanding import decide_languages
from bot.bounded import BoundedDict
from bot.discord.addressing import Origin, conversation_key
from bot.discord.buttons import answer_buttons
from bot.discord.conversations import MAX_REMEMBERED, Anchor, Conversation, Conversations
from bot.discord.delivery import Place, deliver
from bot.discord.desk import Desk
from bot.discord.drafts import Draft
from bot.discord.errors import report_error
from bot.discord.keepers import LimitsKeeper, RulesKeeper, waiting_for
from bot.discord.markdown import answer_text
from bot.discord.observing import outcome_of, outcome_without_reply
from bot.discord.rules import GuildRules, check_allowed
from index.schema import Language


class Answerer:
    """Answers questions, or says in one sentence why not, and remembers their conversations."""

    def __init__(
        self,
        me: discord.ClientUser,
        desk: Desk,
        rules: RulesKeeper,
        limits: LimitsKeeper,
        conversations: Conversations,
        default: Language,
    ) -> None:
        """Answer with `desk`.

        Args:
            me: the bot.
            desk: where answers come from.
            rules: of each server.
            limits: how often people may ask.
            conversations: what was asked before.
            default: language of the settings, where nothing else tells the language of a question.
        """
        self._me, self._desk, self._rules, self._limits = me, desk, rules, limits
        self._conversations, self._default = conversations, default
        self._withdrawn: BoundedDict[int, None] = BoundedDict(MAX_REMEMBERED)
        self.in_flight: set[asyncio.Task[Any]] = set()  # one task an answer, from the question to the reply

    async def takes(self, number: int) -> bool:
        """Whether this process is the one that answers the message with this id."""
        return await waiting_for(self._limits, self._limits.claim, number)

    def withdraw(self, number: int) -> None:
        """Give no answer to the message with this id: it was deleted. Any message may be named, question or not."""
        self._withdrawn[number] = None

    async def answer(
        self, question: Question, origin: Origin, places: Sequence[Place], number: int, shown: str = ""
    ) -> list[discord.Message]:
        """Answer a question, or say why not.

        Args:
            question: as it was asked.
            origin: who asked it, and where.
            places: where the answer may go, the nearest first.
            number: id of the message or the interaction that asked.
            shown: the question, where nothing else in the channel shows it.

        Returns:
            The messages that were sent, in order.
        """
        if (task := asyncio.current_task()) is not None:
            self.in_flight.add(task)
            task.add_done_callback(self.in_flight.discard)
        draft = Draft(places[0], number)
        question = replace(question, history=origin.conversation.turns, on_draft=draft.show)
        buttons: discord.ui.View | None = None
        turns: tuple[Turn, ...] = ()
        began = time.perf_counter()
        try:
            rules = GuildRules() if origin.guild is None else self._rules.guild_rules(origin.guild)
            question = in_languages(question, self._rules, origin.guild, origin.parent or origin.channel)
            check_allowed(rules, origin.channel, origin.parent, origin.roles)
            cooldown, daily = rules.cooldown_seconds, rules.daily_questions
            await waiting_for(
                self._limits, self._limits.check, origin.guild, origin.user.id, cooldown=cooldown, daily=daily
            )
            collection = self._rules.collection(origin.guild, origin.parent or origin.channel)
            asker = Asker(origin.user.id, origin.guild, collection, origin.private)
            served = await self._desk.ask(question, asker)
            text = answer_text(served.answer, served.index_built, shown, rules.help_channel, served.old_before)
            buttons = answer_buttons(served, in_server=origin.guild is not None)
            turns = served.answer.history
            outcome, language = outcome_of(served.answer), served.answer.language
        except Exception as error:  # noqa: BLE001 - whoever asked is told, whatever failed
            outcome, language = outcome_without_reply(error), decide_languages(question, self._default).reply
            text = report_error(error, language, "not answered", {"guild": origin.guild})
        self._desk.observer.asked(outcome, language, time.perf_counter() - began)
        places = [*await draft.end(), *places]
        if number in self._withdrawn:
            await draft.discard()
            return []
        sent = await deliver(places, text, buttons, number)
        if turns and sent:
            conversation = Conversation(turns, origin.conversation.people | {origin.user.id})
            self._conversations.remember(conversation, self._anchors(origin, sent))
        return sent

    def _anchors(self, origin: Origin, sent: Sequence[discord.Message]) -> list[Anchor]:
        """Return what the next question can follow up: each message that was sent, and the conversation it is in."""
        hidden = origin.private and sent[0].channel.id == origin.channel  # else it came as a direct message
        return [*(m.id for m in sent), conversation_key(self._me, sent[0].channel, origin.user.id, hidden)]


def in_languages(question: Question, rules: RulesKeeper, guild: int | None, channel: int) -> Question:
    """Return a question with the languages that moderators chose for where it was asked; a thread is its channel."""
    if guild is None:
        return question
    here, there = rules.channel_rules(guild, channel), rules.guild_rules(guild)
    return replace(question, channel_language=here.language, server_language=there.language)
