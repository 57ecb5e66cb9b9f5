"""Learn pages: fetch what an address names, a page, a sitemap or a feed, and keep what a loader can read.

Nothing here knows of asyncio: what serves many people at once calls it in a thread, with a learner of its own.

    with open_learner(settings) as learner:
        for outcome in learner.learn("https://example.org/guide"):
            ...
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC
from pathlib import PurePath, PurePosixPath
from typing import Literal

from bot.config import BotSettings
from bot.errors import FetchError
from bot.fetching.addresses import Address, read_address
from bot.fetching.client import Client
from bot.fetching.connecting import Clock
from bot.fetching.feeds import Entry, page_of
from bot.fetching.guard import Guard
from bot.fetching.kinds import is_list, suffix_of
from bot.fetching.listing import find_pages, read_list
from bot.fetching.pages import Page, PageList, PageStore, digest, file_of, given_file, title_of
from bot.fetching.reading import read_page
from bot.fetching.visiting import NAME, Visit, Visitor
from index.fetched import pages_folder
from index.layers import server_layer
from index.loaders.formats import unread_reason
from index.worker import Worker

MAX_PAGES = 200
"""Of one sitemap or feed, if nobody says how many. With a pause of a second they take some four minutes."""

MAX_MINUTES = 30.0  # for one command, if nobody says how many

MAX_TITLE = 300  # characters that the record keeps; the index cuts at 200

MAX_HEADER = 500  # characters of an ETag or a date that is sent back

What = Literal["added", "updated", "unchanged", "gone", "failed", "removed", "left out"]
"""As docs/sources.md explains them."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one page; or, of a sitemap or a feed, what was left out of it."""

    address: str
    what: What
    title: str = ""
    date: str | None = None
    listed_in: str = ""  # the sitemap or the feed that names the page
    reason: str = ""  # why it is gone, failed or left out
    guild: int | None = None  # the server whose own it is; None for what every question sees

    @classmethod
    def of(cls, page: Page, what: What) -> "Outcome":
        """Return what became of a page that is kept, or was."""
        return cls(page.address, what, page.title, page.date, page.listed_in, page.reason)


def _unheard(count: int) -> None:
    """Tell nobody how many pages there are."""


