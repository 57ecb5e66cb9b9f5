"""Build an index: read the seeds, chunk, embed, index the words, write a new generation, swap it in."""

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import accumulate, chain, islice
from pathlib import Path

from filelock import FileLock, Timeout

from index.bm25 import BM25Index
from index.chunking import chunk_document, embedding_text, part_texts
from index.config import chunking_shape, fingerprint
from index.errors import (
    BuildingError,
    IndexingError,
    MissingIndexError,
    SeedsError,
    StaleIndexError,
    UnreachableStoreError,
)
from index.generations import Generations, Store, kept_in
from index.glossary import Glossary
from index.ingestion import MAX_FILE_MB, Ingestion, Skipped, count_formats, hash_seeds, read_seeds
from index.language import detect_language
from index.model.embedding import TextEmbeddings
from index.parsing import Parse, parse_here
from index.reuse import VectorCache, remove_log, text_key
from index.schema import FORMAT, Chunk, Language, Manifest
from index.store import Contents
from index.vocabulary import Vocabulary

Row = tuple[Chunk, int | None]  # a chunk, and its row in the previous generation if it was there


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What a build read and wrote."""

    manifest: Manifest
    skipped: tuple[Skipped, ...]
    embedded: int  # texts that had to be embedded
    seconds: float

    @property
    def read(self) -> dict[str, int]:
        """Suffix -> number of files in the index, in the order of the suffixes."""
        return count_formats(self.manifest.rows)

    def with_skipped(self, *more: Skipped) -> "BuildReport":
        """Return the report with more that was skipped."""
        return replace(self, skipped=(*self.skipped, *more))


@dataclass(frozen=True, slots=True)
class Progress:
    """Two functions that a build calls: one with the number of texts to embed, one with those just embedded."""

    start: Callable[[int], None] = lambda total: None
    advance: Callable[[int], None] = lambda done: None


def build_index(
    seeds: Path,
    index: Path | Generations,
    embeddings: TextEmbeddings,
    progress: Progress | None = None,
    max_mb: int = MAX_FILE_MB,
    full: bool = False,
    part: str = "",
    parse: Parse = parse_here,
) -> BuildReport:
    """Bring the index of `seeds` in `index` up to date; the old one serves until the new one is complete.

    Files that did not change keep their chunks, and texts that were embedded keep their vectors, even those of a build
    that was killed. The result is that of a full build.

    Args:
        seeds: folder of the articles.
        index: where it is kept; a path is a folder for its files, made when missing.
        embeddings: the model.
        progress: is told how far the embedding is.
        max_mb: size of the largest file that is read, in megabytes.
        full: reuse nothing of the generation that serves; what a killed build embedded is still used.
        part: which part of the seeds: see `index.ingestion.seed_files`.
        parse: turns files into their items.

    Raises:
        SeedsError: nothing could be read; where no index serves yet, an empty one does from now on.
        EmbeddingError: the model cannot be used.
        BuildingError: another build is at work in the folder.
        IndexingError: it cannot be written.
    """
    began = time.perf_counter()
    progress = progress or Progress()
    kept = kept_in(index)
    with _lock(kept.folder):
        shape = fingerprint(embeddings.model, embeddings.revision)
        previous = None if full else _previous(kept, shape)
        try:
            read = read_seeds(seeds, _language, max_mb=max_mb, known=_known(previous), part=part, parse=parse)
        except SeedsError:
            _write_empty(seeds, kept, embeddings, max_mb, part)
            raise
        log = kept.folder / f".embedding-{shape}"
        if previous and previous.manifest.chunks and read.hashes == previous.manifest.seeds:
            kept.remove_others(previous.manifest.generation)
            remove_log(log)
            return BuildReport(previous.manifest, tuple(read.skipped), 0, time.perf_counter() - began)
        rows = _rows(previous, read)
        vectors = VectorCache(log, embeddings, previous)
        contents, embedded = _contents(rows, previous, vectors, progress)
        manifest = _manifest(embeddings, shape, contents, rows, read, previous)
        written = kept.write(contents, manifest)
        remove_log(log)
    return BuildReport(written, tuple(read.skipped), embedded, time.perf_counter() - began)


def _manifest(
    embeddings: TextEmbeddings,
    shape: str,
    contents: Contents,
    rows: Mapping[str, Sequence[Row]],
    read: Ingestion,
    previous: Store | None,
) -> Manifest:
    return Manifest(
        format=FORMAT,
        generation="",
        created="",
        model=embeddings.model,
        model_revision=embeddings.revision,
        dimension=embeddings.dimension,
        fingerprint=shape,
        chunking=chunking_shape(),
        documents=len({c.document_id for c in contents.chunks}),
        chunks=len(contents.chunks),
        sentences=sum(len(c.sentences) for c in contents.chunks),
        seeds=read.hashes,
        rows={file: len(chunks) for file, chunks in rows.items()},
        faulty=sorted({s.id.rsplit("#", 1)[0] for s in read.skipped} & rows.keys()),
        left_out=_left_out(previous, read),
        files={},
    )


def _write_empty(seeds: Path, index: Generations, embeddings: TextEmbeddings, max_mb: int, part: str) -> None:
    """Let every question be refused while no article can be read; an index that serves is left as it is."""
    hashes = hash_seeds(seeds, max_mb, part) if (seeds / part).is_dir() else {}
    if not hashes or index.serving():
        return
    shape = fingerprint(embeddings.model, embeddings.revision)
    cache = VectorCache(index.folder / f".embedding-{shape}", embeddings, None)
    contents, _ = _contents({}, None, cache, Progress())
    nothing = Ingestion(hashes, frozenset(), [], [], {})
    index.write(contents, _manifest(embeddings, shape, contents, {}, nothing, None))


def _previous(index: Generations, shape: str) -> Store | None:
    """Return the generation that serves, if its chunks and vectors can be reused.

    Raises:
        UnreachableStoreError: nobody knows; to embed all of it again would help nobody, for it could not be written.
    """
    try:
        return index.open(shape)
    except UnreachableStoreError:
        raise
    except IndexingError:
        return None


def _known(previous: Store | None) -> dict[str, str]:
    """Return the hash of each file whose chunks can be kept; one with a fault is parsed again, to report the fault."""
    if previous is None:
        return {}
    manifest = previous.manifest
    return {file: manifest.seeds[file] for file in manifest.rows if file not in manifest.faulty}


def _rows(previous: Store | None, read: Ingestion) -> dict[str, list[Row]]:
    """Return the chunks of each file that has some, in the order of the files: those kept, and those of documents."""
    rows: dict[str, list[Row]] = {}
    if previous is not None:
        counts = previous.manifest.rows
        kept = {
            file: range(end - count, end)
            for (file, count), end in zip(counts.items(), accumulate(counts.values()), strict=True)
            if file in read.unchanged
        }
        chunks = chain.from_iterable(map(previous.chunks, _joined(kept.values())))
        rows = {file: list(zip(islice(chunks, len(numbers)), numbers, strict=True)) for file, numbers in kept.items()}
    for document in read.documents:
        rows.setdefault(document.file, []).extend((chunk, None) for chunk in chunk_document(document, _language))
    return {file: rows[file] for file in read.hashes if rows.get(file)}


def _joined(ranges: Iterable[range]) -> list[range]:
    """Return ascending ranges as few long ones: a store that is far away is asked seldom."""
    joined: list[range] = []
    for one in ranges:
        if joined and joined[-1].stop == one.start:
            joined[-1] = range(joined[-1].start, one.stop)
        else:
            joined.append(one)
    return joined


def _left_out(previous: Store | None, read: Ingestion) -> dict[str, dict[str, int]]:
    """Return what was left out of each file, now or when it was last parsed, in the order of the files."""
    known = previous.manifest.left_out if previous else {}
    left_out = {file: counts for file, counts in known.items() if file in read.unchanged} | read.left_out
    return {file: left_out[file] for file in read.hashes if file in left_out}


def _contents(
    rows: Mapping[str, Iterable[Row]], previous: Store | None, vectors: VectorCache, progress: Progress
) -> tuple[Contents, int]:
    """Embed what has no vector yet; return the contents of the new generation, and how many texts were embedded."""
    chunks = [chunk for of_file in rows.values() for chunk, _ in of_file]
    old_rows = [old for of_file in rows.values() for _, old in of_file]
    texts = [embedding_text(c) for c in chunks]
    parts = [text for c in chunks for text in part_texts(c)]
    chunk_keys, part_keys = list(map(text_key, texts)), list(map(text_key, parts))
    missing = vectors.missing(dict(zip(chunk_keys, texts, strict=True)), dict(zip(part_keys, parts, strict=True)))
    progress.start(len(missing))
    vectors.compute(missing, progress.advance)
    kept = {c.id for c, old in zip(chunks, old_rows, strict=True) if old is not None}
    new = [(text, c.language) for text, c, old in zip(texts, chunks, old_rows, strict=True) if old is None]
    contents = Contents(
        chunks=chunks,
        vectors=vectors.of_chunks(chunk_keys),
        part_vectors=vectors.of_parts(part_keys),
        keys=b"".join([*chunk_keys, *part_keys]),
        bm25=(previous.bm25 if previous else BM25Index.empty()).updated(old_rows, new),
        vocabulary=_vocabulary(chunks, old_rows, previous),
        glossary=(previous.glossary if previous else Glossary()).updated(chunks, kept),
    )
    return contents, len(missing)


def _vocabulary(chunks: Sequence[Chunk], old_rows: Sequence[int | None], previous: Store | None) -> Vocabulary:
    """Return the words of the chunks: those of before, less the chunks that went, with those that came."""
    if previous is None:
        return Vocabulary.build(chunks)
    gone = set(range(previous.manifest.chunks)).difference(row for row in old_rows if row is not None)
    new = [chunk for chunk, old in zip(chunks, old_rows, strict=True) if old is None]
    return previous.vocabulary.updated((previous.chunk(row) for row in sorted(gone)), new)


def stale_reason(
    seeds: Path, index: Path | Generations, embeddings: TextEmbeddings, max_mb: int = MAX_FILE_MB, part: str = ""
) -> str | None:
    """Return why the index is not that of the seeds and the settings in force, or None if it is.

    Raises:
        UnreachableStoreError: another program keeps it, and does not answer.
    """
    try:
        manifest = kept_in(index).manifest()
    except MissingIndexError:
        return "there is no index yet"
    except StaleIndexError:
        return "another version of Babillard made it"
    except UnreachableStoreError:
        raise
    except IndexingError:
        return "the index cannot be read"
    if manifest.fingerprint != fingerprint(embeddings.model, embeddings.revision):
        return "the settings changed"
    if not manifest.chunks:
        return "it holds no article"
    now = hash_seeds(seeds, max_mb, part)
    if now != manifest.seeds:
        changed = {i for i in now.keys() | manifest.seeds.keys() if now.get(i) != manifest.seeds.get(i)}
        return f"{len(changed)} article{'s' if len(changed) > 1 else ''} changed"
    return None


def _language(text: str, fallback: Language) -> Language:
    return detect_language(text, fallback).language


@contextmanager
def _lock(folder: Path) -> Iterator[None]:
    """Let one build at a time into a folder; the lock ends with its process."""
    lock = FileLock(folder / ".building")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock.acquire(timeout=0)
    except Timeout as error:
        raise BuildingError(f"another build is at work in {folder}: wait until it ends") from error
    except OSError as error:
        raise IndexingError(f"{folder} cannot be written ({error.strerror}): choose another with INDEX_DIR") from error
    try:
        yield
    finally:
        lock.release()
