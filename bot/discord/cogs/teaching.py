"""Teach from a message, from nothing or from a gap; see, edit and withdraw what was taught."""

import asyncio
from collections.abc import Callable

import discord
from discord import app_commands
from discord.app_commands import locale_str as _
from discord.ext import commands

from bot.answering.answer import Asker
from bot.discord.delivery import deliver, in_interaction, in_response
from bot.discord.errors import answer_error
from bot.discord.lesson_forms import LessonForm, check_teacher
from bot.discord.lesson_lists import gaps_list, taught_list
from bot.discord.lessons import Lessons
from bot.discord.localization import language_of


@app_commands.guild_only()
class TeachingCog(commands.Cog):
    """Lets those who may teach close a gap where it shows."""

    def __init__(
        self, bot: commands.AutoShardedBot, lessons: Lessons, asker: Callable[[discord.Interaction], Asker]
    ) -> None:
        """Teach `lessons`.

        Args:
            bot: the connection.
            lessons: what was taught.
            asker: returns who acts.
        """
        self._bot, self._lessons, self._asker = bot, lessons, asker
        self._this = app_commands.ContextMenu(name=_("Teach this"), callback=self._teach_this)
        self._this.guild_only = True

    async def cog_load(self) -> None:
        """Add the command of the message menu, which a cog cannot declare."""
        self._bot.tree.add_command(self._this)

    async def cog_unload(self) -> None:
        """Remove it again."""
        self._bot.tree.remove_command(self._this.name, type=self._this.type)

    @app_commands.command(name=_("teach"), description=_("Teach Babillard an answer, for this server"))
    @app_commands.rename(question=_("question"))
    @app_commands.describe(question=_("What people ask; the form opens with it"))
    @app_commands.guild_only()
    async def teach(self, interaction: discord.Interaction, question: app_commands.Range[str, 0, 300] = "") -> None:
        """Open the form."""
        check_teacher(interaction)
        await interaction.response.send_modal(LessonForm(language_of(interaction), question))

    @app_commands.command(name=_("taught"), description=_("See, edit or withdraw what this server taught"))
    @app_commands.guild_only()
    async def taught(self, interaction: discord.Interaction) -> None:
        """Show the first page."""
        guild = check_teacher(interaction)
        entries = await asyncio.to_thread(self._lessons.entries, guild)
        text, view = taught_list(entries, 0, language_of(interaction))
        await deliver([in_response(interaction)], text, view, interaction.id)

    @app_commands.command(name=_("gaps"), description=_("Questions that found no answer here, to teach one"))
    @app_commands.guild_only()
    async def gaps(self, interaction: discord.Interaction) -> None:
        """Show what waits for an answer."""
        check_teacher(interaction)
        await interaction.response.defer(ephemeral=True, thinking=True)
        gaps = await self._lessons.gaps(self._asker(interaction))
        text, view = gaps_list(gaps, language_of(interaction))
        await deliver([in_interaction(interaction, private=True)], text, view, interaction.id)

    async def _teach_this(self, interaction: discord.Interaction, message: discord.Message) -> None:
        try:
            check_teacher(interaction)
            replied = message.reference.resolved if message.reference else None
            question = replied.content if isinstance(replied, discord.Message) else ""
            form = LessonForm(language_of(interaction), question, message.content, message.jump_url)
            await interaction.response.send_modal(form)
        except Exception as error:  # noqa: BLE001 - whoever asked is told, whatever failed
            await answer_error(interaction, error, "form not opened")
