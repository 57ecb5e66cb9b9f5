"""Learn pages and files for one server, and forget them: in a thread, within bounds, into the layer of that server."""

import asyncio
import logging
import threading
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass
from typing import Protocol

from bot.config import BotSettings
from bot.errors import FetchError, TeachingError
from bot.fetching.learning import Learner, Outcome, for_servers, open_learner, page_store
from bot.fetching.pages import Page, PageList, PageStore, digest
from bot.fetching.refreshing import MAX_OF_SERVER, forget, refresh
from bot.fetching.visiting import Host
from bot.publishing import Publisher
from index.errors import IndexingError

MAX_PAGES = 50
"""Of one sitemap or feed: a quarter of what the command line takes, for the machine belongs to whoever runs the bot."""

MAX_MINUTES = 10.0  # of fetching; Discord takes the outcome for 15

MAX_KEPT = MAX_OF_SERVER

REFRESH_MINUTES = 30.0  # of fetching the pages that every question sees; those that are left come first the next time

TEACHER_SECONDS = 1.0  # between two looks whether a teacher is done

MAX_AT_ONCE = 2  # servers that learn at the same time: parsing and embedding take a core each

CHANGES = frozenset(["added", "updated", "removed"])

log = logging.getLogger(__name__)


class Opener(Protocol):
    """Opens what learns: see `bot.fetching.learning.open_learner`."""

    def __call__(
        self, settings: BotSettings, max_pages: int, minutes: float, store: PageStore
    ) -> AbstractContextManager[Learner]:
        """Return a learner that keeps pages in `store`."""
        ...


@dataclass(slots=True)
class Progress:
    """How far it is; written by the thread that learns, read by whoever shows it."""

    done: int = 0
    total: int = 0  # 0 while nobody knows
    is_waiting: bool = True
    is_indexing: bool = False

    def expect(self, count: int) -> None:
        """Hear of more pages."""
        self.total += count


@dataclass(frozen=True, slots=True)
class Learned:
    """What became of what was to be learned."""

    outcomes: tuple[Outcome, ...]
    is_indexed: bool = True  # False: it is kept, and the index does not have it yet

    @property
    def changes(self) -> int:
        """How many pages are not what they were."""
        return sum(one.what in CHANGES for one in self.outcomes)


@dataclass(frozen=True, slots=True)
class Source:
    """Something that was learned and can be forgotten: a page, a file, or a sitemap or feed with its pages."""

    key: str  # as short as Discord wants it
    address: str
    title: str
    pages: int  # 1, or those of a list


