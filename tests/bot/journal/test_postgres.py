"""The journal on a server: what waits on this machine, and what the machines share."""

import logging
import threading
import time
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy.exc import OperationalError

from bot.errors import JournalError
from bot.journal.entry import Sending
from bot.journal.file import secret_file
from bot.journal.journal import FILE_NAME
from bot.journal.postgres import PostgresJournal
from bot.journal.shared_secret import shared_secret
from bot.journal.spool import Spool
from bot.postgres import server as server_module
from bot.postgres.server import SECONDS, Postgres
from tests.bot.journal.recording import ADA, BOB, FERRY, Clock, declined, put
from tests.postgres import Server


@pytest.fixture
def database(postgres: Server, monkeypatch: pytest.MonkeyPatch) -> Iterator[Postgres]:
    monkeypatch.setattr(server_module, "REST_SECONDS", 0.0)  # no test waits for a server to be tried again
    with Postgres(postgres.url) as opened:
        yield opened


def machine(database: Postgres, folder: Path, most: int = 1_000) -> PostgresJournal:
    """Return the journal of a machine whose data are in this folder."""
    return PostgresJournal(database, shared_secret(database, folder), Spool(folder / "w.sqlite3", most), clock=Clock())


def ask(journal: PostgresJournal, question: str, user: int = ADA) -> int | None:
    return journal.record(declined(question), user=user, guild=42, latency_ms=1)


def test_no_user_id_and_no_secret_are_in_the_database(database: Postgres, postgres: Server, tmp_path: Path) -> None:
    with machine(database, tmp_path) as journal:
        journal.rate(put(journal), user=BOB, helpful=True)
    tables = "journal_entries", "journal_votes", "marks"
    stored = str([postgres.execute(f"SELECT * FROM {table}") for table in tables]).encode()
    secret = secret_file(tmp_path / FILE_NAME).read_bytes()
    assert FERRY.encode()[:20] in stored
    for kept in (str(ADA).encode(), str(BOB).encode(), repr(secret)[2:-1].encode()):
        assert kept not in stored


def test_a_machine_without_the_secret_is_told_to_copy_it(database: Postgres, tmp_path: Path) -> None:
    first, second = tmp_path / "un", tmp_path / "deux"
    secret = shared_secret(database, first)
    with pytest.raises(JournalError, match="missing: copy it from a machine"):
        shared_secret(database, second)
    assert not second.exists()
    second.mkdir()
    secret_file(second / FILE_NAME).write_bytes(bytes(32))
    with pytest.raises(JournalError, match="is not the secret of the journal in the database"):
        shared_secret(database, second)
    secret_file(second / FILE_NAME).write_bytes(secret)
    assert shared_secret(database, second) == secret


def test_a_question_with_a_nul_is_kept_without_it(database: Postgres, tmp_path: Path) -> None:
    with machine(database, tmp_path) as journal:
        ask(journal, "Où\0\u202f?")
        assert [one.question for one in journal.unanswered()] == ["Où\ufffd\u202f?"]


