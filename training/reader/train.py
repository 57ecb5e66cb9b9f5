"""Train the span model on examples; a run that was stopped goes on when the same command is given again.

python -m training.reader.train --examples runs/first0.jsonl --tokens 176 --output runs/first0
python -m training.reader.train --examples runs/without0.jsonl --init runs/first0/model.pt --output runs/without0
python -m training.reader.train --examples runs/ranked0.jsonl --init runs/without0/model.pt --output runs/ranked0
"""

import argparse
import random
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor
from torch.nn.functional import cross_entropy

from index.model.vocabulary import Vocabulary
from training.reader.batches import Batch, batches, encode_all
from training.reader.examples import Example, read_examples
from training.reader.model import SpanReader, load_reader
from training.unpacking import packed_weights

BATCH = 8  # half of what is usual, for twice the steps: two cores get through few examples
TOKENS = 224  # of question and passage; two in three of the second examples fit, the others are cut to a window


@dataclass(frozen=True, slots=True)
class Recipe:
    """Everything that decides the result besides the examples and the weights that training starts from."""

    seed: int = 1
    learning_rate: float = 1e-4
    warm_up: int = 20  # steps until the learning rate is full
    decay: float = 0.2  # share of the steps, the last ones, on which it falls to 0
    weight_decay: float = 0.01
    tokens: int = TOKENS
    gradient_norm: float = 1.0

    def learning_rate_at(self, step: int, steps: int) -> float:
        """Return the learning rate of a step, from 1: it rises, stays, and falls (Hu et al. 2024, "MiniCPM", § 4)."""
        return self.learning_rate * min(step / self.warm_up, 1.0, (steps + 1 - step) / (self.decay * steps))


def plan(examples: Sequence[Example], vocabulary: Vocabulary, recipe: Recipe) -> list[Batch]:
    """Return the batches of every step, the same for the same examples and seed."""
    draw = random.Random(recipe.seed)
    return batches([encode_all(vocabulary, e, recipe.tokens, draw) for e in examples], BATCH, recipe.seed)


def train(reader: SpanReader, steps: Sequence[Batch], recipe: Recipe, output: Path, save_seconds: float = 200) -> None:
    """Train `reader` and leave its weights in `output`.

    Args:
        reader: where training starts, unless `output` holds a checkpoint.
        steps: a batch each.
        recipe: the rest.
        output: folder of the checkpoint and of `model.pt`.
        save_seconds: between two checkpoints.
    """
    device = "cuda" if torch.cuda.is_available() else "cpu"
    reader.to(device).train()
    optimizer = torch.optim.AdamW(
        [p for p in reader.parameters() if p.requires_grad],
        lr=recipe.learning_rate,
        weight_decay=recipe.weight_decay,
        fused=True,
    )
    output.mkdir(parents=True, exist_ok=True)
    checkpoint, first = output / "checkpoint.pt", 0
    if checkpoint.exists():
        saved = torch.load(checkpoint, weights_only=True, map_location=device)
        reader.load_trained(saved["reader"])
        optimizer.load_state_dict(saved["optimizer"])
        first = saved["done"]
    saved_at, losses = time.monotonic(), []
    for done, batch in enumerate(steps[first:], start=first + 1):
        with torch.autocast(device, torch.bfloat16):
            logits = reader(torch.from_numpy(batch.ids).to(device), torch.from_numpy(batch.mask).to(device))
        for group in optimizer.param_groups:
            group["lr"] = recipe.learning_rate_at(done, len(steps))
        loss = loss_of(logits, batch)
        loss.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(reader.parameters(), recipe.gradient_norm)
        optimizer.step()
        optimizer.zero_grad()
        losses.append(float(loss.detach()))
        if done % 10 == 0:
            print(f"{time.strftime('%X')} step {done} of {len(steps)}, loss {sum(losses[-10:]) / 10:.3f}", flush=True)
        if time.monotonic() - saved_at >= save_seconds:
            state = {"reader": reader.trained_state(), "optimizer": optimizer.state_dict(), "done": done}
            _save(state, checkpoint)
            saved_at = time.monotonic()
    _save(reader.trained_state(), output / "model.pt")


def loss_of(logits: Tensor, batch: Batch) -> Tensor:
    """Return the mean cross-entropy of start and end in each row, and where there are wrong passages among all rows.

    The second compares passages: a token is as likely as it is more so than "no answer here" in its own passage, among
    the tokens of all passages of its question (Clark and Gardner 2018, "Simple and Effective Multi-Paragraph Reading
    Comprehension", § 3.1, "shared-norm", with the margin that the reader ranks by).
    """
    places = torch.from_numpy(np.stack([batch.start, batch.end], axis=1)).to(logits.device)
    loss = cross_entropy(logits, places)
    shared = [_shared_loss(logits[rows], places[rows]) for rows in _compared(batch)]
    return loss + torch.stack(shared).mean() if shared else loss


def _compared(batch: Batch) -> list[slice]:
    """Return the rows of each example that has an answer, and wrong passages."""
    first, counts = np.unique(batch.example, return_index=True, return_counts=True)[1:]
    return [slice(at, at + n) for at, n in zip(first.tolist(), counts.tolist(), strict=True) if n > 1 and batch.end[at]]


def _shared_loss(logits: Tensor, places: Tensor) -> Tensor:
    """Return the cross-entropy of start and end among all tokens of the passages, the first of which answers."""
    margins = (logits - logits[:, :1])[:, 1:].flatten(0, 1)
    return cross_entropy(margins.T, places[0] - 1)


def _save(state: dict[str, object], path: Path) -> None:
    """Write aside, then move: a run that is killed leaves the last file whole."""
    aside = path.with_suffix(".partial")
    torch.save(state, aside)
    aside.replace(path)


def main() -> None:
    """Train by the arguments."""
    parser = argparse.ArgumentParser(description="Train the reader.")
    parser.add_argument("--examples", type=Path, required=True, help="written by training.reader.prepare")
    parser.add_argument(
        "--init", type=Path, nargs="+", default=[], help="model.pt to start from, or several to average"
    )
    parser.add_argument("--output", type=Path, required=True, help="folder of model.pt, and of the checkpoint")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--tokens", type=int, default=TOKENS, help="of question and passage; more are cut")
    parser.add_argument("--steps", type=int, help="at most; a run that was stopped may be given fewer, or more")
    parser.add_argument("--threads", type=int, default=1, help="on two busy cores, one is faster than two")
    args = parser.parse_args()
    torch.set_num_threads(args.threads)
    torch.manual_seed(args.seed)
    recipe = Recipe(seed=args.seed, tokens=args.tokens)
    steps = plan(read_examples(args.examples), Vocabulary(packed_weights()), recipe)[: args.steps]
    train(load_reader(args.init), steps, recipe, args.output)


if __name__ == "__main__":
    main()
