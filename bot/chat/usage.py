"""What a chat model was used for since the start of the process: tokens, and calls that gave no reply."""

import threading
from collections import Counter
from collections.abc import Mapping
from typing import Literal, get_args

Reason = Literal["timeout", "unavailable", "refused", "budget"]
"""Of a `ChatUnavailableError`."""

REASONS: tuple[Reason, ...] = get_args(Reason)


class Usage:
    """Counts from zero, without a file. Thread-safe."""

    def __init__(self) -> None:
        """Start with nothing used."""
        self._lock = threading.Lock()
        self._tokens_in = self._tokens_out = 0
        self._failures = Counter[str](dict.fromkeys(REASONS, 0))

    def add(self, tokens_in: int, tokens_out: int) -> None:
        """Count the tokens of a call."""
        with self._lock:
            self._tokens_in += tokens_in
            self._tokens_out += tokens_out

    def fail(self, reason: Reason) -> None:
        """Count a call that gave no reply."""
        with self._lock:
            self._failures[reason] += 1

    @property
    def tokens(self) -> tuple[int, int]:
        """Tokens that the model read, and those that it wrote."""
        with self._lock:
            return self._tokens_in, self._tokens_out

    @property
    def failures(self) -> Mapping[str, int]:
        """Reason -> how many calls gave no reply; each reason is there."""
        with self._lock:
            return dict(self._failures)
