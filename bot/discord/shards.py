"""Which shards of the bot a process serves: Discord deals the servers out to them by their ids."""

import re
from dataclasses import dataclass
from typing import Final, Self

_WRITTEN: Final = re.compile(r"(\d{1,5})(?:-(\d{1,5}))?/(\d{1,5})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Shards:
    """Some neighbours of all shards, which are numbered from 0; written "0-3/8", one alone "3/8"."""

    first: int
    last: int
    count: int  # of all, those of other processes included

    @classmethod
    def parse(cls, text: str) -> Self:
        """Return the shards that a text names.

        Raises:
            ValueError: it names none; the message says why.
        """
        found = _WRITTEN.fullmatch(text.strip())
        if found is None:
            raise ValueError("write FIRST-LAST/COUNT, such as 0-3/8, or 3/8 for one shard")
        first, last, count = int(found[1]), int(found[2] or found[1]), int(found[3])
        if not count:
            raise ValueError("there is at least one shard: 0/1")
        if first > last:
            raise ValueError(f"the first shard comes before the last: {last}-{first}/{count}")
        if last >= count:
            raise ValueError(f"shards are numbered from 0, so that of {count} the last is {count - 1}")
        return cls(first, last, count)

    @property
    def ids(self) -> list[int]:
        """Their numbers, the first one first."""
        return list(range(self.first, self.last + 1))

    @property
    def is_whole(self) -> bool:
        """Whether no other process is needed."""
        return self.last - self.first + 1 == self.count

    def __str__(self) -> str:
        return f"{self.first}/{self.count}" if self.first == self.last else f"{self.first}-{self.last}/{self.count}"
