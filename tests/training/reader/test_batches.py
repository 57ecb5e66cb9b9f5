import random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.model.vocabulary import Vocabulary
from tests.training.test_unpacking import pack
from training.reader.batches import Encoded, batches, encode, encode_all
from training.reader.examples import Example


@pytest.fixture(scope="module")
def vocabulary(tmp_path_factory: pytest.TempPathFactory) -> Vocabulary:
    path = tmp_path_factory.mktemp("packed") / "packed.bin"
    path.write_bytes(pack())
    return Vocabulary(path)


def test_the_labels_are_the_tokens_of_the_answer(vocabulary: Vocabulary) -> None:
    encoded = encode(vocabulary, Example("chat", "chat chat chat", ((5, 9),)), 20, random.Random(1))
    assert encoded == Encoded([0, 5, 2, 2, 5, 5, 5, 2], 5, 5)


def test_each_answer_that_people_gave_is_drawn_as_often(vocabulary: Vocabulary) -> None:
    draw, example = random.Random(1), Example("chat", "chat chat chat", ((0, 4), (5, 9), (5, 9)))
    drawn = [encode(vocabulary, example, 20, draw).start for _ in range(300)]
    assert set(drawn) == {4, 5}
    assert 170 < drawn.count(5) < 230


def test_without_an_answer_both_labels_are_the_first_token(vocabulary: Vocabulary) -> None:
    encoded = encode(vocabulary, Example("chat", "chat chat"), 20, random.Random(1))
    assert (encoded.start, encoded.end) == (0, 0)


@given(st.integers(0, 99), st.integers(1, 6), st.integers(10, 40), st.integers(0, 9))
def test_a_window_holds_the_answer_and_no_more_tokens_than_the_limit(
    vocabulary: Vocabulary, at: int, words: int, limit: int, seed: int
) -> None:
    passage = " ".join(["chat"] * at + ["é"] * words + ["chat"] * (100 - at))
    start = 5 * at
    example = Example("chat", passage, ((start, start + 2 * words - 1),))
    encoded = encode(vocabulary, example, limit, random.Random(seed))
    assert len(encoded.ids) <= limit
    mark, accent = 4, 6
    if 2 * words <= limit - 6:
        assert encoded.ids[encoded.start : encoded.end + 1] == ([mark, accent] * words)[1:]


def test_batches_hold_every_example_once_and_pad_what_is_shorter() -> None:
    encoded = [Encoded([0, *[5] * length, 2], length, length) for length in (1, 9, 2, 8, 3, 7, 4)]
    found = batches([[one] for one in encoded], 3, seed=1)
    assert sorted(len(b.ids) for b in found) == [1, 3, 3]
    assert sorted(int(s) for b in found for s in b.start) == [1, 2, 3, 4, 7, 8, 9]
    for batch in found:
        assert (batch.ids[batch.mask == 0] == 1).all()
        np.testing.assert_array_equal(batch.mask.sum(1), batch.start + 2)


def test_the_same_seed_gives_the_same_batches() -> None:
    encoded = [Encoded([0, i, 2], 1, 1) for i in range(40)]
    first, again, other = ([b.ids.tolist() for b in batches([[one] for one in encoded], 4, seed)] for seed in (1, 1, 2))
    assert first == again != other


def test_an_example_is_encoded_with_each_of_its_wrong_passages(vocabulary: Vocabulary) -> None:
    example = Example("chat", "chat chat", ((5, 9),), ("é", "é é"))
    own, *wrong = encode_all(vocabulary, example, 20, random.Random(1))
    assert own == encode(vocabulary, example, 20, random.Random(1))
    assert wrong == [encode(vocabulary, Example("chat", text), 20, random.Random(1)) for text in example.wrong]


@given(st.lists(st.integers(1, 6), min_size=1, max_size=20), st.integers(1, 8))
def test_the_rows_of_an_example_stay_together(counts: list[int], size: int) -> None:
    encoded = [[Encoded([0, number, row, 2], 0, 0) for row in range(count)] for number, count in enumerate(counts)]
    found = batches(encoded, size, seed=1)
    assert sum(len(batch.ids) for batch in found) == sum(counts)
    for batch in found:
        assert len(batch.ids) <= size or len(set(batch.example)) == 1
        for number in range(max(batch.example) + 1):
            rows = batch.ids[batch.example == number]
            assert rows[:, 2].tolist() == list(range(counts[rows[0, 1]]))
            assert len(set(rows[:, 1])) == 1
