"""/rebuild, for administrators."""

import asyncio
import time
from contextlib import suppress

import discord
from discord import app_commands
from discord.app_commands import locale_str as _
from discord.ext import commands

from bot.config import BotSettings
from bot.discord.delivery import REQUEST_ERRORS, deliver, in_interaction, in_private
from bot.discord.desk import Desk
from bot.discord.drafts import EDIT_SECONDS
from bot.discord.localization import language_of
from bot.discord.rebuild import rebuild, rebuild_command
from bot.messages import say


class Rebuilding(commands.Cog):
    """Brings the index up to date with the articles."""

    def __init__(self, desk: Desk, settings: BotSettings) -> None:
        """Rebuild the index that `settings` name, for `desk` to answer from."""
        self._desk, self._settings = desk, settings

    @app_commands.command(name=_("rebuild"), description=_("Build the index again from the articles"))
    @app_commands.guild_only()
    @app_commands.default_permissions(administrator=True)
    @app_commands.checks.has_permissions(administrator=True)
    async def rebuild(self, interaction: discord.Interaction) -> None:
        """Rebuild in a process of its own, show how far it is, and answer from the new index."""
        language = language_of(interaction)
        await interaction.response.defer(ephemeral=True, thinking=True)
        shown = 0.0

        async def show(done: int, total: int) -> None:
            nonlocal shown
            if time.monotonic() - shown >= EDIT_SECONDS:
                shown = time.monotonic()
                with suppress(*REQUEST_ERRORS):  # what counts is the end
                    text = say("rebuild_progress", language, done=done, total=total)
                    await interaction.edit_original_response(content=text)

        try:
            report = await rebuild(rebuild_command(self._settings), show)
            await asyncio.to_thread(self._desk.live.refresh)
        except Exception:
            self._desk.observer.rebuilt(succeeded=False)
            raise
        self._desk.observer.rebuilt(succeeded=True)
        text = say(
            "rebuild_done",
            language,
            documents=report.documents,
            chunks=report.chunks,
            skipped=report.skipped,
            seconds=report.seconds,
        )
        places = [in_interaction(interaction, private=True), in_private(interaction.user)]
        await deliver(places, text, None, interaction.id)
