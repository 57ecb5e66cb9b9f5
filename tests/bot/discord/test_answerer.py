import asyncio
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from bot.answering.answer import Answer, Question
from bot.answering.conversation import Turn
from bot.discord.addressing import Origin
from bot.discord.answerer import Answerer
from bot.discord.conversations import Conversation, Conversations
from bot.discord.desk import Desk
from bot.discord.limits import Limits
from bot.discord.observing import Outcome
from bot.discord.rules_store import RulesStore
from bot.errors import AnswerTimeoutError, BusyError
from bot.message_keys import Key
from bot.messages import say
from index.schema import Language
from tests.bot.discord.test_delivery import Shelf
from tests.bot.discord.test_desk import Noting, ScriptedLive, declines

ME: Any = SimpleNamespace(id=42)
PERSON: Any = SimpleNamespace(id=1)
GUILD, CHANNEL, ELSEWHERE, THREAD, ROLE, QUESTION_ID = 7, 70, 71, 72, 700, 12
IN_CHANNEL = Origin(PERSON, GUILD, CHANNEL, None, Conversation())
NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)
MIDNIGHT = datetime(2026, 5, 2, tzinfo=UTC)

FRENCH, ENGLISH, EITHER = "Où le musée a-t-il acheté l’œuvre\u202f?", "Where did the museum buy it?", "Netflix Canada"


@dataclass
class Corner:
    """One channel of one server, where the time stands still and a script answers."""

    rules: RulesStore
    script: Callable[[Question], Answer] = declines

    def __post_init__(self) -> None:
        self.observer = Noting()
        self.default: Language = "en"
        self.limits = Limits(lambda: NOON)
        self.rules.change_guild(GUILD, cooldown_seconds=0)

    async def told(self, question: Question, origin: Origin = IN_CHANNEL) -> str:
        """Return what a person is told who asks."""
        desk = Desk(ScriptedLive(self.script), None, observer=self.observer)
        shelf = Shelf()
        await self.answerer(desk).answer(question, origin, [shelf.place], QUESTION_ID)
        await desk.close(600)
        [(text, _)] = shelf.kept
        return text

    def answerer(self, desk: Desk) -> Answerer:
        return Answerer(ME, desk, self.rules, self.limits, Conversations(), self.default)

    def fail(self, error: Exception) -> None:
        """Let every question fail from now on."""

        def fail(question: Question) -> Answer:
            raise error

        self.script = fail


@pytest.fixture
def corner(tmp_path: Path) -> Iterator[Corner]:
    with RulesStore(tmp_path / "guilds.sqlite3") as rules:
        yield Corner(rules)


# ---------------------------------------------------------------------------------------- how a question can be refused


async def wrong_channel(corner: Corner) -> None:
    corner.rules.change_guild(GUILD, channels=frozenset({ELSEWHERE}))


async def wrong_role(corner: Corner) -> None:
    corner.rules.change_guild(GUILD, roles=frozenset({ROLE}))


async def too_soon(corner: Corner) -> None:
    corner.rules.change_guild(GUILD, cooldown_seconds=30)
    await corner.told(Question("?"))


async def daily_cap(corner: Corner) -> None:
    corner.rules.change_guild(GUILD, daily_questions=1)
    await corner.told(Question("?"))


async def busy(corner: Corner) -> None:
    corner.fail(BusyError("queue_full"))


async def too_long(corner: Corner) -> None:
    corner.fail(AnswerTimeoutError("60 s"))


async def failure(corner: Corner) -> None:
    corner.fail(RuntimeError("bogue"))


REFUSALS: list[tuple[Any, Key, dict[str, object]]] = [
    (wrong_channel, "not_here", {"channels": f"<#{ELSEWHERE}>"}),
    (wrong_role, "not_you", {}),
    (too_soon, "too_soon", {"seconds": 30}),
    (daily_cap, "daily_cap", {"when": f"<t:{int(MIDNIGHT.timestamp())}:R>"}),
    (busy, "busy", {}),
    (too_long, "too_long", {}),
    (failure, "failed", {}),
]


def named(value: object) -> str:
    return getattr(value, "__name__", "") if callable(value) else ""


