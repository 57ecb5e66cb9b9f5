"""What is known of the servers and of who asked, wherever it is kept: in files of one machine, or for many."""

import asyncio
from collections.abc import Callable
from typing import Any, ParamSpec, Protocol, TypeVar

from bot.discord.rules import ChannelRules, GuildRules, Source
from bot.discord.rules_store import Due

P = ParamSpec("P")
T = TypeVar("T")


class RulesKeeper(Protocol):
    """Keeps the rules of all servers. Safe to use from several threads.

    `bot.discord.rules_store` does in a file, and its docstrings say the rest; `bot.discord.rules_postgres` on a server.
    Each method raises a `StorageError` where it cannot.
    """

    def close(self) -> None:
        """Close it; nothing can be read or changed any more."""
        ...

    def guild_rules(self, guild: int) -> GuildRules:
        """Return the rules of a server; the defaults while nothing was changed."""
        ...

    def change_guild(self, guild: int, **fields: Any) -> GuildRules:
        """Change the given fields of `GuildRules` and return the rules as they are now."""
        ...

    def channel_rules(self, guild: int, channel: int) -> ChannelRules:
        """Return the rules of a channel that differ from those of its server."""
        ...

    def all_channel_rules(self, guild: int) -> dict[int, ChannelRules]:
        """Return channel -> its rules, for the channels that differ from their server, in the order of their ids."""
        ...

    def change_channel(self, guild: int, channel: int, **fields: Any) -> ChannelRules:
        """Change the given fields of `ChannelRules` and return the rules as they are now."""
        ...

    def collection(self, guild: int | None, channel: int | None) -> str:
        """Return the collection of a channel, else that of its server; "" for none, and in a private conversation."""
        ...

    def sources(self, guild: int) -> dict[int, Source]:
        """Return channel -> what is read of it, in the order of their ids."""
        ...

    def choose_digest(self, guild: int, channel: int, now: float) -> None:
        """Let a channel be told what is asked in vain from now on."""
        ...

    def digests(self) -> dict[int, Due]:
        """Return server -> its digest, for those that chose a channel."""
        ...

    def begin_digest(self, guild: int, due: Due, now: float) -> bool:
        """Note that a digest begins; False where it did already, in this process or in another, or is not wanted."""
        ...

    def end_digest(self, guild: int, now: float) -> None:
        """Note that all that was asked until `now` is told."""
        ...

    def forget_channel(self, guild: int, channel: int) -> None:
        """Take a channel out of all rules, because it was deleted."""
        ...

    def forget_guild(self, guild: int) -> None:
        """Delete all rules of a server."""
        ...


class LimitsKeeper(Protocol):
    """Counts questions. `bot.discord.limits` does for one process, `bot.discord.limits_postgres` for many."""

    @property
    def waits(self) -> bool:
        """Whether its methods wait for a server, and belong into a thread."""
        ...

    def check(self, guild: int | None, user: int, cooldown: float, daily: int) -> None:
        """Count a question, or raise a `DailyCapError` or a `TooSoonError`; one that is refused does not count."""
        ...

    def look(self, guild: int | None, user: int, cooldown: float, daily: int) -> None:
        """Refuse a question as `check` does, and count none."""
        ...

    def count(self, guild: int | None, user: int) -> None:
        """Count a question that was let through."""
        ...

    def claim(self, number: int) -> bool:
        """Whether this process is the one that answers the message or the interaction with this id."""
        ...


async def waiting_for(limits: LimitsKeeper, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Do the work of a keeper without holding the event loop up where it waits."""
    return await asyncio.to_thread(work, *args, **kwargs) if limits.waits else work(*args, **kwargs)
