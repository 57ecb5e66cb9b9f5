"""The fast search finds what the slow one finds."""

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from index import dense


def unit_rows(n: int, seed: int) -> NDArray[np.float32]:
    """Return vectors in a hundred groups, as texts have subjects, shape (n, 32)."""
    groups = np.random.default_rng(0).standard_normal((100, 32), dtype=np.float32)
    rng = np.random.default_rng(seed)
    rows = groups[rng.integers(100, size=n)] + 0.5 * rng.standard_normal((n, 32), dtype=np.float32)
    unit: NDArray[np.float32] = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    return unit


@pytest.mark.parametrize("rows", [1, 9, 500])
def test_a_small_index_is_exact(rows: int) -> None:
    vectors, query = unit_rows(rows, 1), unit_rows(1, 2)[0]
    assert dense.nearest(dense.build(vectors), query, 10) == np.argsort(-(vectors @ query))[:10].tolist()


def test_a_large_index_finds_the_nearest(tmp_path: Path) -> None:
    vectors = unit_rows(dense.MAX_EXACT + 1, 1)
    dense.save(dense.build(vectors), tmp_path / "dense.faiss")
    index = dense.load(tmp_path / "dense.faiss")
    found = [
        len({*dense.nearest(index, q, 50)} & {*np.argsort(-(vectors @ q))[:10].tolist()}) for q in unit_rows(40, 2)
    ]
    assert np.mean(found) >= 9.7


def test_equal_vectors_give_an_equal_file(tmp_path: Path) -> None:
    vectors = unit_rows(dense.MAX_EXACT + 1, 1)
    for name in ("one", "other"):
        dense.save(dense.build(vectors), tmp_path / name)
    assert (tmp_path / "one").read_bytes() == (tmp_path / "other").read_bytes()
