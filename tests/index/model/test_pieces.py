from itertools import accumulate

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.model.pieces import Pieces

TEXTS = st.text(st.characters(exclude_characters="\0"), max_size=12)


def pieces_of(texts: list[str]) -> Pieces:
    raw = [text.encode("utf-8", "surrogatepass") for text in texts]
    return Pieces(memoryview(b"".join(raw)), np.array([0, *accumulate(map(len, raw))], dtype=np.uint32))


@given(st.lists(TEXTS, unique=True), TEXTS)
def test_each_piece_is_found_and_nothing_else(texts: list[str], other: str) -> None:
    pieces = pieces_of(texts)
    assert [pieces.find(text) for text in texts] == list(range(len(texts)))
    assert pieces.find(other) == (texts.index(other) if other in texts else None)


def test_pieces_that_begin_alike_are_told_apart() -> None:
    texts = ["\u2581intern", "\u2581interne", "\u2581internement", "\u2581internet", "\u2581inter", "\u2581intér"]
    pieces = pieces_of(texts)
    assert [pieces.find(text) for text in texts] == list(range(len(texts)))
    assert pieces.find("\u2581internem") is None
    assert (len(pieces), [*pieces], pieces.longest) == (6, texts, 14)


@pytest.mark.parametrize("offsets", [[0, 3, 2], [1, 2], [0, 2, 9]])
def test_pieces_outside_the_file_are_a_fault(offsets: list[int]) -> None:
    with pytest.raises(ValueError, match="outside the file"):
        Pieces(memoryview(b"abcd"), np.array(offsets, dtype=np.uint32))


def test_an_empty_vocabulary_holds_nothing() -> None:
    assert pieces_of([]).find("a") is None
