"""Follow the channels that are read: note what changed, read it a little later, and publish once.

    event ──▶ noted ──5 s──▶ read from Discord ──▶ kept ──5 s──▶ published, once for all that was kept meanwhile
    deletion ─────────────────────────────────▶ kept no longer ──┘

What Discord cannot give is read again later, and what it does not let the bot read any more is kept no longer.
"""

import asyncio
import logging
from collections import defaultdict
from collections.abc import Awaitable, Callable, Collection, Coroutine, Sequence
from typing import Any

import discord

from bot.bounded import BoundedDict
from bot.channels.channels import Channels
from bot.channels.message import Kept
from bot.discord.delivery import REQUEST_ERRORS, describe_error
from bot.discord.keepers import RulesKeeper
from bot.discord.rules import Source
from bot.discord.sources import is_seen_by_all, may_read, posts_of, read_channel, read_post
from bot.errors import StorageError
from index.errors import IndexingError

QUIET_SECONDS = 5.0
"""From a change to the reading of it, and from what was kept to its publication: a burst of edits leads to one build,
and what Discord shows is answered within a minute. A reading takes a request to five; a build of 500 messages takes
some seconds once, and of one more message less than one."""

AGAIN_SECONDS = 60.0  # until what could not be read or published is tried again

READERS = 2
"""Servers that are read at the same time: a start reads all of them, and Discord lets a bot make 50 requests a second,
which answers need too."""

MAX_DELETED = 5_000  # messages that are remembered as deleted, so that a reading that began before brings none back

WHOLE = 0  # in place of a post: all of a channel

log = logging.getLogger(__name__)

Place = tuple[int, int]
"""A channel, and the post of a forum or `WHOLE`."""

Posts = dict[Place, discord.Thread]


