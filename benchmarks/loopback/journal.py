"""Record what the bot does, its requests and its messages to the gateway, and wait for what it will do."""

import asyncio
import contextlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(slots=True, eq=False)
class Record:
    """One request, or one message to the gateway, whose method is its name (IDENTIFY, RESUME, HEARTBEAT...)."""

    method: str
    path: str
    """Without the /api/v10 and the query; empty for the gateway."""
    body: Any
    """The JSON; of a form, its `payload_json`."""
    time: float
    """Monotonic time of arrival, in seconds."""
    files: tuple[str, ...] = ()
    """The names of the files that came with it."""
    status: int = 0
    """What was answered; 0: the connection was closed without an answer."""
    answer: Any = None
    claimed: bool = False
    """`wait_for` has handed it out."""

    @property
    def label(self) -> str:
        """What patterns are matched against."""
        return f"{self.method} {self.path}".rstrip()

    @property
    def message(self) -> Any:
        """The message that was answered: as it was then, also in what a first response to an interaction gets."""
        return self.answer["resource"]["message"] if "resource" in self.answer else self.answer


Wanted = str | Callable[[Record], bool]
"""A label, in which `*` stands for one segment of a path, or a predicate."""


def matcher(pattern: str) -> Callable[[str], bool]:
    """Return the test of a label against a pattern, in which `*` stands for one segment of a path."""
    compiled = re.compile(re.escape(pattern).replace(r"\*", "[^/ ]+"))
    return lambda label: compiled.fullmatch(label) is not None


class Journal:
    """All records, and those who wait for one."""

    def __init__(self) -> None:
        self.records: list[Record] = []
        self._waiting: list[tuple[Callable[[Record], bool], asyncio.Future[Record]]] = []

    def add(self, record: Record) -> None:
        """Add a finished request, and hand it to the first that waits for it."""
        self.records.append(record)
        for matches, future in self._waiting:
            if not future.done() and matches(record):
                record.claimed = True
                future.set_result(record)
                return

    def matching(self, wanted: Wanted) -> list[Record]:
        """Return what was recorded and matches, claimed or not, in order."""
        return list(filter(_predicate(wanted), self.records))

    async def wait_for(self, wanted: Wanted, timeout: float, since: int = 0) -> Record:
        """Return the first match that no one has been handed yet, now or when it comes.

        Args:
            wanted: a label or a predicate.
            timeout: in seconds.
            since: how many of the first records are ignored.

        Raises:
            TimeoutError: nothing matched in time; the message lists what came instead.
        """
        matches = _predicate(wanted)
        for record in self.records[since:]:
            if not record.claimed and matches(record):
                record.claimed = True
                return record
        future: asyncio.Future[Record] = asyncio.get_running_loop().create_future()
        waiter = (matches, future)
        self._waiting.append(waiter)
        try:
            with contextlib.suppress(TimeoutError):
                return await asyncio.wait_for(future, timeout)
        finally:
            self._waiting.remove(waiter)
        came = ", ".join(f"{record.label} ({record.status})" for record in self.records[-20:])
        raise TimeoutError(f"no {wanted} within {timeout} s; the last that came: {came or 'nothing'}")


def _predicate(wanted: Wanted) -> Callable[[Record], bool]:
    if callable(wanted):
        return wanted
    matches = matcher(wanted)
    return lambda record: matches(record.label)
