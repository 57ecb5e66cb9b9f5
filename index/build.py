"""The offline pipeline in one screen: read, chunk, embed, index, write aside, swap."""

import time
from collections.abc import Callable, Iterator
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
from index.schema import Language, Manifest
from index.store import Contents, read_manifest, write_generation


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What a build read and wrote."""

    manifest: Manifest
    read: dict[str, int]  # suffix -> files read
    skipped: tuple[Skipped, ...]
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
) -> BuildReport:
    """Build the index of `seeds` in `index`; the old one serves until the new one is complete.

    Raises:
        SeedsError: nothing could be read.
        EmbeddingError: the model cannot be used.
        IndexingError: another build is at work in the folder, or it cannot be written.
    """
    began = time.perf_counter()
    progress = progress or Progress()
    with _alone(index):
        hashes = hash_seeds(seeds, max_mb)  # before reading: a file that changes in between is rebuilt next time
        documents, skipped = read_seeds(seeds, _language, max_mb=max_mb)
        chunks = [chunk for document in documents for chunk in chunk_document(document, _language)]
        texts = [embedding_text(c) for c in chunks]
        texts += [sentence_text(c, s) for c in chunks for s in c.sentences]
        unique = {text: row for row, text in enumerate(dict.fromkeys(texts))}
        progress.start(len(unique))
        vectors = embeddings.encode_documents(list(unique), progress.advance)[[unique[text] for text in texts]]
        contents = Contents(
            chunks=chunks,
            vectors=vectors[: len(chunks)],
            sentence_vectors=vectors[len(chunks) :],
            lexical=LexicalIndex.build((embedding_text(c), c.language) for c in chunks),
        )
        manifest = Manifest(
            format=FORMAT,
            generation="",
            created="",
            model=embeddings.model,
            model_revision=embeddings.revision,
            dimension=vectors.shape[1],
            fingerprint=fingerprint(embeddings.model, embeddings.revision),
            chunking=chunking_shape(),
            documents=len(documents),
            chunks=len(chunks),
            sentences=len(texts) - len(chunks),
            seeds=hashes,
            files={},
        )
        written = write_generation(index, contents, manifest)
    read = count_formats({document.file for document in documents})
    return BuildReport(written, read, tuple(skipped), time.perf_counter() - began)


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