@dataclass(slots=True)
class Learner:
    """Learns pages one after another, until its time is up. Not for several threads at once."""

    store: PageStore
    visitor: Visitor
    worker: Worker
    max_pages: int = MAX_PAGES
    seconds: float = MAX_MINUTES * 60
    clock: Clock = time.monotonic
    expect: Callable[[int], None] = _unheard  # told how many pages a list names, before they are fetched
    most_kept: int | None = None  # pages in the store beyond which a list brings no new ones; None for any number
    end: float | None = None  # when the time is up, by `clock`; None until it begins

    def learn(self, text: str) -> Iterator[Outcome]:
        """Fetch what an address names, and yield what becomes of each page.

        Raises:
            FetchError: it names nothing that can be learned; what was yielded before is kept.
        """
        address = read_address(text)
        known = self.store.read().find(str(address))
        try:
            visit = self.visitor.visit(address, self.conditions(known))
            if visit.is_unchanged or not is_list(visit.reply):
                yield self.take(visit, known, Entry(str(address)))
                return
        except FetchError as error:
            if known is None:
                raise
            yield self.failed(str(address), known, error)
            return
        yield from self.take_list(visit, self.max_pages)

    def learn_file(self, name: str, data: bytes) -> Outcome:
        """Keep a file that somebody gave; one of the same name is replaced.

        Args:
            name: of the file, without folders; it is cited, where the file itself tells no address.
            data: the file.

        Raises:
            FetchError: no loader reads it, or it says nothing.
        """
        name = PurePosixPath(name.replace("\\", "/")).name
        if why := unread_reason(name):
            raise FetchError(f"{name} is {why}")
        if len(data) > self.visitor.max_bytes:
            megabytes = self.visitor.max_bytes / 1_000_000
            raise FetchError(f"{name} has more than {megabytes:,.3g} MB: split it, or raise MAX_FILE_MB")
        said = read_page(name, data, PurePath(name).suffix.lower(), self.worker)
        title = (said.title or PurePath(name).stem)[:MAX_TITLE]
        page = Page(name, given_file(name), title, said.date, self._now(), digest(data))
        return self._keep(page, data, self.store.read().pages.get(name))

    def take_list(self, visit: Visit, most: int, *, known_too: bool = True) -> Iterator[Outcome]:
        """Learn the pages of a list, and keep the list; a fault of one page is an outcome.

        Args:
            visit: what came.
            most: how many pages are taken.
            known_too: whether pages that are known are asked for again; those that a feed holds are in any case.

        Raises:
            FetchError: it is no list.
        """
        source = str(visit.address)
        listing = read_list(visit, self.visitor.max_bytes)
        found = find_pages(visit, listing, most, self.visitor)
        record = self.store.read()
        before = record.lists.get(source)
        passed_over = before.passed_over if before and not known_too else ()
        kept = PageList(source, most, self._now(), passed_over=passed_over)
        self.store.keep_list(kept, is_known=before is not None and not known_too)
        yield from (Outcome(source, "left out", reason=reason) for reason in found.left_out)
        meant = [
            (address, entry)
            for address, entry in found.pages.items()
            if str(address) not in passed_over and (known_too or entry.content or record.find(str(address)) is None)
        ]
        self.expect(len(meant))
        is_whole, without_room = True, 0
        for number, (address, entry) in enumerate(meant):
            if self.is_over():
                yield Outcome(source, "left out", reason=self.over(len(meant) - number))
                return
            record = self.store.read()
            if (here := record.lists.get(source)) is None:
                return  # it was forgotten meanwhile
            known = record.find(str(address))
            if str(address) in here.passed_over:
                continue  # likewise
            if known is None and self.most_kept is not None and len(record.pages) >= self.most_kept:
                without_room += 1
                continue
            try:
                yield self._take_entry(address, entry, known, source)
            except FetchError as error:
                yield self.failed(str(address), known, error, source)
                if error.reason in ("closed", "silent"):
                    is_whole = False
                elif known is None:
                    passed_over = (*passed_over, str(address))
        if without_room:
            reason = f"{without_room:,} left, for {self.most_kept:,} pages are kept, and no more: forget some"
            yield Outcome(source, "left out", reason=reason)
        kept = replace(kept, passed_over=passed_over)
        if is_whole and not without_room and listing.kind != "index":  # what an index leads to may change
            tag, modified = (visit.reply.headers.get(name, "") for name in ("etag", "last-modified"))
            kept = replace(kept, etag=_sendable(tag), last_modified=_sendable(modified))
        self.store.keep_list(kept, is_known=True)

    def is_over(self) -> bool:
        """Whether the time is up; it begins when this is first asked."""
        if self.end is None:
            self.end = self.clock() + self.seconds
        return self.clock() >= self.end

    def over(self, left: int) -> str:
        """Return what to say when the time is up."""
        pages = "1 page is" if left == 1 else f"{left:,} pages are"
        return f"{pages} left, and the {self.seconds / 60:g} minutes are up: run `babillard refresh` later"

    def conditions(self, known: Page | PageList | None) -> dict[str, str]:
        """Return the headers that ask for a page only if it has changed."""
        if known is None or (isinstance(known, Page) and (known.is_carried or self.store.content(known) is None)):
            return {}
        headers = {"If-None-Match": known.etag, "If-Modified-Since": known.last_modified}
        return {name: value for name, value in headers.items() if value}

    def take(self, visit: Visit, known: Page | None, entry: Entry, source: str = "") -> Outcome:
        """Keep a page that came.

        Raises:
            FetchError: no loader reads it, or it says nothing.
        """
        if visit.is_unchanged and known is not None:
            return self._keep(replace(known, fetched=self._now(), state="ok", reason=""), None, known)
        if is_list(visit.reply):
            raise FetchError(f"{visit.address} is a sitemap or a feed now: add it by itself")
        known = known or self.store.read().find(str(visit.address))
        headers = visit.reply.headers
        page = self._page(visit.address, visit.reply.address, visit.reply.body, suffix_of(visit.reply), entry, known)
        page = replace(
            page,
            etag=_sendable(headers.get("etag", "")),
            last_modified=_sendable(headers.get("last-modified", "")),
            listed_in=source or page.listed_in,
        )
        return self._keep(page, visit.reply.body, known)

    def failed(self, address: str, known: Page | None, error: FetchError, source: str = "") -> Outcome:
        """Return a fault as an outcome; what was kept of the page stays."""
        state: Literal["gone", "failed"] = "gone" if error.reason == "gone" else "failed"
        if known is None:
            return Outcome(address, state, listed_in=source, reason=str(error))
        page = replace(known, state=state, reason=str(error))
        return Outcome.of(page, state if self.store.keep(page, is_known=True) else "removed")

    def _take_entry(self, address: Address, entry: Entry, known: Page | None, source: str) -> Outcome:
        if not entry.content:
            return self.take(self.visitor.visit(address, self.conditions(known)), known, entry, source)
        data = page_of(entry)
        page = self._page(address, address, data, ".html", entry, known)
        return self._keep(replace(page, listed_in=source, is_carried=True), data, known)

    def _page(
        self, address: Address, final: Address, data: bytes, suffix: str, entry: Entry, known: Page | None
    ) -> Page:
        said = read_page(str(final), data, suffix, self.worker)
        cited = read_address(known.address) if known else address
        return Page(
            address=str(cited),
            file=file_of(cited, suffix),
            title=(said.title or entry.title or title_of(cited))[:MAX_TITLE],
            date=said.date or entry.date,
            fetched=self._now(),
            sha256=digest(data),
            final_address=str(final),
            listed_in=known.listed_in if known else "",
        )

    def _keep(self, page: Page, data: bytes | None, known: Page | None) -> Outcome:
        is_same = known is not None and known.sha256 == page.sha256 and self.store.content(known) is not None
        is_here = is_same and known is not None and known.file == page.file
        if not self.store.keep(page, None if is_here else data, is_known=known is not None):
            return Outcome.of(page, "removed")
        return Outcome.of(page, "added" if known is None else "unchanged" if is_same else "updated")

    def _now(self) -> str:
        return self.visitor.today().astimezone(UTC).isoformat(timespec="seconds")


