"""Connections that give up: a server that is stopped, or behind a cut cable, never says that it will not answer."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

import psycopg
from psycopg.abc import PQGen

T = TypeVar("T")


class PatientConnection(psycopg.Connection[Any]):
    """A connection that is closed when an answer takes longer than `patience`, in seconds."""

    patience: float | None = None  # None waits for ever

    def wait(self, gen: PQGen[T], interval: float = 0.1, timeout: float | None = None) -> T:
        """Wait for an answer, as psycopg does for each step of a statement."""
        limit = self.patience if timeout is None else timeout
        began = time.monotonic()
        try:
            return super().wait(gen, interval, limit)
        except psycopg.OperationalError as error:
            if limit is None or time.monotonic() - began < limit:
                raise
            self.close()  # its answer may come yet, and would be taken for that to the next question
            raise psycopg.OperationalError(f"it did not answer within {limit:g} s") from error

    @contextmanager
    def waiting(self, seconds: float) -> Iterator[None]:
        """Have another patience for a while."""
        before, self.patience = self.patience, seconds
        try:
            yield
        finally:
            self.patience = before
