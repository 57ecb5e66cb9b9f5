"""Everything that was taught, on PostgreSQL, which many machines share."""

import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any, Self

from sqlalchemy import Connection, delete, insert, select, true, update

from bot.errors import TeachingError
from bot.postgres.server import Postgres
from bot.postgres.tables import taught_changes, taught_entries
from bot.teaching.entry import Action, Change, Entry, checked

_E, _C = taught_entries.c, taught_changes.c

_LAST = (
    select(_C.made, _C.teacher).where(_C.number == _E.number).order_by(_C.made.desc(), _C.id.desc()).limit(1).lateral()
)
_ENTRIES = select(_E.number, _E.guild, _E.question, _E.answer, _E.link, _LAST.c.made, _LAST.c.teacher, _E.active).join(
    _LAST, true()
)


class PostgresTaught:
    """A `TaughtKeeper` on a server: see there, and `bot.teaching.store.TaughtStore`, for what its methods do."""

    def __init__(self, database: Postgres, clock: Callable[[], float] = time.time, *, closes: bool = False) -> None:
        """Keep what is taught in `database`.

        Args:
            database: which all machines share.
            clock: seconds since 1970.
            closes: whether `close` closes the database.
        """
        self._database, self._clock, self._closes = database, clock, closes

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the database, where it is this one's own."""
        if self._closes:
            self._database.close()

    def teach(
        self,
        guild: int,
        question: str,
        answer: str,
        teacher: int | None,
        link: str = "",
        action: Action = "taught",
    ) -> Entry:
        """Keep a question with its answer; the same two, kept already, are not kept twice.

        Raises:
            TeachingError: the question or the answer is empty or too long.
            StorageError: the database cannot be used.
        """
        question, answer = checked(question, answer)
        same = _E.guild == guild, _E.question == question, _E.answer == answer, _E.active
        row = {"guild": guild, "question": question, "answer": answer, "link": link, "active": action != "proposed"}
        with self._database.transaction(lock=guild) as connection:
            known = connection.execute(_ENTRIES.where(*same).order_by(_E.number).limit(1)).one_or_none()
            if known is not None:
                return _entry(known)
            number = connection.execute(insert(taught_entries).values(**row).returning(_E.number)).scalar_one()
            self._note(connection, number, action, teacher, question, answer)
            return _known(connection, guild, number)

    def edit(self, guild: int, number: int, question: str, answer: str, teacher: int) -> Entry:
        """Put another question and answer in place of those of an entry.

        Raises:
            TeachingError: the question or the answer is empty or too long, or there is no such entry.
            StorageError: the database cannot be used.
        """
        question, answer = checked(question, answer)
        with self._database.transaction(lock=guild) as connection:
            _known(connection, guild, number)
            change = update(taught_entries).where(_E.number == number)
            connection.execute(change.values(question=question, answer=answer))
            self._note(connection, number, "edited", teacher, question, answer)
            return _known(connection, guild, number)

    def supersede(self, guild: int, old: int, new: int, teacher: int) -> Entry:
        """Withdraw one entry and restore another, both or neither.

        Raises:
            TeachingError: there is no such entry.
            StorageError: the database cannot be used.
        """
        with self._database.transaction(lock=guild) as connection:
            self._set_active(connection, guild, old, teacher, active=False)
            return self._set_active(connection, guild, new, teacher, active=True)

    def withdraw(self, guild: int, number: int, teacher: int) -> Entry:
        """Let an entry answer no more.

        Raises:
            TeachingError, StorageError: as `supersede`.
        """
        with self._database.transaction(lock=guild) as connection:
            return self._set_active(connection, guild, number, teacher, active=False)

    def restore(self, guild: int, number: int, teacher: int) -> Entry:
        """Let a withdrawn entry answer again.

        Raises:
            TeachingError, StorageError: as `supersede`.
        """
        with self._database.transaction(lock=guild) as connection:
            return self._set_active(connection, guild, number, teacher, active=True)

    def entry(self, guild: int, number: int) -> Entry:
        """Return an entry of a server.

        Raises:
            TeachingError, StorageError: as `supersede`.
        """
        with self._database.transaction() as connection:
            return _known(connection, guild, number)

    def entries(self, guild: int) -> list[Entry]:
        """Return all that a server was taught, in the order of the numbers.

        Raises:
            StorageError: the database cannot be used.
        """
        with self._database.transaction() as connection:
            return [_entry(row) for row in connection.execute(_ENTRIES.where(_E.guild == guild).order_by(_E.number))]

    def history(self, guild: int, number: int) -> list[Change]:
        """Return what was done to an entry, the oldest first.

        Raises:
            TeachingError, StorageError: as `supersede`.
        """
        query = select(_C.made, _C.action, _C.teacher, _C.question, _C.answer).order_by(_C.id)
        with self._database.transaction() as connection:
            _known(connection, guild, number)
            rows = connection.execute(query.where(_C.number == number)).all()
        return [Change(datetime.fromtimestamp(made, UTC), *rest) for made, *rest in rows]

    def guilds(self) -> list[int]:
        """Return the servers that were taught something, sorted.

        Raises:
            StorageError: the database cannot be used.
        """
        with self._database.transaction() as connection:
            return list(connection.execute(select(_E.guild).distinct().order_by(_E.guild)).scalars())

    def forget(self, user: int) -> int:
        """Keep no longer who taught what a person taught, and return how many changes that was.

        Raises:
            StorageError: the database cannot be used.
        """
        with self._database.transaction() as connection:
            named = update(taught_changes).where(_C.teacher == user)
            return connection.execute(named.values(teacher=None)).rowcount

    def forget_guild(self, guild: int) -> None:
        """Delete all that a server was taught, with its history.

        Raises:
            StorageError: the database cannot be used.
        """
        with self._database.transaction(lock=guild) as connection:
            connection.execute(delete(taught_entries).where(_E.guild == guild))

    def _set_active(self, connection: Connection, guild: int, number: int, teacher: int, active: bool) -> Entry:
        entry = _known(connection, guild, number)
        if entry.active != active:
            connection.execute(update(taught_entries).where(_E.number == number).values(active=active))
            action: Action = "restored" if active else "withdrawn"
            self._note(connection, number, action, teacher, entry.question, entry.answer)
        return _known(connection, guild, number)

    def _note(
        self, connection: Connection, number: int, action: Action, teacher: int | None, question: str, answer: str
    ) -> None:
        row = {"number": number, "made": self._clock(), "action": action, "teacher": teacher}
        connection.execute(insert(taught_changes).values(**row, question=question, answer=answer))


def _known(connection: Connection, guild: int, number: int) -> Entry:
    row = connection.execute(_ENTRIES.where(_E.guild == guild, _E.number == number)).one_or_none()
    if row is None:
        raise TeachingError("gone")
    return _entry(row)


def _entry(row: Sequence[Any]) -> Entry:
    number, guild, question, answer, link, changed, teacher, active = row
    return Entry(number, guild, question, answer, link, datetime.fromtimestamp(changed, UTC), teacher, active=active)
