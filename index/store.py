"""Keep an index in one folder: complete generations, and a pointer to the one that serves.

    INDEX_DIR/CURRENT                    the name of the generation that serves, and the checksum of its manifest
    INDEX_DIR/generations/NAME/          one complete index
        manifest.json                    what it is, and the checksum of every other file
        chunks.jsonl  chunks.npy         a chunk on each line; where each line starts
        vectors.npy                      a unit vector for each chunk (float32)
        dense.faiss                      finds the nearest of them
        parts.npy  part_rows.npy         a unit vector (float16) for each sentence of a chunk, then for the question
                                         that it answers, if it has one; the first row of both
        keys.npy                         the hash of each embedded text: those of the chunks, then of their parts
        lexical.*.npy                    the BM25 postings
        words.*.npy                      the words as they are written, and how often
        glossary.json                    the house words, and where they stand

Row i is chunk i in every file. Nothing is pickled. A generation is written in full before CURRENT is replaced in one
step, so when a build dies the old generation goes on serving.
"""

import json
import shutil
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, fields, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index import dense
from index.bm25 import BM25Index
from index.cosines import Cosines, measured
from index.disk import RowFile, SliceFile
from index.durable import checksum, checksums, sync_files, write_durably
from index.errors import DamagedIndexError, IndexingError, MissingIndexError, StaleIndexError
from index.glossary import Glossary
from index.schema import Chunk, ChunkBlock, Manifest, Sentence, manifest_of
from index.vocabulary import Vocabulary

REBUILD = "rebuild it with `babillard index rebuild`"

KEY_BYTES = 16  # 128 bits: among a billion texts, two share a hash with probability 1e-21


@dataclass(frozen=True, slots=True)
class Contents:
    """All that a generation holds, before it is written."""

    chunks: Sequence[Chunk]
    vectors: NDArray[np.float32]  # (chunks, d), unit rows
    part_vectors: NDArray[np.float16]  # (parts, d), unit rows: for each chunk, those of `index.chunking.part_texts`
    keys: bytes  # `KEY_BYTES` for each row of vectors, then for each of part_vectors
    bm25: BM25Index
    vocabulary: Vocabulary
    glossary: Glossary

    def save_words(self, folder: Path) -> None:
        """Write what every store keeps as files: the words, the glossary, and the keys of the vectors."""
        np.save(folder / "keys.npy", np.frombuffer(self.keys, np.uint8).reshape(-1, KEY_BYTES))
        for words in (self.bm25, self.vocabulary, self.glossary):
            words.save(folder)


