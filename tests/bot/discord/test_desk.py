import asyncio
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from bot.answering.answer import Answer, Asker, Question
from bot.answering.readers.shipped import load_similarity_reader
from bot.discord import desk
from bot.discord.desk import Desk
from bot.discord.observing import Outcome
from bot.errors import AnswerTimeoutError, BusyError
from bot.factory import Bot
from bot.journal.journal import Journal
from bot.seen import Seen
from index.schema import Language, Manifest
from tests.bot.fakes import FRENCH, ScriptedChain, cite, make_chunk
from tests.fakes import HashingEmbeddings

MANIFEST = Manifest(2, "g1", "2026-11-24T12:00:00+00:00", "", "", 64, "", {}, 1, 1, 1, {}, {}, [], {}, {})
ALICE, BOB = Asker(1, guild=7), Asker(2, guild=7)


@dataclass
class ScriptedLive:
    """Answers with what the test wrote."""

    script: Callable[[Question], Answer]
    is_reachable: bool = True

    @property
    def current(self) -> Bot:
        return Bot(ScriptedChain(self.script), MANIFEST, HashingEmbeddings(), load_similarity_reader())

    def bot(self, seen: Seen) -> Bot:
        return self.current

    def refresh(self) -> None:
        """There is nothing else to take up."""


def declines(question: Question) -> Answer:
    return Answer(question.text, question.language or "fr", abstention="no_evidence", generation="g1")


def found(question: Question) -> Answer:
    return Answer(question.text, question.language or "fr", citations=(cite(make_chunk(FRENCH)),), generation="g1")


@dataclass
class Noting:
    """Notes what it is told."""

    outcomes: list[tuple[Outcome, Language]] = field(default_factory=list)
    votes: list[bool | None] = field(default_factory=list)
    rebuilds: list[bool] = field(default_factory=list)

    def asked(self, outcome: Outcome, language: Language, seconds: float) -> None:
        assert seconds >= 0
        self.outcomes.append((outcome, language))

    def voted(self, helpful: bool | None) -> None:
        self.votes.append(helpful)

    def rebuilt(self, succeeded: bool) -> None:
        self.rebuilds.append(succeeded)


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    with Journal(tmp_path / "journal.sqlite3") as journal:
        yield journal


async def test_an_answer_tells_when_its_index_was_made(journal: Journal) -> None:
    served = await Desk(ScriptedLive(declines), journal).ask(Question("Où\u202f?"), ALICE)
    assert (served.answer.question, served.index_built.isoformat()) == ("Où\u202f?", MANIFEST.created)


async def test_an_answer_is_recorded_under_its_key(journal: Journal) -> None:
    served = await Desk(ScriptedLive(declines), journal).ask(Question("L’œuvre\u202f?"), Asker(1, guild=7))
    assert journal.question(int(served.key), 7) == Question("L’œuvre\u202f?", "fr")
    assert served.recorded


async def test_what_nobody_asked_is_recorded_only_where_it_is_wanted(journal: Journal) -> None:
    served_by = Desk(ScriptedLive(found), journal)
    question, asker = Question("L’œuvre\u202f?", "fr"), Asker(1, guild=7)
    assert await served_by.offer(question, asker, lambda served: False) is None
    assert await Desk(ScriptedLive(declines), journal).offer(question, asker, lambda served: True) is None
    assert journal.question(1, 7) is None
    served = await served_by.offer(question, asker, lambda served: True)
    assert served is not None
    assert journal.question(int(served.key), 7) == question
    assert await served_by.recall(served.key, asker) == served


async def test_without_a_journal_an_answer_is_recalled_and_cannot_be_rated() -> None:
    served_by = Desk(ScriptedLive(declines), None)
    served = await served_by.ask(Question("Où\u202f?"), ALICE)
    assert await served_by.recall(served.key, BOB) == served
    assert not served.recorded
    assert not await served_by.rate(served.key, BOB, helpful=True)


async def test_a_journal_that_cannot_be_written_costs_no_answer(journal: Journal) -> None:
    journal.close()
    served = await Desk(ScriptedLive(declines), journal).ask(Question("Où\u202f?"), ALICE)
    assert (served.answer.abstention, served.recorded) == ("no_evidence", False)


