"""/babillard: what those who manage a server may set there."""

from collections.abc import Callable, Sequence

import discord
from discord import app_commands
from discord.app_commands import locale_str as _
from discord.ext import commands

from bot.discord.choosing import choose_source, drop_source
from bot.discord.digests import Digests
from bot.discord.following import Following
from bot.discord.keepers import RulesKeeper
from bot.discord.localization import language_of
from bot.discord.pages import MAX_MESSAGE
from bot.discord.rules import MAX_COOLDOWN, MAX_DAILY
from bot.discord.rules_text import rules_text
from bot.discord.unasked import READER
from bot.message_keys import Key
from bot.messages import say

MAX_CHOICES = 25  # that Discord takes for a completion

MANAGE = discord.Permissions(manage_guild=True)


@app_commands.guild_only()
@app_commands.default_permissions(MANAGE)
class Settings(
    commands.GroupCog,
    name="babillard",
    group_name="babillard",
    group_description=_("Settings of Babillard in this server"),
):
    """Each command changes one rule, and shows all of them to the moderator alone."""

    def __init__(
        self,
        rules: RulesKeeper,
        collections: Callable[[], Sequence[str]],
        following: Following,
        reader: str,
        digests: Digests,
    ) -> None:
        """Keep what is decided.

        Args:
            rules: where it is kept.
            collections: returns the names of those that there are now.
            following: reads the channels that are chosen.
            reader: the name of what picks the quotes.
            digests: tells channels what was asked in vain.
        """
        self._rules, self._collections, self._following, self._reader = rules, collections, following, reader
        self._digests = digests

    async def interaction_check(self, interaction: discord.Interaction, /) -> bool:
        """Let in those who manage the server, even where its own settings show the commands to others.

        Raises:
            MissingPermissions: this person does not manage it.
        """
        if not interaction.permissions.manage_guild:
            raise app_commands.MissingPermissions(["manage_guild"])
        return True

    @commands.Cog.listener()
    async def on_guild_channel_delete(self, channel: discord.abc.GuildChannel) -> None:
        """Forget a channel that was deleted: nobody could choose it any more to remove it from the rules."""
        self._rules.forget_channel(channel.guild.id, channel.id)

    @commands.Cog.listener()
    async def on_guild_role_delete(self, role: discord.Role) -> None:
        """Forget a role that was deleted."""
        rules = self._rules.guild_rules(role.guild.id)
        if role.id in rules.roles | rules.teachers:
            gone = {role.id}
            self._rules.change_guild(role.guild.id, roles=rules.roles - gone, teachers=rules.teachers - gone)

    @app_commands.command(
        name=_("channel"), description=_("Where Babillard answers; everywhere while no channel is chosen")
    )
    @app_commands.rename(channel=_("channel"), answers=_("answers"))
    @app_commands.describe(channel=_("The channel"), answers=_("Whether Babillard answers there"))
    async def channel(
        self,
        interaction: discord.Interaction,
        channel: discord.TextChannel | discord.ForumChannel | discord.VoiceChannel,
        answers: bool,
    ) -> None:
        """Add a channel to those where the bot answers, or remove it."""
        guild = _guild(interaction)
        self._rules.change_guild(guild, channels=_chosen(self._rules.guild_rules(guild).channels, channel.id, answers))
        await self._show(interaction)

    @app_commands.command(name=_("role"), description=_("Who may ask; everyone while no role is chosen"))
    @app_commands.rename(role=_("role"), may_ask=_("may-ask"))
    @app_commands.describe(role=_("The role"), may_ask=_("Whether its members may ask"))
    async def role(self, interaction: discord.Interaction, role: discord.Role, may_ask: bool) -> None:
        """Add a role to those that may ask, or remove it."""
        guild = _guild(interaction)
        self._rules.change_guild(guild, roles=_chosen(self._rules.guild_rules(guild).roles, role.id, may_ask))
        await self._show(interaction)
        await self._following.look_through(guild)  # a channel is read where all who may ask see it

    @app_commands.command(name=_("language"), description=_("Language of the reply when the question does not tell"))
    @app_commands.rename(language=_("language"), channel=_("channel"))
    @app_commands.describe(language=_("The language"), channel=_("The channel"))
    @app_commands.choices(
        language=[
            app_commands.Choice(name=_("French"), value="fr"),
            app_commands.Choice(name=_("English"), value="en"),
            app_commands.Choice(name=_("Babillard's own default"), value="auto"),
        ]
    )
    async def language(
        self,
        interaction: discord.Interaction,
        language: app_commands.Choice[str],
        channel: discord.TextChannel | discord.ForumChannel | None = None,
    ) -> None:
        """Set the language for the server, or for one channel."""
        chosen = None if language.value == "auto" else language.value
        if channel is None:
            self._rules.change_guild(_guild(interaction), language=chosen)
        else:
            self._rules.change_channel(_guild(interaction), channel.id, language=chosen)
        await self._show(interaction)

    @app_commands.command(name=_("threads"), description=_("Whether an answer opens a thread, in one channel"))
    @app_commands.rename(channel=_("channel"), use=_("use"))
    @app_commands.describe(channel=_("The channel"), use=_("Whether answers open a thread there"))
    async def threads(self, interaction: discord.Interaction, channel: discord.TextChannel, use: bool) -> None:
        """Open a thread for each answer in a channel, or reply there."""
        self._rules.change_channel(_guild(interaction), channel.id, threads=use)
        await self._show(interaction)

    @app_commands.command(name=_("limits"), description=_("How often people may ask"))
    @app_commands.rename(cooldown=_("cooldown"), daily=_("daily"))
    @app_commands.describe(
        cooldown=_("Seconds between two questions of one person; 0 for no limit"),
        daily=_("Questions a day in this server; 0 for no limit"),
    )
    async def limits(
        self,
        interaction: discord.Interaction,
        cooldown: app_commands.Range[int, 0, MAX_COOLDOWN] | None = None,
        daily: app_commands.Range[int, 0, MAX_DAILY] | None = None,
    ) -> None:
        """Set how often people may ask."""
        changed = {"cooldown_seconds": cooldown, "daily_questions": daily}
        self._rules.change_guild(
            _guild(interaction), **{name: value for name, value in changed.items() if value is not None}
        )
        await self._show(interaction)

    @app_commands.command(
        name=_("help-channel"), description=_("Where people answer, named when Babillard finds nothing")
    )
    @app_commands.rename(channel=_("channel"))
    @app_commands.describe(channel=_("The channel; none to name none"))
    async def help_channel(self, interaction: discord.Interaction, channel: discord.TextChannel | None = None) -> None:
        """Set the channel where people answer."""
        self._rules.change_guild(_guild(interaction), help_channel=channel and channel.id)
        await self._show(interaction)

    @app_commands.command(
        name=_("collection"), description=_("Articles that are seen here beside the common ones: a folder @name")
    )
    @app_commands.rename(name=_("name"), channel=_("channel"))
    @app_commands.describe(
        name=_("The name of the folder, without the sign; none to see the common articles alone"),
        channel=_("For this channel alone; else for the server"),
    )
    async def collection(
        self,
        interaction: discord.Interaction,
        name: str = "",
        channel: discord.TextChannel | discord.ForumChannel | discord.VoiceChannel | None = None,
    ) -> None:
        """Choose the collection of the server, or of one channel."""
        known = self._collections()
        if name and name not in known:
            names = ", ".join(known) or "—"
            text = say("no_collection", language_of(interaction), name=name, names=names)
            await interaction.response.send_message(text[:MAX_MESSAGE], ephemeral=True)
            return
        if channel is None:
            self._rules.change_guild(_guild(interaction), collection=name)
        else:
            self._rules.change_channel(_guild(interaction), channel.id, collection=name)
        await self._show(interaction)

    @collection.autocomplete("name")
    async def complete_collection(self, interaction: discord.Interaction, typed: str) -> list[app_commands.Choice[str]]:
        """Propose the names that begin as it was typed."""
        fitting = [name for name in self._collections() if name.casefold().startswith(typed.casefold())]
        return [app_commands.Choice(name=name, value=name) for name in fitting[:MAX_CHOICES]]

    @app_commands.command(name=_("teachers"), description=_("Who may teach, beside those who manage the server"))
    @app_commands.rename(role=_("role"), may_teach=_("may-teach"))
    @app_commands.describe(role=_("The role"), may_teach=_("Whether its members may teach"))
    async def teachers(self, interaction: discord.Interaction, role: discord.Role, may_teach: bool) -> None:
        """Add a role to those that may teach, or remove it."""
        guild = _guild(interaction)
        before = self._rules.guild_rules(guild).teachers
        self._rules.change_guild(guild, teachers=_chosen(before, role.id, may_teach))
        await self._show(interaction)

    @app_commands.command(name=_("source"), description=_("Whether Babillard answers from what a channel says"))
    @app_commands.rename(channel=_("channel"), use=_("use"))
    @app_commands.describe(
        channel=_("Its pins; of a forum, its solved posts; of announcements, all"), use=_("Whether it is read")
    )
    async def source(
        self, interaction: discord.Interaction, channel: discord.TextChannel | discord.ForumChannel, use: bool
    ) -> None:
        """Read a channel, or stop."""
        refused = None
        if use:
            refused = await choose_source(channel, self._rules, self._following)
        else:
            await drop_source(channel, self._rules, self._following)
        await (self._refuse(interaction, refused, channel) if refused else self._show(interaction))

    @app_commands.command(name=_("unasked"), description=_("Whether Babillard answers unasked where it is sure"))
    @app_commands.rename(channel=_("channel"), use=_("use"))
    @app_commands.describe(channel=_("The channel"), use=_("Whether it answers new posts and questions there"))
    async def unasked(
        self, interaction: discord.Interaction, channel: discord.TextChannel | discord.ForumChannel, use: bool
    ) -> None:
        """Answer unasked in a channel, or stop."""
        if use and not self._following.reads_messages:
            await self._refuse(interaction, "no_message_content", channel)
            return
        if use and self._reader != READER:
            await self._refuse(interaction, "unasked_reader", channel)
            return
        self._rules.change_channel(_guild(interaction), channel.id, unasked=use or None)
        await self._show(interaction)

    @app_commands.command(
        name=_("digest"), description=_("Where each week's unanswered questions are told; nowhere at first")
    )
    @app_commands.rename(channel=_("channel"))
    @app_commands.describe(channel=_("The channel; none for no digest. Whoever sees it reads the questions"))
    async def digest(self, interaction: discord.Interaction, channel: discord.TextChannel | None = None) -> None:
        """Choose the channel of the weekly digest, or let there be none."""
        if channel is None:
            self._rules.change_guild(_guild(interaction), digest=None)
        elif refused := self._digests.choose(channel):
            await self._refuse(interaction, refused, channel)
            return
        await self._show(interaction)

    @app_commands.command(name=_("reset"), description=_("Forget all settings of this server"))
    async def reset(self, interaction: discord.Interaction) -> None:
        """Go back to the defaults."""
        self._rules.forget_guild(_guild(interaction))
        await self._show(interaction)
        await self._following.look_through(_guild(interaction))

    @app_commands.command(name=_("show"), description=_("Show the settings"))
    async def show(self, interaction: discord.Interaction) -> None:
        """Show the settings."""
        await self._show(interaction)

    async def _refuse(self, interaction: discord.Interaction, reason: Key, channel: discord.abc.GuildChannel) -> None:
        language = language_of(interaction)
        text = f"{say(reason, language, channel=channel.mention)} {say('unchanged', language)}"
        await interaction.response.send_message(text, ephemeral=True)

    async def _show(self, interaction: discord.Interaction) -> None:
        guild = _guild(interaction)
        rules, channels = self._rules.guild_rules(guild), self._rules.all_channel_rules(guild)
        text = rules_text(rules, channels, language_of(interaction))  # there is room for those of some 40 channels
        await interaction.response.send_message(text[:MAX_MESSAGE], ephemeral=True)


def _chosen(before: frozenset[int], number: int, wanted: bool) -> frozenset[int]:
    return before | {number} if wanted else before - {number}


def _guild(interaction: discord.Interaction) -> int:
    if interaction.guild_id is None:
        raise RuntimeError("the commands are for servers only")
    return interaction.guild_id
