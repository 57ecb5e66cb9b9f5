"""The forms and buttons by which a teacher teaches.

Each button carries what it needs, so that it works after a restart.
"""

import re
from typing import Any, Literal, Protocol, Self, cast

import discord

from bot.answering.answer import Asker
from bot.discord.claiming import Claimed
from bot.discord.delivery import deliver, in_interaction
from bot.discord.desk import Desk
from bot.discord.errors import answer_error
from bot.discord.lessons import Lesson, Lessons
from bot.discord.localization import language_of
from bot.discord.markdown import answer_text
from bot.discord.pages import escape
from bot.errors import TeachingError
from bot.messages import say
from bot.teaching.entry import MAX_ANSWER, Entry
from index.loaders.pairs import MAX_QUESTION
from index.schema import Language

Decision = Literal["keep", "replace", "drop"]


class TeachingClient(Protocol):
    """What the forms and buttons ask of the client that they are pressed in."""

    desk: Desk
    lessons: Lessons

    def asker(self, interaction: discord.Interaction) -> Asker:
        """Return who acts, and which articles they see where they do."""
        ...


def client_of(interaction: discord.Interaction) -> TeachingClient:
    """Return the client."""
    return cast(TeachingClient, interaction.client)


def check_teacher(interaction: discord.Interaction) -> int:
    """Return the server of whoever acts, who may teach there.

    Raises:
        TeachingError: they may not.
    """
    if interaction.guild_id is None:
        raise TeachingError("not_teacher")
    member = interaction.user
    roles = [role.id for role in member.roles] if isinstance(member, discord.Member) else []
    client_of(interaction).lessons.check_teacher(interaction.guild_id, interaction.permissions.manage_guild, roles)
    return interaction.guild_id


def may_teach(interaction: discord.Interaction) -> bool:
    """Whether whoever acts may teach in this server."""
    try:
        check_teacher(interaction)
    except TeachingError:
        return False
    return True


class LessonForm(discord.ui.Modal):
    """A question and its answer, as the teacher wants them."""

    def __init__(
        self, language: Language, question: str = "", answer: str = "", link: str = "", number: int | None = None
    ) -> None:
        """Make the form.

        Args:
            language: of the form.
            question: that it is filled with.
            answer: likewise.
            link: of the message that says it.
            number: of the entry that is edited; None for a new one.
        """
        super().__init__(title=say("lesson_title", language), timeout=None)
        self._link, self._number = link, number
        self.question: discord.ui.TextInput[Any] = discord.ui.TextInput(
            custom_id="question", default=" ".join(question.split())[:MAX_QUESTION] or None, max_length=MAX_QUESTION
        )
        self.answer: discord.ui.TextInput[Any] = discord.ui.TextInput(
            custom_id="answer",
            style=discord.TextStyle.paragraph,
            default=answer[:MAX_ANSWER] or None,
            max_length=MAX_ANSWER,
        )
        self.add_item(discord.ui.Label(text=say("lesson_question", language), component=self.question))
        self.add_item(
            discord.ui.Label(
                text=say("lesson_answer", language),
                description=say("lesson_answer_hint", language),
                component=self.answer,
            )
        )

    async def on_submit(self, interaction: discord.Interaction) -> None:
        """Keep the lesson, or ask what to do with what is answered today."""
        check_teacher(interaction)
        language = language_of(interaction)
        client = client_of(interaction)
        asker = client.asker(interaction)
        await interaction.response.defer(ephemeral=True, thinking=True)
        if self._number is None:
            lesson = await client.lessons.take(self.question.value, self.answer.value, asker, self._link)
        else:
            changed = await client.lessons.edit(
                asker.guild or 0, self._number, self.question.value, self.answer.value, asker.user
            )
            lesson = Lesson(changed)
        text, view = lesson_shown(lesson, language)
        await deliver([in_interaction(interaction, private=True)], text, view, interaction.id)

    async def on_error(self, interaction: discord.Interaction, error: Exception, /) -> None:  # type: ignore[override] # as discord.ui.Modal has it
        """Tell whoever filled the form what went wrong."""
        await answer_error(interaction, error, "lesson not kept")


