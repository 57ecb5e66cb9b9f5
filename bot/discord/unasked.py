"""Answer what nobody asked the bot, in channels that chose it: only where it is sure, and never twice.

A message counts that opens a post of a forum, or stands in a channel by itself and asks something. Where there is no
sure answer, or a rule is in the way, nothing is said.
"""

import logging
import re
import time
from typing import Literal, Self, cast

import discord

from bot.answering.answer import Asker, Question
from bot.answering.message import asks
from bot.discord.addressing import question_text, speaks_to
from bot.discord.answerer import in_languages
from bot.discord.claiming import Claimed
from bot.discord.conversations import Conversation, Conversations
from bot.discord.delivery import REQUEST_ERRORS, deliver, describe_error, in_channel, in_interaction
from bot.discord.desk import Desk, ServedAnswer
from bot.discord.errors import REFUSALS, answer_error, report_error
from bot.discord.keepers import LimitsKeeper, RulesKeeper, waiting_for
from bot.discord.lesson_forms import client_of
from bot.discord.localization import language_of
from bot.discord.markdown import answer_text
from bot.discord.observing import outcome_of
from bot.discord.pages import split
from bot.discord.rules import check_allowed
from bot.errors import BusyError
from bot.messages import say

SURE = 0.9
"""Confidence from which an answer is given unasked. On the dev sets, half of the questions without their articles, the
first quote of 93 % of such answers is right in French and of 97 % in English, and 41 and 54 % of what can be answered
is; on a documentation of 94 pages that the reader was not trained on, 13 of 13 were useful. `python -m
benchmarks.unasked --reader span`."""

READER = "span"
"""What must have read: by similarity 82 % are right in French at the same confidence, and 89 % at 0.99."""

Verdict = Literal["helped", "not"]

log = logging.getLogger(__name__)


class UnaskedButton(
    Claimed,
    discord.ui.DynamicItem[discord.ui.Button[discord.ui.View]],
    template=r"babillard:unasked:(?P<verdict>helped|not):(?P<key>x?[0-9a-f]{1,20}):(?P<asker>\d{1,20})",
):
    """A vote on an answer that nobody asked for; the asker’s *Not this* takes it away."""

    def __init__(self, verdict: Verdict, key: str, asker: int, label: str | None = None) -> None:
        """Make the button.

        Args:
            verdict: what it says.
            key: of a `ServedAnswer`.
            asker: who wrote the message that was answered.
            label: what it shows.
        """
        custom_id = f"babillard:unasked:{verdict}:{key}:{asker}"
        super().__init__(discord.ui.Button(style=discord.ButtonStyle.secondary, label=label, custom_id=custom_id))
        self._verdict, self._key, self._asker = verdict, key, asker

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction, item: discord.ui.Item[discord.ui.View], match: re.Match[str], /
    ) -> Self:
        """Make the button again from its id."""
        return cls(cast(Verdict, match["verdict"]), match["key"], int(match["asker"]))

    async def callback(self, interaction: discord.Interaction) -> None:
        """Keep the vote; take the answer away where the asker or a moderator says that it is none."""
        try:
            await self._act(interaction)
        except Exception as error:  # noqa: BLE001 - whoever pressed is told, whatever failed; discord.py would only log
            await answer_error(interaction, error, f"button {self._verdict} failed")

    async def _act(self, interaction: discord.Interaction) -> None:
        desk: Desk = interaction.client.desk  # type: ignore[attr-defined] # the client of bot.discord.client
        asker, helped = client_of(interaction).asker(interaction), self._verdict == "helped"
        goes = not helped and (asker.user == self._asker or interaction.permissions.manage_messages)
        if goes:
            await interaction.response.defer()
            await interaction.delete_original_response()
            await desk.rate(self._key, asker, helpful=False)
            return
        await interaction.response.defer(ephemeral=True, thinking=True)
        kept = await desk.rate(self._key, asker, helped)
        text = say(("vote_up" if helped else "vote_down") if kept else "vote_gone", language_of(interaction))
        await deliver([in_interaction(interaction, private=True)], text, None, interaction.id)


