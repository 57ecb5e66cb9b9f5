import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import astuple, replace

import numpy as np
import pytest

from bot.answering.citations import verify
from bot.answering.readers.confidence import Calibration
from bot.answering.readers.fit import Fit
from bot.answering.readers.ranking import HITS_READ, Candidate, RankingWeights, reranked
from bot.answering.readers.reader import Reader
from bot.answering.readers.shipped import load_similarity_ranker
from bot.answering.readers.span import HOPED_MARGIN, SpanRanker
from bot.answering.readers.span_model import PassageLogits, SpanModel
from index.schema import Language, SearchHit
from tests.bot.fakes import ENGLISH, FRENCH, make_chunk, make_hit

MUSEUM = make_hit(make_chunk(FRENCH), score=1.5, sentence_dense=(0.8, 0.8, 0.8))
FERRY = make_hit(
    make_chunk(ENGLISH, document="ferry.en.txt", language="en"), rank=2, score=1.5, sentence_dense=(0.8, 0.8, 0.8)
)
MARGIN_ALONE = RankingWeights(margin=1.0, dense=0.0, overlap=0.0, hit=0.0)


class WordsModel(SpanModel):
    """Finds in every passage the words that the test names, each as sure as the test says, and nothing else."""

    def __init__(self, sure: Mapping[str, float]) -> None:
        self.sure = sure
        self.read_passages: list[tuple[str, str]] = []  # in any order, each with what stands above it

    def read(self, question: str, passage: str, above: str = "") -> PassageLogits:
        self.read_passages.append((passage, above))
        count = len(passage)
        starts, ends = np.full(count, -9.0, np.float32), np.full(count, -9.0, np.float32)
        for words, logit in self.sure.items():
            if (at := passage.find(words)) >= 0:
                starts[at] = ends[at + len(words) - 1] = logit
        return PassageLogits(np.stack([np.arange(count), np.arange(count) + 1], axis=1), starts, ends, 1.0)


EVEN = Calibration(
    dict.fromkeys(SpanRanker.feature_names, 0.0), 0.0, {"fr": {"fr": 0.3, "en": 0.4}, "en": {"fr": 0.6, "en": 0.7}}
)


def rank(
    question: str, hits: Sequence[SearchHit], model: SpanModel, weights: RankingWeights = MARGIN_ALONE
) -> list[Candidate]:
    return SpanRanker(model, weights, load_similarity_ranker()).rank(question, hits)


def reader(model: SpanModel, bold: float = 0.0) -> Reader:
    ranker = SpanRanker(model, MARGIN_ALONE, load_similarity_ranker())
    return Reader(ranker, Fit(MARGIN_ALONE, second=0.5, bold=bold, calibration=EVEN))


def test_the_sentence_of_the_surest_span_comes_first_with_its_span() -> None:
    ranked = rank("Quand ?", [MUSEUM, FERRY], WordsModel({"1998": 4.0, "noon": 3.0}))
    best, second = ranked[:2]
    assert best.answer is not None
    assert second.answer is not None
    assert FRENCH[slice(*best.answer[:2])] == "1998"
    assert ENGLISH[slice(*second.answer[:2])] == "noon"
    assert (best.answer.margin, second.answer.margin) == (7.0, 5.0)
    assert len(ranked) == 6


def test_the_score_adds_what_the_vectors_the_words_and_the_search_say() -> None:
    weights = RankingWeights(margin=2.0, dense=10.0, overlap=100.0, hit=1000.0)
    hit = make_hit(make_chunk("Le musée ouvre."), score=1.5, sentence_dense=(0.6,), sentence_overlap=(0.5,))
    (only,) = rank("Que fait le musée ?", [hit], WordsModel({"ouvre": 3.0}), weights)
    assert only.score == pytest.approx(2 * 5.0 + 10 * 0.6 + 100 * 0.5 + 1000 * 1.5)


def test_only_the_first_hits_are_read_each_with_its_title() -> None:
    model = WordsModel({})
    hits = [make_hit(make_chunk(f"Phrase {i}."), rank=i) for i in range(HITS_READ + 3)]
    rank("Quoi ?", hits, model, MARGIN_ALONE)
    assert sorted(model.read_passages) == [(hit.chunk.text, "Le musée") for hit in hits[:HITS_READ]]


def on_one_core(model: SpanModel, weights: RankingWeights) -> SpanRanker:
    return SpanRanker(model, weights, load_similarity_ranker(), at_once=1)


def test_what_cannot_come_first_is_not_read() -> None:
    model = WordsModel({"Phrase 2": HOPED_MARGIN / 2 + 1})
    near, far, wide = (
        make_hit(make_chunk(f"Phrase {i}.", document=f"{i}.md"), rank=i, sentence_dense=(dense,))
        for i, dense in ((1, 0.5), (2, 0.8), (3, 0.1))
    )
    weights = RankingWeights(margin=1.0, dense=1.0, overlap=0.0, hit=0.0)
    ranked = on_one_core(model, weights).rank("Quoi ?", [near, far, wide])
    assert [passage for passage, _ in model.read_passages] == ["Phrase 2."]
    assert [candidate.hit.chunk.document_id for candidate in ranked] == ["2.md"]


