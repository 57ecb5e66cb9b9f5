"""The journal: which questions were asked, how they were answered, and whether that helped."""

import json
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self

from bot.answering.answer import Answer, Question
from bot.journal.entry import (
    DAY_SECONDS,
    Entry,
    Sending,
    Unanswered,
    cited_articles,
    cited_places,
    pseudonym,
    unanswered_of,
)
from bot.journal.file import open_private, scrub, translated_errors

FILE_NAME = "journal.sqlite3"  # in the data folder

_RECORD = """
INSERT INTO entries
(asked, guild, user, language, question, abstention, confidence, citations, latency_ms, generation, private)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""
_VOTE = """
INSERT INTO votes (entry, user, helpful) SELECT id, ?, ? FROM entries WHERE id = ?
ON CONFLICT (entry, user) DO UPDATE SET helpful = excluded.helpful
"""
_UNANSWERED = """
SELECT id, question, entries.language, asked, CASE abstention WHEN 'no_evidence' THEN abstention ELSE 'unhelpful' END
FROM entries LEFT JOIN votes ON votes.entry = entries.id
WHERE (?1 IS NULL OR guild = ?1) AND asked >= ?2 AND (?3 OR NOT private)
GROUP BY id HAVING abstention IS 'no_evidence' OR (abstention IS NULL AND sum(2 * helpful - 1) < 0)
ORDER BY asked, id
"""
_ENTRIES = """
SELECT id, asked, entries.user, entries.language, abstention, citations, latency_ms, total(helpful), total(1 - helpful)
FROM entries LEFT JOIN votes ON votes.entry = entries.id
WHERE asked >= ?1 AND (?2 IS NULL OR guild = ?2)
GROUP BY id ORDER BY asked, id
"""


class Journal:
    """One SQLite file; safe to use from several threads and from several processes.

    Of whoever asked it keeps the HMAC-SHA256 of their id, under a random secret in a file beside the database. A copy
    of the database alone, such as a backup, names nobody and cannot be compared with another journal. But whoever has
    both files can try every id, for ids are public numbers. Nor does it hide which questions come from one person, on
    which server, and what a question says about its author. Without the secret a user's rows cannot be found again;
    they go when they are old.
    """

    sending: Sending | None = None  # it is a file

    def __init__(self, path: Path, keep_days: int = 90, clock: Callable[[], float] = time.time) -> None:
        """Open the journal, or make it, and delete the rows that are too old.

        Args:
            path: of the database, which only its owner can read; its folders are made.
            keep_days: older rows are deleted.
            clock: seconds since 1970.

        Raises:
            JournalError: it cannot be opened, or is not a journal.
        """
        self.path = path
        self._keep_days = keep_days
        self._clock = clock
        self._lock = threading.Lock()
        self._connection, self._secret = open_private(path)
        try:
            self.prune()
        except BaseException:
            self._connection.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the file; what was recorded is safe, also where this is not called."""
        with self._lock:
            self._connection.close()

    def record(self, answer: Answer, *, user: int, guild: int | None, latency_ms: float, private: bool = False) -> int:
        """Record one answer, and return the number of its entry.

        Args:
            answer: of the question, the text is kept (of a follow-up, as it was understood); of the reply, only where
                its quotes stand.
            user: Discord's id of whoever asked; only its HMAC is kept.
            guild: Discord's id of the server; None in a private conversation.
            latency_ms: from the question to the reply.
            private: whether whoever asked in a server let nobody else see the answer.

        Raises:
            JournalError: the file cannot be written.
        """
        row = (
            self._clock(),
            guild,
            self._pseudonym(user),
            answer.language,
            answer.understood or answer.question,
            answer.abstention,
            answer.confidence,
            json.dumps(cited_places(answer), ensure_ascii=False),
            latency_ms,
            answer.generation,
            private,
        )
        with self._writing() as connection:
            entry = connection.execute(_RECORD, row).lastrowid
        assert entry is not None  # noqa: S101 - an INSERT always gives one
        return entry

    def question(self, entry: int, guild: int | None = None, user: int | None = None) -> Question | None:
        """Return the question of an entry, to be answered again in the same language; None when the entry is gone.

        Args:
            entry: its number.
            guild: where it was asked, None for a private conversation; what was asked elsewhere is not told.
            user: who wants to know; what somebody else asked in private is not told. None for whoever runs the bot.

        Raises:
            JournalError: the file cannot be read.
        """
        query = "SELECT question, language FROM entries WHERE id = ? AND guild IS ?"
        values: tuple[object, ...] = (entry, guild)
        if guild is None and user is not None:
            query, values = f"{query} AND user = ?", (*values, self._pseudonym(user))
        rows = self._read(query, *values)
        return Question(*rows[0]) if rows else None

    def rate(self, entry: int, *, user: int, helpful: bool | None) -> bool:
        """Keep the vote of one user on an answer, in place of their earlier vote; None takes it back.

        Returns:
            False when the entry is gone.

        Raises:
            JournalError: the file cannot be written.
        """
        pseudonym = self._pseudonym(user)
        with self._writing() as connection:
            if helpful is not None:
                return connection.execute(_VOTE, (pseudonym, helpful, entry)).rowcount == 1
            connection.execute("DELETE FROM votes WHERE entry = ? AND user = ?", (entry, pseudonym))
            return connection.execute("SELECT 1 FROM entries WHERE id = ?", (entry,)).fetchone() is not None

    def votes(self, entry: int) -> tuple[int, int]:
        """Return how many users found the answer helpful, and how many did not.

        Raises:
            JournalError: the file cannot be read.
        """
        [(up, down)] = self._read("SELECT total(helpful), total(1 - helpful) FROM votes WHERE entry = ?", entry)
        return int(up), int(down)

    def unanswered(
        self, guild: int | None = None, since: datetime | None = None, *, private: bool = True
    ) -> list[Unanswered]:
        """Return the questions that found no evidence or have more votes down than up, oldest first.

        Args:
            guild: of one server alone; None for all, and for what was asked in private.
            since: what was asked before is left out; None for all that is kept.
            private: whether questions are told whose answer nobody else saw in their server.

        Raises:
            JournalError: the file cannot be read.
        """
        rows = self._read(_UNANSWERED, guild, since.timestamp() if since else 0, private)
        return [unanswered_of(row) for row in rows]

    def entries(self, since: datetime, guild: int | None = None) -> list[Entry]:
        """Return what is kept of each question but its text, oldest first.

        Args:
            since: questions from before are left out.
            guild: Discord's id of a server, to leave out all others and private conversations; None for all.

        Raises:
            JournalError: the file cannot be read.
        """
        askers: dict[bytes, int] = {}
        return [
            Entry(
                entry,
                datetime.fromtimestamp(asked, UTC),
                askers.setdefault(user, len(askers)),
                language,
                abstention,
                cited_articles(json.loads(citations)),
                latency_ms,
                int(up),
                int(down),
            )
            for entry, asked, user, language, abstention, citations, latency_ms, up, down in self._read(
                _ENTRIES, since.timestamp(), guild
            )
        ]

    def forget(self, user: int) -> int:
        """Erase the questions and the votes of a user, down to the last byte, and return how many there were.

        Raises:
            JournalError: the file cannot be written, or another program is reading it: call again.
        """
        pseudonym = self._pseudonym(user)
        with self._writing() as connection:
            count = connection.execute("DELETE FROM votes WHERE user = ?", (pseudonym,)).rowcount
            count += connection.execute("DELETE FROM entries WHERE user = ?", (pseudonym,)).rowcount
        self._scrub()  # even when nothing was found: an earlier call may have failed before this
        return count

    def prune(self) -> int:
        """Erase the questions that are too old and their votes, and return how many questions there were.

        Raises:
            JournalError: the file cannot be written.
        """
        with self._writing() as connection:
            oldest = self._clock() - self._keep_days * DAY_SECONDS
            count = connection.execute("DELETE FROM entries WHERE asked < ?", (oldest,)).rowcount
        if count:
            self._scrub()
        return count

    def _scrub(self) -> None:
        with self._lock:
            scrub(self._connection, self.path)

    def _pseudonym(self, user: int) -> bytes:
        return pseudonym(self._secret, user)

    def _read(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        with self._lock, translated_errors(self.path):
            return self._connection.execute(query, values).fetchall()

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        """One transaction: all of it is kept, or nothing."""
        with self._lock, translated_errors(self.path), self._connection as connection:
            connection.execute("BEGIN IMMEDIATE")
            yield connection
