import gc
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from index.disk import RowFile, SliceFile

ARRAY = np.random.default_rng(0).standard_normal((3_000, 7)).astype(np.float32)
OPEN_FILES = Path("/proc/self/fd")
ON_LINUX = pytest.mark.skipif(not OPEN_FILES.exists(), reason="reads /proc")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    np.save(tmp_path / "rows.npy", ARRAY)
    return tmp_path / "rows.npy"


@pytest.mark.parametrize(("start", "end"), [(0, 3_000), (17, 17), (2_999, 3_000), (5, 900)])
def test_a_slice_is_that_of_the_array(path: Path, start: int, end: int) -> None:
    np.testing.assert_array_equal(RowFile(path).slice(start, end), ARRAY[start:end])


@pytest.mark.parametrize("rows", [[], [0], [2_999, 3, 3, 0]])
def test_rows_come_in_the_order_asked(path: Path, rows: list[int]) -> None:
    taken = RowFile(path).take(rows)
    np.testing.assert_array_equal(taken, ARRAY[rows])
    assert taken.dtype == np.float32


def test_rows_past_the_end_are_refused(path: Path) -> None:
    with pytest.raises(ValueError, match="reshape"):
        RowFile(path).slice(2_999, 3_001)


def test_threads_read_the_right_rows(path: Path) -> None:
    file = RowFile(path)
    rows = np.random.default_rng(1).integers(len(ARRAY), size=4_000).tolist()
    with ThreadPoolExecutor(8) as pool:
        read = list(pool.map(lambda row: file.take([row])[0], rows))
    np.testing.assert_array_equal(read, ARRAY[rows])


def test_what_is_not_an_array_is_refused(tmp_path: Path) -> None:
    (tmp_path / "rows.npy").write_bytes(b"junk")
    with pytest.raises(ValueError, match="pickle"):
        RowFile(tmp_path / "rows.npy")


@ON_LINUX
def test_nothing_stays_mapped(path: Path) -> None:
    file = RowFile(path)
    file.take(range(3_000))
    assert str(path) not in Path("/proc/self/maps").read_text(encoding="utf-8")


@ON_LINUX
def test_the_file_is_closed_when_nothing_uses_it(path: Path) -> None:
    def is_open() -> bool:
        return any(fd.readlink() == path for fd in OPEN_FILES.iterdir() if fd.is_symlink())

    file = SliceFile(path)
    assert is_open()
    del file
    gc.collect()
    assert not is_open()
