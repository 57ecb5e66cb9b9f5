"""Faults on purpose: requests that are refused, or whose connection is closed without an answer."""

from collections.abc import Callable
from dataclasses import dataclass

from aiohttp import web

from benchmarks.loopback.answers import done, limited


@dataclass(slots=True)
class Fault:
    """What the next matching requests meet."""

    matches: Callable[[str], bool]
    times: int
    """How many requests are still to meet it."""
    status: int = 0
    """0: the connection is closed without an answer."""
    retry_after: float = 0.0
    """In seconds; for 429."""
    code: int = 0
    after: bool = False
    """The request is carried out first."""

    def answer(self) -> web.Response:
        """Return the refusal."""
        if self.status == 429:
            return limited(self.retry_after)
        return done({"message": f"Refused on purpose: {self.status}", "code": self.code}, self.status)


class Faults:
    """The faults that are still to come, in the order in which they were added."""

    def __init__(self) -> None:
        self._coming: list[Fault] = []

    def add(self, fault: Fault) -> None:
        """Let the next matching requests meet a fault."""
        self._coming.append(fault)

    def meet(self, label: str) -> Fault | None:
        """Return the fault that a request meets, if any, and count it."""
        for fault in self._coming:
            if fault.matches(label):
                fault.times -= 1
                if not fault.times:
                    self._coming.remove(fault)
                return fault
        return None

    def forget(self) -> None:
        """Drop the faults that are still to come."""
        self._coming.clear()
