import hashlib
import multiprocessing
import os
import random
import signal
import sqlite3
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.answering.answer import NO_QUESTIONS, Abstention, Answer, Question
from bot.errors import BotError, JournalError
from bot.journal.file import check_journal
from bot.journal.journal import DAY_SECONDS, Cited, Entry, Journal, Unanswered
from index.schema import Language
from tests.bot.fakes import FRENCH, cite, make_chunk
from tests.processes import surroundings

ADA, BOB, EVE = 175928847299117063, 80351110224678912, 7
FERRY = "À quelle heure part le traversier\u00a0? L’œuvre «\u202foù naît l’été\u202f» 🛳️"
POSIX_ONLY = pytest.mark.skipif(os.name != "posix", reason="modes and signals are POSIX's")


@dataclass
class Clock:
    """Tells the time that the test set."""

    now: float = datetime(2026, 5, 1, 12, tzinfo=UTC).timestamp()

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "données" / "journal.sqlite3"


def declined(question: str = FERRY, language: Language = "fr", abstention: Abstention = "no_evidence") -> Answer:
    return Answer(question, language, abstention=abstention, generation="g1")


def answered(question: str = FERRY) -> Answer:
    return Answer(question, "fr", (cite(make_chunk(FRENCH), 1),), confidence=0.9, threshold=0.5, generation="g1")


def put(journal: Journal, answer: Answer | None = None, user: int = ADA, guild: int | None = 42) -> int:
    return journal.record(answer or declined(), user=user, guild=guild, latency_ms=21.5)


def raw(path: Path) -> bytes:
    """Return every byte of the files of the database."""
    return b"".join(p.read_bytes() for p in sorted(path.parent.iterdir()))


