"""The messages that are read from channels, in one SQLite file, with those whose messages are never kept."""

from collections.abc import Collection, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Self

from bot.channels.message import Kept
from bot.database import Database, Steps

FILE_NAME = "channels.sqlite3"  # in the data folder

KEEPS = "what is read from channels"

STEPS: Steps = (
    (
        """
        CREATE TABLE messages (
            number INTEGER PRIMARY KEY,
            guild INTEGER NOT NULL,
            channel INTEGER NOT NULL,
            post INTEGER NOT NULL, -- of a forum; 0 in any other channel
            author INTEGER NOT NULL,
            title TEXT NOT NULL,
            text TEXT NOT NULL,
            link TEXT NOT NULL,
            written REAL NOT NULL -- seconds since 1970, UTC
        )
        """,
        "CREATE INDEX messages_by_channel ON messages (guild, channel, post)",
        "CREATE INDEX messages_by_author ON messages (author)",
        "CREATE TABLE forgotten (author INTEGER PRIMARY KEY) -- who asked to be left out",
    ),
)

_COLUMNS = "number, author, title, text, link, written"


class ChannelStore:
    """What was read from the channels of all servers. Safe to use from several threads and processes."""

    def __init__(self, path: Path) -> None:
        """Open the file, or make it and its folder; only its owner can read it.

        Raises:
            StorageError: it cannot be used.
        """
        self._file = Database(path, KEEPS, STEPS, ("secure_delete = ON", "synchronous = FULL"), is_private=True)
        self._db = self._file.connection

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def replace(self, guild: int, channel: int, post: int, messages: Sequence[Kept]) -> bool:
        """Keep these messages of a channel or a post, and no others of it; return whether that changed anything.

        The messages of those who asked to be left out are left out.

        Args:
            guild: whose channel it is.
            channel: where they stand.
            post: of a forum; 0 in any other channel.
            messages: as they are now.

        Raises:
            StorageError: the file cannot be written.
        """
        with self._file.transaction():
            forgotten = {author for (author,) in self._db.execute("SELECT author FROM forgotten")}
            wanted = {one.number: one for one in messages if one.author not in forgotten}
            query = f"SELECT {_COLUMNS} FROM messages WHERE guild = ? AND channel = ? AND post = ?"  # noqa: S608 - ours
            known = {row[0]: _kept(row) for row in self._db.execute(query, (guild, channel, post))}
            if known == wanted:
                return False
            gone = [(number,) for number in known.keys() - wanted.keys()]
            self._db.executemany("DELETE FROM messages WHERE number = ?", gone)
            self._db.executemany(
                "INSERT OR REPLACE INTO messages VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                [
                    (m.number, guild, channel, post, m.author, m.title, m.text, m.link, m.written.timestamp())
                    for number, m in wanted.items()
                    if known.get(number) != m
                ],
            )
        return True

    def keep_posts(self, guild: int, forum: int, posts: Collection[int]) -> bool:
        """Keep what is of these posts of a forum, and of no others; return whether something went.

        Raises:
            StorageError: the file cannot be written.
        """
        return self._drop(guild, self.posts(guild, forum) - set(posts), "post")

    def keep_channels(self, guild: int, channels: Collection[int]) -> bool:
        """Keep what is of these channels of a server, and of no others; return whether something went.

        Raises:
            StorageError: the file cannot be written.
        """
        with self._file.access():
            query = "SELECT DISTINCT channel FROM messages WHERE guild = ?"
            known = {channel for (channel,) in self._db.execute(query, (guild,))}
        return self._drop(guild, known - set(channels), "channel")

    def delete(self, guild: int, numbers: Collection[int]) -> bool:
        """Delete messages by their ids; return whether one of them was kept.

        Raises:
            StorageError: the file cannot be written.
        """
        return self._drop(guild, numbers, "number")

    def forget(self, author: int) -> list[int]:
        """Delete a person's messages and keep none from now on; return the server of each that was deleted.

        Raises:
            StorageError: the file cannot be written.
        """
        with self._file.transaction():
            self._db.execute("INSERT OR IGNORE INTO forgotten VALUES (?)", (author,))
            rows = self._db.execute("SELECT guild FROM messages WHERE author = ?", (author,)).fetchall()
            self._db.execute("DELETE FROM messages WHERE author = ?", (author,))
        if rows:
            with self._file.access():  # deleted rows leave bytes behind: see `bot.journal.file.scrub`
                self._db.execute("VACUUM")
                self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        return [guild for (guild,) in rows]

    def has(self, number: int) -> bool:
        """Return whether a message is kept.

        Raises:
            StorageError: the file cannot be read.
        """
        with self._file.access():
            return self._db.execute("SELECT 1 FROM messages WHERE number = ?", (number,)).fetchone() is not None

    def messages(self, guild: int) -> list[Kept]:
        """Return what is kept of a server, the oldest first.

        Raises:
            StorageError: the file cannot be read.
        """
        query = f"SELECT {_COLUMNS} FROM messages WHERE guild = ? ORDER BY number"  # noqa: S608 - ours
        with self._file.access():
            return [_kept(row) for row in self._db.execute(query, (guild,))]

    def posts(self, guild: int, forum: int) -> set[int]:
        """Return the posts of a forum of which something is kept.

        Raises:
            StorageError: the file cannot be read.
        """
        query = "SELECT DISTINCT post FROM messages WHERE guild = ? AND channel = ?"
        with self._file.access():
            return {post for (post,) in self._db.execute(query, (guild, forum))}

    def guilds(self) -> list[int]:
        """Return the servers of which something is kept, sorted.

        Raises:
            StorageError: the file cannot be read.
        """
        with self._file.access():
            return [guild for (guild,) in self._db.execute("SELECT DISTINCT guild FROM messages ORDER BY guild")]

    def _drop(self, guild: int, values: Collection[int], column: str) -> bool:
        if not values:
            return False
        query = f"DELETE FROM messages WHERE guild = ? AND {column} = ?"  # noqa: S608 - a name of ours
        with self._file.transaction():
            return sum(self._db.execute(query, (guild, value)).rowcount for value in values) > 0


def _kept(row: tuple[int, int, str, str, str, float]) -> Kept:
    number, author, title, text, link, written = row
    return Kept(number, author, title, text, link, datetime.fromtimestamp(written, UTC))
