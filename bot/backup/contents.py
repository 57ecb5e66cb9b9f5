"""What belongs into a backup: all below the folders of the settings that nobody could make again."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bot.answering.readers.own_calibration import FILE_NAME as CALIBRATION
from bot.backup.databases import KINDS, Kind
from bot.backup.names import DATA, INDEX, SECRET, SEEDS
from bot.config import BotSettings
from bot.fetching.pages import PageStore
from index.fetched import LEARNED, RECORD, learned_folder
from index.ingestion import parts_of, seed_files
from index.loaders.formats import is_glossary


@dataclass(frozen=True, slots=True)
class Source:
    """A file, and its name in the archive."""

    name: str
    path: Path

    @property
    def bytes(self) -> int:
        """As it is now; 0 where it is gone."""
        try:
            return self.path.stat().st_size
        except OSError:
            return 0


@dataclass(frozen=True, slots=True)
class Learned:
    """What was fetched, given and taught for one layer, in its folder."""

    folder: Path

    @contextmanager
    def unchanged(self) -> Iterator[list[Source]]:
        """Give the files, which nobody changes meanwhile.

        Raises:
            FetchError: another command is at work on the pages.
        """
        with PageStore(self.folder).unchanged():
            yield self.sources()

    def sources(self) -> list[Source]:
        """Return the files as they are now, the record of the pages first."""
        found = [RECORD] if (self.folder / RECORD).is_file() else []
        for folder, folders, names in os.walk(self.folder):
            folders[:] = sorted(name for name in folders if not name.startswith("."))
            below = Path(folder).relative_to(self.folder)
            found += [(below / name).as_posix() for name in sorted(names) if not name.startswith(".")]
        return [Source(f"{DATA}/{LEARNED}/{self.folder.name}/{name}", self.folder / name) for name in found]


@dataclass(frozen=True, slots=True)
class Contents:
    """Where all of it lies."""

    databases: list[tuple[Kind, Source]]
    files: list[Source]  # the secret of the journal, the calibration
    learned: list[Learned]
    articles: list[Source]  # the glossaries, and the articles where they are asked for

    @property
    def bytes(self) -> int:
        """How much there is, as it is now."""
        learned = [source for one in self.learned for source in one.sources()]
        files = (*(source for _, source in self.databases), *self.files, *self.articles, *learned)
        return sum(source.bytes for source in files)


def find_contents(settings: BotSettings, *, with_seeds: bool) -> Contents:
    """Return what is there to back up.

    Args:
        settings: the folders.
        with_seeds: whether the articles belong to it; the glossaries do either way.
    """
    data = settings.data_dir
    databases = [(kind, Source(f"{DATA}/{kind.file}", data / kind.file)) for kind in KINDS]
    files = [
        Source(f"{DATA}/{SECRET}", data / SECRET),
        Source(f"{INDEX}/{CALIBRATION}", settings.index_dir / CALIBRATION),
    ]
    learned = learned_folder(data)
    return Contents(
        [(kind, source) for kind, source in databases if source.path.is_file()],
        [source for source in files if source.path.is_file()],
        [Learned(learned / part) for part in parts_of(learned)],
        _articles(settings, with_seeds),
    )


def _articles(settings: BotSettings, with_seeds: bool) -> list[Source]:
    seeds = settings.seeds_dir
    if not seeds.is_dir():
        return []
    paths = [path for part in ("", *parts_of(seeds)) for path in seed_files(seeds, settings.max_file_mb, part)]
    names = [(path.relative_to(seeds).as_posix(), path) for path in paths]
    return [Source(f"{SEEDS}/{name}", path) for name, path in names if with_seeds or is_glossary(name)]
