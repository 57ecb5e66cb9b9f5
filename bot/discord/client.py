"""The connection to Discord: intents, commands, readiness, errors, and an end that loses no answer."""

import asyncio
import functools
import hashlib
import json
import logging
import sys
import time
from typing import Any

import discord
from discord.ext import commands
from pydantic import SecretStr

from bot.answering.answer import Asker
from bot.channels.channels import Channels
from bot.config import BotSettings
from bot.discord.answerer import Answerer
from bot.discord.buttons import AnswerButton
from bot.discord.cogs.asking import Asking
from bot.discord.cogs.forgetting import Forgetting
from bot.discord.cogs.learning import Learning
from bot.discord.cogs.rebuilding import Rebuilding
from bot.discord.cogs.settings import Settings
from bot.discord.cogs.sources import Sources
from bot.discord.cogs.teaching import TeachingCog
from bot.discord.cogs.unasked import UnaskedCog
from bot.discord.conversations import Conversations
from bot.discord.delivery import REQUEST_ERRORS, describe_error
from bot.discord.desk import Desk
from bot.discord.digests import Digests
from bot.discord.errors import ReportingTree, answer_event_error
from bot.discord.following import Following
from bot.discord.keepers import LimitsKeeper, RulesKeeper, waiting_for
from bot.discord.lesson_forms import DecisionButton, TeachButton
from bot.discord.lesson_lists import EntryButton, EntryMenu, GapMenu
from bot.discord.lessons import Lessons
from bot.discord.library import Library
from bot.discord.limits import Limits
from bot.discord.localization import FrenchTranslator
from bot.discord.observing import ShardsNow
from bot.discord.part import Part
from bot.discord.renewal import Renewal
from bot.discord.shards import Shards
from bot.discord.unasked import Unasked, UnaskedButton
from bot.errors import DiscordError
from bot.messages import say
from bot.teaching.teaching import Teaching
from index.layers import collections

LOGIN_REFUSED = "Discord refuses the token: set DISCORD_TOKEN to that of the Bot page of the application"

DRAIN_SECONDS = 20.0
"""For the answers in flight when the process is asked to end; service managers kill after 30 to 90 s."""

CHECK_SECONDS = 15.0
"""For a login that is only a test. discord.py tries a failing server five times, which takes 25 s; a person waits less.
"""

log = logging.getLogger(__name__)


async def introduce(token: SecretStr) -> tuple[str, bool]:
    """Return the name of the bot with this token, and whether it may ask for the text of messages.

    Discord is only asked for the bot and its application: there is no connection to the gateway.

    Raises:
        DiscordError: it refuses the token, or cannot be asked.
    """
    discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False
    try:
        async with asyncio.timeout(CHECK_SECONDS), discord.Client(intents=discord.Intents.none()) as client:
            await client.login(token.get_secret_value())
            flags = client.application_flags
            return str(client.user), flags.gateway_message_content or flags.gateway_message_content_limited
    except discord.LoginFailure as error:
        raise DiscordError(LOGIN_REFUSED) from error
    except REQUEST_ERRORS as error:
        raise DiscordError(
            f"Discord cannot be asked ({describe_error(error)}): check the network, and https://discordstatus.com"
        ) from error


