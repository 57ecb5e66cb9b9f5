from dataclasses import replace

import pytest

from bot.answering.readers.confidence import Calibration
from bot.answering.readers.fit import Fit
from bot.answering.readers.ranking import RankingWeights
from bot.answering.readers.reader import NEAR_MISS, Reader
from bot.answering.readers.similarity import SimilarityRanker
from index.schema import Chunk, Language
from tests.bot.fakes import ENGLISH, FRENCH, make_chunk, make_hit
from tests.index.pages import chunks_of

THRESHOLDS: dict[Language, dict[Language, float]] = {"fr": {"fr": 0.3, "en": 0.4}, "en": {"fr": 0.6, "en": 0.7}}
PLAIN = Calibration(dict.fromkeys(SimilarityRanker.feature_names, 0.0), bias=0.0, thresholds=THRESHOLDS)
WEIGHTS = RankingWeights(margin=0.0, dense=1.0, overlap=0.08, hit=0.5)
READER = Reader(SimilarityRanker(WEIGHTS), Fit(WEIGHTS, second=0.02, bold=None, calibration=PLAIN))
MUSEUM = make_chunk(FRENCH)
FERRY = make_chunk(ENGLISH, document="ferry.en.txt", language="en")


@pytest.mark.parametrize(
    ("language", "chunk", "threshold"),
    [
        pytest.param("fr", MUSEUM, 0.3, id="fr-fr"),
        pytest.param("fr", FERRY, 0.4, id="fr-en"),
        pytest.param("en", MUSEUM, 0.6, id="en-fr"),
        pytest.param("en", FERRY, 0.7, id="en-en"),
    ],
)
def test_the_threshold_is_that_of_the_languages_of_question_and_quote(
    language: Language, chunk: Chunk, threshold: float
) -> None:
    assert READER.read("Qui ?", language, [make_hit(chunk)]).threshold == threshold


@pytest.mark.parametrize("language", ["fr", "en"])
def test_without_a_quote_the_threshold_is_that_of_the_language_of_the_question(language: Language) -> None:
    assert READER.read("Qui ?", language, []).threshold == THRESHOLDS[language][language]


def test_nothing_found_is_read_without_a_quote_or_confidence() -> None:
    reading = READER.read("Qui ?", "fr", [])
    assert (reading.citations, reading.confidence) == ((), 0.0)
    assert READER.evidence("Qui ?", "fr", []) is None


def test_hits_without_a_sentence_are_read_without_a_quote() -> None:
    assert READER.read("Qui ?", "fr", [make_hit(make_chunk(""))]).citations == ()


def test_the_confidence_is_that_of_the_calibration() -> None:
    assert READER.read("Qui ?", "fr", [make_hit(MUSEUM)]).confidence == 0.5


def test_the_reader_is_named_after_its_ranker_which_leaves_the_hits_in_the_order_of_the_search() -> None:
    assert (READER.name, READER.read("Qui ?", "fr", [make_hit(MUSEUM)]).hits) == ("similarity", ())


def test_a_reader_calibrated_anew_leaves_the_first_as_it_was() -> None:
    anew = READER.calibrated(replace(PLAIN, bias=2.0))
    assert anew.read("Qui ?", "fr", [make_hit(MUSEUM)]).confidence > 0.8
    assert READER.calibration is PLAIN


def test_a_calibration_of_other_features_is_refused() -> None:
    with pytest.raises(ValueError, match="similarity"):
        READER.calibrated(replace(PLAIN, weights={**PLAIN.weights, "doubt": 1.0}))


def test_a_sentence_without_the_kind_of_words_that_is_asked_for_gives_way_to_one_with_them() -> None:
    chunk = make_chunk("Le cours est très demandé. Il coûte 12\u00a0€ par mois.")
    [citation, *_] = READER.read("Combien coûte le cours ?", "fr", [make_hit(chunk)]).citations
    assert "12\u00a0€" in citation.quote


