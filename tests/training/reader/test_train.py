from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor
from transformers import BertConfig, BertModel

from training.reader.batches import Batch, Encoded, batches
from training.reader.model import SpanReader
from training.reader.train import Recipe, loss_of, train


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
    return [b for epoch in range(4) for b in batches([[one] for one in encoded], 8, epoch)]


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


def passages(*answers: int) -> Batch:
    """Return a batch of one example with wrong passages, the answer of each at a token; 0 for none."""
    return batches([[Encoded([0, 5, 5, 5, 2], at, at) for at in answers]], 8, seed=1)[0]


def logits_of(*margins: float) -> Tensor:
    """Return logits of passages of five tokens in which the third is as much likelier than no answer."""
    logits = torch.full((len(margins), 5, 2), -9.0)
    logits[:, 0] = 0.0
    logits[:, 2] = torch.tensor(margins)[:, None]
    return logits


def test_a_passage_that_answers_must_beat_those_that_do_not() -> None:
    told, near, beaten = (float(loss_of(logits_of(1.0, wrong), passages(2, 0))) for wrong in (-6.0, 0.9, 3.0))
    assert told < near < beaten
    apart = (float(loss_of(logits_of(1.0), passages(2))) + float(loss_of(logits_of(0.9), passages(0)))) / 2
    assert near > apart + 0.5


def test_only_what_a_passage_adds_to_no_answer_is_compared() -> None:
    logits, batch = logits_of(2.0, 1.0, -3.0), passages(2, 0, 0)
    raised = logits + torch.tensor([0.0, 7.0, -4.0])[:, None, None]
    torch.testing.assert_close(loss_of(raised, batch), loss_of(logits, batch))


def test_passages_of_a_question_without_an_answer_are_not_compared() -> None:
    logits = logits_of(2.0, 1.0)
    alone = torch.stack([loss_of(logits[n : n + 1], passages(0)) for n in (0, 1)]).mean()
    torch.testing.assert_close(loss_of(logits, passages(0, 0)), alone)