def rows(path: Path, query: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(query).fetchall()


# --------------------------------------------------------------------------------------------------------- what is kept


def test_a_row_holds_the_question_and_what_came_of_it(path: Path) -> None:
    with Journal(path, clock=Clock()) as journal:
        put(journal, answered())
        put(journal, declined(), guild=None)
    kept = rows(
        path, "SELECT asked, guild, language, question, abstention, confidence, citations, latency_ms, generation "
        "FROM entries ORDER BY id"
    )  # fmt: skip
    place = '[{"title": "Le musée", "source": "Gazette, 1998", "chunk_id": "musee.md#0", "start": 55, "end": 102}]'
    noon = datetime(2026, 5, 1, 12, tzinfo=UTC).timestamp()
    assert kept == [
        (noon, 42, "fr", FERRY, None, 0.9, place, 21.5, "g1"),
        (noon, None, "fr", FERRY, "no_evidence", 0.0, "[]", 21.5, "g1"),
    ]


def test_a_question_can_be_asked_again_after_a_restart(path: Path) -> None:
    with Journal(path) as journal:
        entry = put(journal, declined(FERRY, "en"))
    with Journal(path) as journal:
        assert journal.question(entry, guild=42) == Question(FERRY, "en")
        assert journal.question(entry + 1, guild=42) is None


@pytest.mark.parametrize("guild", [None, 43])
def test_what_was_asked_in_a_server_is_not_told_elsewhere(path: Path, guild: int | None) -> None:
    with Journal(path) as journal:
        entry = put(journal, declined(FERRY))
        assert journal.question(entry, guild, user=ADA) is None


def test_what_was_asked_in_private_is_told_to_its_asker_and_whoever_runs_the_bot(path: Path) -> None:
    with Journal(path) as journal:
        entry = put(journal, declined(FERRY, "en"), user=ADA, guild=None)
        assert journal.question(entry, user=BOB) is None
        assert journal.question(entry, user=ADA) == journal.question(entry) == Question(FERRY, "en")


def test_no_user_id_is_stored(path: Path) -> None:
    with Journal(path) as journal:
        entry = put(journal)
        journal.rate(entry, user=BOB, helpful=True)
        stored = raw(path)
    for user in (ADA, BOB):
        for form in (str(user).encode(), user.to_bytes(8, "big"), hashlib.sha256(str(user).encode()).digest()):
            assert form not in stored


def test_two_journals_know_a_user_by_two_names(tmp_path: Path) -> None:
    names = []
    for folder in ("un", "deux"):
        with Journal(tmp_path / folder / "journal.sqlite3") as journal:
            put(journal)
        names += rows(tmp_path / folder / "journal.sqlite3", "SELECT user FROM entries")
    assert names[0] != names[1]


# ---------------------------------------------------------------------------------------------------------------- votes


def test_each_user_has_one_vote_that_can_change_and_be_taken_back(path: Path) -> None:
    with Journal(path) as journal:
        entry = put(journal)
        assert journal.votes(entry) == (0, 0)
        assert journal.rate(entry, user=ADA, helpful=True)
        assert journal.rate(entry, user=BOB, helpful=True)
        assert journal.rate(entry, user=BOB, helpful=False)
        assert journal.votes(entry) == (1, 1)
        assert journal.rate(entry, user=ADA, helpful=None)
        assert journal.votes(entry) == (0, 1)


@pytest.mark.parametrize("helpful", [True, False, None])
def test_a_vote_on_an_entry_that_is_gone_is_refused(helpful: bool | None, path: Path) -> None:
    with Journal(path) as journal:
        entry = put(journal)
        journal.forget(ADA)
        assert not journal.rate(entry, user=BOB, helpful=helpful)
        assert journal.votes(entry) == (0, 0)


def test_a_number_is_never_given_twice(path: Path) -> None:
    with Journal(path) as journal:
        first = put(journal)
        journal.forget(ADA)
        assert put(journal) > first


# ----------------------------------------------------------------------------------------------------------- unanswered


def test_unanswered_are_those_without_evidence_and_those_voted_down_oldest_first(path: Path) -> None:
    clock = Clock()
    with Journal(path, clock=clock) as journal:

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


def test_a_message_that_asked_nothing_is_no_gap_whatever_the_votes(path: Path) -> None:
    with Journal(path, clock=Clock()) as journal:
        for abstention in (*NO_QUESTIONS, "foreign"):
            journal.rate(put(journal, declined(abstention=abstention)), user=BOB, helpful=False)
        assert journal.unanswered() == []


# -------------------------------------------------------------------------------------------------------------- entries


def test_an_entry_tells_what_came_of_a_question_and_neither_who_asked_nor_where(path: Path) -> None:
    with Journal(path, clock=Clock()) as journal:
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


def test_entries_of_a_server_or_of_the_last_days_alone_can_be_asked_for(path: Path) -> None:
    clock = Clock()
    with Journal(path, clock=clock) as journal:
        for guild in (42, 43, None):
            put(journal, guild=guild)
        clock.now += 3_600
        put(journal)
        began, later = (datetime.fromtimestamp(clock.now - seconds, UTC) for seconds in (3_600, 1))
        assert [entry.number for entry in journal.entries(began)] == [1, 2, 3, 4]
        assert [entry.number for entry in journal.entries(began, guild=42)] == [1, 4]
        assert [entry.number for entry in journal.entries(later)] == [4]
        assert journal.entries(began, guild=44) == []


# -------------------------------------------------------------------------------------------------------------- erasing


def test_forgetting_counts_and_erases_the_questions_and_the_votes_of_one_user(path: Path) -> None:
    with Journal(path) as journal:
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


def test_nothing_of_a_forgotten_question_is_left_in_the_bytes(path: Path) -> None:
    """Among rows of many lengths that come and go: with this seed, `secure_delete` alone leaves one behind."""
    chance = random.Random(6)
    users = range(100, 300)
    forgotten: set[int] = set()
    with Journal(path) as journal:
        for user in users:
            put(journal, declined(f"personne{user}e " + "œ" * chance.randrange(450)), user=user)
            if user % 3 and (gone := chance.randrange(100, user + 1)) not in forgotten:
                assert journal.forget(gone) == 1
                forgotten.add(gone)
        while_open = raw(path)
    for stored in (while_open, raw(path)):
        assert {user for user in users if f"personne{user}e".encode() not in stored} == forgotten


def test_erasing_says_so_when_a_reader_holds_the_text_back(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.journal.file.BUSY_SECONDS", 0.05)
    with Journal(path) as journal, closing(sqlite3.connect(path, isolation_level=None)) as reader:
        put(journal)
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM entries").fetchone()
        with pytest.raises(JournalError, match="another program is reading"):
            journal.forget(ADA)
        reader.execute("COMMIT")
        assert journal.forget(ADA) == 0
        assert FERRY.encode() not in raw(path)


def test_rows_that_are_too_old_go_when_asked_and_at_opening_with_their_votes(path: Path) -> None:
    clock = Clock()
    with Journal(path, 30, clock) as journal:
        old = put(journal, declined("Vieille œuvre\u00a0?"))
        journal.rate(old, user=BOB, helpful=False)
        clock.now += 20 * DAY_SECONDS
        young = put(journal, declined("Quand\u00a0?"))
        assert journal.prune() == 0
        clock.now += 10 * DAY_SECONDS + 1
        assert journal.prune() == 1
        assert (journal.question(old, 42), journal.votes(old)) == (None, (0, 0))
        assert "Vieille œuvre".encode() not in raw(path)
        clock.now += 20 * DAY_SECONDS
    with Journal(path, 30, clock) as journal:
        assert journal.question(young, 42) is None


# --------------------------------------------------------------------------------------------------- threads, processes


def test_threads_can_record_vote_and_read_at_once(path: Path) -> None:
    def work(user: int) -> list[int]:
        entries = []
        for number in range(20):
            entries.append(put(journal, declined(f"{user}-{number} œ"), user=user))
            journal.rate(entries[0], user=number, helpful=bool(number % 2))
            journal.unanswered()
        return entries

    with Journal(path) as journal, ThreadPoolExecutor(8) as pool:
        entries = [entry for found in pool.map(work, range(8)) for entry in found]
        assert len(set(entries)) == 160
        assert {u.question for u in journal.unanswered()} == {f"{u}-{n} œ" for u in range(8) for n in range(20)}
        assert all(journal.votes(first) == (10, 10) for first in entries[::20])


def record_one(path: Path, user: int) -> bytes:
    with Journal(path) as journal:
        put(journal, user=user)
    return path.with_name(path.name + ".key").read_bytes()


def test_processes_that_start_at_once_agree_on_the_secret(path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    with context.Pool(4) as pool:
        seen = pool.starmap(record_one, [(path, ADA)] * 12, chunksize=1)
    assert len(set(seen)) == 1
    with Journal(path) as journal:
        assert journal.forget(ADA) == 12


@POSIX_ONLY
def test_a_writer_that_is_killed_keeps_what_it_recorded(path: Path) -> None:
    script = (
        "import sys\nfrom pathlib import Path\nfrom bot.answering.answer import Answer\n"
        "from bot.journal.journal import Journal\n"
        "journal = Journal(Path(sys.argv[1]))\n"
        "for n in range(10**6):\n"
        "    answer = Answer(f'œ{n}', 'fr', abstention='no_evidence')\n"
        "    print(journal.record(answer, user=1, guild=None, latency_ms=1), flush=True)\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", script, str(path)], stdout=subprocess.PIPE, env=surroundings(), encoding="utf-8"
    ) as child:
        assert child.stdout
        reported = [int(child.stdout.readline()) for _ in range(20)]
        child.send_signal(signal.SIGKILL)
        reported += [int(line) for line in child.stdout.read().split("\n")[:-1]]
    with Journal(path) as journal:
        kept = {u.entry: u.question for u in journal.unanswered()}
    assert {entry: f"œ{n}" for n, entry in enumerate(reported)}.items() <= kept.items()
    assert len(kept) <= len(reported) + 1


def test_a_journal_that_is_closed_says_so(path: Path) -> None:
    journal = Journal(path)
    journal.close()
    journal.close()
    with pytest.raises(BotError, match="closed"):
        put(journal)


def test_recording_does_not_wait_for_readers(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.journal.file.BUSY_SECONDS", 0)  # whoever waits fails
    with Journal(path) as journal, closing(sqlite3.connect(path, isolation_level=None)) as reader:
        put(journal)
        reader.execute("BEGIN")
        assert reader.execute("SELECT count(*) FROM entries").fetchone() == (1,)
        put(journal)
        assert reader.execute("SELECT count(*) FROM entries").fetchone() == (1,)


def test_a_private_question_is_told_to_whoever_asks_for_it(path: Path) -> None:
    with Journal(path) as journal:
        journal.record(declined("À tous\u202f?"), user=ADA, guild=42, latency_ms=1)
        journal.record(declined("À moi\u202f?"), user=ADA, guild=42, latency_ms=1, private=True)
        assert [one.question for one in journal.unanswered(42)] == ["À tous\u202f?", "À moi\u202f?"]
        assert [one.question for one in journal.unanswered(42, private=False)] == ["À tous\u202f?"]


def test_questions_from_before_some_time_can_be_left_out(path: Path) -> None:
    clock = Clock()
    with Journal(path, clock=clock) as journal:
        put(journal)
        clock.now += 1
        put(journal, declined("Et maintenant\u202f?"))
        since = datetime.fromtimestamp(clock.now, UTC)
        assert [one.question for one in journal.unanswered(since=since)] == ["Et maintenant\u202f?"]


def test_a_journal_of_the_first_version_is_brought_up_to_date_with_its_questions(path: Path) -> None:
    with Journal(path) as journal:
        put(journal)
    with closing(sqlite3.connect(path)) as older:
        older.executescript("ALTER TABLE entries DROP COLUMN private; PRAGMA user_version = 1;")
    assert check_journal(path) == (1, True)
    for _ in range(2):
        with Journal(path) as journal:
            journal.record(declined(), user=ADA, guild=42, latency_ms=1, private=True)
            assert len(journal.unanswered(private=False)) == 1
    assert check_journal(path) == (3, False)