def test_a_quote_without_the_kind_of_words_that_is_asked_for_is_near_and_no_answer() -> None:
    chunk = make_chunk("Le cours est très demandé. Il accueille douze personnes.")
    reading = READER.read("Combien coûte le cours ?", "fr", [make_hit(chunk)])
    assert (reading.confidence, reading.answers) == (NEAR_MISS * reading.threshold, False)


def test_one_row_answers_where_it_matches_better_than_the_others() -> None:
    [chunk] = chunks_of("# Horaires\n\n| Jour | Fermeture |\n| --- | --- |\n| mercredi | 19 h |\n| samedi | 17 h |\n")
    hit = make_hit(chunk, sentence_dense=(0.8, 0.81), sentence_overlap=(0.1, 0.9))
    [citation] = READER.read("À quelle heure ferme-t-il le samedi ?", "fr", [hit]).citations
    assert (citation.lead, citation.quote) == ("| Jour | Fermeture |", "| samedi | 17 h |")


def test_a_row_that_the_question_names_answers_alone_whatever_the_confidence() -> None:
    [chunk] = chunks_of("# Horaires\n\n| Jour | Fermeture |\n| --- | --- |\n| mercredi | 19 h |\n| samedi | 17 h |\n")
    hit = make_hit(chunk, sentence_dense=(0.9, 0.1), sentence_overlap=(0.5, 0.5))
    unsure = READER.calibrated(replace(PLAIN, bias=-5.0))
    reading = unsure.read("Quelle est l’heure de fermeture du mercredi ?", "fr", [hit])
    assert not reading.answers  # « heure » stands nowhere
    reading = unsure.read("La fermeture du mercredi ?", "fr", [hit])
    assert reading.answers
    assert [(c.lead, c.quote) for c in reading.citations] == [("| Jour | Fermeture |", "| mercredi | 19 h |")]


def test_a_row_that_is_missing_is_not_answered_by_another() -> None:
    table = "# Prix\n\n| Article | Prix |\n| --- | --- |\n| Vis Alba | 2\u00a0€ |\n| Écrou Brunel | 3\u00a0€ |\n"
    [chunk] = chunks_of(table)
    sure = READER.calibrated(replace(PLAIN, bias=5.0))
    assert not sure.read("Quel est le prix de la Vis Brunel ?", "fr", [make_hit(chunk)]).answers
    assert sure.read("Quel est le prix de la Vis Alba ?", "fr", [make_hit(chunk)]).answers


def test_steps_are_read_as_a_passage_and_a_fact_as_a_sentence() -> None:
    [chunk] = chunks_of("# Bac\n\nIl part du quai.\n\nPour monter :\n\n1. Payez.\n2. Montez à bord.\n")
    [steps] = READER.read("Comment monter ?", "fr", [make_hit(chunk)]).citations
    assert steps.quote.endswith("2. Montez à bord.")
    [plain] = chunks_of("# Bac\n\nLe bac part du quai. Tout le monde y monte à midi.\n")
    [fact, *_] = READER.read("Comment monter ?", "fr", [make_hit(plain)]).citations
    assert fact.quote == "Le bac part du quai."


def test_what_the_search_finds_by_its_question_stays_first_and_is_shown_whole() -> None:
    answer = replace(make_chunk("Au comptoir. Apportez une preuve d’adresse.", "faq.csv#2"), question="Où m’inscrire ?")
    hits = [make_hit(answer, sentence_dense=(0.1, 0.1)), make_hit(make_chunk(FRENCH), rank=2, score=1.49)]
    reading = READER.read("Où puis-je m’inscrire ?", "fr", hits)
    assert [c.quote for c in reading.citations if c.chunk_id == answer.id] == [answer.text]
    assert reading.citations[0].chunk_id == answer.id


def test_key_words_are_read_as_the_paragraph_about_them() -> None:
    [plain] = chunks_of("# Bac\n\nLe bac part du quai. Tout le monde y monte à midi.\n")
    [paragraph] = READER.read("bac quai", "fr", [make_hit(plain)]).citations
    assert paragraph.quote == "Le bac part du quai. Tout le monde y monte à midi."
