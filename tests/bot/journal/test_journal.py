import hashlib
import multiprocessing
import os
import random
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.errors import BotError, JournalError
from bot.journal.entry import DAY_SECONDS
from bot.journal.file import check_journal
from bot.journal.journal import Journal
from tests.bot.journal.recording import ADA, BOB, FERRY, Clock, answered, declined, put
from tests.processes import surroundings

POSIX_ONLY = pytest.mark.skipif(os.name != "posix", reason="modes and signals are POSIX's")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "données" / "journal.sqlite3"


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


# -------------------------------------------------------------------------------------------------------------- erasing


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


def test_nothing_of_what_is_too_old_is_left_in_the_bytes(path: Path) -> None:
    clock = Clock()
    with Journal(path, 30, clock) as journal:
        put(journal, declined("Vieille œuvre\u00a0?"))
        clock.now += 30 * DAY_SECONDS + 1
        assert journal.prune() == 1
        assert "Vieille œuvre".encode() not in raw(path)


# --------------------------------------------------------------------------------------------------- threads, processes


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
