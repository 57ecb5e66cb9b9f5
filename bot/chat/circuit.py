"""Leave a model alone that fails again and again, so that nobody waits for it in vain."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from bot.errors import ChatUnavailableError

FAILURES = 3
"""In a row, before the model is left alone: each may cost its asker the whole time limit."""

REST_SECONDS = 30.0
"""Before one question tries again: some two time limits, so that an outage delays few questions."""


class CircuitBreaker:
    """Closed, it lets calls through; after failures it is open; then one call at a time may try. Thread-safe."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        """Begin closed; `clock` gives seconds."""
        self._clock = clock
        self._lock = threading.Lock()
        self._failures = 0
        self._opened = 0.0
        self._is_probing = False

    @contextmanager
    def guard(self) -> Iterator[None]:
        """Run a call; one that raises `ChatUnavailableError` has failed, and one that is interrupted tells nothing.

        Raises:
            ChatUnavailableError: the model is left alone for now.
        """
        is_probe = self._enter()
        try:
            yield
        except ChatUnavailableError:
            with self._lock:
                self._failures += 1
                self._opened = self._clock()
            raise
        else:
            with self._lock:
                self._failures = 0
        finally:
            if is_probe:
                with self._lock:
                    self._is_probing = False

    def _enter(self) -> bool:
        """Return whether this call is the one that tries again."""
        with self._lock:
            if self._failures < FAILURES:
                return False
            if self._is_probing or self._clock() - self._opened < REST_SECONDS:
                raise ChatUnavailableError(
                    "unavailable", f"the model failed {self._failures} times in a row and is left alone for a moment"
                )
            self._is_probing = True
            return True
