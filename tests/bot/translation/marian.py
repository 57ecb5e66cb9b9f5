"""Tiny models with the files that the hub has: they know by heart a few sentences, and make up the rest."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from bot.translation.engine import plain
from bot.translation.models import Pair
from bot.translation.protected import protect
from tests.bot.translation.sentences import RIGHT, Translated

PIECES = 200  # of words


def write_marian(folder: Path, pair: Pair) -> Path:
    """Write a model that has learned the right translations of `sentences`, its weights in PyTorch's format of 2020."""
    import torch
    from transformers import MarianConfig, MarianMTModel

    folder.mkdir(parents=True)
    vocabulary = {"</s>": 0, "<unk>": 1}
    for name, language in zip(("source", "target"), pair, strict=True):
        for piece in write_pieces(folder / f"{name}.spm", language):
            vocabulary.setdefault(piece, len(vocabulary))
    padding = vocabulary["<pad>"] = len(vocabulary)
    told = {
        "activation_function": "swish",
        "architectures": ["MarianMTModel"],
        "bad_words_ids": [[padding]],
        "bos_token_id": 0,
        "d_model": 64,
        "decoder_attention_heads": 4,
        "decoder_ffn_dim": 128,
        "decoder_layers": 1,
        "decoder_start_token_id": padding,
        "encoder_attention_heads": 4,
        "encoder_ffn_dim": 128,
        "encoder_layers": 1,
        "eos_token_id": 0,
        "is_encoder_decoder": True,
        "max_length": 64,
        "dropout": 0.0,
        "max_position_embeddings": 256,
        "model_type": "marian",
        "normalize_before": False,
        "normalize_embedding": False,
        "num_beams": 6,
        "pad_token_id": padding,
        "scale_embedding": True,
        "static_position_embeddings": True,
        "vocab_size": padding + 1,
    }
    write_json(folder / "config.json", told)
    write_json(folder / "vocab.json", vocabulary)
    write_json(folder / "tokenizer_config.json", {"target_lang": pair[1], "source_lang": pair[0]})
    torch.manual_seed(0)
    model = MarianMTModel(MarianConfig.from_json_file(str(folder / "config.json")))
    threads = torch.get_num_threads()
    torch.set_num_threads(1)  # several wait for one another longer than they compute
    _teach(model, folder, vocabulary, pair)
    torch.set_num_threads(threads)
    torch.save(model.state_dict(), folder / "pytorch_model.bin", _use_new_zipfile_serialization=False)
    return folder


def _teach(model: Any, folder: Path, vocabulary: dict[str, int], pair: Pair) -> None:
    """Let a model learn the translations of one direction by heart."""
    import torch

    padding = vocabulary["<pad>"]
    told = [as_the_model_gets_it(one) for one in RIGHT if one.pair == pair]
    source = _batch([source for source, _ in told], folder / "source.spm", vocabulary)
    target = _batch([translated for _, translated in told], folder / "target.spm", vocabulary)
    labels = target.masked_fill(target == padding, -100)
    optimizer = torch.optim.Adam(model.parameters(), lr=3e-3)
    for _ in range(600):  # 300 are enough
        loss = model(input_ids=source, attention_mask=(source != padding).long(), labels=labels).loss
        if loss.item() < 0.005:
            return
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        model.model.shared.weight.data[padding] = 0  # as in OPUS-MT, which has no such piece


def as_the_model_gets_it(one: Translated) -> tuple[str, str]:
    """Return a sentence and its translation with stand-ins for what is not translated."""
    protected = protect(one.source)
    assert protected is not None
    translated = one.translated
    for number, kept in enumerate(protected.kept):
        translated = translated.replace(kept, f"XQ{number}")
    return plain(protected.text), plain(translated)


def _batch(texts: Sequence[str], pieces: Path, vocabulary: Mapping[str, int]) -> Any:
    import torch
    from sentencepiece import SentencePieceProcessor

    read = SentencePieceProcessor(model_file=str(pieces))
    rows = [[*(vocabulary[piece] for piece in read.encode(text, out_type=str)), vocabulary["</s>"]] for text in texts]
    width = max(map(len, rows))
    return torch.tensor([row + [vocabulary["<pad>"]] * (width - len(row)) for row in rows])


def write_pieces(file: Path, language: str) -> list[str]:
    """Train pieces of words on a few sentences, and return them."""
    import sentencepiece

    texts = [
        text for one in RIGHT for text, of in zip(as_the_model_gets_it(one), one.pair, strict=True) if of == language
    ]
    with file.open("wb") as written:
        sentencepiece.SentencePieceTrainer.train(
            sentence_iterator=iter(texts * 4),
            model_writer=written,
            vocab_size=PIECES,
            hard_vocab_limit=False,
            minloglevel=2,
        )
    read = sentencepiece.SentencePieceProcessor(model_file=str(file))
    return [read.id_to_piece(number) for number in range(3, read.get_piece_size())]


def write_json(file: Path, told: object) -> None:
    file.write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")