def test_what_may_still_come_first_is_read() -> None:
    model = WordsModel({"Phrase 1": HOPED_MARGIN / 2, "Phrase 2": 0.6})
    hits = [make_hit(make_chunk(f"Phrase {i}."), rank=i, sentence_dense=(0.9 / i,)) for i in (2, 1)]
    best, *_ = on_one_core(model, RankingWeights(margin=1.0, dense=-1.0, overlap=0.0, hit=0.0)).rank("Quoi ?", hits)
    assert best.text == "Phrase 1."
    assert len(model.read_passages) == 2


def test_a_slow_passage_does_not_keep_the_others_from_being_begun() -> None:
    third_begun = threading.Event()

    class Slow(WordsModel):
        def read(self, question: str, passage: str, above: str = "") -> PassageLogits:
            if passage == "Phrase 3.":
                third_begun.set()
            if passage == "Phrase 2.":
                assert third_begun.wait(30), "the third passage waited for the second"
            return super().read(question, passage, above)

    weights = RankingWeights(margin=1.0, dense=1.0, overlap=0.0, hit=0.0)
    hits = [make_hit(make_chunk(f"Phrase {i}."), rank=i, sentence_dense=(0.9 / i,)) for i in (1, 2, 3)]
    ranked = SpanRanker(Slow({}), weights, load_similarity_ranker(), at_once=2).rank("Quoi ?", hits)
    assert len(ranked) == 3


def test_what_is_read_does_not_depend_on_which_passage_is_done_first() -> None:
    class OfUnevenPace(WordsModel):
        slow = ""

        def read(self, question: str, passage: str, above: str = "") -> PassageLogits:
            if passage == self.slow:
                time.sleep(0.05)
            return super().read(question, passage, above)

    weights = RankingWeights(margin=1.0, dense=1.0, overlap=0.0, hit=0.0)
    hits = [make_hit(make_chunk(f"Phrase {i}."), rank=i, sentence_dense=(0.9 / i,)) for i in range(1, 6)]
    model = OfUnevenPace({"Phrase 2": HOPED_MARGIN})
    ranker = SpanRanker(model, weights, load_similarity_ranker(), at_once=2)
    read = []
    for slow in ("Phrase 1.", "Phrase 2.", "Phrase 3."):
        model.slow, model.read_passages = slow, []
        ranker.rank("Quoi ?", hits)
        read.append(sorted(passage for passage, _ in model.read_passages))
    assert read == [["Phrase 1.", "Phrase 2.", "Phrase 3."]] * 3


def test_what_the_model_did_not_reach_comes_last() -> None:
    class ShortSighted(WordsModel):
        def read(self, question: str, passage: str, above: str = "") -> PassageLogits:
            logits = super().read(question, passage, above)
            return PassageLogits(logits.spans[:20], logits.starts[:20], logits.ends[:20], logits.nothing)

    ranked = rank("Quand ?", [MUSEUM], ShortSighted({"1998": 9.0}), MARGIN_ALONE)
    assert [c.answer is None for c in ranked] == [False, True, True]


def test_hits_are_ordered_by_their_best_sentence_and_those_not_read_stay_last() -> None:
    rest = make_hit(make_chunk("Rien.", document="rien.txt"), rank=3)
    ranked = rank("When?", [MUSEUM, FERRY], WordsModel({"noon": 3.0}), MARGIN_ALONE)
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
def test_the_evidence_is_that_of_similarity_and_the_doubt_in_the_quoted_words(logit: float, doubt: float) -> None:
    similarity = load_similarity_ranker()
    hits = [MUSEUM, FERRY]
    seen = similarity.evidence("Quand ?", "fr", hits, similarity.rank("Quand ?", hits))
    evidence = reader(WordsModel({"noon": logit})).evidence("Quand ?", "fr", hits)
    assert SpanRanker.feature_names == (*similarity.feature_names, "doubt")
    assert evidence is not None
    assert astuple(evidence.features) == (*astuple(seen.features), doubt)


def test_the_threshold_is_that_of_the_sentence_whose_features_were_weighed() -> None:
    near = make_hit(make_chunk(ENGLISH, document="ferry.en.txt", language="en"), score=1.8)
    reading = reader(WordsModel({"1998": 9.0})).read("Quand ?", "fr", [near, MUSEUM])
    assert reading.citations[0].language == "fr"  # the quote of the span model
    assert reading.threshold == EVEN.thresholds["fr"]["en"]  # similarity puts the English sentence first


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
    assert (reading.citations, reading.confidence) == ((), 0.0)
