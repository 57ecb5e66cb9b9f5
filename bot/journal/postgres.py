"""The journal on PostgreSQL, which many machines share; what cannot be sent now waits in a file of this one."""

import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Self

from sqlalchemy import ColumnElement, Connection, and_, case, delete, func, or_, select
from sqlalchemy.dialects.postgresql import insert

from bot.answering.answer import Answer, Question
from bot.errors import JournalError, StorageError
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
from bot.journal.outbox import Outbox
from bot.journal.spool import Spool
from bot.postgres.server import Postgres
from bot.postgres.tables import journal_entries as entries_
from bot.postgres.tables import journal_forgotten as forgotten_
from bot.postgres.tables import journal_votes as votes_


class PostgresJournal:
    """A `JournalKeeper` on a server: see there, and `bot.journal.journal.Journal`, for what its methods do.

    A row that the database does not take now waits in a `Spool`, and is sent once the database is back: each carries a
    number drawn here, so that one is kept once where it is sent twice because the confirmation was lost.
    """

    def __init__(
        self,
        database: Postgres,
        secret: bytes,
        spool: Spool,
        keep_days: int = 90,
        clock: Callable[[], float] = time.time,
        *,
        closes: bool = False,
    ) -> None:
        """Send what waits, and delete the rows that are too old.

        Args:
            database: which all machines share.
            secret: under which people are known, of `bot.journal.shared_secret`.
            spool: where rows wait; closed by `close`.
            keep_days: older rows are deleted.
            clock: seconds since 1970.
            closes: whether `close` closes the database too.

        Raises:
            JournalError: it cannot be used.
        """
        self._database, self._secret, self._outbox = database, secret, Outbox(database, spool)
        self._keep_days, self._clock, self._closes = keep_days, clock, closes
        self.prune()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close what is this machine's own."""
        self._outbox.close()
        if self._closes:
            self._database.close()

    @property
    def sending(self) -> Sending:
        """How it stands with the database, as this process knows."""
        return Sending(self._database.answers, self._outbox.waiting)

    def tend(self) -> None:
        """See whether the database answers, and send it what waits."""
        if self._database.look():
            self._outbox.send()

    def record(
        self, answer: Answer, *, user: int, guild: int | None, latency_ms: float, private: bool = False
    ) -> int | None:
        """Record one answer; None where it waits.

        Raises:
            JournalError: it can wait nowhere.
        """
        asker, asked = pseudonym(self._secret, user), self._clock()
        row = {
            "uid": str(uuid.uuid4()),
            "guild": guild,
            "language": answer.language,
            "question": (answer.understood or answer.question).replace("\0", "\ufffd"),  # PostgreSQL keeps no NUL
            "abstention": answer.abstention,
            "confidence": answer.confidence,
            "citations": cited_places(answer),
            "latency_ms": latency_ms,
            "generation": answer.generation,
            "private": private,
        }
        kept = insert(entries_).values(asker=asker, asked=asked, **row)
        try:
            with self._database.transaction() as connection:
                number = int(connection.execute(kept.returning(entries_.c.id)).scalar_one())
        except StorageError as error:
            with _as_journal():
                self._outbox.hold(asker, asked, row, error)
            return None
        self._outbox.send(everything=False)
        return number

    def question(self, entry: int, guild: int | None = None, user: int | None = None) -> Question | None:
        """Return the question of an entry that was asked in the same place.

        Raises:
            JournalError: the database cannot be used.
        """
        query = select(entries_.c.question, entries_.c.language).where(
            entries_.c.id == entry, entries_.c.guild.is_not_distinct_from(guild)
        )
        if guild is None and user is not None:
            query = query.where(entries_.c.asker == pseudonym(self._secret, user))
        with self._transaction() as connection:
            row = connection.execute(query).one_or_none()
        return None if row is None else Question(row.question, row.language)

    def rate(self, entry: int, *, user: int, helpful: bool | None) -> bool:
        """Keep the vote of one user.

        Raises:
            JournalError: the database cannot be used.
        """
        voter = pseudonym(self._secret, user)
        there = select(entries_.c.id).where(entries_.c.id == entry).with_for_update(read=True, key_share=True)
        with self._transaction() as connection:
            if connection.execute(there).scalar() is None:
                return False
            if helpful is None:
                connection.execute(delete(votes_).where(votes_.c.entry == entry, votes_.c.voter == voter))
            else:
                vote = insert(votes_).values(entry=entry, voter=voter, helpful=helpful)
                connection.execute(
                    vote.on_conflict_do_update(
                        index_elements=[votes_.c.entry, votes_.c.voter], set_={"helpful": vote.excluded.helpful}
                    )
                )
        return True

    def votes(self, entry: int) -> tuple[int, int]:
        """Return the votes up and down.

        Raises:
            JournalError: the database cannot be used.
        """
        query = select(_counted(votes_.c.helpful), _counted(~votes_.c.helpful)).where(votes_.c.entry == entry)
        with self._transaction() as connection:
            up, down = connection.execute(query).one()
        return up, down

    def unanswered(
        self, guild: int | None = None, since: datetime | None = None, *, private: bool = True
    ) -> list[Unanswered]:
        """Return the questions without a good answer.

        Raises:
            JournalError: the database cannot be used.
        """
        e = entries_.c
        reason = case((e.abstention == "no_evidence", "no_evidence"), else_="unhelpful")
        score = func.sum(case((votes_.c.helpful, 1), (~votes_.c.helpful, -1), else_=0))
        query = (
            select(e.id, e.question, e.language, e.asked, reason)
            .outerjoin(votes_, votes_.c.entry == e.id)
            .where(*_of(guild, since.timestamp() if since else 0))
            .group_by(e.id)
            .having(or_(e.abstention == "no_evidence", and_(e.abstention.is_(None), score < 0)))
            .order_by(e.asked, e.id)
        )
        if not private:
            query = query.where(~e.private)
        self._outbox.send()
        with self._transaction(is_long=True) as connection:
            return [unanswered_of(row) for row in connection.execute(query)]

    def entries(self, since: datetime, guild: int | None = None) -> list[Entry]:
        """Return what is kept of each question but its text.

        Raises:
            JournalError: the database cannot be used.
        """
        e = entries_.c
        query = (
            select(
                e.id, e.asked, e.asker, e.language, e.abstention, e.citations, e.latency_ms,
                _counted(votes_.c.helpful), _counted(~votes_.c.helpful),
            )
            .outerjoin(votes_, votes_.c.entry == e.id)
            .where(*_of(guild, since.timestamp()))
            .group_by(e.id)
            .order_by(e.asked, e.id)
        )  # fmt: skip
        self._outbox.send()
        with self._transaction(is_long=True) as connection:
            rows = connection.execute(query).all()
        askers: dict[bytes, int] = {}
        return [
            Entry(
                number,
                datetime.fromtimestamp(asked, UTC),
                askers.setdefault(bytes(asker), len(askers)),
                language,
                abstention,
                cited_articles(citations),
                *counts,
            )
            for number, asked, asker, language, abstention, citations, *counts in rows
        ]

    def forget(self, user: int) -> int:
        """Delete the questions and the votes of a user, also those that wait on another machine.

        The database frees the bytes when it next vacuums; its log and its backups are not reached from here.

        Raises:
            JournalError: the database cannot be used.
        """
        asker = pseudonym(self._secret, user)
        mark = insert(forgotten_).values(asker=asker, at=self._clock())
        with self._outbox.sending, _as_journal():  # nothing of theirs is sent between the two
            with self._database.transaction(is_long=True) as connection:
                connection.execute(
                    mark.on_conflict_do_update(index_elements=[forgotten_.c.asker], set_={"at": mark.excluded.at})
                )
                count = connection.execute(delete(votes_).where(votes_.c.voter == asker)).rowcount
                count += connection.execute(delete(entries_).where(entries_.c.asker == asker)).rowcount
            return count + self._outbox.forget(asker)

    def prune(self) -> int:
        """Delete the questions that are too old.

        Raises:
            JournalError: the database cannot be used.
        """
        self._outbox.send()
        oldest = self._clock() - self._keep_days * DAY_SECONDS
        with self._transaction(is_long=True) as connection:
            connection.execute(delete(forgotten_).where(forgotten_.c.at < oldest))
            return connection.execute(delete(entries_).where(entries_.c.asked < oldest)).rowcount

    @contextmanager
    def _transaction(self, *, is_long: bool = False) -> Iterator[Connection]:
        with _as_journal(), self._database.transaction(is_long=is_long) as connection:
            yield connection


def _of(guild: int | None, since: float) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = [entries_.c.asked >= since]
    return conditions if guild is None else [*conditions, entries_.c.guild == guild]


def _counted(what: ColumnElement[bool]) -> ColumnElement[int]:
    return func.count().filter(what)


@contextmanager
def _as_journal() -> Iterator[None]:
    try:
        yield
    except StorageError as error:
        raise JournalError(str(error)) from error