class Unasked:
    """Answers messages that nobody addressed to the bot, each in one message: a longer answer waits to be asked for."""

    def __init__(
        self, me: discord.ClientUser, desk: Desk, rules: RulesKeeper, limits: LimitsKeeper, conversations: Conversations
    ) -> None:
        """Answer with `desk`.

        Args:
            me: the bot.
            desk: where answers come from.
            rules: of each server, which say where.
            limits: how often people may ask; what is answered unasked counts as asked.
            conversations: what was asked before; a reply to the answer follows it up.
        """
        self._me, self._desk, self._rules = me, desk, rules
        self._limits, self._conversations = limits, conversations

    def is_meant(self, message: discord.Message) -> bool:
        """Whether a message may be answered unasked: a person’s, to nobody in particular, where that was chosen."""
        if (
            message.guild is None
            or message.author.bot
            or message.webhook_id
            or message.type is not discord.MessageType.default
            or message.mentions
            or message.role_mentions
            or message.mention_everyone
            or speaks_to(self._me, message)
        ):
            return False
        channel = message.channel
        opens = isinstance(channel, discord.Thread)
        if isinstance(channel, discord.Thread) and not (
            message.id == channel.id and isinstance(channel.parent, discord.ForumChannel)
        ):
            return False
        if self._desk.live.current.reader.name != READER:
            return False
        where = _parent_of(message)
        return bool(self._rules.channel_rules(message.guild.id, where).unasked) and (opens or asks(message.content))

    async def answer(self, message: discord.Message) -> discord.Message | None:
        """Answer a message if that is sure; return the reply. Nothing else is said, whatever happens."""
        began = time.perf_counter()
        guild, user, where = message.guild, message.author, _parent_of(message)
        if guild is None:
            return None
        roles = [role.id for role in user.roles] if isinstance(user, discord.Member) else []
        try:
            rules = self._rules.guild_rules(guild.id)
            check_allowed(rules, message.channel.id, where, roles)
            if not await waiting_for(self._limits, self._limits.claim, message.id):
                return None
            cooldown, daily = rules.cooldown_seconds, rules.daily_questions
            await waiting_for(self._limits, self._limits.look, guild.id, user.id, cooldown=cooldown, daily=daily)
            question = in_languages(
                Question(question_text(self._me, message), least=SURE), self._rules, guild.id, where
            )
            asker = Asker(user.id, guild.id, self._rules.collection(guild.id, where))
            served = await self._desk.offer(question, asker, lambda found: len(split(_text(found))) == 1)
        except Exception as error:  # noqa: BLE001 - nobody asked, so nobody is told
            if not isinstance(error, (*REFUSALS, BusyError)):
                report_error(error, "en", "not answered unasked", {"guild": guild.id})
            return None
        if served is None:
            return None
        await waiting_for(self._limits, self._limits.count, guild.id, user.id)
        places = [in_channel(message.channel, "reply", answering=message)]
        sent = await deliver(places, _text(served), _buttons(served, user.id), message.id)
        if not sent:
            return None
        answer = served.answer
        self._desk.observer.asked(outcome_of(answer), answer.language, time.perf_counter() - began)
        self._conversations.remember(Conversation(answer.history, frozenset({user.id})), [sent[0].id])
        return sent[0]


async def take_back(reply: discord.Message) -> None:
    """Delete a reply whose question was deleted."""
    try:
        await reply.delete()
    except REQUEST_ERRORS as error:
        log.info("reply not deleted", extra={"reason": describe_error(error)})


def _parent_of(message: discord.Message) -> int:
    """Return the channel whose rules hold: of a post, its forum."""
    channel = message.channel
    return channel.parent_id if isinstance(channel, discord.Thread) else channel.id


def _text(served: ServedAnswer) -> str:
    shown = answer_text(served.answer, served.index_built, old_before=served.old_before)
    return f"{shown}\n-# {say('unasked_note', served.answer.language)}"


def _buttons(served: ServedAnswer, asker: int) -> discord.ui.View:
    view = discord.ui.View(timeout=None)
    language = served.answer.language
    view.add_item(UnaskedButton("helped", served.key, asker, label=say("unasked_helped", language)))
    view.add_item(UnaskedButton("not", served.key, asker, label=say("unasked_not", language)))
    return view
