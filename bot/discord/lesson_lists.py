"""Lists to choose from: what a server was taught, and the questions that wait for an answer."""

import re
from collections.abc import Sequence
from typing import Any, Literal, Self, cast

import discord

from bot.discord.claiming import Claimed
from bot.discord.delivery import deliver, in_response
from bot.discord.errors import answer_error
from bot.discord.lesson_forms import LessonForm, check_teacher, client_of, kept_text
from bot.discord.lessons import Waiting
from bot.discord.localization import language_of
from bot.discord.pages import MAX_MESSAGE, escape, width_of
from bot.journal.gaps import Gap
from bot.messages import say
from bot.teaching.entry import Entry
from index.schema import Language

Change = Literal["edit", "withdraw", "restore", "page"]

PAGE = 20
"""Entries of a page: a menu of Discord takes 25."""

MAX_LABEL = 100  # characters that Discord takes of a label
MAX_LINE = 300  # characters of a question in a list: escaped, some still fit in a message
MAX_SHOWN = 1_500  # characters of an answer that are shown with its buttons


class EntryMenu(
    Claimed,
    discord.ui.DynamicItem[discord.ui.Select[discord.ui.View]],
    template=r"babillard:taught",
):
    """Shows the entry that is chosen, with what can be done to it."""

    def __init__(self, entries: Sequence[Entry] = (), language: Language = "en") -> None:
        """Make the menu of some entries, `PAGE` at most."""
        options = [
            discord.SelectOption(
                label=entry.question[:MAX_LABEL], value=str(entry.number), emoji=None if entry.active else "💤"
            )
            for entry in entries
        ]
        placeholder = say("taught_choose", language)
        super().__init__(_menu("babillard:taught", placeholder, options))

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction, item: discord.ui.Item[discord.ui.View], match: re.Match[str], /
    ) -> Self:
        """Make the menu again; what was chosen comes with the interaction."""
        return cls()

    async def callback(self, interaction: discord.Interaction) -> None:
        """Show the entry."""
        try:
            guild, language = check_teacher(interaction), language_of(interaction)
            entry = client_of(interaction).lessons.entry(guild, int(_chosen(interaction)))
            view = discord.ui.View(timeout=None)
            view.add_item(EntryButton("edit", entry.number, label=say("taught_edit", language)))
            other: Change = "withdraw" if entry.active else "restore"
            view.add_item(
                EntryButton(
                    other, entry.number, label=say("taught_withdraw" if entry.active else "taught_restore", language)
                )
            )
            await deliver([in_response(interaction)], entry_text(entry, language), view, interaction.id)
        except Exception as error:  # noqa: BLE001 - whoever chose is told, whatever failed; discord.py would only log
            await answer_error(interaction, error, "entry not shown")


class EntryButton(
    Claimed,
    discord.ui.DynamicItem[discord.ui.Button[discord.ui.View]],
    template=r"babillard:entry:(?P<change>edit|withdraw|restore|page):(?P<number>\d{1,18})",
):
    """Edits, withdraws or restores an entry, or turns to another page of the list."""

    def __init__(self, change: Change, number: int, label: str | None = None) -> None:
        """Make the button; `number` is that of the entry, or of the page."""
        style = discord.ButtonStyle.danger if change == "withdraw" else discord.ButtonStyle.secondary
        super().__init__(discord.ui.Button(style=style, label=label, custom_id=f"babillard:entry:{change}:{number}"))
        self._change, self._number = change, number

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction, item: discord.ui.Item[discord.ui.View], match: re.Match[str], /
    ) -> Self:
        """Make the button again from its id."""
        return cls(cast(Change, match["change"]), int(match["number"]))

    async def callback(self, interaction: discord.Interaction) -> None:
        """Do what the button says."""
        try:
            guild, language = check_teacher(interaction), language_of(interaction)
            lessons, user = client_of(interaction).lessons, interaction.user.id
            if self._change == "edit":
                entry = lessons.entry(guild, self._number)
                form = LessonForm(language, entry.question, entry.answer, number=entry.number)
                await interaction.response.send_modal(form)
                return
            if self._change == "page":
                text, view = taught_list(lessons.entries(guild), self._number, language)
                await deliver([in_response(interaction)], text, view, interaction.id)
                return
            change = lessons.withdraw if self._change == "withdraw" else lessons.keep
            entry = await change(guild, self._number, user)
            await deliver([in_response(interaction)], kept_text(entry, language), None, interaction.id)
        except Exception as error:  # noqa: BLE001 - as above
            await answer_error(interaction, error, "entry not changed")


