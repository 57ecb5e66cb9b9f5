"""Remember a bounded number of things."""

from collections import OrderedDict
from collections.abc import Callable
from typing import Generic, TypeVar

K = TypeVar("K")
V = TypeVar("V")


class BoundedDict(Generic[K, V]):
    """A mapping that forgets what was set longest ago."""

    def __init__(self, size: int) -> None:
        """Keep `size` entries."""
        self._size = size
        self._entries: OrderedDict[K, V] = OrderedDict()

    def __len__(self) -> int:
        return len(self._entries)

    def get(self, key: K) -> V | None:
        """Return what was set, while it is remembered."""
        return self._entries.get(key)

    def set(self, key: K, value: V) -> None:
        """Remember `value` from now on."""
        self._entries[key] = value
        self._entries.move_to_end(key)
        if len(self._entries) > self._size:
            self._entries.popitem(last=False)

    def drop(self, unwanted: Callable[[V], bool]) -> None:
        """Forget every value that is not wanted."""
        for key in [key for key, value in self._entries.items() if unwanted(value)]:
            del self._entries[key]

    def pop(self, key: K) -> V | None:
        """Forget and return what was set."""
        return self._entries.pop(key, None)