class DecisionButton(
    Claimed,
    discord.ui.DynamicItem[discord.ui.Button[discord.ui.View]],
    template=r"babillard:lesson:(?P<decision>keep|replace|drop):(?P<number>\d{1,18}):(?P<rival>\d{1,18})",
):
    """What to do with a lesson whose question is answered otherwise today."""

    def __init__(self, decision: Decision, number: int, rival: int = 0, label: str | None = None) -> None:
        """Make the button for an entry, and for the one that it may replace (0 for none)."""
        style = discord.ButtonStyle.danger if decision == "drop" else discord.ButtonStyle.primary
        custom_id = f"babillard:lesson:{decision}:{number}:{rival}"
        super().__init__(discord.ui.Button(style=style, label=label, custom_id=custom_id))
        self._decision, self._number, self._rival = decision, number, rival

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction, item: discord.ui.Item[discord.ui.View], match: re.Match[str], /
    ) -> Self:
        """Make the button again from its id."""
        return cls(cast(Decision, match["decision"]), int(match["number"]), int(match["rival"]))

    async def callback(self, interaction: discord.Interaction) -> None:
        """Do what the teacher decided."""
        try:
            guild = check_teacher(interaction)
            lessons, user = client_of(interaction).lessons, interaction.user.id
            await interaction.response.defer(ephemeral=True, thinking=True)
            if self._decision == "keep":
                entry = await lessons.keep(guild, self._number, user)
            elif self._decision == "replace":
                entry = await lessons.replace(guild, self._rival, self._number, user)
            else:
                entry = await lessons.withdraw(guild, self._number, user)
            text = kept_text(entry, language_of(interaction))
            await deliver([in_interaction(interaction, private=True)], text, None, interaction.id)
        except Exception as error:  # noqa: BLE001 - whoever pressed is told, whatever failed; discord.py would only log
            await answer_error(interaction, error, "lesson not decided")


class TeachButton(
    Claimed,
    discord.ui.DynamicItem[discord.ui.Button[discord.ui.View]],
    template=r"babillard:teach:(?P<key>x?[0-9a-f]{1,20})",
):
    """Opens the form for the question of an answer: one that was refused, or one that is wrong."""

    def __init__(self, key: str, label: str | None = None) -> None:
        """Make the button; `key` is that of a `ServedAnswer`."""
        super().__init__(
            discord.ui.Button(style=discord.ButtonStyle.secondary, label=label, custom_id=f"babillard:teach:{key}")
        )
        self._key = key

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction, item: discord.ui.Item[discord.ui.View], match: re.Match[str], /
    ) -> Self:
        """Make the button again from its id."""
        return cls(match["key"])

    async def callback(self, interaction: discord.Interaction) -> None:
        """Open the form, filled with the question."""
        try:
            check_teacher(interaction)
            client = client_of(interaction)
            question = await client.desk.question_of(self._key, client.asker(interaction))
            await interaction.response.send_modal(LessonForm(language_of(interaction), question))
        except Exception as error:  # noqa: BLE001 - as above
            await answer_error(interaction, error, "form not opened")


def lesson_shown(lesson: Lesson, language: Language) -> tuple[str, discord.ui.View | None]:
    """Return what the teacher is told of a lesson, and the buttons to decide where something else is answered today."""
    if lesson.today is None:
        return kept_text(lesson.entry, language), None
    today, entry = lesson.today, lesson.entry
    shown = answer_text(today.answer, today.index_built, old_before=today.old_before)
    text = f"{say('lesson_rival', language)}\n\n{shown}\n\n{say('lesson_decide', language)}"
    view = discord.ui.View(timeout=None)
    if lesson.rival is not None:
        rival = lesson.rival.number
        view.add_item(DecisionButton("replace", entry.number, rival, label=say("lesson_replace", language)))
    view.add_item(DecisionButton("keep", entry.number, label=say("lesson_keep", language)))
    view.add_item(DecisionButton("drop", entry.number, label=say("lesson_drop", language)))
    return text, view


def kept_text(entry: Entry, language: Language) -> str:
    """Return what is said of an entry that was kept or withdrawn."""
    return say("lesson_kept" if entry.active else "lesson_withdrawn", language, question=escape(entry.question))
