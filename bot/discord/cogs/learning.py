"""/learn a page or a file for one server, /unlearn it."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Sequence
from contextlib import suppress

import discord
from discord import app_commands
from discord.app_commands import locale_str as _
from discord.ext import commands

from bot.discord.delivery import REQUEST_ERRORS, deliver, in_interaction, in_private, in_response
from bot.discord.drafts import EDIT_SECONDS
from bot.discord.lesson_forms import check_teacher, may_teach
from bot.discord.library import Learned, Library, Progress, Source
from bot.discord.localization import language_of
from bot.discord.pages import escape
from bot.fetching.learning import Outcome, What
from bot.messages import say
from index.schema import Language

MAX_CHOICES = 25  # that Discord takes for a completion

MAX_CHOICE = 100  # characters of one

MAX_SHOWN = 20  # pages that a message names

SIGNS: dict[What, str] = {
    "added": "📄",
    "updated": "📄",
    "unchanged": "＝",
    "gone": "⚠️",
    "failed": "⚠️",
    "removed": "🗑️",
    "left out": "⏭️",
}


@app_commands.guild_only()
class Learning(commands.Cog):
    """Lets those who may teach give a server pages and files of its own."""

    def __init__(self, library: Library, max_mb: int) -> None:
        """Learn into `library`, files of `max_mb` megabytes at most."""
        self._library, self._max_mb = library, max_mb

    @app_commands.command(name=_("learn"), description=_("Let Babillard read a page or a file, for this server"))
    @app_commands.rename(url=_("url"), file=_("file"))
    @app_commands.describe(
        url=_("Address of a page, a sitemap or a feed"), file=_("A file: text, Word, PDF, table, slides…")
    )
    @app_commands.guild_only()
    async def learn(
        self,
        interaction: discord.Interaction,
        url: app_commands.Range[str, 0, 2000] = "",
        file: discord.Attachment | None = None,
    ) -> None:
        """Learn it, show how far it is, and what became of it."""
        guild, language = check_teacher(interaction), language_of(interaction)
        refusal = None
        if bool(url.strip()) == (file is not None):
            refusal = say("learn_what", language)
        elif file is not None and file.size > self._max_mb * 1_000_000:
            refusal = say("learn_too_large", language, limit=self._max_mb)
        if refusal:
            await interaction.response.send_message(refusal, ephemeral=True)
            return
        await interaction.response.defer(ephemeral=True, thinking=True)
        progress = Progress()
        if file is None:
            learned = await _shown(interaction, progress, self._library.learn_page(guild, url.strip(), progress))
        else:
            data = await file.read()
            learning = self._library.learn_file(guild, file.filename, data, progress)
            learned = await _shown(interaction, progress, learning)
        places = [in_interaction(interaction, private=True), in_private(interaction.user)]
        await deliver(places, learned_text(learned, language), None, interaction.id)

    @app_commands.command(
        name=_("unlearn"), description=_("See what Babillard read for this server, and let it forget some")
    )
    @app_commands.rename(source=_("source"))
    @app_commands.describe(source=_("What to forget; none to see the list"))
    @app_commands.guild_only()
    async def unlearn(self, interaction: discord.Interaction, source: app_commands.Range[str, 0, 2000] = "") -> None:
        """Forget a source, or show what there is."""
        guild, language = check_teacher(interaction), language_of(interaction)
        if not source.strip():
            known = await asyncio.to_thread(self._library.known, guild)
            await deliver([in_response(interaction)], known_text(known, language), None, interaction.id)
            return
        await interaction.response.defer(ephemeral=True, thinking=True)
        learned = await self._library.forget(guild, source.strip())
        text = say("unlearn_done", language, count=len(learned.outcomes))
        if not learned.is_indexed:
            text += f"\n{say('learn_not_indexed', language)}"
        await deliver([in_interaction(interaction, private=True)], text, None, interaction.id)

    @unlearn.autocomplete("source")
    async def complete_source(self, interaction: discord.Interaction, typed: str) -> list[app_commands.Choice[str]]:
        """Propose what holds the words that were typed, to those who may teach."""
        if not may_teach(interaction) or interaction.guild_id is None:
            return []
        known = await asyncio.to_thread(self._library.known, interaction.guild_id)
        words = typed.casefold().split()
        labels = ((_label(source), source.key) for source in known)
        fitting = [(name, key) for name, key in labels if all(word in name.casefold() for word in words)]
        return [app_commands.Choice(name=name[:MAX_CHOICE], value=key) for name, key in fitting[:MAX_CHOICES]]


async def _shown(interaction: discord.Interaction, progress: Progress, learning: Awaitable[Learned]) -> Learned:
    """Wait for what is learned, and show how far it is meanwhile."""
    task = asyncio.ensure_future(learning)
    said = ""
    while not (await asyncio.wait({task}, timeout=EDIT_SECONDS))[0]:
        if progress.is_waiting:
            continue  # for a turn; "thinking…" shows
        text = progress_text(progress, language_of(interaction))
        if text != said:
            said = text
            with suppress(*REQUEST_ERRORS):  # what counts is the end
                await interaction.edit_original_response(content=text)
    return task.result()


def progress_text(progress: Progress, language: Language) -> str:
    """Return how far it is."""
    if progress.is_indexing:
        return say("learn_indexing", language)
    return say("learn_reading", language, done=progress.done, total=max(progress.total, progress.done, 1))


def learned_text(learned: Learned, language: Language) -> str:
    """Return what became of each page, and what that means for the next question."""
    counts = Counter(one.what for one in learned.outcomes)
    lines = _cut([_outcome_line(one) for one in learned.outcomes if one.what != "unchanged"], language)
    failed = counts["failed"] + counts["gone"]
    numbers = {name: counts[name] for name in ("added", "updated", "unchanged")}
    if len(learned.outcomes) != 1 or not learned.changes:
        lines.append(say("learn_counts", language, **numbers, failed=failed, left_out=counts["left out"]))
    if learned.changes:
        lines.append(say("learn_done" if learned.is_indexed else "learn_not_indexed", language))
    return "\n".join(lines)


def known_text(known: Sequence[Source], language: Language) -> str:
    """Return the list of what a server learned."""
    if not known:
        return say("unlearn_none", language)
    lines: list[str] = [f"• {escape(_label(source))}" for source in known]
    return "\n".join([say("unlearn_title", language, count=len(known)), *_cut(lines, language)])


def _label(source: Source) -> str:
    if source.pages != 1 or not source.title:
        return f"{source.address} ({source.pages})"
    return f"{source.title} — {source.address}" if source.title != source.address else source.address


def _outcome_line(outcome: Outcome) -> str:
    said = outcome.reason.removeprefix(f"{outcome.address} ") if outcome.reason else outcome.title
    dated = f" ({outcome.date})" if outcome.date and not outcome.reason else ""
    return f"{SIGNS[outcome.what]} {escape(outcome.address)} — {escape(said)}{dated}"


def _cut(lines: list[str], language: Language) -> list[str]:
    more = len(lines) - MAX_SHOWN
    return [*lines[:MAX_SHOWN], say("learn_more", language, count=more)] if more > 0 else lines
