"""Go through a sitemap or a feed, and through the sitemaps that an index names: which pages there are to learn."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from bot.errors import FetchError
from bot.fetching.addresses import Address, read_address
from bot.fetching.feeds import Entry, Listing, read_listing
from bot.fetching.visiting import Visit, Visitor

MAX_SITEMAPS = 50  # of one index; with more, the site is no set of articles

MAX_NAMED = 5  # faults of entries that are told


@dataclass(slots=True)
class Found:
    """What a list names."""

    pages: dict[Address, Entry] = field(default_factory=dict)  # each once, in the order of the list
    left_out: list[str] = field(default_factory=list)  # what was, and why


def read_list(visit: Visit, max_bytes: int) -> Listing:
    """Return what a sitemap or a feed lists.

    Raises:
        FetchError: it is neither.
    """
    try:
        return read_listing(visit.reply.body, max_bytes)
    except FetchError as error:
        raise FetchError(f"{visit.reply.address} {error}") from error


def find_pages(visit: Visit, listing: Listing, most: int, visitor: Visitor) -> Found:
    """Return the first pages that a list names; of a sitemap, only those of its own site, as its protocol has it."""
    found = Found()
    faults: list[str] = []
    for base, part in _parts(visit, listing, visitor, found):
        for entry in part.entries:
            try:
                address = read_address(entry.link, base)
                if part.kind != "feed" and not _is_same_site(address, base):
                    raise FetchError(f"{address} is on another host than its sitemap: add it by itself")
            except FetchError as error:
                faults.append(str(error))
                continue
            if len(found.pages) == most and address not in found.pages:
                found.left_out.append(f"names more than {most:,} pages: the first ones are taken; --max takes more")
                return found
            found.pages.setdefault(address, entry)
    found.left_out += faults[:MAX_NAMED]
    if len(faults) > MAX_NAMED:
        found.left_out.append(f"and {len(faults) - MAX_NAMED:,} more")
    return found


def _parts(visit: Visit, listing: Listing, visitor: Visitor, found: Found) -> Iterator[tuple[Address, Listing]]:
    """Yield a list of pages; of an index, one sitemap after another, as long as more are wanted."""
    base = visit.reply.address
    if listing.kind != "index":
        yield base, listing
        return
    for entry in listing.entries[:MAX_SITEMAPS]:
        try:
            address = read_address(entry.link, base)
            if not _is_same_site(address, base):
                raise FetchError(f"{address} is on another host than its index: add it by itself")
            part = visitor.visit(address)
            told = read_list(part, visitor.max_bytes)
            if told.kind == "index":
                raise FetchError(f"{address} is an index in an index: add it by itself")
        except FetchError as error:
            found.left_out.append(str(error))
            continue
        yield part.reply.address, told
    if len(listing.entries) > MAX_SITEMAPS:
        found.left_out.append(f"names more than {MAX_SITEMAPS} sitemaps: add the others by themselves")


def _is_same_site(one: Address, other: Address) -> bool:
    return one.host.removeprefix("www.") == other.host.removeprefix("www.")
