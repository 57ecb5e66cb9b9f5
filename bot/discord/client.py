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
from bot.discord.renewal import Renewal
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
        limits: LimitsKeeper | None = None,
    ) -> None:
        """Prepare the client; nothing is sent before it starts.

        Args:
            settings: of the bot.
            desk: where answers come from.
            rules: of each server.
            teaching: what the servers taught.
            channels: what is read from their channels.
            library: learns pages and files for them.
            limits: how often people may ask; None to count here, and begin anew.
        """
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
        self.desk = desk
        self.lessons = Lessons(teaching, rules, desk)
        self.following = Following(self.get_guild, rules, channels, reads_messages=settings.message_content)
        self.library = library
        self.renewal = Renewal(settings, library)
        self.digests = Digests(
            self.get_guild, rules, self.lessons, settings.default_language, is_recording=settings.journal_days > 0
        )
        self._settings, self._rules = settings, rules
        self._limits: LimitsKeeper = limits or Limits()
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
        """Send the commands unless they are the ones that were sent last: Discord allows 200 new ones a day."""
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

    async def on_ready(self) -> None:
        """Show that questions are welcome."""
        text = say("ready", self._settings.default_language)
        await self.change_presence(status=discord.Status.online, activity=discord.CustomActivity(name=text))
        self.digests.begin()
        self.renewal.begin()
        log.info("ready", extra={"guilds": len(self.guilds), "shards": self.shard_count})

    async def on_guild_remove(self, guild: discord.Guild) -> None:
        """Forget the rules of a server that the bot left; what it taught stays, for whoever runs the bot to export."""
        self._rules.forget_guild(guild.id)

    @property
    def connected(self) -> bool:
        """Whether every shard has a session, and is connected now."""
        return self.is_ready() and bool(self.shards) and not any(s.is_closed() for s in self.shards.values())

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