async def test_an_old_answer_is_asked_again_from_the_journal(journal: Journal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(desk, "MAX_RECENT", 1)
    served_by = Desk(ScriptedLive(declines), journal)
    first = await served_by.ask(Question("Quand\u202f?"), ALICE)
    await served_by.ask(Question("Où\u202f?"), ALICE)
    recalled = await served_by.recall(first.key, BOB)
    assert recalled is not None
    assert (recalled.key, recalled.answer.question) == (first.key, "Quand\u202f?")


@pytest.mark.parametrize(
    ("asker", "other"),
    [
        (ALICE, Asker(1, guild=8)),
        (ALICE, Asker(1)),
        (Asker(1), Asker(1, guild=7)),
        (Asker(1), Asker(2)),
    ],
)
@pytest.mark.parametrize("in_memory", [True, False])
async def test_a_key_that_is_guessed_elsewhere_tells_and_changes_nothing(
    journal: Journal, asker: Asker, other: Asker, in_memory: bool
) -> None:
    served_by = Desk(ScriptedLive(declines), journal)
    served = await served_by.ask(Question("Où est la clé\u202f?"), asker)
    if not in_memory:
        served_by = Desk(ScriptedLive(declines), journal)
    assert await served_by.recall(served.key, other) is None
    assert await served_by.question_of(served.key, other) == ""
    assert not await served_by.rate(served.key, other, helpful=True)
    assert journal.votes(int(served.key)) == (0, 0)
    assert await served_by.recall(served.key, asker) is not None
    assert await served_by.rate(served.key, asker, helpful=True)


async def test_an_answer_over_another_collection_is_asked_anew(journal: Journal) -> None:
    asked: list[str] = []

    def note(question: Question) -> Answer:
        assert question.asker is not None
        asked.append(question.asker.collection)
        return declines(question)

    served_by = Desk(ScriptedLive(note), journal)
    served = await served_by.ask(Question("Où\u202f?"), Asker(1, 7, "cuisine"))
    await served_by.recall(served.key, Asker(2, 7, "cuisine"))
    await served_by.recall(served.key, Asker(2, 7))
    assert asked == ["cuisine", ""]


@pytest.mark.parametrize("key", ["99", "x0", "", "œ"])
async def test_a_key_of_nothing_recalls_nothing(journal: Journal, key: str) -> None:
    assert await Desk(ScriptedLive(declines), journal).recall(key, ALICE) is None


async def test_forgetting_erases_the_journal_and_the_memory(journal: Journal) -> None:
    served_by = Desk(ScriptedLive(declines), journal)
    mine, theirs = await served_by.ask(Question("Où\u202f?"), ALICE), await served_by.ask(Question("Qui\u202f?"), BOB)
    assert await served_by.forget(ALICE.user) == 1
    assert await served_by.recall(mine.key, ALICE) is None
    assert await served_by.recall(theirs.key, ALICE) is not None


async def test_a_chain_that_hangs_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(desk, "ANSWER_TIMEOUT_SECONDS", 0.05)
    given_up = threading.Event()

    def hang(question: Question) -> Answer:
        given_up.wait()
        return declines(question)

    try:
        with pytest.raises(AnswerTimeoutError):
            await Desk(ScriptedLive(hang), None).ask(Question("Où\u202f?"), ALICE)
    finally:
        given_up.set()


async def test_one_person_may_not_fill_the_queue() -> None:
    going = threading.Event()

    def wait(question: Question) -> Answer:
        going.wait()
        return declines(question)

    served_by = Desk(ScriptedLive(wait), None, workers=1)
    asked = [asyncio.create_task(served_by.ask(Question(f"{n}\u202f?"), ALICE)) for n in range(6)]
    await asyncio.sleep(0)
    other = asyncio.create_task(served_by.ask(Question("Et moi\u202f?"), BOB))
    await asyncio.sleep(0)
    going.set()
    results = await asyncio.gather(*asked, return_exceptions=True)
    assert [type(r) for r in results[4:]] == [BusyError, BusyError]  # one is answered, three wait
    assert (await other).answer.question == "Et moi\u202f?"


async def test_how_many_wait_and_are_being_answered_is_told() -> None:
    begun, going = threading.Event(), threading.Event()

    def wait(question: Question) -> Answer:
        begun.set()
        going.wait()
        return declines(question)

    served_by = Desk(ScriptedLive(wait), None, workers=1)
    asked = [asyncio.create_task(served_by.ask(Question("Où\u202f?"), Asker(n))) for n in range(3)]
    await asyncio.to_thread(begun.wait)
    assert (served_by.running, served_by.waiting) == (1, 2)
    going.set()
    await asyncio.gather(*asked)
    assert (served_by.running, served_by.waiting) == (0, 0)


async def test_votes_that_are_kept_are_told_to_the_observer(journal: Journal) -> None:
    observer = Noting()
    served_by = Desk(ScriptedLive(declines), journal, observer=observer)
    served = await served_by.ask(Question("Où\u202f?"), ALICE)
    for key, helpful in ((served.key, True), (served.key, None), ("99", False), ("x0", False)):
        await served_by.rate(key, BOB, helpful)
    assert observer.votes == [True, None]


async def test_closing_finishes_what_was_asked_and_takes_no_more() -> None:
    served_by = Desk(ScriptedLive(declines), None)
    asked = [asyncio.create_task(served_by.ask(Question(f"{n}\u202f?"), Asker(n))) for n in range(20)]
    await asyncio.sleep(0)
    assert await served_by.close(600)
    assert {(await task).answer.abstention for task in asked} == {"no_evidence"}
    with pytest.raises(BusyError):
        await served_by.ask(Question("Encore\u202f?"), ALICE)


async def test_who_asks_and_where_reaches_the_chain_whichever_way_the_question_comes(journal: Journal) -> None:
    asked: list[Question] = []

    def note(question: Question) -> Answer:
        asked.append(question)
        return declines(question)

    member = Asker(1, guild=7)
    first = Desk(ScriptedLive(note), journal)
    served = await first.ask(Question("Où\u202f?"), member)
    await first.again(Question("Où\u202f?", "en"), member)
    await Desk(ScriptedLive(note), journal).recall(served.key, member)  # after a restart: asked again
    assert [question.asker for question in asked] == [member] * 3
