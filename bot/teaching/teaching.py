"""Teach, and let the next question know: each change is kept first, then published in the layer of its server."""

from bot.publishing import Publisher
from bot.teaching.entry import Action, Entry
from bot.teaching.exchange import table
from bot.teaching.keeper import TaughtKeeper

TABLE = "taught.csv"  # in the layer of a server


class Teaching:
    """What the servers taught, and the indexes of it. Safe to use from several threads."""

    file = TABLE

    def __init__(self, store: TaughtKeeper, publisher: Publisher) -> None:
        """Take the store, and what publishes it."""
        self.store, self._publisher = store, publisher

    def teach(
        self,
        guild: int,
        question: str,
        answer: str,
        teacher: int | None,
        link: str = "",
        action: Action = "taught",
    ) -> Entry:
        """Keep a question with its answer, and let the next question find it: see `TaughtStore.teach`.

        Raises:
            TeachingError: it cannot be taught.
            StorageError: it is not kept.
            IndexingError: it is kept, and the index does not have it yet; the next change or start tries again.
        """
        entry = self.store.teach(guild, question, answer, teacher, link, action)
        if entry.active:
            self.publish(guild)
        return entry

    def edit(self, guild: int, number: int, question: str, answer: str, teacher: int) -> Entry:
        """Change an entry.

        Raises:
            TeachingError, StorageError, IndexingError: as `teach`.
        """
        entry = self.store.edit(guild, number, question, answer, teacher)
        self.publish(guild)
        return entry

    def set_active(self, guild: int, number: int, teacher: int, active: bool) -> Entry:
        """Withdraw an entry, or restore it.

        Raises:
            TeachingError, StorageError, IndexingError: as `teach`.
        """
        entry = (self.store.restore if active else self.store.withdraw)(guild, number, teacher)
        self.publish(guild)
        return entry

    def supersede(self, guild: int, old: int, new: int, teacher: int) -> Entry:
        """Withdraw one entry and restore another.

        Raises:
            TeachingError, StorageError, IndexingError: as `teach`.
        """
        entry = self.store.supersede(guild, old, new, teacher)
        self.publish(guild)
        return entry

    def publish(self, guild: int) -> None:
        """Bring the layer of a server up to date.

        Raises:
            IndexingError: the folder cannot be written, or the index not be built.
        """
        self._publisher.publish(guild, self)

    def servers(self) -> list[int]:
        """Return the servers that taught something."""
        return self.store.guilds()

    def text(self, guild: int) -> str:
        """Return the table of what a server taught; "" where nothing of it is in use."""
        active = [entry for entry in self.store.entries(guild) if entry.active]
        return table(active, signed=False) if active else ""
