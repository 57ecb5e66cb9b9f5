"""Keep fetched pages: each as the file that came, and one record of where they are from."""

import hashlib
import json
import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path, PurePath
from typing import Any, Literal
from urllib.parse import unquote

from filelock import FileLock, Timeout

from bot.errors import FetchError
from bot.fetching.addresses import Address
from index.durable import write_durably
from index.fetched import RECORD

GIVEN = "_given"  # folder of the files that somebody gave; no host has such a name

FORMAT = 1  # of the record; raised when a reader of the old one would misread the new

LOCK_SECONDS = 10.0  # a change takes milliseconds

State = Literal["ok", "gone", "failed"]


@dataclass(frozen=True, slots=True)
class Page:
    """A page, or a file that somebody gave."""

    address: str  # what is cited; of a file, its name
    file: str  # below the folder of pages
    title: str
    date: str | None  # on which it was published or changed, as it says, or a feed
    fetched: str  # when it was seen last, UTC
    sha256: str  # of the file
    final_address: str = ""  # where redirects led
    etag: str = ""
    last_modified: str = ""
    state: State = "ok"  # gone and failed: what came earlier is still there
    reason: str = ""  # why it is gone or failed
    listed_in: str = ""  # sitemap or feed that names it
    is_carried: bool = False  # whether the feed holds it, so that it is not fetched itself

    @property
    def is_given(self) -> bool:
        """Whether somebody gave it as a file."""
        return "://" not in self.address


@dataclass(frozen=True, slots=True)
class PageList:
    """A sitemap or a feed whose pages are fetched."""

    address: str
    max_pages: int
    fetched: str
    etag: str = ""
    last_modified: str = ""
    passed_over: tuple[str, ...] = ()  # pages that it names and that are no news: removed ones, and unreadable ones


@dataclass(slots=True)
class Record:
    """All that is known of the pages."""

    pages: dict[str, Page] = field(default_factory=dict)  # by address
    lists: dict[str, PageList] = field(default_factory=dict)

    def find(self, address: str) -> Page | None:
        """Return the page of this address, or the one to which it leads; http or https, and a last slash, are one."""
        if page := self.pages.get(address):
            return page
        wanted = _bare(address)
        return next((p for p in self.pages.values() if wanted in (_bare(p.address), _bare(p.final_address))), None)

    def find_list(self, address: str) -> PageList | None:
        """Return the sitemap or the feed of this address."""
        return next((one for one in self.lists.values() if _bare(one.address) == _bare(address)), None)