class BabillardClient(commands.AutoShardedBot):
    """Serves a desk in Discord."""

    def __init__(
        self,
        settings: BotSettings,
        desk: Desk,
        rules: RulesKeeper,
        teaching: Teaching,
        channels: Channels,
        library: Library,
        part: Part | None = None,
    ) -> None:
        """Prepare the client; nothing is sent before it starts.

        Args:
            settings: of the bot.
            desk: where answers come from.
            rules: of each server.
            teaching: what the servers taught.
            channels: what is read from their channels.
            library: learns pages and files for them.
            part: what this process serves of the bot; None for all of it.
        """
        part = part or Part()
        intents = discord.Intents(guilds=True, guild_messages=True, dm_messages=True)
        intents.message_content = settings.message_content
        intents.guild_reactions = settings.message_content  # which replies solved a post: see bot.discord.sources
        discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False  # the bot has no voice
        super().__init__(
            command_prefix=(),
            help_command=None,
            tree_cls=ReportingTree,
            intents=intents,
            allowed_mentions=discord.AllowedMentions.none(),
            max_messages=None,
            member_cache_flags=discord.MemberCacheFlags.none(),
            chunk_guilds_at_startup=False,
            status=discord.Status.idle,
        )
        if part.shards is not None:
            self.shard_ids, self.shard_count = part.shards.ids, part.shards.count
        self.desk = desk
        self.lessons = Lessons(teaching, rules, desk)
        self.following = Following(self.get_guild, rules, channels, reads_messages=settings.message_content)
        self.library = library
        self.renewal = Renewal(settings, library)
        self.digests = Digests(
            self.get_guild, rules, self.lessons, settings.default_language, is_recording=settings.journal_days > 0
        )
        self._settings, self._rules = settings, rules
        self._limits: LimitsKeeper = part.limits or Limits()
        self._shards, self._turns = part.shards, part.turns
        self._buckets: int | None = None  # of which each may open a session in the same seconds, once Discord said so
        self._answerer: Answerer | None = None  # from the login on

    async def setup_hook(self) -> None:
        """Add the commands, and tell Discord of them when they changed."""
        if self.user is None:
            raise RuntimeError("the login comes first")
        self.add_dynamic_items(AnswerButton, TeachButton, DecisionButton, EntryMenu, EntryButton, GapMenu)
        self.add_dynamic_items(UnaskedButton)
        conversations = Conversations()
        default = self._settings.default_language
        self._answerer = Answerer(self.user, self.desk, self._rules, self._limits, conversations, default)
        await self.add_cog(Asking(self, self.user, self._answerer, self._rules, conversations))
        known, reader = functools.partial(collections, self._settings), self.desk.live.current.reader.name
        await self.add_cog(Settings(self._rules, known, self.following, reader, self.digests))
        await self.add_cog(Forgetting(self.user, self.desk, self.lessons, conversations, self.following))
        await self.add_cog(TeachingCog(self, self.lessons, self.asker))
        await self.add_cog(Learning(self.library, self._settings.max_file_mb))
        await self.add_cog(Rebuilding(self.desk, self._settings))
        await self.add_cog(Sources(self, self.following))
        unasked = Unasked(self.user, self.desk, self._rules, self._limits, conversations)
        await self.add_cog(UnaskedCog(unasked, reads_messages=self._settings.message_content))
        await self.tree.set_translator(FrenchTranslator())
        await self._sync()

    async def _sync(self) -> None:
        """Send the commands unless they are the ones that were sent last: Discord allows 200 new ones a day.

        They are those of the bot, not of a shard: of several processes, the one that serves the first shard sends them.
        """
        if self._shards is not None and self._shards.first > 0:
            return
        translator = self.tree.translator
        if translator is None:
            raise RuntimeError("set_translator comes first")
        payload = [await command.get_translated_payload(self.tree, translator) for command in self.tree.get_commands()]
        state = f"{self.application_id}\n{json.dumps(payload, sort_keys=True, default=str)}"
        digest = hashlib.sha256(state.encode()).hexdigest()
        sent = self._settings.data_dir / "commands.sha256"
        if sent.is_file() and sent.read_text(encoding="ascii") == digest:
            return
        try:
            await self.tree.sync()
        except REQUEST_ERRORS as error:  # the ones sent before still work, and the next start tries again
            log.error("commands not sent", extra={"reason": describe_error(error)})
            return
        sent.parent.mkdir(parents=True, exist_ok=True)
        sent.write_text(digest, encoding="ascii")
        log.info("commands sent", extra={"count": len(payload)})

    def asker(self, interaction: discord.Interaction) -> Asker:
        """Return who acts, and which articles they see where they do."""
        channel = interaction.channel
        parent = channel.parent_id if isinstance(channel, discord.Thread) else interaction.channel_id
        return Asker(interaction.user.id, interaction.guild_id, self._rules.collection(interaction.guild_id, parent))

    async def takes(self, interaction: discord.Interaction) -> bool:
        """Whether this process is the one that answers an interaction; where it only completes what is typed, it is."""
        if interaction.type is discord.InteractionType.autocomplete:
            return True
        return await waiting_for(self._limits, self._limits.claim, interaction.id)

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        """Wait until Discord takes one more session of this bot, whichever process opened the last one."""
        if self._turns is None or not await self._turns.wait((shard_id or 0) % await self._count_buckets()):
            await super().before_identify_hook(shard_id, initial=initial)  # it knows of this process alone

    async def _count_buckets(self) -> int:
        if self._buckets is None:
            try:
                self._buckets = (await self.fetch_session_start_limits()).max_concurrency
            except (*REQUEST_ERRORS, discord.GatewayNotFound):
                return 1  # what most bots have
        return self._buckets

    async def on_shard_ready(self, shard_id: int) -> None:
        """Show the servers of a shard that questions are welcome."""
        text = say("ready", self._settings.default_language)
        activity = discord.CustomActivity(name=text)
        await self.change_presence(status=discord.Status.online, activity=activity, shard_id=shard_id)
        log.info("shard ready", extra={"shard": shard_id})

    async def on_shard_disconnect(self, shard_id: int) -> None:
        """Tell the log; discord.py connects it again."""
        log.info("shard away", extra={"shard": shard_id})

    async def on_shard_resumed(self, shard_id: int) -> None:
        """Tell the log that a shard is back, and has missed nothing."""
        log.info("shard back", extra={"shard": shard_id})

    async def on_ready(self) -> None:
        """Begin what runs on a clock, once all servers are known."""
        self.digests.begin()
        self.renewal.begin()
        log.info("ready", extra={"guilds": len(self.guilds), "shards": str(self._served)})

    async def on_guild_remove(self, guild: discord.Guild) -> None:
        """Forget the rules of a server that the bot left; what it taught stays, for whoever runs the bot to export."""
        self._rules.forget_guild(guild.id)

    @property
    def shards_now(self) -> ShardsNow:
        """How the shards stand that this process serves."""
        served, known = self._served, self.shards
        if served is None:
            return ShardsNow(0)
        connected = tuple(number for number in served.ids if number in known and not known[number].is_closed())
        return ShardsNow(served.count, connected, tuple(number for number in served.ids if number not in connected))

    @property
    def _served(self) -> Shards | None:
        """The shards of this process; None until Discord said how many it wants."""
        return self._shards or (Shards(0, self.shard_count - 1, self.shard_count) if self.shard_count else None)

    async def on_message(self, message: discord.Message, /) -> None:
        """Leave messages to the cog: there are no prefix commands."""

    async def on_error(self, event_method: str, /, *args: Any, **kwargs: Any) -> None:
        """Tell the log that a listener failed, and whoever wrote to the bot."""
        error = sys.exc_info()[1]
        if error is not None and self.user is not None:
            await answer_event_error(self.user, event_method, args, error, self._settings.default_language)

    async def close(self) -> None:
        """Finish the answers in flight, then leave; whoever asks meanwhile is told that the bot is busy."""
        if not self.is_closed():
            ends = time.monotonic() + DRAIN_SECONDS
            self.digests.close()
            self.renewal.close()
            self.library.close()
            answered = await self.desk.close(DRAIN_SECONDS)
            sending = self._answerer.in_flight if self._answerer is not None else set()
            if sending:
                await asyncio.wait(sending, timeout=max(0.0, ends - time.monotonic()))
            self.following.close()
            if not answered or sending:
                log.warning("left with answers in flight", extra={"count": len(sending)})
        await super().close()
