"""Keep the files of a generation in Milvus, and a copy of them on this machine, which is mapped into memory.

The postings of BM25 and the words are read at random: from a copy they are as fast as at home, and take as little
memory. The copy is fetched once for each generation, and every byte is checked.
"""

import json
import shutil
import uuid
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from pathlib import Path

from index.durable import checksum
from index.errors import StaleIndexError
from index.milvus.client import MAX_BYTES, MAX_REQUEST, Client, Row
from index.milvus.layout import FILE_DIMENSION, FILE_FIELDS, file_rows, files_of, joined
from index.schema import Manifest, manifest_of

MANIFEST = "manifest.json"
BATCH = MAX_REQUEST // MAX_BYTES  # pieces that are sent or fetched at once


def write_files(client: Client, collection: str, folder: Path, manifest: Manifest) -> None:
    """Write the files of a folder, and the manifest before them."""
    name = files_of(collection)
    client.create(name, FILE_DIMENSION, FILE_FIELDS)
    text = json.dumps(asdict(manifest), ensure_ascii=False).encode()
    paths = sorted(folder.iterdir())
    batch: list[Row] = []
    for row in file_rows([(MANIFEST, text), *((path.name, path.read_bytes()) for path in paths)]):
        batch.append(row)
        if len(batch) == BATCH:
            client.insert(name, batch)
            batch = []
    client.insert(name, batch)
    client.finish(name, "FLAT", {})


def read_manifest(client: Client, collection: str) -> Manifest:
    """Return the manifest of a generation.

    Raises:
        GoneError: the collection is not there.
        StaleIndexError: another version of the program wrote it.
        ValueError: it cannot be read.
    """
    name = files_of(collection)
    client.load(name)
    pieces = client.rows(name, f'name == "{MANIFEST}"', ["piece"])
    if not pieces:
        raise ValueError("it has no manifest")
    manifest = manifest_of(json.loads(joined(pieces)))
    if manifest is None:
        raise StaleIndexError(f"{collection} comes from another version of Babillard")
    return manifest


def fetch_files(client: Client, collection: str, files: Mapping[str, str], folder: Path) -> None:
    """Copy the files of a generation into a folder, unless they are there.

    Args:
        client: the Milvus.
        collection: of the generation.
        files: their names and checksums.
        folder: is made, in one step, once it is complete.

    Raises:
        GoneError: the collection is not there.
        ValueError: a file is not what was written.
        OSError: the folder cannot be written.
    """
    if not _is_whole(folder, files):
        aside = folder.with_name(f"{folder.name}.{uuid.uuid4().hex[:6]}")  # another process may fetch the same
        aside.mkdir(parents=True)
        try:
            for name, raw in _fetched(client, files_of(collection)):
                if name in files:
                    (aside / name).write_bytes(raw)
            for name, written in files.items():
                if checksum(aside / name) != written:
                    raise ValueError(f"{name} is not what was written")
            shutil.rmtree(folder, ignore_errors=True)
            aside.rename(folder)
        finally:
            shutil.rmtree(aside, ignore_errors=True)


def _is_whole(folder: Path, files: Mapping[str, str]) -> bool:
    try:
        return all(checksum(folder / name) == written for name, written in files.items())
    except OSError:
        return False


def _fetched(client: Client, name: str) -> Iterator[tuple[str, bytes]]:
    """Yield each file, whose pieces follow one another; only the one that is being read is in memory."""
    total = client.count(name)
    pieces: dict[str, list[Row]] = defaultdict(list)
    for start in range(0, total, BATCH):
        rows = client.rows(name, f"row >= {start} and row < {start + BATCH}", ["name", "piece"])
        for row in sorted(rows, key=lambda row: row["row"]):
            if row["name"] not in pieces:
                for whole in [*pieces]:
                    yield whole, joined(pieces.pop(whole))
            pieces[row["name"]].append(row)
    for whole in [*pieces]:
        yield whole, joined(pieces.pop(whole))