class Library:
    """What the servers learned of pages and files. Belongs to one event loop."""

    def __init__(self, settings: BotSettings, publisher: Publisher, opened: Opener = open_learner) -> None:
        """Learn into the layers that `publisher` builds.

        Args:
            settings: of the bot; networks that FETCH_PRIVATE opens to whoever runs it stay closed to Discord.
            publisher: builds the layer of a server.
            opened: opens what learns.
        """
        self._common, self._settings = settings, for_servers(settings)
        self._publisher, self._opened = publisher, opened
        self._learning: set[int] = set()  # servers
        self._turns = asyncio.Semaphore(MAX_AT_ONCE)
        self._stopping = threading.Event()

    async def learn_page(self, guild: int, address: str, progress: Progress) -> Learned:
        """Learn what an address names; a fault of a page is an outcome.

        Raises:
            TeachingError: the server is learning already, or has learned as much as it may.
        """
        return await self._in_turn(guild, progress, lambda learner: learner.learn(address), address)

    async def learn_file(self, guild: int, name: str, data: bytes, progress: Progress) -> Learned:
        """Learn a file.

        Raises:
            TeachingError: as `learn_page`.
        """
        return await self._in_turn(guild, progress, lambda learner: iter([learner.learn_file(name, data)]), name)

    async def forget(self, guild: int, name: str) -> Learned:
        """Forget a source, by its key, or by an address, a host or the name of a file.

        Raises:
            TeachingError: nothing of that name was learned, or the server is learning.
        """
        with self._alone(guild):
            return await asyncio.to_thread(self._forget, guild, name)

    async def refresh(self, guild: int | None, hosts: dict[str, Host]) -> None:
        """Bring the pages of a server up to date, or with None those that every question sees.

        A teacher who learns something for the server meanwhile comes first.

        Args:
            guild: the server.
            hosts: what is known of the hosts that were asked before.

        Raises:
            FetchError: the record cannot be read or written.
            IndexingError: what came is kept, and not in the index.
        """
        await asyncio.to_thread(self._refresh, guild, hosts)

    def known(self, guild: int) -> list[Source]:
        """Return what a server learned: sitemaps and feeds, then pages and files, the last first.

        Raises:
            FetchError: the record cannot be read.
        """
        record = self._store(guild).read()
        listed = [page.listed_in for page in record.pages.values()]
        lists = [_source(one, listed.count(one.address)) for one in record.lists.values()]
        pages = sorted(record.pages.values(), key=lambda page: page.fetched, reverse=True)
        return [*lists, *(_source(page, 1) for page in pages)]

    def close(self) -> None:
        """Let what is being learned end after the page that is on its way; what was learned is kept."""
        self._stopping.set()

    async def _in_turn(
        self, guild: int, progress: Progress, work: Callable[[Learner], Iterator[Outcome]], name: str
    ) -> Learned:
        with self._alone(guild):
            async with self._turns:
                progress.is_waiting = False
                return await asyncio.to_thread(self._learn, guild, progress, work, name)

    @contextmanager
    def _alone(self, guild: int) -> Iterator[None]:
        """Let a server do one thing at a time."""
        if guild in self._learning:
            raise TeachingError("learning")
        self._learning.add(guild)
        try:
            yield
        finally:
            self._learning.discard(guild)

    def _learn(
        self, guild: int, progress: Progress, work: Callable[[Learner], Iterator[Outcome]], name: str
    ) -> Learned:
        store = self._store(guild)
        outcomes: list[Outcome] = []
        try:
            record = store.read()
            room = MAX_KEPT - len(record.pages)
            if room <= 0 and record.find(name) is None:
                raise TeachingError("full")
            with self._opened(self._settings, max(1, min(MAX_PAGES, room)), MAX_MINUTES, store) as learner:
                learner.expect = progress.expect
                for outcome in work(learner):
                    outcomes.append(outcome)
                    progress.done += 1
                    if self._stopping.is_set():
                        break
        except FetchError as error:
            outcomes.append(Outcome(name, "failed", reason=str(error)))
        progress.is_indexing = True
        return self._published(guild, outcomes)

    def _refresh(self, guild: int | None, hosts: dict[str, Host]) -> None:
        settings = self._common if guild is None else self._settings
        store = page_store(settings, guild)
        minutes = REFRESH_MINUTES if guild is None else MAX_MINUTES
        outcomes: list[Outcome] = []
        with (
            suppress(_StoppedError),  # what came before is kept, and published
            self._opened(settings, MAX_PAGES, minutes, store) as learner,
        ):
            learner.visitor.hosts, learner.visitor.sleep = hosts, self._pause
            learner.most_kept = None if guild is None else MAX_KEPT
            for outcome in refresh(learner):
                outcomes.append(outcome)
                while guild in self._learning:
                    self._pause(TEACHER_SECONDS)
                self._pause(0)
        counts = Counter(one.what for one in outcomes)
        numbers = {name: counts[name] for name in ("added", "updated", "removed", "gone", "failed")}
        log.info("refreshed", extra={"guild": guild, **numbers})
        if guild is None:  # also where nothing changed: a build of what is there already is done at once
            self._publisher.publish_pages()
        else:
            self._publisher.publish(guild)

    def _pause(self, seconds: float) -> None:
        """Wait so many seconds.

        Raises:
            _StoppedError: the process is about to end.
        """
        if self._stopping.wait(seconds):
            raise _StoppedError

    def _forget(self, guild: int, name: str) -> Learned:
        store = self._store(guild)
        addresses = {source.key: source.address for source in self.known(guild)}
        try:
            removed = forget(store, [addresses.get(name, name)])
        except FetchError as error:
            raise TeachingError("not_learned") from error
        return self._published(guild, removed)

    def _published(self, guild: int, outcomes: Iterable[Outcome]) -> Learned:
        learned = Learned(tuple(outcomes))
        if learned.changes:
            try:
                self._publisher.publish(guild)
            except IndexingError as error:
                log.warning("what was learned is not in the index: %s", error, extra={"guild": guild})
                return Learned(learned.outcomes, is_indexed=False)
        log.info("learned", extra={"guild": guild, "count": learned.changes})
        return learned

    def _store(self, guild: int) -> PageStore:
        return page_store(self._settings, guild)


class _StoppedError(Exception):
    """The process is about to end."""


def _source(one: Page | PageList, pages: int) -> Source:
    key = digest(one.address.encode("utf-8", "replace"))[:16]
    return Source(key, one.address, one.title if isinstance(one, Page) else "", pages)
