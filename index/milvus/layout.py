"""How an index lies in Milvus: the names of its collections, and what a row of them holds.

    babillard_LAYER                             an alias: the pointer to the generation that serves
    babillard_LAYER__GENERATION                 a row for each chunk
        row, dense                              its number, and its unit vector, by which it is found
        exact                                   the bytes of that vector: an index by cells keeps it rounded
        parts, sentences                        the vectors of its parts (float16), and how many of them are sentences
        chunk                                   the chunk as a line of JSON
    babillard_LAYER__GENERATION_files           a row for each piece of a file that is read whole: the postings of BM25,
                                                the words, the glossary, the keys of the vectors, and the manifest

Bytes are written in base64, and cut into pieces that fit a text of Milvus. Scores are computed from the exact bytes, so
they are those of the files of an index to the last bit.
"""

import base64
import hashlib
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.dense import MAX_EXACT, PROBES
from index.errors import DamagedIndexError
from index.milvus.client import MAX_BYTES, Field, Row
from index.schema import Chunk
from index.store import REBUILD, decode_chunk, encode_chunk

CHUNK_FIELDS = (
    Field("exact", "pieces"),
    Field("parts", "pieces"),
    Field("sentences", "number"),
    Field("chunk", "pieces"),
)
FILE_FIELDS = (Field("name", "text"), Field("piece", "text"))
FILE_DIMENSION = 2  # every collection must have a vector; this is the smallest

_PIECE_CHARS = MAX_BYTES // 4  # a character of UTF-8 has 4 bytes at most
_PIECE_BYTES = MAX_BYTES // 4 * 3  # so many bytes are 65,532 characters of base64


def alias_of(layer: str) -> str:
    """Return the alias of a layer, by its name: "" for the articles.

    Milvus allows ASCII letters, digits and _ in a name; a hash tells names apart that hold others.
    """
    if not layer:
        return "babillard_articles"
    plain = re.sub(r"\W|_", "_", layer, flags=re.ASCII)
    return f"babillard_{plain}_{hashlib.blake2b(layer.encode(), digest_size=4).hexdigest()}"


def collection_of(alias: str, generation: str) -> str:
    """Return the name of the collection of a generation."""
    return f"{alias}__{generation.replace('-', '_')}"


def files_of(collection: str) -> str:
    """Return the name of the collection that holds the files of a generation."""
    return f"{collection}_files"


def generation_of(alias: str, collection: str) -> str | None:
    """Return the generation that a collection belongs to; None for one that is not of this alias."""
    name = re.fullmatch(rf"{re.escape(alias)}__(\d{{8}}T\d{{6}})_([0-9a-f]{{6}})(?:_files)?", collection)
    return f"{name[1]}-{name[2]}" if name else None


def index_of(rows: int) -> tuple[str, dict[str, int]]:
    """Return the kind of index for so many vectors, and its parameters: those of `index.dense`."""
    return ("FLAT", {}) if rows <= MAX_EXACT else ("IVF_SQ8", {"nlist": int(4 * np.sqrt(rows))})


def probes_of(rows: int) -> dict[str, int]:
    """Return the parameters of a search among so many vectors."""
    return {} if rows <= MAX_EXACT else {"nprobe": PROBES}


def encode_row(row: int, chunk: Chunk, vector: NDArray[np.float32], parts: NDArray[np.float16]) -> Row:
    """Return the row of a chunk."""
    return {
        "row": row,
        "dense": vector,
        "exact": _pieces(vector.tobytes()),
        "parts": _pieces(parts.tobytes()),
        "sentences": len(chunk.sentences),
        "chunk": _cut(encode_chunk(chunk).decode(), _PIECE_CHARS),
    }


def size_of(row: Row) -> int:
    """Return about how many bytes a row is, as it is sent."""
    texts = (piece for field in ("exact", "parts", "chunk") for piece in row[field])
    return 4 * len(row["dense"]) + sum(map(len, texts))


def decode_chunk_of(row: Row) -> Chunk:
    """Return the chunk of a row.

    Raises:
        DamagedIndexError: it holds none.
    """
    try:
        return decode_chunk("".join(row["chunk"]).encode())
    except (ValueError, TypeError, KeyError) as error:
        raise DamagedIndexError(f"row {row.get('row')} of the index in Milvus is damaged: {REBUILD}") from error


def decode_vector(row: Row, dimension: int) -> NDArray[np.float32]:
    """Return the vector of a chunk, shape (d,)."""
    return _numbers(row, "exact", np.float32).reshape(dimension)


def decode_parts(row: Row, dimension: int) -> NDArray[np.float16]:
    """Return the vectors of its parts, shape (parts, d)."""
    return _numbers(row, "parts", np.float16).reshape(-1, dimension)


def file_rows(files: Iterable[tuple[str, bytes]]) -> Iterator[Row]:
    """Yield the rows of files, in the order of their numbers."""
    pieces = ((name, piece) for name, raw in files for piece in _pieces(raw) or [""])
    for number, (name, piece) in enumerate(pieces):
        yield {"row": number, "dense": [1.0] + [0.0] * (FILE_DIMENSION - 1), "name": name, "piece": piece}


def joined(rows: Sequence[Row]) -> bytes:
    """Return the file that rows are the pieces of, in any order.

    Raises:
        ValueError: a piece is not base64.
    """
    return b"".join(base64.b64decode(row["piece"], validate=True) for row in sorted(rows, key=lambda row: row["row"]))


def _numbers(row: Row, field: str, kind: type[np.floating]) -> NDArray[Any]:
    return np.frombuffer(b"".join(map(base64.b64decode, row[field])), kind)


def _pieces(raw: bytes) -> list[str]:
    return [base64.b64encode(raw[at : at + _PIECE_BYTES]).decode() for at in range(0, len(raw), _PIECE_BYTES)]


def _cut(text: str, width: int) -> list[str]:
    return [text[at : at + width] for at in range(0, len(text), width)]