class GapMenu(Claimed, discord.ui.DynamicItem[discord.ui.Select[discord.ui.View]], template=r"babillard:gaps"):
    """Opens the form for a question that waits for an answer."""

    def __init__(self, gaps: Sequence[Gap] = (), language: Language = "en") -> None:
        """Make the menu of some gaps, `PAGE` at most."""
        options = [
            discord.SelectOption(label=f"{gap.count} × {gap.label}"[:MAX_LABEL], value=str(gap.asked[-1].entry))
            for gap in gaps
        ]
        super().__init__(_menu("babillard:gaps", say("gaps_choose", language), options))

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction, item: discord.ui.Item[discord.ui.View], match: re.Match[str], /
    ) -> Self:
        """Make the menu again; what was chosen comes with the interaction."""
        return cls()

    async def callback(self, interaction: discord.Interaction) -> None:
        """Open the form, filled with the question."""
        try:
            check_teacher(interaction)
            client = client_of(interaction)
            question = await client.desk.question_of(_chosen(interaction), client.asker(interaction))
            await interaction.response.send_modal(LessonForm(language_of(interaction), question))
        except Exception as error:  # noqa: BLE001 - as above
            await answer_error(interaction, error, "form not opened")


def taught_list(entries: Sequence[Entry], page: int, language: Language) -> tuple[str, discord.ui.View | None]:
    """Return a page of what was taught, from 0, with the menu to choose from it."""
    if not entries:
        return say("taught_none", language), None
    pages = (len(entries) + PAGE - 1) // PAGE
    page = min(page, pages - 1)
    shown = entries[page * PAGE : (page + 1) * PAGE]
    active = sum(entry.active for entry in entries)
    lines = [say("taught_title", language, active=active, count=len(entries), page=page + 1, pages=pages)]
    lines += [f"{'•' if e.active else '💤'} {escape(e.question)} <t:{int(e.changed.timestamp())}:R>" for e in shown]
    view = discord.ui.View(timeout=None)
    view.add_item(EntryMenu(shown, language))
    if page:
        view.add_item(EntryButton("page", page - 1, label="◀"))
    if page < pages - 1:
        view.add_item(EntryButton("page", page + 1, label="▶"))
    return "\n".join(lines), view


def entry_text(entry: Entry, language: Language) -> str:
    """Return an entry with who taught it, when and where."""
    who = "—" if entry.teacher is None else f"<@{entry.teacher}>"
    told = say("taught_by", language, who=who, when=f"<t:{int(entry.changed.timestamp())}:f>")
    answer = entry.answer if len(entry.answer) <= MAX_SHOWN else f"{entry.answer[:MAX_SHOWN]}…"
    return "\n".join(filter(None, (f"**{escape(entry.question)}**", answer, f"-# {told}", entry.link)))


def gaps_list(gaps: Sequence[Gap], language: Language) -> tuple[str, discord.ui.View | None]:
    """Return the questions that wait for an answer, the most asked first, with the menu to answer one."""
    if not gaps:
        return say("gaps_none", language), None
    shown = gaps[:PAGE]
    lines = [say("gaps_title", language), *map(_gap_line, shown)]
    view = discord.ui.View(timeout=None)
    view.add_item(GapMenu(shown, language))
    return "\n".join(lines), view


def digest_list(waiting: Waiting, since: float, language: Language) -> tuple[str, discord.ui.View]:
    """Return the first of the gaps that wait for an answer, in one message, with the menu to answer one.

    Args:
        waiting: one gap or more.
        since: when the time begins of which they are, in seconds since 1970.
        language: of the message.
    """
    total = len(waiting.gaps) + len(waiting.others)
    asked = sum(gap.count for gap in (*waiting.gaps, *waiting.others))
    when = f"<t:{int(since)}:D>"
    title = say("digest_title", language, since=when, gaps=total, count=asked, closed=waiting.closed)
    hint = f"-# {say('digest_hint', language)}"
    room = MAX_MESSAGE - sum(width_of(part) + 1 for part in (title, hint, say("digest_more", language, count=total)))
    lines: list[str] = []
    for gap in waiting.gaps[:PAGE]:
        room -= width_of(line := _gap_line(gap)) + 1
        if room < 0:
            break
        lines.append(line)
    more = [say("digest_more", language, count=total - len(lines))] if total > len(lines) else []
    view = discord.ui.View(timeout=None)
    view.add_item(GapMenu(waiting.gaps[: len(lines)], language))
    return "\n".join([title, *lines, *more, hint]), view


def _gap_line(gap: Gap) -> str:
    label = " ".join(gap.label.split())
    shown = label if len(label) <= MAX_LINE else f"{label[:MAX_LINE]}…"
    return f"**{gap.count}** × {escape(shown)} <t:{int(gap.last_asked.timestamp())}:R>"


def _menu(custom_id: str, placeholder: str, options: Sequence[discord.SelectOption]) -> discord.ui.Select[Any]:
    return discord.ui.Select(custom_id=custom_id, placeholder=placeholder, options=list(options))


def _chosen(interaction: discord.Interaction) -> str:
    """Return the value that was chosen in a menu: its own id is that of the row."""
    data = cast(dict[str, Any], interaction.data or {})
    return str((data.get("values") or ["0"])[0])
