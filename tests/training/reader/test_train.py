from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor
from transformers import BertConfig, BertModel

from training.reader.batches import Batch, Encoded, batches
from training.reader.model import SpanReader
from training.reader.train import Recipe, train


class StoppedError(Exception):
    """Stands for a machine that goes down."""


class Mortal(SpanReader):
    """Goes down at a step."""

    steps_left = 10_000

    def forward(self, ids: Tensor, mask: Tensor) -> Tensor:
        if not self.steps_left:
            raise StoppedError
        self.steps_left -= 1
        return super().forward(ids, mask)


def new_reader() -> Mortal:
    torch.manual_seed(1)
    config = BertConfig(
        vocab_size=12,
        hidden_size=16,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=32,
        max_position_embeddings=32,
    )
    return Mortal(BertModel(config, add_pooling_layer=False))


def steps() -> list[Batch]:
    """Return batches where the answer is the token 7."""
    draw = np.random.default_rng(1)
    encoded = []
    for _ in range(160):
        ids = [0, *draw.integers(8, 12, 6).tolist(), 2]
        at = int(draw.integers(1, 7))
        ids[at] = 7
        encoded.append(Encoded(ids, at, at))
    return [b for epoch in range(4) for b in batches(encoded, 8, epoch)]


def weights(folder: Path) -> dict[str, Any]:
    loaded: dict[str, Any] = torch.load(folder / "model.pt", weights_only=True)
    return loaded


def test_the_reader_learns_where_the_answer_is(tmp_path: Path) -> None:
    reader = new_reader()
    train(reader, steps(), Recipe(learning_rate=1e-2), tmp_path)
    batch = steps()[0]
    with torch.inference_mode():
        logits = reader(torch.from_numpy(batch.ids), torch.from_numpy(batch.mask))
    np.testing.assert_array_equal(logits[..., 0].argmax(1), batch.start)


def test_a_run_that_was_stopped_ends_where_one_in_a_go_does(tmp_path: Path) -> None:
    train(new_reader(), steps(), Recipe(), tmp_path / "one go")
    mortal = new_reader()
    mortal.steps_left = 30
    with pytest.raises(StoppedError):
        train(mortal, steps(), Recipe(), tmp_path / "stopped", save_seconds=0)
    assert not (tmp_path / "stopped" / "model.pt").exists()
    again = new_reader()
    again.steps_left = len(steps()) - 30
    train(again, steps(), Recipe(), tmp_path / "stopped", save_seconds=0)
    expected, found = weights(tmp_path / "one go"), weights(tmp_path / "stopped")
    assert expected.keys() == found.keys()
    for name, weight in expected.items():
        torch.testing.assert_close(found[name], weight)


def test_the_embeddings_stay_as_they_are_and_are_not_saved(tmp_path: Path) -> None:
    reader = new_reader()
    before = reader.encoder.embeddings.word_embeddings.weight.clone()
    train(reader, steps()[:5], Recipe(), tmp_path)
    torch.testing.assert_close(reader.encoder.embeddings.word_embeddings.weight, before, rtol=0, atol=0)
    assert not any("embeddings" in name for name in weights(tmp_path))
