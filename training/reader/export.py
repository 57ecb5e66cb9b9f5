"""Write the trained layers as an int8 ONNX file, and check it against torch.

    python -m training.reader.export runs/even/model.pt runs/odd/model.pt --output bot/readers/span-reader.onnx

Several models are averaged, weight by weight.
"""

import argparse
import warnings
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import torch
from torch import Tensor, nn

from index.vocabulary import Vocabulary
from training.reader.examples import read_examples
from training.reader.model import SpanReader, load_reader, packed_weights

MOST_BYTES = 25_000_000
LEAST_AGREEMENT = 0.95
"""Share of the passages for which int8 must name the same best start as torch in float32."""


class Layers(nn.Module):
    """What is shipped: embedded tokens in, logits out."""

    def __init__(self, reader: SpanReader) -> None:
        """Take the layers and the head of a trained reader."""
        super().__init__()
        self.layers = reader.encoder.encoder
        self.head = reader.head

    def forward(self, rows: Tensor) -> Tensor:
        """Return the logits of start and end, shape (n, t, 2), of `rows`, shape (n, t, d)."""
        logits: Tensor = self.head(self.layers(rows).last_hidden_state)
        return logits


def export(reader: SpanReader, output: Path) -> None:
    """Write the int8 file: weights per channel in int8, activations quantised as they come."""
    from onnxruntime.quantization import QuantType, quantize_dynamic

    rows = torch.randn(1, 16, reader.encoder.config.hidden_size)
    tokens = torch.export.Dim("tokens", min=4, max=512)
    with TemporaryDirectory() as folder, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        plain = Path(folder) / "plain.onnx"
        torch.onnx.export(
            Layers(reader).eval(),
            (rows,),
            plain,
            input_names=["rows"],
            output_names=["logits"],
            dynamic_shapes={"rows": {1: tokens}},
            dynamo=True,
            external_data=False,
            verbose=False,
        )
        quantize_dynamic(
            plain, output, weight_type=QuantType.QInt8, per_channel=True, op_types_to_quantize=["MatMul", "Gemm"]
        )


def agreement(reader: SpanReader, output: Path, texts: Sequence[tuple[str, str]]) -> tuple[float, float]:
    """Return how often file and torch name the same best start, and the mean difference of the logits."""
    from onnxruntime import InferenceSession

    vocabulary = Vocabulary(packed_weights())
    session = InferenceSession(output, providers=["CPUExecutionProvider"])
    reader.eval()
    same, differences = [], []
    for question, passage in texts:
        ids = vocabulary.pair(vocabulary.encode(question).ids, vocabulary.encode(passage).ids)[:512]
        with torch.inference_mode():
            expected = reader(torch.tensor([ids]), torch.ones(1, len(ids), dtype=torch.int64))[0].numpy()
        (logits,) = session.run(None, {"rows": vocabulary.embed(np.array([ids]))})
        same.append(logits[0, :, 0].argmax() == expected[:, 0].argmax())
        differences.append(np.abs(logits[0] - expected).mean())
    return float(np.mean(same)), float(np.mean(differences))


def main() -> None:
    """Average, export, check."""
    parser = argparse.ArgumentParser(description="Export the reader.")
    parser.add_argument("models", type=Path, nargs="+", help="model.pt of one run, or of several to average")
    parser.add_argument("--output", type=Path, required=True)
    parser.add_argument("--examples", type=Path, required=True, help="on which file and torch are compared")
    args = parser.parse_args()
    reader = load_reader(args.models)
    export(reader, args.output)
    texts = [(e.question, e.passage) for e in read_examples(args.examples)[:200]]
    same, difference = agreement(reader, args.output, texts)
    size = args.output.stat().st_size
    print(f"{args.output}: {size:,} bytes; same best start {same:.3f}; mean difference of the logits {difference:.3f}")
    if size > MOST_BYTES or same < LEAST_AGREEMENT:
        raise SystemExit("the file is too large, or not what was trained")


if __name__ == "__main__":
    main()
