"""Bring pages up to date: ask whether they changed, take what is new in sitemaps and feeds, mark what is gone."""

import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace

from filelock import FileLock, Timeout

from bot.config import BotSettings
from bot.errors import FetchError
from bot.fetching.addresses import read_address
from bot.fetching.feeds import Entry
from bot.fetching.learning import MAX_MINUTES, Learner, Outcome, for_servers, open_learner, page_store
from bot.fetching.pages import Page, PageList, PageStore, Record
from bot.fetching.visiting import Host
from index.fetched import learned_folder
from index.layers import learned_servers

LOCK = ".refresh.lock"  # in the folder of what was learned

MAX_OF_SERVER = 500
"""Pages and files of one server. With ten passages each the index of a server has 5,000, which is opened in a blink."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Selection:
    """Pages and lists."""

    pages: tuple[Page, ...]
    lists: tuple[PageList, ...]


def select(record: Record, names: Sequence[str]) -> Selection:
    """Return the pages and the lists that names stand for; all of them where there is no name.

    Args:
        record: of the pages.
        names: addresses of pages, sitemaps and feeds, whose pages are meant too; hosts; names of given files.

    Raises:
        FetchError: a name stands for nothing.
    """
    if not names:
        return Selection(tuple(record.pages.values()), tuple(record.lists.values()))
    pages: dict[str, Page] = {}
    lists: dict[str, PageList] = {}
    for name in names:
        found = _select(record, name)
        if not (found.pages or found.lists):
            raise _unknown(name)
        pages |= {page.address: page for page in found.pages}
        lists |= {one.address: one for one in found.lists}
    return Selection(tuple(pages.values()), tuple(lists.values()))


def _select(record: Record, name: str) -> Selection:
    if "://" in name:
        address = str(read_address(name))
        if one := record.find_list(address):
            return Selection(tuple(p for p in record.pages.values() if p.listed_in == one.address), (one,))
        page = record.find(address)
        return Selection((page,) if page else (), ())
    if page := record.pages.get(name):
        return Selection((page,), ())
    host = name.lower().rstrip("/.")
    lists = tuple(one for one in record.lists.values() if host and _host(one.address) == host)
    named = {one.address for one in lists}
    pages = (p for p in record.pages.values() if (host and _host(p.address) == host) or p.listed_in in named)
    return Selection(tuple(pages), lists)


def _host(address: str) -> str:
    return read_address(address).host if "://" in address else ""


@contextmanager
def refreshing(settings: BotSettings) -> Iterator[None]:
    """Let no other refresh begin, in this process or in another, until this one is done.

    Raises:
        FetchError: another is running, or the folder cannot be written.
    """
    folder = learned_folder(settings.data_dir)
    if not folder.is_dir():
        yield  # there is nothing to refresh
        return
    lock = FileLock(folder / LOCK, timeout=0)
    try:
        lock.acquire()
    except Timeout as error:
        raise FetchError("the pages are being refreshed already: wait until that is done") from error
    except OSError as error:
        raise FetchError(f"{folder} cannot be written ({error.strerror}): check DATA_DIR") from error
    try:
        yield
    finally:
        lock.release()


def servers_with_pages(settings: BotSettings) -> list[int]:
    """Return the servers that have pages of their own to refresh; one whose record is damaged is told in the log."""
    found = []
    for guild in learned_servers(settings):
        try:
            record = page_store(settings, guild).read()
        except FetchError as error:
            log.warning("pages of a server cannot be refreshed: %s", error, extra={"guild": guild})
            continue
        if record.lists or not all(page.is_given for page in record.pages.values()):
            found.append(guild)
    return found


def refresh_all(
    settings: BotSettings,
    names: Sequence[str] = (),
    guild: int | None = None,
    *,
    prune: bool = False,
    minutes: float = MAX_MINUTES,
    expect: Callable[[int], None] = lambda _: None,
) -> Iterator[Outcome]:
    """Yield what becomes of the pages that every question sees, and then of those of each server.

    Args:
        settings: of the bot; networks that FETCH_PRIVATE opens stay closed to the pages of servers.
        names: what is meant, as `select` takes it; of each place what is there.
        guild: the server whose pages alone are meant; None for all.
        prune: whether to remove the pages that are gone.
        minutes: that all of it may take.
        expect: is told how many pages there are.

    Raises:
        FetchError: a name stands for nothing, or the pages are being refreshed already.
    """
    if guild is not None and guild not in learned_servers(settings):
        raise FetchError(f"server {guild} has learned no page: `babillard refresh` without --guild takes all")
    places: list[int | None] = [None, *servers_with_pages(settings)] if guild is None else [guild]
    records = {place: page_store(settings, place).read() for place in places}
    meant = {place: [name for name in names if _is_there(record, name)] for place, record in records.items()}
    if missing := [name for name in names if not any(name in found for found in meant.values())]:
        raise _unknown(missing[0])
    hosts: dict[str, Host] = {}
    end: float | None = None
    with refreshing(settings):
        for place in places:
            if names and not meant[place]:
                continue
            own = settings if place is None else for_servers(settings)
            with open_learner(own, minutes=minutes, store=page_store(settings, place)) as learner:
                learner.visitor.hosts, learner.expect, learner.end = hosts, expect, end
                learner.most_kept = None if place is None else MAX_OF_SERVER
                for outcome in refresh(learner, meant[place], prune=prune):
                    yield replace(outcome, guild=place)
                end = learner.end


def _is_there(record: Record, name: str) -> bool:
    found = _select(record, name)
    return bool(found.pages or found.lists)


def _unknown(name: str) -> FetchError:
    return FetchError(f"{name} is no page that was added, and no sitemap, feed, host or file of one")


def refresh(learner: Learner, names: Sequence[str] = (), *, prune: bool = False) -> Iterator[Outcome]:
    """Yield what becomes of each page; files that somebody gave stay as they are.

    Args:
        learner: that fetches them.
        names: what is meant, as `select` takes it.
        prune: whether to remove the pages that are gone.

    Raises:
        FetchError: a name stands for nothing, or the folder of pages cannot be used.
    """
    selection = select(learner.store.read(), names)
    pages = [page for page in selection.pages if not page.is_given and not page.is_carried]
    pages.sort(key=lambda page: page.fetched)  # so that each has its turn where the time is too short for all
    learner.expect(len(pages))
    done: set[str] = set()
    for one in selection.lists:
        for outcome in _refresh_list(learner, one):
            done.add(outcome.address)
            yield outcome
    for number, page in enumerate(pages):
        if page.address in done:
            continue
        if learner.is_over():
            yield Outcome(page.address, "left out", reason=learner.over(len(pages) - number))
            break
        if page.address in learner.store.read().pages:  # else it was forgotten meanwhile
            yield _refresh_page(learner, page)
    if prune:
        meant = {page.address for page in selection.pages}
        removed = learner.store.remove(lambda page: page.address in meant and page.state == "gone")
        yield from (Outcome.of(page, "removed") for page in removed)


def _refresh_list(learner: Learner, one: PageList) -> Iterator[Outcome]:
    """Yield what becomes of the new pages of a list, and of those that a feed holds."""
    if learner.is_over():
        yield Outcome(one.address, "left out", reason="the time is up: run `babillard refresh` later")
        return
    try:
        visit = learner.visitor.visit(read_address(one.address), learner.conditions(one))
        if not visit.is_unchanged:
            yield from learner.take_list(visit, one.max_pages, known_too=False)
    except FetchError as error:
        yield Outcome(one.address, "failed", reason=str(error))


def _refresh_page(learner: Learner, page: Page) -> Outcome:
    try:
        visit = learner.visitor.visit(read_address(page.address), learner.conditions(page))
        return learner.take(visit, page, Entry(page.address, page.title, page.date))
    except FetchError as error:
        return learner.failed(page.address, page, error)


def forget(store: PageStore, names: Sequence[str]) -> list[Outcome]:
    """Remove pages, lists with their pages, and given files; return what was removed.

    Raises:
        FetchError: a name stands for nothing: nothing is removed then.
    """
    selection = select(store.read(), names)
    meant = {page.address for page in selection.pages}
    lists = frozenset(one.address for one in selection.lists)
    removed = store.remove(lambda page: page.address in meant, lists)
    return [Outcome.of(page, "removed") for page in removed]
