"""Stop calling a model that keeps failing, so that nobody waits for it in vain."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from bot.errors import ChatUnavailableError

MAX_FAILURES = 3
"""In a row, before the model is left alone. Each may cost its asker the whole time limit."""

REST_SECONDS = 30.0
"""Before one question may try again: about two time limits, so that an outage delays few questions."""


class CircuitBreaker:
    """Lets calls through until too many fail in a row; then none for a while, then one at a time. Thread-safe."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        """Let calls through; `clock` gives seconds."""
        self._clock = clock
        self._lock = threading.Lock()
        self._failures = 0
        self._opened = 0.0
        self._is_probing = False

    @contextmanager
    def guard(self) -> Iterator[None]:
        """Run a call; it has failed when it raises `ChatUnavailableError`, and no other exception counts.

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
        """Return whether this call is the one that may try again."""
        with self._lock:
            if self._failures < MAX_FAILURES:
                return False
            if self._is_probing or self._clock() - self._opened < REST_SECONDS:
                raise ChatUnavailableError(
                    "unavailable", f"the model failed {self._failures} times in a row and is left alone for a moment"
                )
            self._is_probing = True
            return True