@pytest.mark.parametrize(("refuse", "key", "values"), REFUSALS, ids=named)
class TestLanguageOfARefusal:
    @pytest.mark.parametrize(("text", "language"), [(FRENCH, "fr"), (ENGLISH, "en")], ids=["fr", "en"])
    async def test_it_is_that_of_the_words(
        self, corner: Corner, refuse: Any, key: Key, values: dict[str, object], text: str, language: Language
    ) -> None:
        corner.default = "fr" if language == "en" else "en"
        await refuse(corner)
        assert await corner.told(Question(text)) == say(key, language, **values)

    async def test_it_is_counted_under_its_outcome(
        self, corner: Corner, refuse: Any, key: Key, values: dict[str, object]
    ) -> None:
        await refuse(corner)
        del corner.observer.outcomes[:]
        await corner.told(Question(FRENCH))
        outcomes: dict[Key, Outcome] = {"busy": "busy", "too_long": "timed_out", "failed": "failed"}
        assert corner.observer.outcomes == [(outcomes.get(key, "not_allowed"), "fr")]

    @pytest.mark.parametrize("language", ["fr", "en"])
    async def test_it_is_that_which_the_asker_wants(
        self, corner: Corner, refuse: Any, key: Key, values: dict[str, object], language: Language
    ) -> None:
        await refuse(corner)
        wanted = Question(ENGLISH if language == "fr" else FRENCH, language)
        assert await corner.told(wanted) == say(key, language, **values)

    @pytest.mark.parametrize("decided_by", ["conversation", "channel", "server", "settings"])
    async def test_where_the_words_tell_nothing_it_is_that_of_an_answer(
        self, corner: Corner, refuse: Any, key: Key, values: dict[str, object], decided_by: str
    ) -> None:
        corner.default = "fr" if decided_by == "settings" else "en"
        if decided_by != "settings":
            corner.rules.change_guild(GUILD, language="fr" if decided_by == "server" else "en")
        if decided_by in ("channel", "conversation"):
            corner.rules.change_channel(GUILD, CHANNEL, language="fr" if decided_by == "channel" else "en")
        turns = (Turn("Qui\u202f?", "fr"),) if decided_by == "conversation" else ()
        await refuse(corner)
        assert await corner.told(Question(EITHER), replace(IN_CHANNEL, conversation=Conversation(turns))) == say(
            key, "fr", **values
        )


@pytest.mark.parametrize(("text", "language"), [(FRENCH, "fr"), (ENGLISH, "en")], ids=["fr", "en"])
async def test_rules_that_cannot_be_read_are_said_in_the_language_of_the_question(
    corner: Corner, text: str, language: Language
) -> None:
    corner.rules.close()
    assert await corner.told(Question(text)) == say("failed", language)


async def test_in_a_thread_the_language_is_that_of_its_channel(corner: Corner) -> None:
    corner.rules.change_channel(GUILD, CHANNEL, language="fr")
    await wrong_role(corner)
    assert await corner.told(Question(EITHER), replace(IN_CHANNEL, channel=THREAD, parent=CHANNEL)) == say(
        "not_you", "fr"
    )


@pytest.mark.parametrize("language", ["fr", "en"])
async def test_in_direct_messages_the_rules_of_no_server_count(corner: Corner, language: Language) -> None:
    for refuse in (wrong_channel, wrong_role):
        await refuse(corner)
    corner.default = language
    alone = replace(IN_CHANNEL, guild=None)
    assert await corner.told(Question(EITHER), alone) == say("no_evidence", "fr")  # as the script says
    assert await corner.told(Question(EITHER), alone) == say("too_soon", language, seconds=3)


async def test_what_was_refused_counts_for_nothing(corner: Corner) -> None:
    await wrong_channel(corner)
    corner.rules.change_guild(GUILD, cooldown_seconds=30, daily_questions=1)
    assert await corner.told(Question(FRENCH)) == say("not_here", "fr", channels=f"<#{ELSEWHERE}>")
    corner.rules.change_guild(GUILD, channels=frozenset())
    assert await corner.told(Question(FRENCH)) == say("no_evidence", "fr")


async def test_an_answer_is_counted_once_under_the_language_of_the_reply(corner: Corner) -> None:
    await corner.told(Question(ENGLISH, "fr"))
    corner.script = lambda question: Answer("salut", "fr", abstention="greeting")
    await corner.told(Question("salut"))
    assert corner.observer.outcomes == [("abstained", "fr"), ("talk", "fr")]


async def test_a_question_that_is_deleted_meanwhile_gets_no_answer(corner: Corner) -> None:
    def delete(question: Question) -> Answer:
        answerer.withdraw(QUESTION_ID)
        return declines(question)

    desk, shelf = Desk(ScriptedLive(delete), None), Shelf()
    answerer = corner.answerer(desk)
    for number in (QUESTION_ID, QUESTION_ID + 1):
        await answerer.answer(Question(FRENCH), IN_CHANNEL, [shelf.place], number)
    assert [text for text, _ in shelf.kept] == [say("no_evidence", "fr")]


async def test_an_answer_is_in_flight_until_it_is_there(corner: Corner) -> None:
    seen: list[int] = []

    def look(question: Question) -> Answer:
        seen.append(len(answerer.in_flight))
        return declines(question)

    answerer = corner.answerer(Desk(ScriptedLive(look), None))
    answering = asyncio.create_task(answerer.answer(Question(FRENCH), IN_CHANNEL, [Shelf().place], QUESTION_ID))
    await answering
    await asyncio.sleep(0)  # what was to be done at its end
    assert (seen, answerer.in_flight) == ([1], set())
