"""A dictionary of bounded size."""

from collections import OrderedDict
from collections.abc import Callable, Iterator, MutableMapping
from typing import TypeVar

K = TypeVar("K")
V = TypeVar("V")


class BoundedDict(MutableMapping[K, V]):
    """A dictionary that holds so many entries and no more: each new one pushes out the one that was set longest ago."""

    def __init__(self, max_size: int) -> None:
        """Start empty, with room for `max_size` entries."""
        self._max_size = max_size
        self._entries: OrderedDict[K, V] = OrderedDict()

    def __len__(self) -> int:
        return len(self._entries)

    def __iter__(self) -> Iterator[K]:
        return iter(self._entries)

    def __getitem__(self, key: K) -> V:
        return self._entries[key]

    def __setitem__(self, key: K, value: V) -> None:
        self._entries[key] = value
        self._entries.move_to_end(key)
        if len(self._entries) > self._max_size:
            self._entries.popitem(last=False)

    def __delitem__(self, key: K) -> None:
        del self._entries[key]

    def delete_where(self, condition: Callable[[V], bool]) -> None:
        """Delete every entry whose value meets the condition."""
        for key in [key for key, value in self._entries.items() if condition(value)]:
            del self._entries[key]
