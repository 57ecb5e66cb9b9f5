from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.answering.readers.span_model import MAX_ANSWER, PassageLogits, SpanModel
from bot.errors import ReaderError
from index.model.vocabulary import Vocabulary
from tests.training.test_unpacking import pack


@st.composite
def passages(draw: st.DrawFn) -> PassageLogits:
    """Return logits of tokens that stand one after the other, some of them empty."""
    count = draw(st.integers(0, 45))
    lengths = draw(st.lists(st.integers(0, 3), min_size=count, max_size=count))
    ends = np.cumsum(np.array(lengths, dtype=np.int64))
    spans = np.stack([ends - np.array(lengths, dtype=np.int64), ends], axis=1)
    logits = draw(st.lists(st.integers(-50, 50), min_size=2 * count, max_size=2 * count))
    values = np.array(logits, dtype=np.float32).reshape(2, -1)
    return PassageLogits(spans, values[0], values[1], 1.5)


@given(passages(), st.integers(0, 100), st.integers(1, 60))
def test_the_best_span_is_that_of_trying_all(passage: PassageLogits, start: int, length: int) -> None:
    end = start + length
    inside = [i for i, (a, b) in enumerate(passage.spans) if b > start and a < end]
    tried = [float(passage.starts[i] + passage.ends[j]) for i in inside for j in inside if i <= j < i + MAX_ANSWER]
    best = passage.best_within(start, end)
    if not tried:
        assert best is None
    else:
        assert best is not None
        assert best.margin == max(tried) - 1.5
        assert start <= best.start <= best.end <= end


def test_a_span_does_not_leave_its_sentence_with_a_token_that_does() -> None:
    passage = PassageLogits(np.array([[0, 6]]), np.ones(1, np.float32), np.ones(1, np.float32), 0.0)
    best = passage.best_within(2, 5)
    assert best is not None
    assert best[:2] == (2, 5)


@pytest.mark.parametrize("content", [None, b"", b"not a model"], ids=["missing", "empty", "damaged"])
def test_a_model_that_cannot_be_loaded_is_a_foreseen_fault(content: bytes | None, tmp_path: Path) -> None:
    model = tmp_path / "span-reader.onnx"
    (tmp_path / "packed.bin").write_bytes(pack())
    if content is not None:
        model.write_bytes(content)
    with pytest.raises(ReaderError, match=r"span-reader\.onnx cannot be loaded"):
        SpanModel(model, Vocabulary(tmp_path / "packed.bin"))
