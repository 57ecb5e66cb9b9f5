"""What keeps what servers taught, wherever that is."""

from typing import Protocol, Self

from bot.teaching.entry import Action, Change, Entry


class TaughtKeeper(Protocol):
    """Keeps what all servers taught. Safe to use from several threads and processes.

    `bot.teaching.store` does in a file, and its docstrings say the rest; `bot.teaching.postgres` on a server. Each
    method raises a `StorageError` where it cannot, and a `TeachingError` where there is no such entry.
    """

    def __enter__(self) -> Self: ...

    def __exit__(self, *_: object) -> None: ...

    def close(self) -> None:
        """Close what is its own."""
        ...

    def teach(
        self,
        guild: int,
        question: str,
        answer: str,
        teacher: int | None,
        link: str = "",
        action: Action = "taught",
    ) -> Entry:
        """Keep a question with its answer; the same two, kept already, are not kept twice."""
        ...

    def edit(self, guild: int, number: int, question: str, answer: str, teacher: int) -> Entry:
        """Put another question and answer in place of those of an entry; its number and its history stay."""
        ...

    def supersede(self, guild: int, old: int, new: int, teacher: int) -> Entry:
        """Withdraw one entry and restore another, both or neither; return the one that answers now."""
        ...

    def withdraw(self, guild: int, number: int, teacher: int) -> Entry:
        """Let an entry answer no more; it is kept, and can be restored."""
        ...

    def restore(self, guild: int, number: int, teacher: int) -> Entry:
        """Let a withdrawn entry answer again."""
        ...

    def entry(self, guild: int, number: int) -> Entry:
        """Return an entry of a server."""
        ...

    def entries(self, guild: int) -> list[Entry]:
        """Return all that a server was taught, also what was withdrawn, in the order of the numbers."""
        ...

    def history(self, guild: int, number: int) -> list[Change]:
        """Return what was done to an entry, the oldest first."""
        ...

    def guilds(self) -> list[int]:
        """Return the servers that were taught something, sorted."""
        ...

    def forget(self, user: int) -> int:
        """Keep no longer who taught what a person taught, and return how many changes that was."""
        ...

    def forget_guild(self, guild: int) -> None:
        """Delete all that a server was taught, with its history."""
        ...
