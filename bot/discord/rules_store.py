"""The rules of all servers, in one SQLite file that several processes may share."""

import json
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from bot.discord.rules import ChannelRules, GuildRules, Source, check_id
from bot.errors import StorageError

FILE_NAME = "guilds.sqlite3"  # in the data folder

_BUSY_SECONDS = 5  # sqlite3's own default: a change takes milliseconds
_STEPS = (
    (
        "CREATE TABLE guilds (guild INTEGER PRIMARY KEY, language TEXT, cooldown_seconds INTEGER NOT NULL,"
        " daily_questions INTEGER NOT NULL, roles TEXT NOT NULL, channels TEXT NOT NULL, help_channel INTEGER)",
        "CREATE TABLE channels (guild INTEGER NOT NULL, channel INTEGER NOT NULL, threads INTEGER, language TEXT,"
        " PRIMARY KEY (guild, channel)) WITHOUT ROWID",
    ),
    (
        "ALTER TABLE guilds ADD COLUMN collection TEXT NOT NULL DEFAULT ''",
        "ALTER TABLE guilds ADD COLUMN teachers TEXT NOT NULL DEFAULT '[]'",
        "ALTER TABLE channels ADD COLUMN collection TEXT",
    ),
    (
        "ALTER TABLE channels ADD COLUMN source TEXT",
        "ALTER TABLE channels ADD COLUMN unasked INTEGER",
    ),
)
"""What brings a file of each version to the next; a new file takes them all."""


