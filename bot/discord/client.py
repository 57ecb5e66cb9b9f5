"""The connection to Discord: intents, commands, readiness, and an end that loses no answer."""

import asyncio
import hashlib
import json
import logging
import time

import discord
from discord.ext import commands
from pydantic import SecretStr

from bot.config import BotSettings
from bot.discord.buttons import AnswerButton
from bot.discord.cogs.asking import Asking
from bot.discord.cogs.maintenance import Maintenance
from bot.discord.cogs.settings import Settings
from bot.discord.conversations import Conversations
from bot.discord.delivery import FAULTS, describe
from bot.discord.desk import Desk
from bot.discord.limits import Limits
from bot.discord.localization import FrenchTranslator
from bot.discord.rules import Guilds
from bot.errors import DiscordError
from bot.messages import say

REFUSED = "Discord refuses the token: set DISCORD_TOKEN to that of the Bot page of the application"

DRAIN_SECONDS = 20.0
"""For the answers in flight when the process is asked to end; service managers kill after 30 to 90."""

CHECK_SECONDS = 15.0
"""For a login that is only a test. discord.py tries a server that fails five times within 25 s; a person waits less."""

log = logging.getLogger(__name__)


async def introduce(token: SecretStr) -> tuple[str, bool]:
    """Return the name of the bot with this token, and whether it may ask for the text of messages.

    Nothing is connected: Discord is asked for the bot and its application, and told nothing.

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
        raise DiscordError(REFUSED) from error
    except FAULTS as error:
        raise DiscordError(
            f"Discord cannot be asked ({describe(error)}): check the network, and https://discordstatus.com"
        ) from error


class BabillardClient(commands.AutoShardedBot):
    """Serves a desk in Discord."""

    def __init__(self, settings: BotSettings, desk: Desk, guilds: Guilds) -> None:
        """Prepare the client; nothing is sent before it starts."""
        intents = discord.Intents(guilds=True, guild_messages=True, dm_messages=True)
        intents.message_content = settings.message_content
        discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False  # there is no voice here to warn of
        super().__init__(
            command_prefix=(),
            help_command=None,
            intents=intents,
            allowed_mentions=discord.AllowedMentions.none(),
            max_messages=None,
            member_cache_flags=discord.MemberCacheFlags.none(),
            chunk_guilds_at_startup=False,
            status=discord.Status.idle,
        )
        self.desk = desk
        self.serving: set[asyncio.Task[object]] = set()  # one task an answer, from the question to the reply
        self._settings, self._guilds = settings, guilds

    async def setup_hook(self) -> None:
        """Add the commands, and tell Discord of them when they changed."""
        default = self._settings.default_language
        self.add_dynamic_items(AnswerButton)
        conversations = Conversations()
        await self.add_cog(Asking(self, self.desk, self._guilds, Limits(), conversations, default, self.serving))
        await self.add_cog(Settings(self._guilds))
        await self.add_cog(Maintenance(self.desk, conversations, self._settings))
        await self.tree.set_translator(FrenchTranslator())
        await self._sync()

    async def _sync(self) -> None:
        """Send the commands when they are not those that were sent last: Discord allows 200 new ones a day."""
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
        except FAULTS as error:  # those that were sent before still work, and the next start tries again
            log.error("commands not sent", extra={"reason": describe(error)})
            return
        sent.parent.mkdir(parents=True, exist_ok=True)
        sent.write_text(digest, encoding="ascii")
        log.info("commands sent", extra={"count": len(payload)})

    async def on_ready(self) -> None:
        """Show that questions are welcome."""
        text = say("ready", self._settings.default_language)
        await self.change_presence(status=discord.Status.online, activity=discord.CustomActivity(name=text))
        log.info("ready", extra={"guilds": len(self.guilds), "shards": self.shard_count})

    async def on_guild_remove(self, guild: discord.Guild) -> None:
        """Forget the rules of a server that the bot left."""
        self._guilds.forget(guild.id)

    @property
    def connected(self) -> bool:
        """Whether every shard has its session, and its connection now."""
        return self.is_ready() and bool(self.shards) and not any(s.is_closed() for s in self.shards.values())

    async def on_message(self, message: discord.Message, /) -> None:
        """Leave messages to the cog: there are no prefix commands."""

    async def close(self) -> None:
        """Finish the answers in flight, then leave; what comes meanwhile is told that the bot is busy."""
        if not self.is_closed():
            ends = time.monotonic() + DRAIN_SECONDS
            answered = await self.desk.close(DRAIN_SECONDS)
            if self.serving:  # the answers are there, some are still on their way
                await asyncio.wait(self.serving, timeout=max(0.0, ends - time.monotonic()))
            if not answered or self.serving:
                log.warning("left with answers in flight", extra={"count": len(self.serving)})
        await super().close()
