"""The buttons under an answer. Each carries the key of its answer, so that it works after a restart."""

import re
from typing import Literal, Self, cast

import discord

from bot.answering.answer import COURTESIES, Asker, Question
from bot.discord.claiming import Claimed
from bot.discord.delivery import deliver, in_interaction
from bot.discord.desk import Desk, ServedAnswer
from bot.discord.errors import answer_error
from bot.discord.lesson_forms import TeachButton, client_of, may_teach
from bot.discord.localization import language_of
from bot.discord.markdown import answer_text, passages_text, section_text
from bot.messages import say
from index.schema import Language

Action = Literal["up", "down", "all", "sources", "fr", "en"]

EMOJI: dict[Action, str] = {"up": "👍", "down": "👎"}

NAMES: dict[Language, str] = {"fr": "Français", "en": "English"}
"""Of each language in itself: a flag is that of a country, and not the one of whoever reads it."""


class AnswerButton(
    Claimed,
    discord.ui.DynamicItem[discord.ui.Button[discord.ui.View]],
    template=r"babillard:(?P<action>up|down|all|sources|fr|en):(?P<key>x?[0-9a-f]{1,20})",
):
    """One button under one answer."""

    def __init__(self, action: Action, key: str, label: str | None = None) -> None:
        """Make the button; `key` is that of a `ServedAnswer`."""
        super().__init__(
            discord.ui.Button(
                style=discord.ButtonStyle.secondary,
                emoji=EMOJI.get(action),
                label=label,
                custom_id=f"babillard:{action}:{key}",
            )
        )
        self.action, self.key = action, key

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction, item: discord.ui.Item[discord.ui.View], match: re.Match[str], /
    ) -> Self:
        """Make the button again from its id, which is all that Discord keeps of it."""
        return cls(cast(Action, match["action"]), match["key"])

    async def callback(self, interaction: discord.Interaction) -> None:
        """Do what the button says, and show the outcome to whoever pressed it, alone."""
        try:
            await self._act(interaction)
        except Exception as error:  # noqa: BLE001 - whoever pressed is told, whatever failed; discord.py would only log
            await answer_error(interaction, error, f"button {self.action} failed")

    async def _act(self, interaction: discord.Interaction) -> None:
        desk: Desk = interaction.client.desk  # type: ignore[attr-defined] # the client of bot.discord.client
        language = language_of(interaction)
        await interaction.response.defer(ephemeral=True, thinking=True)
        view: discord.ui.View | None = None
        asker = client_of(interaction).asker(interaction)
        if self.action in ("up", "down"):
            text = await self._vote(desk, asker, language)
            if self.action == "down" and may_teach(interaction):
                view = discord.ui.View(timeout=None)
                view.add_item(TeachButton(self.key, label=say("correct_button", language)))
        else:
            text = await self._show(desk, asker, language)
        await deliver([in_interaction(interaction, private=True)], text, view, interaction.id)

    async def _vote(self, desk: Desk, asker: Asker, language: Language) -> str:
        kept = await desk.rate(self.key, asker, self.action == "up")
        if not kept:
            return say("vote_gone", language)
        return say("vote_up" if self.action == "up" else "vote_down", language)

    async def _show(self, desk: Desk, asker: Asker, language: Language) -> str:
        served = await desk.recall(self.key, asker)
        if served is None:
            return say("answer_gone", language)
        if self.action == "all":
            more = served.answer.more
            return section_text(served.answer, served.old_before) if more else say("no_more", language)
        if self.action == "sources":
            return passages_text(served.answer)
        wanted: Language = "fr" if self.action == "fr" else "en"
        asked = served.answer.understood or served.answer.question
        again = await desk.again(Question(asked, wanted), asker)
        return answer_text(again.answer, again.index_built, old_before=again.old_before)


def answer_buttons(served: ServedAnswer, in_server: bool = False) -> discord.ui.View:
    """Return the buttons of an answer: votes when they are kept, what there is to read on, the other language.

    A courtesy has none. Where nothing was found in a server, there is one for teachers.
    """
    view = discord.ui.View(timeout=None)
    answer = served.answer
    if answer.abstention in COURTESIES:
        return view
    if answer.citations:
        if served.recorded:
            view.add_item(AnswerButton("up", served.key))
            view.add_item(AnswerButton("down", served.key))
        if answer.more:
            view.add_item(AnswerButton("all", served.key, label=say("all_button", answer.language)))
        view.add_item(AnswerButton("sources", served.key, label=say("sources_button", answer.language)))
    other: Language = "en" if answer.language == "fr" else "fr"
    view.add_item(AnswerButton(other, served.key, label=NAMES[other]))
    if in_server and answer.abstention == "no_evidence":
        view.add_item(TeachButton(served.key, label=say("teach_button", answer.language)))
    return view