class RulesStore:
    """The rules of all servers, in one file. Safe to use from several threads."""

    def __init__(self, path: Path) -> None:
        """Open the file, or create it and its folder.

        Raises:
            StorageError: it cannot be used.
        """
        self._path = path
        self._lock = threading.RLock()
        with self._storage():
            path.parent.mkdir(parents=True, exist_ok=True)
            self._db = sqlite3.connect(path, timeout=_BUSY_SECONDS, isolation_level=None, check_same_thread=False)
        try:
            self._prepare()
        except BaseException:
            self._db.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the file; nothing can be read or changed any more."""
        with self._lock:
            self._db.close()

    def guild_rules(self, guild: int) -> GuildRules:
        """Return the rules of a server; the defaults while nothing was changed.

        Raises:
            StorageError: the file cannot be read.
        """
        query = (
            "SELECT language, cooldown_seconds, daily_questions, roles, channels, help_channel, collection, teachers"
            " FROM guilds WHERE guild = ?"
        )
        with self._storage():
            row = self._db.execute(query, (guild,)).fetchone()
        if row is None:
            return GuildRules()
        language, cooldown, daily, roles, channels, help_channel, collection, teachers = row
        try:
            return GuildRules(
                language,
                cooldown,
                daily,
                frozenset(json.loads(roles)),
                frozenset(json.loads(channels)),
                help_channel,
                collection,
                frozenset(json.loads(teachers)),
            )
        except (TypeError, ValueError) as error:
            raise self._unusable(error) from error

    def change_guild(self, guild: int, **fields: Any) -> GuildRules:
        """Change the given fields of `GuildRules` and return the rules as they are now.

        Raises:
            ValueError: a value is out of its range; nothing is changed.
            StorageError: the file cannot be read or written.
        """
        check_id(guild)
        with self._transaction():
            rules = replace(self.guild_rules(guild), **fields)
            self._store(guild, rules)
        return rules

    def _store(self, guild: int, rules: GuildRules) -> None:
        self._db.execute(
            "INSERT OR REPLACE INTO guilds VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                guild,
                rules.language,
                rules.cooldown_seconds,
                rules.daily_questions,
                json.dumps(sorted(rules.roles)),
                json.dumps(sorted(rules.channels)),
                rules.help_channel,
                rules.collection,
                json.dumps(sorted(rules.teachers)),
            ),
        )

    def channel_rules(self, guild: int, channel: int) -> ChannelRules:
        """Return the rules of a channel that differ from those of its server.

        Raises:
            StorageError: the file cannot be read.
        """
        query = "SELECT threads, language, collection, source, unasked FROM channels WHERE guild = ? AND channel = ?"
        with self._storage():
            row = self._db.execute(query, (guild, channel)).fetchone()
        return ChannelRules() if row is None else self._checked(*row)

    def all_channel_rules(self, guild: int) -> dict[int, ChannelRules]:
        """Return channel -> its rules, for the channels that differ from their server, in the order of their ids.

        Raises:
            StorageError: the file cannot be read.
        """
        query = (
            "SELECT channel, threads, language, collection, source, unasked FROM channels WHERE guild = ?"
            " ORDER BY channel"
        )
        with self._storage():
            rows = self._db.execute(query, (guild,)).fetchall()
        found = {channel: self._checked(*columns) for channel, *columns in rows}
        return {channel: rules for channel, rules in found.items() if rules != ChannelRules()}

    def collection(self, guild: int | None, channel: int | None) -> str:
        """Return the collection of a channel, else that of its server; "" for none, and in a private conversation.

        Raises:
            StorageError: the file cannot be read.
        """
        if guild is None:
            return ""
        here = ChannelRules() if channel is None else self.channel_rules(guild, channel)
        return self.guild_rules(guild).collection if here.collection is None else here.collection

    def sources(self, guild: int) -> dict[int, Source]:
        """Return channel -> what is read of it, in the order of their ids.

        Raises:
            StorageError: the file cannot be read.
        """
        chosen = self.all_channel_rules(guild)
        return {channel: rules.source for channel, rules in chosen.items() if rules.source is not None}

    def _checked(self, threads: int | None, *rest: Any) -> ChannelRules:
        language, collection, source, unasked = rest
        try:
            return ChannelRules(_switch(threads), language, collection, source, _switch(unasked))
        except ValueError as error:
            raise self._unusable(error) from error

    def change_channel(self, guild: int, channel: int, **fields: Any) -> ChannelRules:
        """Change the given fields of `ChannelRules` and return the rules as they are now.

        Raises:
            ValueError: a value is out of its range; nothing is changed.
            StorageError: the file cannot be read or written.
        """
        check_id(guild)
        check_id(channel)
        with self._transaction():
            rules = replace(self.channel_rules(guild, channel), **fields)
            row = (guild, channel, rules.threads, rules.language, rules.collection, rules.source, rules.unasked)
            self._db.execute("INSERT OR REPLACE INTO channels VALUES (?, ?, ?, ?, ?, ?, ?)", row)
        return rules

    def forget_channel(self, guild: int, channel: int) -> None:
        """Take a channel out of all rules, because it was deleted.

        Raises:
            StorageError: the file cannot be read or written.
        """
        with self._transaction():
            self._db.execute("DELETE FROM channels WHERE guild = ? AND channel = ?", (guild, channel))
            rules = self.guild_rules(guild)
            help_channel = None if rules.help_channel == channel else rules.help_channel
            kept = replace(rules, channels=rules.channels - {channel}, help_channel=help_channel)
            if kept != rules:
                self._store(guild, kept)

    def forget_guild(self, guild: int) -> None:
        """Delete all rules of a server: its moderators asked for it, or the bot was removed.

        Raises:
            StorageError: the file cannot be written.
        """
        with self._transaction():
            self._db.execute("DELETE FROM guilds WHERE guild = ?", (guild,))
            self._db.execute("DELETE FROM channels WHERE guild = ?", (guild,))

    def _prepare(self) -> None:
        with self._storage(), suppress(sqlite3.OperationalError):  # another process may be doing the same right now
            self._db.execute(
                "PRAGMA journal_mode = WAL"
            )  # readers do not wait for a writer; the file remembers the mode
        with self._transaction():
            (version,) = self._db.execute("PRAGMA user_version").fetchone()
            if version > len(_STEPS):
                raise StorageError(
                    f"{self._path} was written by a later version of Babillard: upgrade, or move the file away"
                )
            for statement in (one for step in _STEPS[version:] for one in step):
                self._db.execute(statement)
            self._db.execute(f"PRAGMA user_version = {len(_STEPS)}")

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        """Write all or nothing; no other process writes between the read and the write."""
        with self._storage():
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield
                self._db.execute("COMMIT")
            except BaseException:
                if self._db.in_transaction:
                    self._db.execute("ROLLBACK")
                raise

    @contextmanager
    def _storage(self) -> Iterator[None]:
        """Hold the lock, and turn errors of the file into `StorageError`."""
        with self._lock:
            try:
                yield
            except (OSError, sqlite3.Error) as error:
                raise self._unusable(error) from error

    def _unusable(self, error: Exception) -> StorageError:
        return StorageError(
            f"cannot use {self._path}, which keeps the rules of the servers: {error};"
            " see that its folder can be written and has room, or move a damaged file away"
        )


def _switch(kept: int | None) -> bool | None:
    return None if kept is None else bool(kept)
