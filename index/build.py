"""The offline pipeline in one screen: read, chunk, embed, index, write aside, swap."""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock, Timeout

from index.chunking import chunk_document, embedding_text, sentence_text
from index.config import FORMAT, chunking_shape, fingerprint
from index.embedding import TextEmbeddings
from index.errors import IndexingError, MissingIndexError
from index.ingestion import MAX_FILE_MB, Skipped, count_formats, hash_seeds, read_seeds
from index.language import detect_language
from index.lexical import LexicalIndex
from index.reuse import KnownVectors, text_key
from index.schema import Language, Manifest
from index.store import Contents, IndexStore, open_store, read_manifest, write_generation


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What a build read and wrote."""

    manifest: Manifest
    read: dict[str, int]  # suffix -> files read
    skipped: tuple[Skipped, ...]
    embedded: int  # texts that had to be embedded
    seconds: float


@dataclass(frozen=True, slots=True)
class Progress:
    """Called as a build goes on: how many texts there are to embed, then how many were just done."""

    start: Callable[[int], None] = lambda total: None
    advance: Callable[[int], None] = lambda done: None


def build_index(
    seeds: Path,
    index: Path,
    embeddings: TextEmbeddings,
    progress: Progress | None = None,
    max_mb: int = MAX_FILE_MB,
    full: bool = False,
) -> BuildReport:
    """Bring the index of `seeds` in `index` up to date; the old one serves until the new one is complete.

    Files that did not change keep their chunks, and texts that were embedded keep their vectors, also
    those of a build that was killed. The result is that of a full build.

    Args:
        seeds: folder of the articles.
        index: the index folder, made when missing.
        embeddings: the model.
        progress: told what there is to embed and what was.
        max_mb: size of the largest file that is read, in megabytes.
        full: start over, reusing nothing.

    Raises:
        SeedsError: nothing could be read.
        EmbeddingError: the model cannot be used.
        IndexingError: another build is at work in the folder, or it cannot be written.
    """
    began = time.perf_counter()
    progress = progress or Progress()
    with _alone(index), _writing(index):
        hashes = hash_seeds(seeds, max_mb)  # before reading: a file that changes in between is rebuilt next time
        print_of_settings = fingerprint(embeddings.model, embeddings.revision)
        previous = None if full else _previous(index, print_of_settings)
        kept = _unchanged(previous, hashes)
        documents, skipped = read_seeds(seeds, _language, max_mb=max_mb, known=kept)
        if previous and hashes == previous.manifest.seeds:
            return _report(previous.manifest, skipped, 0, began)
        chunks_of = {file: [previous.chunk(row) for row in rows] for file, rows in kept.items()} if previous else {}
        for document in documents:
            chunks_of.setdefault(document.file, []).extend(chunk_document(document, _language))
        files = [file for file in hashes if chunks_of.get(file)]
        chunks = [chunk for file in files for chunk in chunks_of[file]]
        old_rows = [row for file in files for row in kept.get(file, [None] * len(chunks_of[file]))]
        texts = [embedding_text(c) for c in chunks]
        sentences = [sentence_text(c, s) for c in chunks for s in c.sentences]

        log = index / f".embedding-{print_of_settings}"
        known = KnownVectors(log, embeddings, previous)
        missing = known.missing(texts, sentences)
        progress.start(len(missing))
        known.compute(missing, progress.advance)

        new = [(text, c.language) for text, c, row in zip(texts, chunks, old_rows, strict=True) if row is None]
        contents = Contents(
            chunks=chunks,
            vectors=known.chunk_vectors(texts),
            sentence_vectors=known.sentence_vectors(sentences),
            keys=b"".join(map(text_key, [*texts, *sentences])),
            lexical=(previous.lexical if previous else LexicalIndex.empty()).updated(old_rows, new),
        )
        manifest = Manifest(
            format=FORMAT,
            generation="",
            created="",
            model=embeddings.model,
            model_revision=embeddings.revision,
            dimension=embeddings.dimension,
            fingerprint=print_of_settings,
            chunking=chunking_shape(),
            documents=len({c.document_id for c in chunks}),
            chunks=len(chunks),
            sentences=len(sentences),
            seeds=hashes,
            rows={file: len(chunks_of[file]) for file in files},
            faulty=sorted({s.id.rsplit("#", 1)[0] for s in skipped} & set(files)),
            files={},
        )
        written = write_generation(index, contents, manifest)
        known.forget_log()
    return _report(written, skipped, len(missing), began)


def _report(manifest: Manifest, skipped: Sequence[Skipped], embedded: int, began: float) -> BuildReport:
    return BuildReport(
        manifest, count_formats(manifest.rows), tuple(skipped), embedded, seconds=time.perf_counter() - began
    )


def _previous(index: Path, print_of_settings: str) -> IndexStore | None:
    """Return the serving generation when its chunks and vectors can be reused."""
    try:
        return open_store(index, print_of_settings)
    except IndexingError:
        return None


def _unchanged(previous: IndexStore | None, hashes: dict[str, str]) -> dict[str, range]:
    """Return the rows of each file that is as it was; one with a fault is read again, to say which."""
    if previous is None:
        return {}
    rows, start = {}, 0
    for file, count in previous.manifest.rows.items():
        if hashes.get(file) == previous.manifest.seeds[file] and file not in previous.manifest.faulty:
            rows[file] = range(start, start + count)
        start += count
    return rows


def stale_reason(seeds: Path, index: Path, embeddings: TextEmbeddings, max_mb: int = MAX_FILE_MB) -> str | None:
    """Return why the index does not match the seeds and the settings in force, or None when it does."""
    try:
        manifest = read_manifest(index)
    except MissingIndexError:
        return "there is no index yet"
    except IndexingError:
        return "the index cannot be read"
    if manifest.fingerprint != fingerprint(embeddings.model, embeddings.revision):
        return "the settings changed"
    now = hash_seeds(seeds, max_mb)
    if now != manifest.seeds:
        changed = {i for i in now.keys() | manifest.seeds.keys() if now.get(i) != manifest.seeds.get(i)}
        return f"{len(changed)} article{'s' if len(changed) > 1 else ''} changed"
    return None


def _language(text: str, fallback: Language) -> Language:
    return detect_language(text, fallback).language


@contextmanager
def _alone(index: Path) -> Iterator[None]:
    """Let one build at a time into a folder; the lock dies with its process."""
    lock = FileLock(index / ".building")
    try:
        index.mkdir(parents=True, exist_ok=True)
        lock.acquire(timeout=0)
    except Timeout as error:
        raise IndexingError(f"another build is at work in {index}: wait until it ends") from error
    except OSError as error:
        raise IndexingError(f"{index} cannot be written ({error.strerror}): choose another with INDEX_DIR") from error
    try:
        yield
    finally:
        lock.release()


@contextmanager
def _writing(index: Path) -> Iterator[None]:
    """Say what to do when the folder cannot be written."""
    try:
        yield
    except OSError as error:
        raise IndexingError(
            f"{index} cannot be written ({error.strerror}): free some space, then run the build again; "
            "what was embedded is kept, and the old index, if any, still serves"
        ) from error