@contextmanager
def open_learner(
    settings: BotSettings, max_pages: int = MAX_PAGES, minutes: float = MAX_MINUTES, store: PageStore | None = None
) -> Iterator[Learner]:
    """Yield a learner as the settings have it.

    Args:
        settings: of the bot.
        max_pages: of one sitemap or feed.
        minutes: that it may take.
        store: where it keeps pages; None for those that every question sees.
    """
    contact = f" ({settings.fetch_contact})" if settings.fetch_contact else ""
    guard = Guard(settings.private_networks)
    with Client(guard, f"{NAME}{contact}") as client, Worker() as worker:
        visitor = Visitor(client, settings.max_file_mb * 1_000_000)
        yield Learner(store or page_store(settings), visitor, worker, max_pages, minutes * 60)


def page_store(settings: BotSettings, guild: int | None = None) -> PageStore:
    """Return where the pages are that every question sees, or those of one server: a folder that builds read."""
    return PageStore(pages_folder(settings.data_dir) if guild is None else server_layer(settings, guild).folder)


def for_servers(settings: BotSettings) -> BotSettings:
    """Return the settings under which pages of servers are fetched: FETCH_PRIVATE is for whoever runs the bot."""
    return settings.model_copy(update={"fetch_private": ""})


def _sendable(header: str) -> str:
    """Return a header that can be sent back as it came; "" where it cannot."""
    return header if len(header) <= MAX_HEADER and header.isascii() and header.isprintable() else ""
