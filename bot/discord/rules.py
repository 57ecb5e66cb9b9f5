"""What the moderators of each server decided: who may ask, where, how often and in which language.

One SQLite file, which several processes may share. `guild` is Discord's word for a server; guilds,
channels and roles go by Discord's numbers.
"""

import json
import sqlite3
import threading
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from types import TracebackType
from typing import Any, Self, get_args

from bot.errors import StorageError
from index.schema import Language

MAX_COOLDOWN = 21_600  # seconds: the longest slow mode that Discord offers
MAX_DAILY = 86_400  # one question a second, all day long
MAX_ID = 2**63 - 1  # what SQLite stores; Discord's numbers stay below until the year 2084
MAX_ROLES = 250  # Discord's limit for one server
MAX_CHANNELS = 500  # Discord's limit for one server

_BUSY_SECONDS = 5  # sqlite3's own default: a change takes milliseconds
_VERSION = 1
_SCHEMA = (
    "CREATE TABLE guilds (guild INTEGER PRIMARY KEY, language TEXT, cooldown_seconds INTEGER NOT NULL,"
    " daily_questions INTEGER NOT NULL, roles TEXT NOT NULL, channels TEXT NOT NULL, help_channel INTEGER)",
    "CREATE TABLE channels (guild INTEGER NOT NULL, channel INTEGER NOT NULL, threads INTEGER, language TEXT,"
    " PRIMARY KEY (guild, channel)) WITHOUT ROWID",
    f"PRAGMA user_version = {_VERSION}",
)


@dataclass(frozen=True, slots=True)
class GuildRules:
    """The rules of one server; the defaults are those of a server that decided nothing.

    Three seconds are less than it takes to read a reply and type the next question, so nobody meets
    that pause who does not flood. Five hundred questions cost about 15 s of computing a day (30 ms
    each), so that no server is a burden, and let a hundred people ask five.

    Raises:
        ValueError: a value is out of its range.
    """

    language: Language | None = None  # of the replies when the question does not tell; None for the bot's own default
    cooldown_seconds: int = 3  # between two questions of one user; 0 for none
    daily_questions: int = 500  # in one day of UTC; 0 for no limit
    roles: frozenset[int] = frozenset()  # who may ask; empty for everyone
    channels: frozenset[int] = frozenset()  # where one may ask; empty for everywhere
    help_channel: int | None = None

    def __post_init__(self) -> None:
        """Refuse what is out of range."""
        _check_language(self.language)
        if not 0 <= self.cooldown_seconds <= MAX_COOLDOWN:
            raise ValueError(f"the pause between two questions lasts 0 to {MAX_COOLDOWN} seconds")
        if not 0 <= self.daily_questions <= MAX_DAILY:
            raise ValueError(f"the questions of a day number 0 to {MAX_DAILY}")
        if len(self.roles) > MAX_ROLES or len(self.channels) > MAX_CHANNELS:
            raise ValueError(f"a server has at most {MAX_ROLES} roles and {MAX_CHANNELS} channels")
        for number in (*self.roles, *self.channels, self.help_channel):
            if number is not None:
                _check_id(number)


@dataclass(frozen=True, slots=True)
class ChannelRules:
    """What one channel does otherwise than its server; None for no difference.

    Raises:
        ValueError: the language is none that the bot replies in.
    """

    threads: bool | None = None  # whether each answer opens a thread
    language: Language | None = None

    def __post_init__(self) -> None:
        """Refuse what is out of range."""
        _check_language(self.language)


def answers_in(rules: GuildRules, channel: int, parent: int | None) -> bool:
    """Return whether one may ask in this channel, or in this thread of the channel `parent`."""
    return not rules.channels or channel in rules.channels or parent in rules.channels


def may_ask(rules: GuildRules, channel: int, parent: int | None, roles: Collection[int]) -> bool:
    """Return whether somebody with these roles may ask in this channel, or in this thread of the channel `parent`."""
    return answers_in(rules, channel, parent) and (not rules.roles or not rules.roles.isdisjoint(roles))


