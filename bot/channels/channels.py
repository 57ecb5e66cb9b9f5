"""What is read from channels, and its place in the layer of its server: one article a message."""

import csv
import io
import logging
from collections.abc import Iterable

from bot.channels.message import Kept
from bot.channels.store import ChannelStore
from bot.publishing import Publisher
from index.errors import IndexingError

TABLE = "channels.csv"  # in the layer of a server

COLUMNS = ("question", "answer", "source", "date")
"""As an FAQ is read: the title is found and shown, and quotes come from the text alone. No column tells who wrote."""

log = logging.getLogger(__name__)


class Channels:
    """The messages that are kept, and the indexes of them. Safe to use from several threads."""

    def __init__(self, store: ChannelStore, publisher: Publisher) -> None:
        """Take the store; `publish_all` brings its layers up to date."""
        self.store, self._publisher = store, publisher

    def publish(self, guild: int) -> None:
        """Write what is kept of a server into its layer, and build that.

        Raises:
            IndexingError: the folder cannot be written, or the index not be built.
            StorageError: what is kept cannot be read.
        """
        self._publisher.publish(guild, TABLE, lambda: table(self.store.messages(guild)))

    def publish_all(self) -> None:
        """Bring the layer of each server up to date; one that cannot be is told in the log."""
        for guild in self.store.guilds():
            try:
                self.publish(guild)
            except IndexingError as error:
                log.warning("what channels say is not in the index: %s", error, extra={"guild": guild})


def table(messages: Iterable[Kept]) -> str:
    """Return a CSV file that a build reads as an FAQ, "" for no message; the same messages give the same text."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    rows = [(one.title, one.text, one.link, f"{one.written:%Y-%m-%d}") for one in messages]
    if rows:
        writer.writerow(COLUMNS)
        writer.writerows(rows)
    return text.getvalue()
