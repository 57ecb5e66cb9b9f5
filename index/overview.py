"""What an index knows of itself: how many articles it holds, some of their titles, the newest date."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate

from index.generations import Store
from index.schema import LANGUAGES, Chunk, Language

MAX_TITLES = 10
"""Titles kept of each language: as many as a phone shows at once."""

MAX_READ = 10_000
"""Passages that are read where files hold several articles; beyond it only the first article of each file is seen."""

_ISO_DATE = re.compile(r"\d{4}(?:-\d\d(?:-\d\d)?)?")


@dataclass(frozen=True, slots=True)
class Overview:
    """What can be told of the articles without a search."""

    articles: int
    titles: Mapping[Language, tuple[str, ...]]  # by the language of the article; all of them, or some from all over
    newest: str | None = None  # ISO 8601: the latest date that an article tells; None when none tells one

    def best_titles(self, language: Language, limit: int) -> tuple[str, ...]:
        """Return some titles, at most `limit`, those in `language` first."""
        others = (title for spoken in LANGUAGES if spoken != language for title in self.titles[spoken])
        return (*self.titles[language], *others)[:limit]


def first_chunks(store: Store, most: int | None = None) -> Iterator[Chunk]:
    """Yield the first chunk of each article, in the order of the index.

    Args:
        store: where they are.
        most: chunks that are read to tell articles of one file apart; beyond it each file counts as one article.

    Raises:
        DamagedIndexError: a file was damaged after it was opened.
    """
    manifest = store.manifest
    if manifest.documents == len(manifest.rows) or (most is not None and manifest.chunks > most):
        starts = accumulate(manifest.rows.values(), initial=0)
        yield from (store.chunk(row) for row, _ in zip(starts, manifest.rows, strict=False))
        return
    document = ""
    for row in range(manifest.chunks):
        chunk = store.chunk(row)
        if chunk.document_id != document:
            document = chunk.document_id
            yield chunk


def read_overview(stores: Sequence[Store]) -> Overview:
    """Read it from the first passage of each article: about a second for 10,000 files, so keep what it returns.

    Args:
        stores: those that are searched together.

    Raises:
        DamagedIndexError: a file was damaged after it was opened.
    """
    titles: dict[Language, dict[str, None]] = {language: {} for language in LANGUAGES}
    newest = ""
    for chunk in (first for store in stores for first in first_chunks(store, MAX_READ)):
        titles[chunk.language][chunk.title] = None
        if chunk.date and _ISO_DATE.match(chunk.date):
            newest = max(newest, chunk.date)
    return Overview(
        articles=sum(store.manifest.documents for store in stores),
        titles={language: _spread([*found]) for language, found in titles.items()},
        newest=newest or None,
    )


def _spread(titles: Sequence[str]) -> tuple[str, ...]:
    """Return at most `MAX_TITLES`, from the first to the last at even distances: neighbours are much alike."""
    count = min(len(titles), MAX_TITLES)
    return tuple(titles[at * len(titles) // count] for at in range(count))
