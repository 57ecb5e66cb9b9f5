"""Write the trained layers as an int8 ONNX file, and check it against torch.

    python -m training.reader.export runs/without0/model.pt runs/without1/model.pt --output span-reader.onnx

Several models are averaged, weight by weight.
"""

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from onnx import helper, numpy_helper
from torch import Tensor, nn

from bot.answering.readers.span_model import QUESTION_TOKENS, PassageLogits, SpanModel
from index.model.packed import MAX_TOKENS
from index.model.vocabulary import Vocabulary
from training.graph import INT8, MICROSOFT, layers, linear_in_blocks, save
from training.reader.examples import read_examples
from training.reader.model import SpanReader, load_reader
from training.unpacking import packed_weights

MAX_BYTES = 25_000_000
MAX_DIFFERENCE = 0.1
"""Of the logits, on average: a twentieth of what they vary by within a passage."""

BLOCK = 128  # weights that share a scale in the second half of a feed-forward block
SMOOTHING = 0.85
"""Share of the range of the inputs that moves to the weights (alpha of Xiao et al. 2023, "SmoothQuant", eq. 4)."""

CHECKED = 100  # pairs on which file and torch are compared; it is quantised for as many others

Texts = Sequence[tuple[str, str]]
"""Questions and passages."""


class Quantiser:
    """Makes the int8 layers of a reader, with the weights in them."""

    def __init__(self, reader: SpanReader, ranges: Sequence[NDArray[np.float32]]) -> None:
        """Take the reader, and for each layer the largest magnitude of each input of its feed-forward block."""
        self.weights: list[Any] = []
        self._ranges = ranges
        self._linear: dict[str, nn.Linear] = {}
        for number, layer in enumerate(blocks_of(reader)):
            attention, halves = layer.attention, {"fi": layer.intermediate.dense, "fo": layer.output.dense}
            own = {"q": attention.self.query, "k": attention.self.key, "v": attention.self.value}
            for name, linear in {**own, "ao": attention.output.dense, **halves}.items():
                self._linear[f"l{number}.{name}"] = linear
            for name, norm in (("aln", attention.output.LayerNorm), ("oln", layer.output.LayerNorm)):
                self.add(f"l{number}.{name}.w", norm.weight)
                self.add(f"l{number}.{name}.b", norm.bias)

    def add(self, name: str, array: Tensor | NDArray[Any]) -> str:
        """Put a weight into the file and return its name."""
        values = array.detach().numpy() if isinstance(array, Tensor) else array
        self.weights.append(numpy_helper.from_array(np.ascontiguousarray(values), name))
        return name

    def linear(self, name: str, inputs: str, output: str) -> list[Any]:
        """Return the nodes of a linear layer: int8 weights, inputs quantised as they come.

        The inputs of a feed-forward block, and even more those of its second half, have outliers: with one scale for
        all, the others would be rounded away. The inputs of the first half are therefore divided by a factor that its
        weights are multiplied by (SmoothQuant); in the second half every 128 inputs have a scale of their own. Over 100
        pairs the logits then differ from torch's by 0.032 on average and the best span is the same for 0.96, in 0.029 s
        a passage. Without the division: 0.065 and 0.89, 0.030 s. With the second half divided too, and no blocks: 0.059
        and 0.92, 0.025 s. With one scale for all: 0.14. With blocks of 32 everywhere: 0.013 and 1.00, 0.053 s.
        """
        weights: NDArray[np.float32] = self._linear[name].weight.detach().numpy()
        bias = self.add(f"{name}.b", self._linear[name].bias)
        layer, kind = name.removeprefix("l").split(".")
        if kind == "fo":
            blocks = weights.reshape(len(weights), -1, BLOCK)
            scale = np.abs(blocks).max(-1) / 127
            values = (np.round(blocks / scale[..., None]) + 128).astype(np.uint8)
            self.add(f"{name}.w", values)
            self.add(f"{name}.scale", scale)
            return linear_in_blocks(name, inputs, output, weights.shape, bits=8, block=BLOCK, accuracy=INT8)
        nodes = []
        if kind == "fi":
            divisor = smoothed(self._ranges[int(layer)], weights)
            weights = weights * divisor
            names = [inputs, self.add(f"{name}.smooth", 1 / divisor)]
            nodes.append(helper.make_node("Mul", names, [f"{name}.in"]))
            inputs = f"{name}.in"
        scale = np.abs(weights).max(axis=1) / 127
        values = np.round(weights / scale[:, None]).astype(np.int8).T
        zeros = np.zeros(len(scale), np.int8)
        parts = [self.add(f"{name}.{part}", a) for part, a in (("w", values), ("scale", scale), ("zero", zeros))]
        return [*nodes, helper.make_node("DynamicQuantizeMatMul", [inputs, *parts, bias], [output], domain=MICROSOFT)]