class IndexStore:
    """An open generation. Thread-safe."""

    def __init__(self, folder: Path, manifest: Manifest) -> None:
        """Open the files. Call `open_store` instead, which checks them and translates their errors."""
        self.manifest = manifest
        self._folder = folder
        self.bm25 = BM25Index.load(folder)
        self.vocabulary = Vocabulary.load(folder)
        self.glossary = Glossary.load(folder)
        self._dense = dense.load(folder / "dense.faiss")
        self._vectors = RowFile(folder / "vectors.npy")
        self._parts = RowFile(folder / "parts.npy")
        self._keys = RowFile(folder / "keys.npy")
        self._part_rows = np.load(folder / "part_rows.npy", allow_pickle=False)
        self._line_starts = np.load(folder / "chunks.npy", allow_pickle=False)
        self._lines = SliceFile(folder / "chunks.jsonl")
        self._check_shapes()

    def _check_shapes(self) -> None:
        rows, parts, d = self.manifest.chunks, self._parts.shape[0], self.manifest.dimension
        shapes = {
            "dense.faiss": (self._dense.ntotal, self._dense.d) == (rows, d),
            "vectors.npy": self._vectors.shape == (rows, d),
            "parts.npy": self._parts.shape == (parts, d),
            "part_rows.npy": self._part_rows.shape == (2 * rows + 1,)
            and self._part_rows[-1] == parts
            and np.diff(self._part_rows)[::2].sum() == self.manifest.sentences,
            "keys.npy": self._keys.shape == (rows + parts, KEY_BYTES),
            "lexical.french.npy": self.bm25.french.shape == (rows,),
            "chunks.npy": self._line_starts.shape == (rows + 1,) and self._line_starts[-1] == self._lines.size,
        }
        for name, right in shapes.items():
            if not right:
                raise ValueError(f"{name} does not hold the rows that the manifest counts")

    def chunk(self, row: int) -> Chunk:
        """Return chunk `row`.

        Raises:
            DamagedIndexError: the file was damaged after it was opened.
        """
        try:
            return decode_chunk(self._lines.read(int(self._line_starts[row]), int(self._line_starts[row + 1])))
        except (ValueError, TypeError, KeyError) as error:
            raise DamagedIndexError(f"line {row + 1} of chunks.jsonl is damaged: {REBUILD}") from error

    def dense_top(self, query: NDArray[np.float32], k: int) -> list[int]:
        """Return the rows nearest to a unit vector (d,), at most `k`, best first; a large index rounds."""
        return dense.nearest(self._dense, query, k)

    def chunks(self, rows: range) -> Iterator[Chunk]:
        """Yield the chunks of some rows, in order.

        Raises:
            DamagedIndexError: the file was damaged after it was opened.
        """
        return map(self.chunk, rows)

    def read_ahead(self, rows: Sequence[int]) -> None:
        """Do nothing: a chunk that stands on the disk is read as fast when it is asked for."""

    def cosines(self, query: NDArray[np.float32], rows: Sequence[int]) -> list[Cosines]:
        """Return the cosines of a unit vector (d,) and the chunk of each row, same order."""
        bounds = [self._part_rows[2 * row : 2 * row + 3].tolist() for row in rows]
        parts = (self._parts.slice(first, end) for first, _, end in bounds)
        return measured(query, self._vectors.take(rows), parts, (question - first for first, question, _ in bounds))

    def sizes(self) -> dict[str, int]:
        """Return the size of each file in bytes."""
        return {path.name: path.stat().st_size for path in sorted(self._folder.iterdir())}

    def chunk_vectors(self) -> Iterator[tuple[bytes, NDArray[np.float32]]]:
        """Yield the key and the vector of the text of each chunk."""
        return zip(self._split_keys(0, self.manifest.chunks), self._mapped("vectors.npy"), strict=True)

    def part_vectors(self) -> Iterator[tuple[bytes, NDArray[np.float16]]]:
        """Yield the key and the vector of the text of each part of a chunk."""
        keys = self._split_keys(self.manifest.chunks, self._keys.shape[0])
        return zip(keys, self._mapped("parts.npy"), strict=True)

    def _split_keys(self, start: int, end: int) -> list[bytes]:
        raw = self._keys.slice(start, end).tobytes()
        return [raw[i : i + KEY_BYTES] for i in range(0, len(raw), KEY_BYTES)]

    def _mapped(self, name: str) -> NDArray[Any]:
        """Return an array as a memory map: a build reads all of it."""
        array: NDArray[Any] = np.load(self._folder / name, mmap_mode="r", allow_pickle=False)
        return array


