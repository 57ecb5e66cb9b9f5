"""The rules of all servers, in one SQLite file that several processes may share."""

import json
from dataclasses import dataclass, replace
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from bot.database import Database, Steps
from bot.discord.rules import ChannelRules, GuildRules, Source, check_id

FILE_NAME = "guilds.sqlite3"  # in the data folder

KEEPS = "the rules of the servers"

_BUSY_SECONDS = 5  # sqlite3's own default: a change takes milliseconds

STEPS: Steps = (
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
    (
        "ALTER TABLE guilds ADD COLUMN digest INTEGER",
        "CREATE TABLE digests (guild INTEGER PRIMARY KEY, begun REAL NOT NULL, told REAL NOT NULL)",  # since 1970, UTC
    ),
)


@dataclass(frozen=True, slots=True)
class Due:
    """What is known of the digest of a server; times are seconds since 1970."""

    channel: int
    begun: float  # when the last one was begun, or its channel chosen: the next comes a week later
    told: float  # until when what was asked is told; earlier than `begun` where a digest did not arrive


class RulesStore:
    """The rules of all servers, in one file. Safe to use from several threads."""

    def __init__(self, path: Path) -> None:
        """Open the file, or create it and its folder.

        Raises:
            StorageError: it cannot be used.
        """
        self._file = Database(path, KEEPS, STEPS, busy_seconds=_BUSY_SECONDS)
        self._db = self._file.connection

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the file; nothing can be read or changed any more."""
        self._file.close()

    def guild_rules(self, guild: int) -> GuildRules:
        """Return the rules of a server; the defaults while nothing was changed.

        Raises:
            StorageError: the file cannot be read.
        """
        query = (
            "SELECT language, cooldown_seconds, daily_questions, roles, channels, help_channel, collection, teachers,"
            " digest FROM guilds WHERE guild = ?"
        )
        with self._file.access():
            row = self._db.execute(query, (guild,)).fetchone()
        if row is None:
            return GuildRules()
        language, cooldown, daily, roles, channels, help_channel, collection, teachers, digest = row
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
                digest,
            )
        except (TypeError, ValueError) as error:
            raise self._file.unusable(error) from error

    def change_guild(self, guild: int, **fields: Any) -> GuildRules:
        """Change the given fields of `GuildRules` and return the rules as they are now.

        Raises:
            ValueError: a value is out of its range; nothing is changed.
            StorageError: the file cannot be read or written.
        """
        check_id(guild)
        with self._file.transaction():
            rules = replace(self.guild_rules(guild), **fields)
            self._store(guild, rules)
        return rules

    def _store(self, guild: int, rules: GuildRules) -> None:
        self._db.execute(
            "INSERT OR REPLACE INTO guilds VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
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
                rules.digest,
            ),
        )
        if rules.digest is None:
            self._db.execute("DELETE FROM digests WHERE guild = ?", (guild,))

    def choose_digest(self, guild: int, channel: int, now: float) -> None:
        """Let a channel be told what is asked in vain from now on; where another was, it goes on from that one's last.

        Raises:
            StorageError: the file cannot be read or written.
        """
        check_id(guild)
        with self._file.transaction():
            self._store(guild, replace(self.guild_rules(guild), digest=channel))
            self._db.execute("INSERT OR IGNORE INTO digests VALUES (?, ?, ?)", (guild, now, now))

    def digests(self) -> dict[int, Due]:
        """Return server -> its digest, for those that chose a channel.

        Raises:
            StorageError: the file cannot be read.
        """
        query = "SELECT guild, digest, begun, told FROM guilds JOIN digests USING (guild) WHERE digest IS NOT NULL"
        with self._file.access():
            return {guild: Due(*rest) for guild, *rest in self._db.execute(query).fetchall()}

    def begin_digest(self, guild: int, due: Due, now: float) -> bool:
        """Note that a digest begins; False where it did already, in this process or in another, or is not wanted now.

        Raises:
            StorageError: the file cannot be read or written.
        """
        with self._file.transaction():
            if self.guild_rules(guild).digest != due.channel:
                return False
            change = "UPDATE digests SET begun = ? WHERE guild = ? AND begun = ?"
            return self._db.execute(change, (now, guild, due.begun)).rowcount == 1

    def end_digest(self, guild: int, now: float) -> None:
        """Note that all that was asked until `now` is told.

        Raises:
            StorageError: the file cannot be written.
        """
        with self._file.transaction():
            self._db.execute("UPDATE digests SET told = ? WHERE guild = ?", (now, guild))

    def channel_rules(self, guild: int, channel: int) -> ChannelRules:
        """Return the rules of a channel that differ from those of its server.

        Raises:
            StorageError: the file cannot be read.
        """
        query = "SELECT threads, language, collection, source, unasked FROM channels WHERE guild = ? AND channel = ?"
        with self._file.access():
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
        with self._file.access():
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
            raise self._file.unusable(error) from error

    def change_channel(self, guild: int, channel: int, **fields: Any) -> ChannelRules:
        """Change the given fields of `ChannelRules` and return the rules as they are now.

        Raises:
            ValueError: a value is out of its range; nothing is changed.
            StorageError: the file cannot be read or written.
        """
        check_id(guild)
        check_id(channel)
        with self._file.transaction():
            rules = replace(self.channel_rules(guild, channel), **fields)
            row = (guild, channel, rules.threads, rules.language, rules.collection, rules.source, rules.unasked)
            self._db.execute("INSERT OR REPLACE INTO channels VALUES (?, ?, ?, ?, ?, ?, ?)", row)
        return rules

    def forget_channel(self, guild: int, channel: int) -> None:
        """Take a channel out of all rules, because it was deleted.

        Raises:
            StorageError: the file cannot be read or written.
        """
        with self._file.transaction():
            self._db.execute("DELETE FROM channels WHERE guild = ? AND channel = ?", (guild, channel))
            rules = self.guild_rules(guild)
            kept = rules.without_channel(channel)
            if kept != rules:
                self._store(guild, kept)

    def forget_guild(self, guild: int) -> None:
        """Delete all rules of a server: its moderators asked for it, or the bot was removed.

        Raises:
            StorageError: the file cannot be written.
        """
        with self._file.transaction():
            self._db.execute("DELETE FROM guilds WHERE guild = ?", (guild,))
            self._db.execute("DELETE FROM channels WHERE guild = ?", (guild,))
            self._db.execute("DELETE FROM digests WHERE guild = ?", (guild,))


def _switch(kept: int | None) -> bool | None:
    return None if kept is None else bool(kept)
