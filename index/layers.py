"""The layers of an index: parts of the articles that are indexed apart, and searched together by whoever may see them.

    SEEDS_DIR/                  the articles that every question sees
    SEEDS_DIR/@NAME/            a collection: for the servers and the channels that chose it
    DATA_DIR/learned/@pages/    what `babillard add` fetched, for every question
    DATA_DIR/learned/@NUMBER/   what one server taught, for its own questions

An index of its own for each keeps them apart by construction: what a question may not see is not opened for it.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.build import BuildReport, Progress, build_index, stale_reason
from index.config import IndexSettings
from index.errors import SeedsError
from index.fetched import PAGES, learned_folder
from index.generations import Generations
from index.ingestion import MAX_FILE_MB, PART, Skipped, parts_of, seed_files
from index.model.embedding import TextEmbeddings
from index.parsing import Parse, parse_here
from index.places import place_of
from index.schema import Language, SearchHit
from index.search import Searcher

_NAME = re.compile(r"@(?!pages\Z)(?!\d+\Z)\w[\w-]{0,31}")


@dataclass(frozen=True, slots=True)
class Layer:
    """A part of the articles, and where its index lies."""

    root: Path  # what the ids of its documents are relative to
    part: str  # the folder below it, `@name`; "" for all that stands in no such folder
    generations: Generations  # of its index

    @property
    def folder(self) -> Path:
        """Where its articles lie."""
        return self.root / self.part

    @property
    def index(self) -> Path:
        """The folder of its index: where its files are, or what is kept here of an index elsewhere."""
        return self.generations.folder

    def build(
        self,
        embeddings: TextEmbeddings,
        progress: Progress | None = None,
        max_mb: int = MAX_FILE_MB,
        full: bool = False,
        parse: Parse = parse_here,
    ) -> BuildReport | None:
        """Bring its index up to date; without articles, remove it and return None.

        Raises:
            SeedsError, EmbeddingError, IndexingError: as `index.build.build_index` does.
        """
        if self.part and not (self.folder.is_dir() and seed_files(self.root, max_mb, self.part)):
            self.generations.remove()
            return None
        return build_index(self.root, self.generations, embeddings, progress, max_mb, full, self.part, parse)


def articles_layer(settings: IndexSettings) -> Layer:
    """Return the layer of the articles."""
    return Layer(settings.seeds_dir, "", place_of(settings))


def common_layers(settings: IndexSettings) -> list[Layer]:
    """Return the layers that every question sees, the articles first."""
    return [articles_layer(settings), pages_layer(settings)]


def pages_layer(settings: IndexSettings) -> Layer:
    """Return the layer of the pages that every question sees."""
    return _learned(settings, PAGES)


def server_layer(settings: IndexSettings, guild: int) -> Layer:
    """Return the layer of what one server taught."""
    return _learned(settings, f"{PART}{guild}")


def is_common(document: str) -> bool:
    """Whether every question sees the document of this id."""
    part, _, rest = document.partition("/")
    return not (part.startswith(PART) and rest) or part == PAGES


def learned_servers(settings: IndexSettings) -> list[int]:
    """Return the servers that have a layer, also one that is not indexed yet, sorted."""
    parts = parts_of(learned_folder(settings.data_dir))
    return sorted(int(part[1:]) for part in parts if part[1:].isdecimal())


def collection_layer(settings: IndexSettings, name: str) -> Layer:
    """Return the layer of a collection, by its name without the sign."""
    return Layer(settings.seeds_dir, f"{PART}{name}", place_of(settings, f"{PART}{name}"))


def collections(settings: IndexSettings) -> list[str]:
    """Return the names of the collections, without their sign, sorted."""
    return [part[1:] for part in parts_of(settings.seeds_dir) if _NAME.fullmatch(part)]


def all_layers(settings: IndexSettings) -> list[Layer]:
    """Return every layer that has a folder, that of the articles first.

    Raises:
        SeedsError: a folder at the top of the articles begins like a collection, and has no name for one.
    """
    for part in parts_of(settings.seeds_dir):
        if not _NAME.fullmatch(part):
            raise SeedsError(
                f"{settings.seeds_dir / part} cannot be a collection: name it {PART} and up to 32 letters, digits, "
                f"- or _, not digits alone and not {PAGES}"
            )
    learned = [_learned(settings, part) for part in parts_of(learned_folder(settings.data_dir))]
    chosen = [collection_layer(settings, name) for name in collections(settings)]
    return [articles_layer(settings), *chosen, *learned]


def build_layers(
    settings: IndexSettings,
    embeddings: TextEmbeddings,
    progress: Progress | None = None,
    full: bool = False,
    parse: Parse = parse_here,
) -> list[BuildReport]:
    """Bring every layer up to date, that of the articles first, and remove the index of those that are gone.

    A layer of which nothing can be read is told as skipped, and goes on serving what it has.

    Raises:
        SeedsError: nothing of the articles could be read, or a collection has no name for one.
        EmbeddingError, IndexingError: as `index.build.build_index` does.
    """
    layers = all_layers(settings)
    articles, max_mb = layers[0].generations, settings.max_file_mb
    reports = [build_index(settings.seeds_dir, articles, embeddings, progress, max_mb, full, parse=parse)]
    for layer in layers[1:]:
        try:
            report = layer.build(embeddings, progress, max_mb, full, parse)
        except SeedsError as error:
            reports[0] = reports[0].with_skipped(Skipped(layer.part, str(error).splitlines()[0]))
            continue
        reports += [report] if report else []
    kept = {layer.index for layer in layers}
    for old in _layer_folders(settings):
        if old not in kept:
            place_of(settings, old.name).remove()
    return reports


def stale_layers(settings: IndexSettings, embeddings: TextEmbeddings) -> str | None:
    """Return why a layer is not that of its articles and the settings in force, or None if each is."""
    for layer in all_layers(settings):
        if layer.part and not seed_files(layer.root, settings.max_file_mb, layer.part):
            continue
        if reason := stale_reason(layer.root, layer.generations, embeddings, settings.max_file_mb, layer.part):
            return f"in {layer.part}, {reason}" if layer.part else reason
    return None


class Layers:
    """Searches several indexes as one. Thread-safe: it keeps no state between calls."""

    def __init__(self, searchers: Sequence[Searcher], embeddings: TextEmbeddings) -> None:
        """Search with these, one or more, over texts that `embeddings` embedded."""
        self._searchers, self._embeddings = searchers, embeddings

    def search(self, query: str, language: Language, k: int) -> list[SearchHit]:
        """Return at most `k` hits, best first: their scores can be compared, for each is of cosines and shares.

        Args:
            query: the question, in any case, with or without accents.
            language: of the question.
            k: 1 or more.
        """
        if len(self._searchers) == 1:
            return self._searchers[0].search(query, language, k)
        if not query.strip():
            return []
        vector: NDArray[np.float32] = self._embeddings.encode_query(query)
        found = [hit for searcher in self._searchers for hit in searcher.search_near(vector, query, language, k)]
        found.sort(key=lambda hit: -hit.score)
        return [replace(hit, rank=rank) for rank, hit in enumerate(found[:k], start=1)]


def _learned(settings: IndexSettings, part: str) -> Layer:
    return Layer(learned_folder(settings.data_dir), part, place_of(settings, f"learned{part}"))


def _layer_folders(settings: IndexSettings) -> Iterator[Path]:
    folder = settings.index_dir / "layers"
    return folder.iterdir() if folder.is_dir() else iter(())