class Following:
    """Keeps what is read of channels as Discord shows it. Belongs to one event loop."""

    def __init__(
        self,
        guild_of: Callable[[int], discord.Guild | None],
        rules: RulesKeeper,
        channels: Channels,
        *,
        reads_messages: bool,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        """Follow the channels that `rules` name.

        Args:
            guild_of: returns a server by its id; None for one that the bot is not in, or that is away.
            rules: of each server.
            channels: where the messages are kept.
            reads_messages: whether Discord gives their text; without it nothing is read, and nothing is kept.
            sleep: waits so many seconds.
        """
        self.reads_messages, self.sleep = reads_messages, sleep
        self._guild_of, self._rules, self._channels = guild_of, rules, channels
        self._noted: defaultdict[int, dict[Place, None]] = defaultdict(dict)  # guild -> what is to be read, in order
        self._posts: defaultdict[int, Posts] = defaultdict(dict)  # guild -> posts of whole forums, to be read after it
        self._changed: set[int] = set()  # guilds whose layer is not that of what is kept
        self._deleted: BoundedDict[int, None] = BoundedDict(MAX_DELETED)
        self._storing, self._reading = asyncio.Lock(), asyncio.Semaphore(READERS)
        self._tasks: dict[tuple[str, int], asyncio.Task[None]] = {}

    def sources(self, guild: int) -> dict[int, Source]:
        """Return channel -> what is read of it."""
        return self._rules.sources(guild) if self.reads_messages else {}

    def holds(self, message: int) -> bool:
        """Whether a message is kept."""
        return self._channels.store.has(message)

    def note(self, guild: int, *places: Place) -> None:
        """Read these places again in a moment."""
        self._noted[guild].update(dict.fromkeys(places))
        self._begin("read", guild, self._read_noted)

    async def look_through(self, guild: int) -> None:
        """Read all that a server chose, and keep no longer what it does not choose any more."""
        sources = self.sources(guild)
        await self._drop(guild, self._channels.store.keep_channels, guild, list(sources))
        if sources:
            self.note(guild, *((channel, WHOLE) for channel in sources))

    async def leave(self, guild: int) -> None:
        """Keep nothing of a server any longer."""
        await self._drop(guild, self._channels.store.keep_channels, guild, [])

    async def stop(self, guild: int, channel: int, post: int = WHOLE) -> None:
        """Keep nothing of a channel any longer, or of one post."""
        store = self._channels.store
        if post == WHOLE:
            await self._drop(guild, store.keep_posts, guild, channel, [])
        else:
            await self._drop(guild, store.replace, guild, channel, post, [])

    async def delete(self, guild: int, messages: Collection[int]) -> None:
        """Keep some messages no longer: they were deleted."""
        for message in messages:
            self._deleted[message] = None
        await self._drop(guild, self._channels.store.delete, guild, messages)

    async def forget(self, author: int) -> int:
        """Keep no message of a person any longer, nor from now on; return how many there were."""
        async with self._storing:
            guilds = await asyncio.to_thread(self._channels.store.forget, author)
        for guild in set(guilds):
            self._mark(guild)
        return len(guilds)

    def close(self) -> None:
        """Read no more; the next start goes on."""
        for task in self._tasks.values():
            task.cancel()

    def _begin(self, what: str, guild: int, work: Callable[[int], Coroutine[Any, Any, None]]) -> None:
        """Begin to read or to publish a server, unless that is under way."""
        running = self._tasks.get((what, guild))
        if running is None or running.done():
            task = self._tasks[what, guild] = asyncio.create_task(work(guild), name=f"{what} {guild}")
            task.add_done_callback(_tell_fault)

    def _mark(self, guild: int) -> None:
        """Publish a server in a moment."""
        self._changed.add(guild)
        self._begin("publish", guild, self._publish_changed)

    async def _drop(self, guild: int, change: Callable[..., bool], *values: object) -> None:
        async with self._storing:
            changed = await asyncio.to_thread(change, *values)
        if changed:
            self._mark(guild)

    async def _read_noted(self, guild: int) -> None:
        """Read until nothing is noted any more; what changes meanwhile comes before the posts of a whole forum."""
        noted, posts = self._noted[guild], self._posts[guild]
        await self.sleep(QUIET_SECONDS)
        while noted or posts:
            failed = []
            while noted or posts:
                place = next(iter(noted or posts))
                noted.pop(place, None)
                async with self._reading:
                    if not await self._try(guild, "not read", self._read(guild, place, posts.pop(place, None))):
                        failed.append(place)
            if failed:
                await self.sleep(AGAIN_SECONDS)
                noted.update(dict.fromkeys(failed))

    async def _publish_changed(self, guild: int) -> None:
        wait = QUIET_SECONDS
        while guild in self._changed:
            await self.sleep(wait)
            self._changed.discard(guild)
            if not await self._try(guild, "not published", asyncio.to_thread(self._channels.publish, guild)):
                self._changed.add(guild)
                wait = AGAIN_SECONDS

    async def _try(self, guild: int, event: str, work: Awaitable[None]) -> bool:
        """Return whether something could be done; what is in the way is told in the log."""
        try:
            await work
        except (*REQUEST_ERRORS, StorageError, IndexingError) as error:
            reason = describe_error(error) if isinstance(error, REQUEST_ERRORS) else str(error)
            log.warning(event, extra={"guild": guild, "reason": reason})
            return False
        return True

    async def _read(self, number: int, place: Place, known: discord.Thread | None) -> None:
        """Read a place, and keep what it says; `known` is the post, where that is at hand."""
        guild, (channel_id, post) = self._guild_of(number), place
        source = self.sources(number).get(channel_id)
        if guild is None or source is None:
            return  # the server is away, or its rules changed meanwhile: then all of it is looked through
        channel, rules = guild.get_channel(channel_id), self._rules.guild_rules(number)
        if not isinstance(channel, discord.TextChannel | discord.ForumChannel):
            await self.stop(number, channel_id)
        elif not (may_read(channel) and is_seen_by_all(channel, rules)):
            log.warning("a source is not to be read", extra={"guild": number})
            await self.stop(number, channel_id)
        elif isinstance(channel, discord.TextChannel):
            reading = read_channel(channel, "messages" if source == "messages" else "pins", rules)
            await self._keep(number, place, await _allowed(reading))
        elif post == WHOLE:
            posts = await posts_of(channel)
            await self._drop(number, self._channels.store.keep_posts, number, channel_id, [one.id for one in posts])
            self._posts[number].update({(channel_id, one.id): one for one in posts})
        else:
            thread = known or await _post(guild, post)
            await self._keep(number, place, await _allowed(read_post(thread, rules)) if thread else [])

    async def _keep(self, guild: int, place: Place, messages: Sequence[Kept]) -> None:
        channel, post = place
        async with self._storing:
            kept = [message for message in messages if message.number not in self._deleted]
            changed = await asyncio.to_thread(self._channels.store.replace, guild, channel, post, kept)
        if changed:
            self._mark(guild)


def _tell_fault(task: asyncio.Task[None]) -> None:
    if not task.cancelled() and (error := task.exception()) is not None:
        log.error("following broke off", exc_info=error, extra={"task": task.get_name()})


async def _post(guild: discord.Guild, number: int) -> discord.Thread | None:
    """Return a post; None where there is none any more, or none that the bot sees."""
    try:
        found = guild.get_thread(number) or await guild.fetch_channel(number)
    except (discord.NotFound, discord.Forbidden):
        return None
    return found if isinstance(found, discord.Thread) else None


async def _allowed(reading: Awaitable[Sequence[Kept]]) -> Sequence[Kept]:
    """Return what was read; nothing where Discord does not let the bot, or there is nothing any more."""
    try:
        return await reading
    except (discord.NotFound, discord.Forbidden):
        return []
