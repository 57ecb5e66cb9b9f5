"""Send the rows that waited to the database, each once, and none of whoever asked to be forgotten meanwhile."""

import logging
import threading
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, select
from sqlalchemy.dialects.postgresql import insert

from bot.errors import AwayError, JournalError, StorageError
from bot.journal.spool import Spool
from bot.postgres.server import Postgres
from bot.postgres.tables import journal_entries, journal_forgotten

BATCH = 100  # rows that are sent in one transaction

log = logging.getLogger(__name__)


class Outbox:
    """What this machine has for the database. Safe to use from several threads and processes."""

    def __init__(self, database: Postgres, spool: Spool) -> None:
        """Send what `spool` holds to `database`; `close` closes the spool."""
        self._database, self._spool = database, spool
        self.sending = threading.RLock()
        """Held while rows are on their way."""
        self._counting = threading.Lock()
        self.waiting = len(spool)
        """How many rows wait."""
        self._is_refused = False

    def close(self) -> None:
        """Close the spool."""
        self._spool.close()

    def hold(self, asker: bytes, asked: float, row: Mapping[str, Any], reason: StorageError) -> None:
        """Let a row wait, because of what the database said.

        Raises:
            JournalError: there is no room for it.
            StorageError: the spool cannot be written.
        """
        with self._counting:
            if not self._spool.add(asker, asked, row):
                raise JournalError(f"so many questions wait for the database that no more can: {reason}") from reason
            self.waiting += 1

    def send(self, *, everything: bool = True) -> None:
        """Send what waits, where something does; leave it where the database is away, or refuses it.

        Args:
            everything: False to send some of it, and nothing while somebody else does: nobody waits long for that.
        """
        if not self.waiting or not self.sending.acquire(blocking=everything):
            return
        try:
            while self._send_some() and everything:
                pass
            self._is_refused = False
        except AwayError:
            pass  # which `Postgres` has logged
        except StorageError as error:
            if not self._is_refused:
                log.warning("the database refuses the questions that wait", extra={"reason": str(error)})
            self._is_refused = True
        finally:
            self.sending.release()

    def _send_some(self) -> bool:
        """Send the first rows; return whether there were any."""
        rows = self._spool.first(BATCH)
        if rows:
            with self._database.transaction() as connection:
                _take(connection, list(rows.values()))
            self._spool.drop(rows)
            log.info("questions that waited are recorded", extra={"rows": len(rows)})
        with self._counting:
            self.waiting = len(self._spool)
        return bool(rows)

    def forget(self, asker: bytes) -> int:
        """Erase what waits of somebody, and return how many rows that was.

        Raises:
            StorageError: the spool cannot be written.
        """
        count = self._spool.forget(asker)
        with self._counting:
            self.waiting = len(self._spool)
        return count


def _take(connection: Connection, rows: list[dict[str, Any]]) -> None:
    """Keep rows, but none that was asked before its asker wished to be forgotten."""
    forgotten = journal_forgotten.c
    query = select(forgotten.asker, forgotten.at).where(forgotten.asker.in_([row["asker"] for row in rows]))
    since = {bytes(asker): at for asker, at in connection.execute(query)}
    kept = [row for row in rows if row["asked"] > since.get(row["asker"], 0)]
    if kept:
        connection.execute(insert(journal_entries).on_conflict_do_nothing(index_elements=["uid"]), kept)