def blocks_of(reader: SpanReader) -> list[Any]:
    """Return the layers of the encoder, whose parts have no types."""
    return list(reader.encoder.encoder.layer)


def smoothed(ranges: NDArray[np.float32], weights: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the factor of each input: the input is divided by it, its column of `weights` multiplied."""
    columns = np.abs(weights).max(axis=0)
    divisor: NDArray[np.float32] = np.maximum(ranges, 1e-3) ** SMOOTHING / np.maximum(columns, 1e-4) ** (1 - SMOOTHING)
    return divisor


def feed_forward_ranges(reader: SpanReader, texts: Texts) -> list[NDArray[np.float32]]:
    """Return, by layer, the largest magnitude over `texts` of each input of the feed-forward block."""
    blocks: list[nn.Linear] = [layer.intermediate.dense for layer in blocks_of(reader)]
    ranges = [np.zeros(block.in_features, np.float32) for block in blocks]
    hooks = []
    for seen, block in zip(ranges, blocks, strict=True):

        def note(_: nn.Module, inputs: tuple[Tensor], seen: NDArray[np.float32] = seen) -> None:
            np.maximum(seen, inputs[0].abs().amax((0, 1)).numpy(), out=seen)

        hooks.append(block.register_forward_pre_hook(note))
    vocabulary = Vocabulary(packed_weights())
    for question, passage in texts:
        logits_of(reader, token_ids(vocabulary, question, passage))
    for hook in hooks:
        hook.remove()
    return ranges


def export(reader: SpanReader, output: Path, texts: Texts) -> None:
    """Write the file, quantised for the magnitudes that `texts` give."""
    config = reader.encoder.config
    quantiser = Quantiser(reader, feed_forward_ranges(reader, texts))
    nodes, last = layers(config.num_hidden_layers, config.num_attention_heads, config.layer_norm_eps, quantiser.linear)
    head = [quantiser.add("head.w", reader.head.weight.T), quantiser.add("head.b", reader.head.bias)]
    nodes.append(helper.make_node("MatMul", [last, head[0]], ["head.out"]))
    nodes.append(helper.make_node("Add", ["head.out", head[1]], ["logits"]))
    save(nodes, "logits", (config.hidden_size, 2), quantiser.weights, output)


def token_ids(vocabulary: Vocabulary, question: str, passage: str) -> list[int]:
    """Return the tokens that the model reads of a pair."""
    asked = vocabulary.encode(question).ids[:QUESTION_TOKENS]
    return vocabulary.pair(asked, vocabulary.encode(passage).ids)[:MAX_TOKENS]


def logits_of(reader: SpanReader, ids: list[int]) -> NDArray[np.float32]:
    """Return torch's logits, shape (t, 2)."""
    with torch.inference_mode():
        logits: NDArray[np.float32] = reader(torch.tensor([ids]), torch.ones(1, len(ids), dtype=torch.int64))[0].numpy()
    return logits


def agreement(reader: SpanReader, output: Path, texts: Texts) -> tuple[float, float]:
    """Return how often file and torch find the same best span in the passage, and the mean difference of the logits."""
    vocabulary = Vocabulary(packed_weights())
    model = SpanModel(output, vocabulary)
    same, differences = [], []
    for question, passage in texts:
        found = model.read(question, passage)
        ids = token_ids(vocabulary, question, passage)
        logits = logits_of(reader, ids)
        first = ids.index(vocabulary.eos) + 2
        inside = logits[first : first + len(found.spans)]
        expected = PassageLogits(found.spans, inside[:, 0], inside[:, 1], float(logits[0].sum()))
        ours, theirs = (one.best_within(0, len(passage)) for one in (found, expected))
        same.append((ours and ours[:2]) == (theirs and theirs[:2]))
        differences.append(np.abs(np.stack([found.starts, found.ends], axis=1) - inside).mean())
    return float(np.mean(same)), float(np.mean(differences))


def main() -> None:
    """Average, export, check."""
    parser = argparse.ArgumentParser(description="Export the reader.")
    parser.add_argument("models", type=Path, nargs="+", help="model.pt of one run, or of several to average")
    parser.add_argument("--output", type=Path, required=True)
    parser.add_argument("--examples", type=Path, required=True, help="what it is quantised for and compared on")
    args = parser.parse_args()
    reader = load_reader(args.models).eval()
    texts = [(e.question, e.passage) for e in read_examples(args.examples)[: 2 * CHECKED]]
    export(reader, args.output, texts[CHECKED:])
    same, difference = agreement(reader, args.output, texts[:CHECKED])
    size = args.output.stat().st_size
    print(f"{args.output}: {size:,} bytes; same best span {same:.3f}; mean difference of the logits {difference:.3f}")
    if size > MAX_BYTES or difference > MAX_DIFFERENCE:
        raise SystemExit("the file is too large, or not what was trained")


if __name__ == "__main__":
    main()