def encode_chunk(chunk: Chunk) -> bytes:
    """Return the chunk as a line of JSON; each sentence is its two offsets and its section."""
    record = {field.name: getattr(chunk, field.name) for field in fields(chunk)}
    record["sentences"] = [(s.start, s.end, s.section) for s in chunk.sentences]
    return json.dumps(record, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def decode_chunk(line: bytes) -> Chunk:
    """Return the chunk that `encode_chunk` wrote."""
    record = json.loads(line)
    sentences = tuple(Sentence(*fields) for fields in record["sentences"])
    return Chunk(**{**record, "sentences": sentences, "blocks": tuple(ChunkBlock(*b) for b in record["blocks"])})


def open_store(index: Path, fingerprint: str | None = None) -> IndexStore:
    """Check every byte of the generation that serves, and open it.

    Args:
        index: the index folder.
        fingerprint: of the settings in force; None opens any index.

    Raises:
        MissingIndexError: there is no index.
        StaleIndexError: it was built with other settings.
        DamagedIndexError: a file is missing or has changed.
    """
    manifest = read_manifest(index)
    if fingerprint is not None and manifest.fingerprint != fingerprint:
        raise StaleIndexError(f"the index in {index} was built with other settings (model {manifest.model}): {REBUILD}")
    folder = _generations(index) / manifest.generation
    try:
        for name, written in manifest.files.items():
            if checksum(folder / name) != written:
                raise ValueError(f"{name} is not what was written")
        return IndexStore(folder, manifest)
    except (OSError, ValueError, RuntimeError) as error:  # RuntimeError is what faiss raises
        if serving_generation(index) != manifest.generation:  # a build replaced it meanwhile
            return open_store(index, fingerprint)
        raise DamagedIndexError(f"the index in {index} is damaged ({error}): {REBUILD}") from error


def serving_generation(index: Path) -> str | None:
    """Return the name of the generation that serves, or None if there is none; cheap enough for every question."""
    try:
        return (index / "CURRENT").read_text(encoding="utf-8").split()[0]
    except (OSError, UnicodeDecodeError, IndexError):
        return None


def read_manifest(index: Path) -> Manifest:
    """Return the manifest of the generation that serves.

    Raises:
        MissingIndexError: there is no index.
        StaleIndexError: another version of the program wrote it.
        DamagedIndexError: the manifest cannot be read.
    """
    try:
        name, written = (index / "CURRENT").read_text(encoding="utf-8").split()
    except FileNotFoundError as error:
        raise MissingIndexError(f"there is no index in {index}: build it with `babillard index rebuild`") from error
    except (OSError, ValueError) as error:
        raise DamagedIndexError(f"{index / 'CURRENT'} cannot be read ({error}): {REBUILD}") from error
    path = _generations(index) / name / "manifest.json"
    try:
        if checksum(path) != written:
            raise ValueError("it is not what was written")
        manifest = manifest_of(json.loads(path.read_text(encoding="utf-8")))
        if manifest is None:
            raise StaleIndexError(f"the index in {index} comes from another version of Babillard: {REBUILD}")
        return manifest
    except (OSError, ValueError) as error:
        if serving_generation(index) != name:  # a build replaced it meanwhile
            return read_manifest(index)
        raise DamagedIndexError(f"{path} cannot be read ({error}): {REBUILD}") from error


def write_generation(index: Path, contents: Contents, manifest: Manifest) -> Manifest:
    """Write a generation, make it the one that serves, remove the others, and return its manifest.

    Whoever has an older generation open keeps it: a removed file lives until it is closed.

    Args:
        index: the index folder, made when missing.
        contents: what to write.
        manifest: its `generation`, `created` and `files` are filled in.

    Raises:
        IndexingError: the folder cannot be written (full disk, permissions); the old generation still serves.
    """
    name = new_generation()
    folder = _generations(index) / name
    try:
        folder.mkdir(parents=True)
        _write_files(folder, contents)
        created = datetime.now(UTC).isoformat("T", "seconds")
        written = replace(manifest, generation=name, created=created, files=checksums(folder))
        write_durably(folder / "manifest.json", json.dumps(asdict(written), ensure_ascii=False, indent=1))
        sync_files(folder)
        _point_to(index, name, checksum(folder / "manifest.json"))
    except (OSError, RuntimeError) as error:
        shutil.rmtree(folder, ignore_errors=True)
        raise IndexingError(
            f"the index cannot be written in {index} ({error}); the old one, if any, still serves"
        ) from error
    remove_others(index, name)
    return written


def new_generation() -> str:
    """Return a name for a generation that begins now; names are in the order of time, to a microsecond."""
    now = datetime.now(UTC)
    return f"{now:%Y%m%dT%H%M%S}-{now.microsecond:05x}{uuid.uuid4().hex[0]}"


def remove_others(index: Path, serving: str) -> None:
    """Remove every generation but the one that serves, also those that killed builds left."""
    for old in _generations(index).iterdir():
        if old.name != serving:
            shutil.rmtree(old, ignore_errors=True)


def _write_files(folder: Path, contents: Contents) -> None:
    lines = [encode_chunk(chunk) for chunk in contents.chunks]
    (folder / "chunks.jsonl").write_bytes(b"".join(lines))
    np.save(folder / "chunks.npy", np.cumsum([0, *map(len, lines)], dtype=np.int64))
    np.save(folder / "vectors.npy", contents.vectors)
    dense.save(dense.build(contents.vectors), folder / "dense.faiss")
    np.save(folder / "parts.npy", contents.part_vectors)
    counts = [count for c in contents.chunks for count in (len(c.sentences), int(c.question != ""))]
    np.save(folder / "part_rows.npy", np.cumsum([0, *counts], dtype=np.int64))
    contents.save_words(folder)


def _point_to(index: Path, name: str, manifest: str) -> None:
    aside = index / "CURRENT.next"  # one build writes at a time
    write_durably(aside, f"{name} {manifest}\n")
    aside.replace(index / "CURRENT")


def _generations(index: Path) -> Path:
    return index / "generations"