class PageStore:
    """The folder of pages. Several processes may use it: each change is made to what the record holds by then."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def read(self) -> Record:
        """Return what is known.

        Raises:
            FetchError: the record cannot be read.
        """
        try:
            told = json.loads((self.folder / RECORD).read_bytes())
            if told["format"] != FORMAT:
                raise FetchError(f"{RECORD} in the folder of pages is of another version of Babillard: use that one")
            pages = [Page(**one) for one in told["pages"]]
            lists = [PageList(**{**one, "passed_over": tuple(one["passed_over"])}) for one in told["lists"]]
        except FileNotFoundError:
            return Record()
        except OSError as error:
            raise FetchError(f"the folder of pages cannot be read ({error.strerror}): check DATA_DIR") from error
        except (ValueError, TypeError, KeyError, RecursionError) as error:
            raise FetchError(f"{RECORD} in the folder of pages is damaged: restore it, or remove the folder") from error
        return Record({page.address: page for page in pages}, {one.address: one for one in lists})

    def content(self, page: Page) -> bytes | None:
        """Return the file of a page; None where it is not what was kept."""
        try:
            data = (self.folder / page.file).read_bytes()
        except OSError:
            return None
        return data if digest(data) == page.sha256 else None

    def keep(self, page: Page, data: bytes | None = None, *, is_known: bool = False) -> bool:
        """Keep what is known of a page, and what it holds if that is new.

        Args:
            page: with its address.
            data: what it holds; None where that is no news.
            is_known: whether it was kept when it was asked for: forgotten meanwhile, it is not brought back.

        Returns:
            False when it was forgotten.

        Raises:
            FetchError: the folder cannot be written.
        """
        with self._changing() as record:
            before = record.pages.get(page.address)
            if before is None and is_known:
                return False
            if data is not None:
                self._write(self.folder / page.file, data)
            record.pages[page.address] = page
            self._save(record)
            if before is not None and before.file != page.file:
                self._remove_file(before.file)
        return True

    def keep_list(self, one: PageList, *, is_known: bool = False) -> None:
        """Keep what is known of a sitemap or a feed.

        With `is_known`, one that was forgotten meanwhile is not brought back, nor pages of it that were.
        """
        with self._changing() as record:
            before = record.lists.get(one.address)
            if before is None and is_known:
                return
            if before is not None and is_known:
                one = replace(one, passed_over=tuple(dict.fromkeys((*before.passed_over, *one.passed_over))))
            record.lists[one.address] = one
            self._save(record)

    def remove(self, is_meant: Callable[[Page], bool], lists: frozenset[str] = frozenset()) -> list[Page]:
        """Forget pages with their files, and lists; return the pages. A list that stays will not bring them again."""
        with self._changing() as record:
            meant = [page for page in record.pages.values() if is_meant(page)]
            for address in lists:
                record.lists.pop(address, None)
            for page in meant:
                self._remove_file(page.file)
                del record.pages[page.address]
                if one := record.lists.get(page.listed_in):
                    record.lists[one.address] = replace(one, passed_over=(*one.passed_over, page.address))
            self._save(record)
        return meant

    @contextmanager
    def unchanged(self) -> Iterator[None]:
        """Let nobody change anything meanwhile; whoever wants to waits for `LOCK_SECONDS`.

        Raises:
            FetchError: another command is at work on the pages, or the folder cannot be written.
        """
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            with FileLock(self.folder / ".lock", timeout=LOCK_SECONDS):
                yield
        except Timeout as error:
            raise FetchError("another command is at work on the pages: try again in a moment") from error
        except OSError as error:
            raise FetchError(f"the folder of pages cannot be written ({error.strerror}): check DATA_DIR") from error

    @contextmanager
    def _changing(self) -> Iterator[Record]:
        with self.unchanged():
            yield self.read()

    def _save(self, record: Record) -> None:
        told: dict[str, Any] = {
            "format": FORMAT,
            "pages": [asdict(page) for page in record.pages.values()],
            "lists": [asdict(one) for one in record.lists.values()],
        }
        temporary = self.folder / f"{RECORD}.tmp"
        write_durably(temporary, json.dumps(told, ensure_ascii=False, indent=1).encode("utf-8", "replace").decode())
        temporary.replace(self.folder / RECORD)

    def _write(self, path: Path, data: bytes) -> None:
        path.parent.mkdir(exist_ok=True)
        temporary = path.with_name(f".{path.name}.tmp")
        with temporary.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)

    def _remove_file(self, file: str) -> None:
        path = self.folder / file
        if path.resolve().is_relative_to(self.folder.resolve()):  # the record may have been written by hand
            path.unlink(missing_ok=True)


def digest(data: bytes) -> str:
    """Return what tells one content of a page from another."""
    return hashlib.sha256(data).hexdigest()


def file_of(address: Address, suffix: str) -> str:
    """Return where a page is kept: a folder for each host, a name that says something, and no two alike."""
    words = re.sub(r"\W+", "-", re.sub(r"\.\w{1,5}$", "", unquote(address.path)))[-60:].strip("-_")
    host = re.sub(r"[^a-z0-9.-]+", "_", address.authority)
    return f"{host}/{words or 'index'}-{digest(str(address).encode())[:10]}{suffix}"


def title_of(address: Address) -> str:
    """Return the last words of an address, as a title for a page that has none."""
    segments = [part for part in unquote(address.path).split("/") if re.search(r"[^\W\d_]", part)]
    words = re.sub(r"[\W_]+", " ", re.sub(r"\.\w{1,5}$", "", segments[-1])).strip() if segments else ""
    return words[:1].upper() + words[1:] if words else address.host


def given_file(name: str) -> str:
    """Return where a file is kept that somebody gave."""
    suffix = PurePath(name).suffix.lower()
    stem = re.sub(r'[\x00-\x1f\x7f/\\:*?"<>|]+', "_", name[: -len(suffix)] if suffix else name).lstrip(".~$ ")[:100]
    kept = f"{stem}{suffix}"
    if kept != name:
        kept = f"{stem}-{digest(name.encode('utf-8', 'replace'))[:10]}{suffix}"
    return f"{GIVEN}/{kept}"


def _bare(address: str) -> str:
    return re.sub(r"^https?://", "", address).rstrip("/")
