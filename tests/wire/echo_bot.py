"""A small bot on the real client, for the server's own tests: one of each thing that a bot does."""

import asyncio
import logging
import os
import signal

import aiohttp
import discord
from discord import app_commands
from discord.ext import commands

log = logging.getLogger(__name__)


class EchoBot(commands.AutoShardedBot):
    """Replies to mentions with what they said; `!thread` opens a thread."""

    def __init__(self) -> None:
        intents = discord.Intents(guilds=True, messages=True)
        super().__init__(commands.when_mentioned, intents=intents, help_command=None, guild_ready_timeout=0.0)

    async def setup_hook(self) -> None:
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, lambda: asyncio.ensure_future(self.close()))
        self.tree.add_command(ask)
        self.tree.add_command(repeat)
        await self.tree.sync()

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        """Begin a new session at once: the client waits 5 s."""

    async def on_message(self, message: discord.Message, /) -> None:
        if message.author.bot or (message.guild is not None and self.user not in message.mentions):
            return
        text = message.content.partition("> ")[2] or message.content
        if text.startswith("!thread"):
            thread = await message.create_thread(name="Fil de discussion")
            await thread.send("Ici.")
        elif text.startswith("!long"):
            try:
                await message.reply("é" * 2001)
            except discord.HTTPException as error:
                log.warning("refused: %s %s", error.status, error.text)
        elif text.startswith("!file"):
            await message.reply(file=discord.File(__file__, filename="bot.py"))
        else:
            await self._reply(message, text)

    async def _reply(self, message: discord.Message, text: str) -> None:
        """Reply, and once more when the connection was lost: the nonce says that it is the same reply."""
        try:
            await message.reply(text, nonce=message.id)
        except aiohttp.ClientError as error:
            log.warning("sending again after %r", error)
            await message.reply(text, nonce=message.id)


class Buttons(discord.ui.View):
    @discord.ui.button(label="Encore", custom_id="again")
    async def again(self, interaction: discord.Interaction, _: discord.ui.Button["Buttons"]) -> None:
        await interaction.response.edit_message(content="Encore !", view=None)


class Form(discord.ui.Modal, title="Avis"):
    opinion: discord.ui.TextInput["Form"] = discord.ui.TextInput(label="Votre avis", custom_id="opinion")

    async def on_submit(self, interaction: discord.Interaction, /) -> None:
        await interaction.response.send_message(f"Merci : {self.opinion.value}", ephemeral=True)


@app_commands.command(description="Ask")
async def ask(interaction: discord.Interaction, question: str) -> None:
    await interaction.response.defer(thinking=True)
    try:
        await interaction.followup.send(f"{interaction.locale} {question}", view=Buttons(timeout=None))
    except discord.HTTPException as error:
        log.warning("too late: %s %s", error.status, error.code)


@ask.autocomplete("question")
async def complete(_: discord.Interaction, typed: str) -> list[app_commands.Choice[str]]:
    return [app_commands.Choice(name=f"{typed}…", value=typed)]


@app_commands.context_menu(name="Répéter")
async def repeat(interaction: discord.Interaction, message: discord.Message) -> None:
    if message.content == "!form":
        await interaction.response.send_modal(Form())
    else:
        await interaction.response.send_message(message.content, ephemeral=True)


if __name__ == "__main__":
    EchoBot().run(os.environ["DISCORD_TOKEN"])
