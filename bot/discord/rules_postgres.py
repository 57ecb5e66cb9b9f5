"""The rules of all servers on PostgreSQL, which many machines share; each remembers for a moment what it read."""

import threading
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any, Self, TypeVar

from sqlalchemy import Connection, Row, delete, select, update
from sqlalchemy.dialects.postgresql import insert

from bot.bounded import BoundedDict
from bot.discord.rules import ChannelRules, GuildRules, Source, check_id
from bot.discord.rules_store import Due
from bot.errors import StorageError
from bot.postgres.server import Postgres
from bot.postgres.tables import channel_rules, digests, guild_rules

T = TypeVar("T")

FRESH_SECONDS = 5.0
"""The rules of a server are read for each message that it sees, on the event loop. For so long they are not read again;
what this machine changes it knows at once, and Discord sends all that happens in a server to one machine."""

MAX_KNOWN = 10_000  # servers whose rules are remembered, some 2 kB each

Known = tuple[float, GuildRules, dict[int, ChannelRules]]
"""When they were read, the rules of a server, and of its channels."""


class PostgresRules:
    """A `RulesKeeper` on a server: see there, and `bot.discord.rules_store.RulesStore`, for what its methods do.

    While the database is away, the rules hold that were read last, and none can be changed.
    """

    def __init__(self, database: Postgres, clock: Callable[[], float] = time.monotonic) -> None:
        """Keep the rules in `database`, which is left open by `close`; `clock` tells how old is what was read."""
        self._database, self._clock = database, clock
        self._lock = threading.Lock()
        self._known: BoundedDict[int, Known] = BoundedDict(MAX_KNOWN)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Forget what is remembered."""
        with self._lock:
            self._known.clear()

    def guild_rules(self, guild: int) -> GuildRules:
        """Return the rules of a server.

        Raises:
            StorageError: they cannot be read, and never were.
        """
        return self._read(guild)[1]

    def channel_rules(self, guild: int, channel: int) -> ChannelRules:
        """Return the rules of a channel.

        Raises:
            StorageError: as `guild_rules`.
        """
        return self._read(guild)[2].get(channel, ChannelRules())

    def all_channel_rules(self, guild: int) -> dict[int, ChannelRules]:
        """Return the rules of all channels that have any.

        Raises:
            StorageError: as `guild_rules`.
        """
        return {channel: rules for channel, rules in self._read(guild)[2].items() if rules != ChannelRules()}

    def collection(self, guild: int | None, channel: int | None) -> str:
        """Return the collection of a channel.

        Raises:
            StorageError: as `guild_rules`.
        """
        if guild is None:
            return ""
        _, rules, of_channels = self._read(guild)
        here = None if channel is None else of_channels.get(channel, ChannelRules()).collection
        return rules.collection if here is None else here

    def sources(self, guild: int) -> dict[int, Source]:
        """Return what is read of which channel.

        Raises:
            StorageError: as `guild_rules`.
        """
        return {channel: rules.source for channel, rules in self._read(guild)[2].items() if rules.source is not None}

    def change_guild(self, guild: int, **fields: Any) -> GuildRules:
        """Change fields of the rules of a server.

        Raises:
            ValueError: a value is out of its range; nothing is changed.
            StorageError: the database cannot be used.
        """
        check_id(guild)
        with self._database.transaction(lock=guild) as connection:
            rules = replace(_guild_rules(connection, guild), **fields)
            _store(connection, guild, rules)
        self._drop(guild)
        return rules

    def change_channel(self, guild: int, channel: int, **fields: Any) -> ChannelRules:
        """Change fields of the rules of a channel.

        Raises:
            ValueError, StorageError: as `change_guild`.
        """
        check_id(guild)
        check_id(channel)
        with self._database.transaction(lock=guild) as connection:
            rules = replace(_channel_rules(connection, guild).get(channel, ChannelRules()), **fields)
            values = {name: getattr(rules, name) for name in ChannelRules.__slots__}
            change = insert(channel_rules).values(guild=guild, channel=channel, **values)
            key = [channel_rules.c.guild, channel_rules.c.channel]
            connection.execute(change.on_conflict_do_update(index_elements=key, set_=values))
        self._drop(guild)
        return rules

    def choose_digest(self, guild: int, channel: int, now: float) -> None:
        """Let a channel be told what is asked in vain from now on.

        Raises:
            ValueError, StorageError: as `change_guild`.
        """
        check_id(guild)
        with self._database.transaction(lock=guild) as connection:
            _store(connection, guild, replace(_guild_rules(connection, guild), digest=channel))
            connection.execute(insert(digests).values(guild=guild, begun=now, told=now).on_conflict_do_nothing())
        self._drop(guild)

    def digests(self) -> dict[int, Due]:
        """Return the digests of all servers.

        Raises:
            StorageError: the database cannot be used.
        """
        query = (
            select(guild_rules.c.guild, guild_rules.c.digest, digests.c.begun, digests.c.told)
            .join(digests, digests.c.guild == guild_rules.c.guild)
            .where(guild_rules.c.digest.is_not(None))
        )
        with self._database.transaction() as connection:
            return {guild: Due(*rest) for guild, *rest in connection.execute(query)}

    def begin_digest(self, guild: int, due: Due, now: float) -> bool:
        """Note that a digest begins, on one machine alone.

        Raises:
            StorageError: the database cannot be used.
        """
        change = update(digests).where(digests.c.guild == guild, digests.c.begun == due.begun).values(begun=now)
        with self._database.transaction(lock=guild) as connection:
            if _guild_rules(connection, guild).digest != due.channel:
                return False
            return connection.execute(change).rowcount == 1

    def end_digest(self, guild: int, now: float) -> None:
        """Note that all that was asked until `now` is told.

        Raises:
            StorageError: the database cannot be used.
        """
        with self._database.transaction(lock=guild) as connection:
            connection.execute(update(digests).where(digests.c.guild == guild).values(told=now))

    def forget_channel(self, guild: int, channel: int) -> None:
        """Take a channel out of all rules.

        Raises:
            StorageError: the database cannot be used.
        """
        of_channel = channel_rules.c.guild == guild, channel_rules.c.channel == channel
        with self._database.transaction(lock=guild) as connection:
            connection.execute(delete(channel_rules).where(*of_channel))
            rules = _guild_rules(connection, guild)
            kept = rules.without_channel(channel)
            if kept != rules:
                _store(connection, guild, kept)
        self._drop(guild)

    def forget_guild(self, guild: int) -> None:
        """Delete all rules of a server.

        Raises:
            StorageError: the database cannot be used.
        """
        with self._database.transaction(lock=guild) as connection:
            for table in (guild_rules, channel_rules, digests):
                connection.execute(delete(table).where(table.c.guild == guild))
        self._drop(guild)

    def _read(self, guild: int) -> Known:
        """Return what is known of a server, read again where that is old; what is old where that fails."""
        with self._lock:
            known = self._known.get(guild)
        now = self._clock()
        if known is not None and now - known[0] < FRESH_SECONDS:
            return known
        try:
            with self._database.transaction() as connection:
                known = now, _guild_rules(connection, guild), _channel_rules(connection, guild)
        except StorageError:
            if known is None:
                raise
            return known
        with self._lock:
            self._known[guild] = known
        return known

    def _drop(self, guild: int) -> None:
        with self._lock:
            self._known.pop(guild, None)


def _guild_rules(connection: Connection, guild: int) -> GuildRules:
    row = connection.execute(select(guild_rules).where(guild_rules.c.guild == guild)).one_or_none()
    if row is None:
        return GuildRules()
    kept = {name: value for name, value in row._mapping.items() if name != "guild"}
    for name in ("roles", "channels", "teachers"):
        kept[name] = frozenset(kept[name])
    return _checked(GuildRules, kept)


def _channel_rules(connection: Connection, guild: int) -> dict[int, ChannelRules]:
    query = select(channel_rules).where(channel_rules.c.guild == guild).order_by(channel_rules.c.channel)
    return {row.channel: _of_channel(row) for row in connection.execute(query)}


def _of_channel(row: Row[Any]) -> ChannelRules:
    return _checked(ChannelRules, {name: row._mapping[name] for name in ChannelRules.__slots__})


def _checked(kind: Callable[..., T], kept: dict[str, Any]) -> T:
    try:
        return kind(**kept)
    except (TypeError, ValueError) as error:
        raise StorageError(
            f"rules in the database of DATABASE_URL are damaged: {error}; mend or delete them"
        ) from error


def _store(connection: Connection, guild: int, rules: GuildRules) -> None:
    values = {name: getattr(rules, name) for name in GuildRules.__slots__}
    for name in ("roles", "channels", "teachers"):
        values[name] = sorted(values[name])
    change = insert(guild_rules).values(guild=guild, **values)
    connection.execute(change.on_conflict_do_update(index_elements=[guild_rules.c.guild], set_=values))
    if rules.digest is None:
        connection.execute(delete(digests).where(digests.c.guild == guild))
