"""What every journal does, in a file and on a server alike."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Protocol

import pytest

from bot.answering.answer import NO_QUESTIONS, Answer, Question
from bot.journal.entry import DAY_SECONDS, Cited, Entry, JournalKeeper, Unanswered
from bot.journal.journal import Journal
from bot.journal.postgres import PostgresJournal
from bot.journal.shared_secret import shared_secret
from bot.journal.spool import Spool
from bot.postgres.server import Postgres
from tests.bot.journal.recording import ADA, BOB, EVE, FERRY, Clock, answered, declined, put
from tests.postgres import Server

NOON = Clock()  # a clock that stands still


class Opener(Protocol):
    """Opens the same journal again and again."""

    def __call__(self, keep_days: int = 90, clock: Callable[[], float] = NOON) -> JournalKeeper: ...


@pytest.fixture(params=["file", "postgres"])
def opened(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Opener]:
    if request.param == "file":
        yield lambda keep_days=90, clock=NOON: Journal(tmp_path / "journal.sqlite3", keep_days, clock)
        return
    server: Server = request.getfixturevalue("postgres")
    with Postgres(server.url) as database:
        secret = shared_secret(database, tmp_path)
        yield lambda keep_days=90, clock=NOON: PostgresJournal(
            database, secret, Spool(tmp_path / "waiting.sqlite3"), keep_days, clock
        )


def test_a_question_can_be_asked_again_after_a_restart(opened: Opener) -> None:
    with opened() as journal:
        entry = put(journal, declined(FERRY, "en"))
    with opened() as journal:
        assert journal.question(entry, guild=42) == Question(FERRY, "en")
        assert journal.question(entry + 1, guild=42) is None


@pytest.mark.parametrize("guild", [None, 43])
def test_what_was_asked_in_a_server_is_not_told_elsewhere(opened: Opener, guild: int | None) -> None:
    with opened() as journal:
        entry = put(journal, declined(FERRY))
        assert journal.question(entry, guild, user=ADA) is None


def test_what_was_asked_in_private_is_told_to_its_asker_and_whoever_runs_the_bot(opened: Opener) -> None:
    with opened() as journal:
        entry = put(journal, declined(FERRY, "en"), user=ADA, guild=None)
        assert journal.question(entry, user=BOB) is None
        assert journal.question(entry, user=ADA) == journal.question(entry) == Question(FERRY, "en")


def test_each_user_has_one_vote_that_can_change_and_be_taken_back(opened: Opener) -> None:
    with opened() as journal:
        entry = put(journal)
        assert journal.votes(entry) == (0, 0)
        assert journal.rate(entry, user=ADA, helpful=True)
        assert journal.rate(entry, user=BOB, helpful=True)
        assert journal.rate(entry, user=BOB, helpful=False)
        assert journal.votes(entry) == (1, 1)
        assert journal.rate(entry, user=ADA, helpful=None)
        assert journal.votes(entry) == (0, 1)


@pytest.mark.parametrize("helpful", [True, False, None])
def test_a_vote_on_an_entry_that_is_gone_is_refused(helpful: bool | None, opened: Opener) -> None:
    with opened() as journal:
        entry = put(journal)
        journal.forget(ADA)
        assert not journal.rate(entry, user=BOB, helpful=helpful)
        assert journal.votes(entry) == (0, 0)


def test_a_number_is_never_given_twice(opened: Opener) -> None:
    with opened() as journal:
        first = put(journal)
        journal.forget(ADA)
        assert put(journal) > first


def test_unanswered_are_those_without_evidence_and_those_voted_down_oldest_first(opened: Opener) -> None:
    clock = Clock()
    with opened(clock=clock) as journal:

        def asked(answer: Answer, *votes: bool) -> int:
            clock.now -= 60  # each before the one above
            entry = put(journal, answer)
            for user, helpful in enumerate(votes):
                journal.rate(entry, user=user, helpful=helpful)
            return entry

        bad = asked(answered("Qui\u00a0?"), False, False, True)
        asked(answered("Quoi ?"), True, False)
        asked(answered("Où ?"), True)
        asked(answered("Pourquoi ?"))
        asked(declined("¿Quién?", abstention="foreign"))
        asked(declined("?", abstention="no_question"))
        asked(declined("merci", abstention="thanks"))
        asked(declined("Qui es-tu ?", abstention="about"))
        none = asked(declined("When?", "en"), True, False, False)
        found = journal.unanswered()
    noon = datetime(2026, 5, 1, 12, tzinfo=UTC)
    assert found == [
        Unanswered(none, "When?", "en", noon - timedelta(minutes=9), "no_evidence"),
        Unanswered(bad, "Qui\u00a0?", "fr", noon - timedelta(minutes=1), "unhelpful"),
    ]


def test_a_message_that_asked_nothing_is_no_gap_whatever_the_votes(opened: Opener) -> None:
    with opened(clock=Clock()) as journal:
        for abstention in (*NO_QUESTIONS, "foreign"):
            journal.rate(put(journal, declined(abstention=abstention)), user=BOB, helpful=False)
        assert journal.unanswered() == []


def test_an_entry_tells_what_came_of_a_question_and_neither_who_asked_nor_where(opened: Opener) -> None:
    with opened(clock=Clock()) as journal:
        first = put(journal, answered())
        put(journal, declined(), user=BOB)
        put(journal, declined(), guild=None)
        for user, helpful in ((BOB, True), (EVE, True), (ADA, False)):
            journal.rate(first, user=user, helpful=helpful)
        found = journal.entries(datetime(2026, 5, 1, tzinfo=UTC))
    museum = Cited("musee.md", "Le musée", "Gazette, 1998")
    noon = datetime(2026, 5, 1, 12, tzinfo=UTC)
    assert found == [
        Entry(1, noon, 0, "fr", None, frozenset({museum}), 21.5, 2, 1),
        Entry(2, noon, 1, "fr", "no_evidence", frozenset(), 21.5, 0, 0),
        Entry(3, noon, 0, "fr", "no_evidence", frozenset(), 21.5, 0, 0),
    ]


def test_entries_of_a_server_or_of_the_last_days_alone_can_be_asked_for(opened: Opener) -> None:
    clock = Clock()
    with opened(clock=clock) as journal:
        for guild in (42, 43, None):
            put(journal, guild=guild)
        clock.now += 3_600
        put(journal)
        began, later = (datetime.fromtimestamp(clock.now - seconds, UTC) for seconds in (3_600, 1))
        assert [entry.number for entry in journal.entries(began)] == [1, 2, 3, 4]
        assert [entry.number for entry in journal.entries(began, guild=42)] == [1, 4]
        assert [entry.number for entry in journal.entries(later)] == [4]
        assert journal.entries(began, guild=44) == []


def test_forgetting_counts_and_erases_the_questions_and_the_votes_of_one_user(opened: Opener) -> None:
    with opened() as journal:
        mine, theirs = put(journal, user=ADA), put(journal, user=BOB)
        journal.rate(mine, user=ADA, helpful=False)
        journal.rate(mine, user=BOB, helpful=False)
        journal.rate(theirs, user=ADA, helpful=False)
        journal.rate(theirs, user=EVE, helpful=True)
        assert journal.forget(ADA) == 3
        assert journal.forget(ADA) == 0
        assert (journal.question(mine, 42), journal.votes(mine)) == (None, (0, 0))
        assert journal.question(theirs, 42) == Question(FERRY, "fr")
        assert journal.votes(theirs) == (1, 0)


def test_rows_that_are_too_old_go_when_asked_and_at_opening_with_their_votes(opened: Opener) -> None:
    clock = Clock()
    with opened(30, clock) as journal:
        old = put(journal, declined("Vieille œuvre\u00a0?"))
        journal.rate(old, user=BOB, helpful=False)
        clock.now += 20 * DAY_SECONDS
        young = put(journal, declined("Quand\u00a0?"))
        assert journal.prune() == 0
        clock.now += 10 * DAY_SECONDS + 1
        assert journal.prune() == 1
        assert (journal.question(old, 42), journal.votes(old)) == (None, (0, 0))
        clock.now += 20 * DAY_SECONDS
    with opened(30, clock) as journal:
        assert journal.question(young, 42) is None


def test_threads_can_record_vote_and_read_at_once(opened: Opener) -> None:
    def work(user: int) -> list[int]:
        entries = []
        for number in range(20):
            entries.append(put(journal, declined(f"{user}-{number} œ"), user=user))
            journal.rate(entries[0], user=number, helpful=bool(number % 2))
            journal.unanswered()
        return entries

    with opened() as journal, ThreadPoolExecutor(8) as pool:
        entries = [entry for found in pool.map(work, range(8)) for entry in found]
        assert len(set(entries)) == 160
        assert {u.question for u in journal.unanswered()} == {f"{u}-{n} œ" for u in range(8) for n in range(20)}
        assert all(journal.votes(first) == (10, 10) for first in entries[::20])


def test_a_private_question_is_told_to_whoever_asks_for_it(opened: Opener) -> None:
    with opened() as journal:
        journal.record(declined("À tous\u202f?"), user=ADA, guild=42, latency_ms=1)
        journal.record(declined("À moi\u202f?"), user=ADA, guild=42, latency_ms=1, private=True)
        assert [one.question for one in journal.unanswered(42)] == ["À tous\u202f?", "À moi\u202f?"]
        assert [one.question for one in journal.unanswered(42, private=False)] == ["À tous\u202f?"]


def test_questions_from_before_some_time_can_be_left_out(opened: Opener) -> None:
    clock = Clock()
    with opened(clock=clock) as journal:
        put(journal)
        clock.now += 1
        put(journal, declined("Et maintenant\u202f?"))
        since = datetime.fromtimestamp(clock.now, UTC)
        assert [one.question for one in journal.unanswered(since=since)] == ["Et maintenant\u202f?"]