def test_what_is_asked_while_the_server_is_away_waits_and_is_sent_in_order(
    database: Postgres, postgres: Server, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with machine(database, tmp_path) as journal:
        assert ask(journal, "Avant\u202f?")
        postgres.stop()
        try:
            with caplog.at_level(logging.WARNING):
                assert [ask(journal, f"Pendant {n}\u202f?") for n in range(3)] == [None] * 3
            assert journal.sending == Sending(answers=False, unsent=3)
            with pytest.raises(JournalError, match="DATABASE_URL cannot be used"):
                journal.unanswered()
        finally:
            postgres.start()
        assert [record.message for record in caplog.records] == ["the database is away"]
        assert ask(journal, "Après\u202f?")
        assert journal.sending == Sending(answers=True, unsent=0)
        asked = {one.question for one in journal.unanswered()}
    assert asked == {f"{when}\u202f?" for when in ("Avant", "Pendant 0", "Pendant 1", "Pendant 2", "Après")}


def test_what_waits_is_sent_once_the_server_is_back_though_nobody_asks(postgres: Server, tmp_path: Path) -> None:
    with Postgres(postgres.url) as database, machine(database, tmp_path) as journal:
        postgres.stop()
        try:
            ask(journal, FERRY)
            journal.tend()
            assert journal.sending == Sending(answers=False, unsent=1)
        finally:
            postgres.start()
        journal.tend()
        assert journal.sending == Sending(answers=True, unsent=0)
        assert postgres.execute("SELECT question FROM journal_entries") == [(FERRY,)]


def test_a_question_waits_where_the_server_is_paused_and_is_kept_once(postgres: Server, tmp_path: Path) -> None:
    with Postgres(postgres.url) as database, machine(database, tmp_path) as journal:
        with postgres.paused():
            began = time.monotonic()
            assert ask(journal, "Pendant\u202f?") is None
            assert time.monotonic() - began < 4 * SECONDS
        journal.tend()
        assert ask(journal, "Après\u202f?")
        assert [one.question for one in journal.unanswered()] == ["Pendant\u202f?", "Après\u202f?"]


def test_what_the_server_refuses_waits_and_is_told_once(
    database: Postgres, postgres: Server, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with machine(database, tmp_path) as journal:
        postgres.execute("ALTER TABLE journal_entries RENAME TO autre")
        try:
            with caplog.at_level(logging.WARNING):
                assert ask(journal, FERRY) is None
                journal.tend()
                journal.tend()
        finally:
            postgres.execute("ALTER TABLE autre RENAME TO journal_entries")
        assert [record.message for record in caplog.records] == ["the database refuses the questions that wait"]
        assert journal.sending == Sending(answers=True, unsent=1)
        journal.tend()
        assert [one.question for one in journal.unanswered()] == [FERRY]


def test_what_waits_outlives_a_restart_of_the_bot(database: Postgres, postgres: Server, tmp_path: Path) -> None:
    with machine(database, tmp_path) as journal:
        postgres.stop()
        try:
            ask(journal, FERRY)
        finally:
            postgres.start()
    with machine(database, tmp_path) as journal:
        assert [one.question for one in journal.unanswered()] == [FERRY]


def test_no_more_waits_than_there_is_room_for(database: Postgres, postgres: Server, tmp_path: Path) -> None:
    with machine(database, tmp_path, most=2) as journal:
        postgres.stop()
        try:
            assert [ask(journal, FERRY), ask(journal, FERRY)] == [None, None]
            with pytest.raises(JournalError, match="no more can"):
                ask(journal, FERRY)
        finally:
            postgres.start()


def test_a_row_whose_confirmation_was_lost_is_kept_once(
    database: Postgres, postgres: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn = uuid.uuid4()
    monkeypatch.setattr(uuid, "uuid4", lambda: drawn)
    with machine(database, tmp_path) as journal:
        assert ask(journal, FERRY)
        postgres.stop()
        try:
            ask(journal, FERRY)  # the same row, as after a commit that nobody heard of
        finally:
            postgres.start()
        assert len(journal.unanswered()) == 1


def test_who_asks_to_be_forgotten_is_also_where_questions_still_wait(
    database: Postgres, postgres: Server, tmp_path: Path
) -> None:
    first, second = tmp_path / "un", tmp_path / "deux"
    with machine(database, first) as here:
        second.mkdir()
        secret_file(second / FILE_NAME).write_bytes(secret_file(first / FILE_NAME).read_bytes())
        with machine(database, second) as there:
            postgres.stop()
            try:
                for journal in (here, there):
                    ask(journal, "De moi\u202f?", ADA)
                    ask(journal, "D’une autre\u202f?", BOB)
            finally:
                postgres.start()
            assert here.forget(ADA) == 1
            assert [one.question for one in there.unanswered()] == ["D’une autre\u202f?"]
            assert [one.question for one in here.unanswered()] == ["D’une autre\u202f?"] * 2


def test_no_question_of_a_thousand_is_lost_or_doubled_while_the_server_restarts(
    database: Postgres, postgres: Server, tmp_path: Path
) -> None:
    begun = threading.Event()

    def work(user: int) -> None:
        for number in range(250):
            ask(journal, f"{user}-{number}\u202f?", user)
            if number == 25:
                begun.set()

    with machine(database, tmp_path, most=1_000) as journal:
        with ThreadPoolExecutor(4) as threads:
            asked = [threads.submit(work, user) for user in range(1, 5)]
            for _ in range(2):
                begun.wait()
                postgres.stop()
                postgres.start()
            for one in asked:
                one.result()
        kept = [one.question for one in journal.unanswered()]
    assert len(kept) == 1_000
    assert set(kept) == {f"{user}-{number}\u202f?" for user in range(1, 5) for number in range(250)}


def test_errors_of_the_driver_stay_inside(database: Postgres, postgres: Server, tmp_path: Path) -> None:
    journal = machine(database, tmp_path)
    postgres.stop()
    try:
        with pytest.raises(JournalError) as refused:
            journal.votes(1)
        assert not isinstance(refused.value, OperationalError)
    finally:
        postgres.start()


def test_a_question_waits_also_where_the_server_is_there_and_does_not_take_it(
    database: Postgres, postgres: Server, tmp_path: Path
) -> None:
    with machine(database, tmp_path) as journal:
        with postgres.locking("journal_entries"):
            assert ask(journal, FERRY) is None
        assert [one.question for one in journal.unanswered()] == [FERRY]
        assert journal.sending.unsent == 0
