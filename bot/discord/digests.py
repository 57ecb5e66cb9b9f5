"""Tell a channel once a week what its server asked in vain, where those who manage the server chose one.

    hourly look ──▶ due? ──▶ gaps since the last ──▶ noted as begun ──▶ posted ──▶ noted as told

The note comes before the post, so that a process that is killed between the two posts none twice. What such a digest,
or one that Discord did not take, would have told is told with the next.
"""

import logging
from collections.abc import Callable
from datetime import UTC, datetime

import discord

from bot.answering.answer import Asker
from bot.discord.delivery import deliver, in_channel
from bot.discord.keepers import RulesKeeper
from bot.discord.lesson_lists import digest_list
from bot.discord.lessons import Lessons
from bot.discord.periodic import Periodic
from bot.discord.rules_store import Due
from bot.errors import BotError
from bot.message_keys import Key
from index.errors import IndexingError
from index.schema import Language

WEEK_SECONDS = 7 * 86_400.0

LOOK_SECONDS = 3_600.0  # between two looks at what is due: an hour of a week is nothing to wait

log = logging.getLogger(__name__)


class Digests(Periodic):
    """Posts the digests of all servers. Belongs to one event loop."""

    def __init__(
        self,
        guild_of: Callable[[int], discord.Guild | None],
        rules: RulesKeeper,
        lessons: Lessons,
        default: Language,
        *,
        is_recording: bool,
    ) -> None:
        """Post where `rules` say so.

        Args:
            guild_of: returns a server by its id; None for one that the bot is not in, or that is away.
            rules: of each server; they keep the times as well.
            lessons: tells the gaps.
            default: language of the settings, where the rules tell none.
            is_recording: whether questions are kept, so that there can be something to tell.
        """
        super().__init__("digests", LOOK_SECONDS)
        self._guild_of, self._rules, self._lessons, self._default = guild_of, rules, lessons, default
        self._is_recording = is_recording
        self._closed: set[int] = set()  # channels where the bot may not write, which the log tells once

    def choose(self, channel: discord.TextChannel) -> Key | None:
        """Tell a channel from now on, first in a week; return why not, where that cannot be, and change nothing."""
        if not self._is_recording:
            return "digest_no_journal"
        if not may_post(channel):
            return "digest_unwritable"
        self._rules.choose_digest(channel.guild.id, channel.id, self.clock())
        return None

    async def look(self) -> None:
        """Post what is due; what is in the way of one server is told in the log, and tried at the next look."""
        due = self._rules.digests()
        for guild, one in due.items():
            if one.begun + WEEK_SECONDS > self.clock():
                continue
            try:
                await self._post(guild, one)
            except (BotError, IndexingError) as error:
                log.warning("no digest", extra={"guild": guild, "reason": str(error)})
            except Exception:  # one server must not keep the others from theirs
                log.exception("no digest", extra={"guild": guild})

    async def _post(self, number: int, due: Due) -> None:
        guild = self._guild_of(number)
        if guild is None or guild.unavailable:
            return
        channel = guild.get_channel(due.channel)
        if not isinstance(channel, discord.TextChannel):  # it was deleted while the bot was away
            self._rules.change_guild(number, digest=None)
            log.warning("the channel of the digest is gone", extra={"guild": number})
            return
        if not may_post(channel):
            if channel.id not in self._closed:
                self._closed.add(channel.id)
                log.warning("the channel of the digest cannot be written", extra={"guild": number})
            return
        self._closed.discard(channel.id)
        now = self.clock()
        asker = Asker(guild.me.id, number, self._rules.collection(number, channel.id))
        waiting = await self._lessons.waiting(asker, datetime.fromtimestamp(due.told, UTC))
        if not self._rules.begin_digest(number, due, now):
            return
        if waiting.gaps:
            text, view = digest_list(waiting, due.told, self._language(number, channel.id))
            if not await deliver([in_channel(channel, "digest")], text, view, int(now)):
                return  # the log has the reason
            log.info("digest", extra={"guild": number, "count": len(waiting.gaps)})
        self._rules.end_digest(number, now)

    def _language(self, guild: int, channel: int) -> Language:
        here, there = self._rules.channel_rules(guild, channel), self._rules.guild_rules(guild)
        return here.language or there.language or self._default


def may_post(channel: discord.TextChannel) -> bool:
    """Whether the bot can write in a channel."""
    allowed = channel.permissions_for(channel.guild.me)
    return allowed.view_channel and allowed.send_messages
