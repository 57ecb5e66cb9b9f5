"""Read what the record of fetched pages says of files: where each comes from, whatever the page claims."""

import json
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from index.errors import SeedsError

LEARNED = "learned"  # the folder in the data folder

PAGES = "@pages"
"""The part of what was learned that holds the fetched pages: see `index.layers`."""

RECORD = ".pages.json"
"""In a folder of pages; hidden, so that it is no article. `bot.fetching` writes it."""


@dataclass(frozen=True, slots=True)
class Told:
    """What is known of a file from how it came."""

    address: str  # of the page; "" for a file that somebody gave
    title: str  # of a page that says none of its own; "" for a file that somebody gave, whose name tells
    date: str | None  # of a page that says none
    name: str  # what is cited where neither the record nor the file tells an address

    @property
    def shape(self) -> bytes:
        """What changes when a document that was made with it has to be made again."""
        return json.dumps([self.address, self.title, self.date, self.name]).encode()


def learned_folder(data: Path) -> Path:
    """Return the folder of what was learned in the data folder."""
    return data / LEARNED


def pages_folder(data: Path) -> Path:
    """Return the folder of fetched pages in the data folder; it is there once something was fetched."""
    return learned_folder(data) / PAGES


def read_told(root: Path, part: str = "") -> dict[str, Told]:
    """Return file -> what is known of it; nothing where the part holds no record.

    Args:
        root: folder of documents; files are named by their path below it.
        part: the folder below `root` that is read; "" for `root` itself.

    Raises:
        SeedsError: the record is damaged.
    """
    folder = root / part
    path = folder / RECORD
    if not path.is_file():
        return {}
    try:
        pages = json.loads(path.read_bytes())["pages"]
        return {(PurePosixPath(part) / page["file"]).as_posix(): _told(page) for page in pages}
    except OSError as error:
        raise SeedsError(f"{path} cannot be read ({error.strerror}): let whoever runs this read it") from error
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise SeedsError(f"{path} is damaged: restore it, or remove {folder} and add its pages again") from error


def _told(page: dict[str, str | None]) -> Told:
    address, title, date = page["address"] or "", page["title"] or "", page["date"]
    is_page = "://" in address
    return Told(address, title, date, address) if is_page else Told("", "", date, address)
