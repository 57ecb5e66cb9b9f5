"""Take a lesson from a teacher: show what is answered today where that differs, and keep what they decide."""

import asyncio
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.answering.answer import Answer, Asker, Question
from bot.discord.desk import Desk, ServedAnswer
from bot.discord.keepers import RulesKeeper
from bot.errors import TeachingError
from bot.journal.gaps import Gap
from bot.teaching.entry import Entry
from bot.teaching.teaching import Teaching

MAX_GAPS = 30
"""Gaps that are asked again before a teacher sees them, 50 ms each: those that were closed meanwhile are left out."""


@dataclass(frozen=True, slots=True)
class Lesson:
    """What became of a lesson.

    Attributes:
        entry: as it is kept.
        today: what the question is answered with now, where that is something else; the entry then waits.
        rival: the entry that this answer is from, which the new one may replace; None where an article says it.
    """

    entry: Entry
    today: ServedAnswer | None = None
    rival: Entry | None = None


@dataclass(frozen=True, slots=True)
class Waiting:
    """Gaps of a server that wait for an answer."""

    gaps: tuple[Gap, ...]  # the most asked first
    closed: int = 0  # gaps of the same time that are answered now
    others: tuple[Gap, ...] = ()  # that were asked less often, and not looked at


class Lessons:
    """What the servers taught, for those who may teach there."""

    def __init__(self, teaching: Teaching, rules: RulesKeeper, desk: Desk) -> None:
        """Keep lessons in `teaching`, from those that `rules` let, beside what `desk` answers today."""
        self._teaching, self._rules, self._desk = teaching, rules, desk

    def check_teacher(self, guild: int, manages: bool, roles: Collection[int]) -> None:
        """Let somebody teach in a server who manages it, or has a role that was chosen.

        Raises:
            TeachingError: neither holds.
        """
        if not manages and self._rules.guild_rules(guild).teachers.isdisjoint(roles):
            raise TeachingError("not_teacher")

    async def take(self, question: str, answer: str, asker: Asker, link: str = "") -> Lesson:
        """Keep a lesson at once where nothing else is answered today; else let it wait for `keep` or `replace`.

        Args:
            question: as the teacher wrote it.
            answer: likewise.
            asker: the teacher, in their server.
            link: of the message that says it; "" for none.

        Raises:
            TeachingError, StorageError, IndexingError: as `Teaching.teach`.
        """
        guild = _guild(asker)
        proposed = await asyncio.to_thread(
            self._teaching.teach, guild, question, answer, asker.user, link, action="proposed"
        )
        if proposed.active:
            return Lesson(proposed)  # it was taught before, word for word
        today = await self._desk.again(Question(proposed.question), asker)
        if not today.answer.citations or _says(proposed.answer, today.answer):
            return Lesson(await self.keep(guild, proposed.number, asker.user))
        return Lesson(proposed, today, self._entry_of(guild, today.answer))

    async def keep(self, guild: int, number: int, teacher: int) -> Entry:
        """Let an entry answer, beside whatever else does."""
        return await asyncio.to_thread(self._teaching.set_active, guild, number, teacher, active=True)

    async def withdraw(self, guild: int, number: int, teacher: int) -> Entry:
        """Let an entry answer no more."""
        return await asyncio.to_thread(self._teaching.set_active, guild, number, teacher, active=False)

    async def replace(self, guild: int, old: int, new: int, teacher: int) -> Entry:
        """Let one entry answer instead of another."""
        return await asyncio.to_thread(self._teaching.supersede, guild, old, new, teacher)

    async def edit(self, guild: int, number: int, question: str, answer: str, teacher: int) -> Entry:
        """Change an entry."""
        return await asyncio.to_thread(self._teaching.edit, guild, number, question, answer, teacher)

    async def gaps(self, asker: Asker) -> list[Gap]:
        """Return what the server of a teacher asked in vain and is not answered now, the most asked first."""
        return list((await self._waiting(asker, await self._desk.gaps(_guild(asker)))).gaps)

    async def waiting(self, asker: Asker, since: datetime) -> Waiting:
        """Return what a server asked in vain since some time, as it stands now; not what was asked for oneself alone.

        Args:
            asker: who sees the articles from which it may be answered.
            since: when that time begins.
        """
        return await self._waiting(asker, await self._desk.gaps(_guild(asker), since, private=False))

    async def _waiting(self, asker: Asker, found: Sequence[Gap]) -> Waiting:
        guild, waiting = _guild(asker), []
        for gap in found[:MAX_GAPS]:
            answer = (await self._desk.again(Question(gap.label), asker)).answer
            is_taught = any(c.chunk_id.startswith(f"@{guild}/") for c in answer.citations)
            was_found = any(one.reason == "unhelpful" for one in gap.asked)
            if not is_taught and (was_found or not answer.citations):
                waiting.append(gap)
        return Waiting(tuple(waiting), len(found[:MAX_GAPS]) - len(waiting), tuple(found[MAX_GAPS:]))

    def entries(self, guild: int) -> list[Entry]:
        """Return all of a server, the last that was changed first."""
        return sorted(self._teaching.store.entries(guild), key=lambda entry: entry.changed, reverse=True)

    def entry(self, guild: int, number: int) -> Entry:
        """Return one of a server.

        Raises:
            TeachingError: there is no such entry.
        """
        return self._teaching.store.entry(guild, number)

    def forget(self, user: int) -> int:
        """Keep no longer who taught what a person taught; return how many changes that was."""
        return self._teaching.store.forget(user)

    def _entry_of(self, guild: int, answer: Answer) -> Entry | None:
        """Return the entry that an answer quotes first; None where it quotes an article."""
        titles = [_words(c.title) for c in answer.citations if c.chunk_id.startswith(f"@{guild}/")]
        known = [(e, _words(e.question)) for e in self._teaching.store.entries(guild) if e.active]
        return next((e for title in titles for e, words in known if words == title), None)


def _words(text: str) -> list[str]:
    """Return the words of a text: a title has lost what is markup in the question."""
    return re.findall(r"\w+", text)


def _says(lesson: str, answer: Answer) -> bool:
    """Whether a lesson repeats all that is quoted today."""
    told = " ".join(lesson.split())
    return all(" ".join(citation.quote.split()) in told for citation in answer.citations)


def _guild(asker: Asker) -> int:
    if asker.guild is None:
        raise TeachingError("not_teacher")
    return asker.guild
