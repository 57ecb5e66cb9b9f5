"""What the moderators of a server may decide: who may ask, where, how often and in which language.

A guild is Discord's word for a server. Guilds, channels and roles are known by Discord's ids.
"""

from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Literal, get_args

from bot.errors import WrongChannelError, WrongRoleError
from index.schema import Language

MAX_COOLDOWN = 21_600  # seconds: the longest slow mode that Discord offers
MAX_DAILY = 86_400  # one question a second, all day long
MAX_ID = 2**63 - 1  # the largest integer of SQLite; Discord's ids stay below it until the year 2084
MAX_ROLES = 250  # Discord's limit for one server
MAX_CHANNELS = 500  # Discord's limit for one server
MAX_SOURCES = 20
"""Channels of a server that are read: each may hold five hundred messages, so that all of them are as much as some
hundred pages, and are embedded in minutes once."""

Source = Literal["pins", "posts", "messages"]
"""What is read of a channel: its pins, the solved posts of a forum, or all messages of a channel for announcements."""


@dataclass(frozen=True, slots=True)
class GuildRules:
    """The rules of one server; the defaults hold where the moderators decided nothing.

    Three seconds are less than it takes to read a reply and type the next question: only a flood meets that pause.
    Five hundred questions a day cost about 15 s of computing (30 ms each), so that no server is a burden, and let a
    hundred people ask five.

    Raises:
        ValueError: a value is out of its range.
    """

    language: Language | None = None  # of the reply when the question does not tell; None for the bot's own default
    cooldown_seconds: int = 3  # between two questions of one user; 0 for none
    daily_questions: int = 500  # in one day of UTC; 0 for no limit
    roles: frozenset[int] = frozenset()  # who may ask; empty for everyone
    channels: frozenset[int] = frozenset()  # where one may ask; empty for everywhere
    help_channel: int | None = None  # where people answer
    collection: str = ""  # of the articles, that is seen beside the common ones; "" for none
    teachers: frozenset[int] = frozenset()  # roles that may teach, beside those who manage the server
    digest: int | None = None  # channel that is told each week what was asked in vain

    def __post_init__(self) -> None:
        """Refuse what is out of range."""
        _check_language(self.language)
        if not 0 <= self.cooldown_seconds <= MAX_COOLDOWN:
            raise ValueError(f"the pause between two questions lasts 0 to {MAX_COOLDOWN} seconds")
        if not 0 <= self.daily_questions <= MAX_DAILY:
            raise ValueError(f"the questions of a day number 0 to {MAX_DAILY}")
        if max(len(self.roles), len(self.teachers)) > MAX_ROLES or len(self.channels) > MAX_CHANNELS:
            raise ValueError(f"a server has at most {MAX_ROLES} roles and {MAX_CHANNELS} channels")
        for number in (*self.roles, *self.channels, *self.teachers, self.help_channel, self.digest):
            if number is not None:
                check_id(number)

    def without_channel(self, channel: int) -> "GuildRules":
        """Return the rules as they are once a channel is gone."""
        help_channel = None if self.help_channel == channel else self.help_channel
        digest = None if self.digest == channel else self.digest
        return replace(self, channels=self.channels - {channel}, help_channel=help_channel, digest=digest)


@dataclass(frozen=True, slots=True)
class ChannelRules:
    """The rules of one channel that differ from those of its server; None where they do not differ.

    Raises:
        ValueError: the bot does not reply in this language, or there is no such thing to read of a channel.
    """

    threads: bool | None = None  # whether each answer opens a thread
    language: Language | None = None
    collection: str | None = None
    source: Source | None = None  # what the bot reads there, to answer from; it stays what it was when it was chosen
    unasked: bool | None = None  # whether the bot answers what nobody asked it, where it is sure

    def __post_init__(self) -> None:
        """Refuse what is out of range."""
        _check_language(self.language)
        if self.source is not None and self.source not in get_args(Source):
            raise ValueError("of a channel the bot reads pins, posts or messages")


def check_allowed(rules: GuildRules, channel: int, parent: int | None, roles: Collection[int]) -> None:
    """Let somebody with these roles ask in this channel; `parent` is the channel that a thread belongs to.

    Raises:
        WrongChannelError: the bot answers in other channels.
        WrongRoleError: only other roles may ask.
    """
    if rules.channels and rules.channels.isdisjoint({channel, parent}):
        raise WrongChannelError(sorted(rules.channels))
    if rules.roles and rules.roles.isdisjoint(roles):
        raise WrongRoleError


def check_id(number: int) -> None:
    """Refuse a number that cannot be an id of Discord's.

    Raises:
        ValueError: it is out of range.
    """
    if not 0 < number <= MAX_ID:
        raise ValueError(f"{number} is no id of Discord's")


def _check_language(language: str | None) -> None:
    if language is not None and language not in get_args(Language):
        raise ValueError("the language is fr, en or None")
