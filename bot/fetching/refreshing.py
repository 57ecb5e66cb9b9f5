"""Bring pages up to date: ask whether they changed, take what is new in sitemaps and feeds, mark what is gone."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.errors import FetchError
from bot.fetching.addresses import read_address
from bot.fetching.feeds import Entry
from bot.fetching.learning import Learner, Outcome
from bot.fetching.pages import Page, PageList, PageStore, Record


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
            raise FetchError(f"{name} is no page that was added, and no sitemap, feed, host or file of one")
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
