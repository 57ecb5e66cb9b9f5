"""What is read from channels, and its place in the layer of its server: one article a message."""

import csv
import io
from collections.abc import Iterable

from bot.channels.message import Kept
from bot.channels.store import ChannelStore
from bot.publishing import Publisher

TABLE = "channels.csv"  # in the layer of a server

COLUMNS = ("question", "answer", "source", "date")
"""As an FAQ is read: the title is found and shown, and quotes come from the text alone. No column tells who wrote."""


class Channels:
    """The messages that are kept, and the indexes of them. Safe to use from several threads."""

    file = TABLE

    def __init__(self, store: ChannelStore, publisher: Publisher) -> None:
        """Take the store, and what publishes it."""
        self.store, self._publisher = store, publisher

    def publish(self, guild: int) -> None:
        """Bring the layer of a server up to date.

        Raises:
            IndexingError: the folder cannot be written, or the index not be built.
            StorageError: what is kept cannot be read.
        """
        self._publisher.publish(guild, self)

    def servers(self) -> list[int]:
        """Return the servers of which something is kept."""
        return self.store.guilds()

    def text(self, guild: int) -> str:
        """Return the table of what is kept of a server; "" for nothing."""
        return table(self.store.messages(guild))


def table(messages: Iterable[Kept]) -> str:
    """Return a CSV file that a build reads as an FAQ, "" for no message; the same messages give the same text."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    rows = [(one.title, one.text, one.link, f"{one.written:%Y-%m-%d}") for one in messages]
    if rows:
        writer.writerow(COLUMNS)
        writer.writerows(rows)
    return text.getvalue()
