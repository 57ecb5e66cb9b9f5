"""/new and /forget-me for everyone, /rebuild for administrators."""

import asyncio
import json
import logging
import signal
import sys
import time
from contextlib import suppress

import discord
from discord import app_commands
from discord.app_commands import locale_str as _
from discord.ext import commands

from bot.config import BotSettings
from bot.discord.addressing import place_of, strand_of
from bot.discord.apologies import FORESEEN, apology
from bot.discord.conversations import Conversations
from bot.discord.delivery import FAULTS, deliver, in_interaction, in_private
from bot.discord.desk import Desk
from bot.discord.localization import language_of
from bot.messages import say
from index.schema import Language

EDIT_SECONDS = 1.2
"""Between two edits of one message: five in five seconds is what Discord's bucket of a channel holds."""

log = logging.getLogger(__name__)


class Maintenance(commands.Cog):
    """Keeps the index up to date and people's data theirs."""

    def __init__(self, desk: Desk, conversations: Conversations, settings: BotSettings) -> None:
        """Rebuild what `settings` name; erase what `desk` recorded and `conversations` remember."""
        self._desk, self._conversations, self._settings = desk, conversations, settings

    @app_commands.command(name=_("new"), description=_("Begin a new conversation: your next question stands alone"))
    async def new(self, interaction: discord.Interaction) -> None:
        """End the conversation of this person here or, in a thread that the bot opened, that of everybody there."""
        me = interaction.client.user
        if me is None:
            raise RuntimeError("no interaction comes before the login")
        channel, user = place_of(interaction), interaction.user.id
        strand = strand_of(me, channel, user)
        self._conversations.end(strand)
        self._conversations.end(strand_of(me, channel, user, private=True))
        text = say("new", language_of(interaction))
        await interaction.response.send_message(text, ephemeral=strand.user is not None)

    @app_commands.command(name=_("forget-me"), description=_("Erase all that is kept of your questions and votes"))
    async def forget_me(self, interaction: discord.Interaction) -> None:
        """Erase a person's rows and say how many they were."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        language = language_of(interaction)
        try:
            self._conversations.forget(interaction.user.id)
            count = await self._desk.forget(interaction.user.id)
            text = say("forgotten", language, count=count) if count else say("nothing_kept", language)
        except FORESEEN as error:
            log.warning("not erased", extra={"reason": str(error)})
            text = apology(error, language)
        await deliver([in_interaction(interaction, private=True)], text, None, interaction.id)

    @app_commands.command(name=_("rebuild"), description=_("Build the index again from the articles"))
    @app_commands.guild_only()
    @app_commands.default_permissions(administrator=True)
    async def rebuild(self, interaction: discord.Interaction) -> None:
        """Rebuild in a process of its own, telling how far it is, and take the new index up."""
        language = language_of(interaction)
        if not interaction.permissions.administrator:
            await interaction.response.send_message(say("no_permission", language), ephemeral=True)
            return
        await interaction.response.defer(ephemeral=True, thinking=True)
        text = await self._build(interaction, language)
        await deliver(
            [in_interaction(interaction, private=True), in_private(interaction.user)], text, None, interaction.id
        )

    async def _build(self, interaction: discord.Interaction, language: Language) -> str:
        folders = ["--seeds", str(self._settings.seeds_dir), "--index", str(self._settings.index_dir)]
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "index", "rebuild", "--json", "--progress", *folders),
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        if process.stdout is None or process.stderr is None:
            raise RuntimeError("both are pipes")
        complaint = asyncio.create_task(process.stderr.read())
        shown, report = 0.0, {}
        async for line in process.stdout:
            report = json.loads(line)
            if "done" in report and time.monotonic() - shown >= EDIT_SECONDS:
                shown = time.monotonic()
                with suppress(*FAULTS):  # the end matters, not the way
                    await interaction.edit_original_response(content=say("rebuild_progress", language, **report))
        reason = (await complaint).decode("utf-8", "replace").strip().splitlines()
        if await process.wait() == -signal.SIGKILL:
            return say("rebuild_killed", language)
        if process.returncode != 0:
            log.warning("rebuild failed", extra={"reason": reason})
            return say("rebuild_failed", language, reason=reason[-1] if reason else process.returncode)
        await asyncio.to_thread(self._desk.live.refresh)
        return say(
            "rebuild_done",
            language,
            documents=report["documents"],
            chunks=report["chunks"],
            skipped=len(report["skipped"]),
            seconds=report["seconds"],
        )