class Guilds:
    """The rules of all servers in one file. Safe from several threads."""

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

    def rules(self, guild: int) -> GuildRules:
        """Return the rules of a server; the defaults while nothing was changed.

        Raises:
            StorageError: the file cannot be read.
        """
        query = (
            "SELECT language, cooldown_seconds, daily_questions, roles, channels, help_channel"
            " FROM guilds WHERE guild = ?"
        )
        with self._storage():
            row = self._db.execute(query, (guild,)).fetchone()
        if row is None:
            return GuildRules()
        language, cooldown, daily, roles, channels, help_channel = row
        try:
            return GuildRules(
                language, cooldown, daily, frozenset(json.loads(roles)), frozenset(json.loads(channels)), help_channel
            )
        except (TypeError, ValueError) as error:
            raise self._unusable(error) from error

    def change(self, guild: int, **fields: Any) -> GuildRules:
        """Change the named fields of `GuildRules` and return the rules that hold from now on.

        Raises:
            ValueError: a value is out of its range; nothing is changed.
            StorageError: the file cannot be read or written.
        """
        _check_id(guild)
        with self._transaction():
            rules = replace(self.rules(guild), **fields)
            self._store(guild, rules)
        return rules

    def _store(self, guild: int, rules: GuildRules) -> None:
        self._db.execute(
            "INSERT OR REPLACE INTO guilds VALUES (?, ?, ?, ?, ?, ?, ?)",
            (
                guild,
                rules.language,
                rules.cooldown_seconds,
                rules.daily_questions,
                json.dumps(sorted(rules.roles)),
                json.dumps(sorted(rules.channels)),
                rules.help_channel,
            ),
        )

    def channel_rules(self, guild: int, channel: int) -> ChannelRules:
        """Return what a channel does otherwise than its server.

        Raises:
            StorageError: the file cannot be read.
        """
        query = "SELECT threads, language FROM channels WHERE guild = ? AND channel = ?"
        with self._storage():
            row = self._db.execute(query, (guild, channel)).fetchone()
        return ChannelRules() if row is None else self._read(*row)

    def channels(self, guild: int) -> dict[int, ChannelRules]:
        """Return channel -> what it does otherwise than its server, for those that do, in the order of their ids.

        Raises:
            StorageError: the file cannot be read.
        """
        query = "SELECT channel, threads, language FROM channels WHERE guild = ? ORDER BY channel"
        with self._storage():
            rows = self._db.execute(query, (guild,)).fetchall()
        found = {channel: self._read(threads, language) for channel, threads, language in rows}
        return {channel: rules for channel, rules in found.items() if rules != ChannelRules()}

    def _read(self, threads: int | None, language: Any) -> ChannelRules:
        try:
            return ChannelRules(None if threads is None else bool(threads), language)
        except ValueError as error:
            raise self._unusable(error) from error

    def change_channel(self, guild: int, channel: int, **fields: Any) -> ChannelRules:
        """Change the named fields of `ChannelRules` and return the rules that hold from now on.

        Raises:
            ValueError: a value is out of its range; nothing is changed.
            StorageError: the file cannot be read or written.
        """
        _check_id(guild)
        _check_id(channel)
        with self._transaction():
            rules = replace(self.channel_rules(guild, channel), **fields)
            row = (guild, channel, rules.threads, rules.language)
            self._db.execute("INSERT OR REPLACE INTO channels VALUES (?, ?, ?, ?)", row)
        return rules

    def forget_channel(self, guild: int, channel: int) -> None:
        """Take a channel out of all rules, as when it was deleted.

        Raises:
            StorageError: the file cannot be read or written.
        """
        with self._transaction():
            self._db.execute("DELETE FROM channels WHERE guild = ? AND channel = ?", (guild, channel))
            rules = self.rules(guild)
            help_channel = None if rules.help_channel == channel else rules.help_channel
            kept = replace(rules, channels=rules.channels - {channel}, help_channel=help_channel)
            if kept != rules:
                self._store(guild, kept)

    def forget(self, guild: int) -> None:
        """Delete all that was decided for a server, as when the bot is removed from it.

        Raises:
            StorageError: the file cannot be written.
        """
        with self._transaction():
            self._db.execute("DELETE FROM guilds WHERE guild = ?", (guild,))
            self._db.execute("DELETE FROM channels WHERE guild = ?", (guild,))

    def _prepare(self) -> None:
        with self._storage(), suppress(sqlite3.OperationalError):  # another process may just be doing the same
            self._db.execute("PRAGMA journal_mode = WAL")  # readers do not wait for a writer; the file keeps it
        with self._transaction():
            (version,) = self._db.execute("PRAGMA user_version").fetchone()
            if version > _VERSION:
                raise StorageError(
                    f"{self._path} was written by a later version of Babillard: upgrade, or move the file away"
                )
            if version == 0:
                for statement in _SCHEMA:
                    self._db.execute(statement)

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        """Write all or nothing, and let no other process write between what is read and what is written."""
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
        """Take the lock, and turn the errors of the file into ours."""
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


def _check_language(language: str | None) -> None:
    if language is not None and language not in get_args(Language):
        raise ValueError("the language is fr, en or None")


def _check_id(number: int) -> None:
    if not 0 < number <= MAX_ID:
        raise ValueError(f"{number} is no number of Discord's")
