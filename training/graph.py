"""BERT's layers as an ONNX graph, in the fused operators of onnxruntime."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from onnx import TensorProto, helper

MICROSOFT = "com.microsoft"  # domain of the operators that onnxruntime adds

Linear = Callable[[str, str, str], list[Any]]
"""Makes the nodes of one linear layer: given its name, its input and its output."""


def layers(count: int, heads: int, epsilon: float, linear: Linear) -> tuple[list[Any], str]:
    """Return the nodes of the layers, which read `rows` of shape (n, t, d), and the name of their output.

    The norms expect `l0.aln.w`, `l0.aln.b`, `l0.oln.w`, `l0.oln.b`; the linear layers are `l0.q`, `k`, `v`, `ao` of the
    attention, then `fi` and `fo`.
    """
    nodes, rows = [], "rows"
    for layer in (f"l{number}" for number in range(count)):

        def norm(name: str, added: str, to: str, output: str, layer: str = layer) -> list[Any]:
            inputs = [f"{layer}.{name}.sum", f"{layer}.{name}.w", f"{layer}.{name}.b"]
            return [
                helper.make_node("Add", [added, to], inputs[:1]),
                helper.make_node("LayerNormalization", inputs, [output], axis=-1, epsilon=epsilon),
            ]

        for name in ("q", "k", "v"):
            nodes += linear(f"{layer}.{name}", rows, f"{layer}.{name}.out")
        heard = [f"{layer}.{name}.out" for name in ("q", "k", "v")]
        nodes.append(helper.make_node("MultiHeadAttention", heard, [f"{layer}.a"], domain=MICROSOFT, num_heads=heads))
        nodes += linear(f"{layer}.ao", f"{layer}.a", f"{layer}.ao.out")
        nodes += norm("aln", f"{layer}.ao.out", rows, f"{layer}.half")
        nodes += linear(f"{layer}.fi", f"{layer}.half", f"{layer}.fi.out")
        nodes.append(helper.make_node("Gelu", [f"{layer}.fi.out"], [f"{layer}.gelu"], domain=MICROSOFT))
        nodes += linear(f"{layer}.fo", f"{layer}.gelu", f"{layer}.fo.out")
        nodes += norm("oln", f"{layer}.fo.out", f"{layer}.half", f"{layer}.out")
        rows = f"{layer}.out"
    return nodes, rows


FLOAT32, INT8 = 1, 4
"""What the inputs of a linear layer are multiplied in, as `accuracy_level` of MatMulNBits says it
(https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md#com.microsoft.MatMulNBits)."""


def linear_in_blocks(
    name: str, inputs: str, output: str, shape: tuple[int, int], bits: int, block: int, accuracy: int
) -> list[Any]:
    """Return the node of a linear layer with weights of few bits, a scale for each block of them.

    Expects `name.w`, `name.scale` and `name.b`.

    Args:
        name: of the layer.
        inputs: name of what enters.
        output: name of what leaves.
        shape: of the weights: outputs, inputs.
        bits: of a weight.
        block: weights that share a scale.
        accuracy: `FLOAT32` leaves the inputs as they are, and every processor gives the same outputs but for 1e-7;
            `INT8` rounds them, block by block: less work, and a number that one processor rounds up, another may round
            down.
    """
    names = [inputs, f"{name}.w", f"{name}.scale", "", "", f"{name}.b"]
    return [
        helper.make_node(
            "MatMulNBits",
            names,
            [output],
            domain=MICROSOFT,
            N=shape[0],
            K=shape[1],
            bits=bits,
            block_size=block,
            accuracy_level=accuracy,
        )
    ]


def save(nodes: list[Any], output: str, sizes: tuple[int, int], weights: list[Any], file: Path) -> None:
    """Write the graph from `rows` to `output`, of `sizes` numbers a token, with `weights` inside or only named."""
    ends = [
        helper.make_tensor_value_info(name, TensorProto.FLOAT, ["n", "t", size])
        for name, size in zip(("rows", output), sizes, strict=True)
    ]
    graph = helper.make_graph(nodes, "layers", ends[:1], ends[1:], weights)
    versions = [helper.make_opsetid("", 17), helper.make_opsetid(MICROSOFT, 1)]
    file.write_bytes(helper.make_model(graph, opset_imports=versions, ir_version=9).SerializeToString())
