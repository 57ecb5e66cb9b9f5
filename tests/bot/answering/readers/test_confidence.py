import json
import math
from collections.abc import Sequence
from dataclasses import asdict, fields, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.answering.readers.confidence import Calibration, Features, extract_features, names_found
from bot.answering.readers.ranking import Candidate
from bot.answering.readers.shipped import FOLDER, SIMILARITY_FIT, load_similarity_ranker, load_similarity_reader
from index.schema import Language, SearchHit
from tests.bot.fakes import ENGLISH, FRENCH, make_chunk, make_hit

NAMES = [f.name for f in fields(Features)]
BEST = make_hit(make_chunk(FRENCH), score=1.5, sentence_dense=(0.6, 0.9, 0.3), sentence_overlap=(0.0, 0.75, 0.0))
SAME_ARTICLE = make_hit(make_chunk(FRENCH, ordinal=1), rank=2, score=1.4, sentence_dense=(0.2, 0.1, 0.3))
RIVAL = make_hit(
    make_chunk(ENGLISH, document="ferry.en.txt", language="en"), rank=3, score=1.2, sentence_dense=(0.3, 0.2, 0.1)
)


def ranked(hits: Sequence[SearchHit]) -> list[Candidate]:
    return load_similarity_ranker().rank("Qui ?", hits)


def test_the_features_are_those_worked_out_by_hand() -> None:
    hits = [BEST, SAME_ARTICLE, RIVAL]
    features = extract_features("Qui a acheté un tableau à Trois-Rivières en 1997 ?", "fr", ranked(hits), hits)
    assert asdict(features) == pytest.approx(
        {
            "sentence": 0.9,
            "lead": 0.9 - (0.6 + 0.9 + 0.3 + 0.2 + 0.1 + 0.3 + 0.3 + 0.2 + 0.1) / 9,
            "chunk": 0.8,
            "margin": 0.3,
            "sentence_overlap": 0.75,
            "chunk_overlap": 0.5,
            "coverage": 0.25,
            "names": 2 / 3,  # Trois and Rivières, not 1997
            "foreign_quote": 0.0,
            "french": 1.0,
        }
    )


def test_the_margin_is_nothing_without_another_article() -> None:
    hits = [BEST, SAME_ARTICLE]
    assert extract_features("Qui ?", "fr", ranked(hits), hits).margin == 0.0


@pytest.mark.parametrize(("language", "foreign", "french"), [("fr", 0.0, 1.0), ("en", 1.0, 0.0)])
def test_the_features_tell_the_languages(language: Language, foreign: float, french: float) -> None:
    features = extract_features("Qui ?", language, ranked([BEST]), [BEST])
    assert (features.foreign_quote, features.french) == (foreign, french)


@pytest.mark.parametrize(
    ("question", "text", "share"),
    [
        pytest.param("Combien d’abonnés Disney+ compte-t-il ?", "Netflix en compte sept millions.", 0.0, id="fr"),
        pytest.param("How many subscribers does Disney+ have?", "Netflix has seven million.", 0.0, id="en"),
        pytest.param("Que vaut Disney+ ?", "L’offre de Disney+ a grandi.", 1.0, id="found"),
        pytest.param("Disney+ a-t-il grandi ?", "Netflix a grandi.", 0.0, id="opens-the-question-but-has-a-plus"),
        pytest.param("Combien en 2017 ?", "En 2017, c’était 500 millions.", 1.0, id="year-found"),
        pytest.param("How much in 2018?", "En 2017, c’était 500 millions.", 0.0, id="year-missing"),
        pytest.param("Où vit Ted Sarandos ?", "M. Sarandos vit à Montecito.", 0.5, id="half"),
        pytest.param("Quelle est la ville de Québec ?", "quebec est une ville.", 1.0, id="case-and-accents"),
        pytest.param("Netflix est-il rentable ?", "Rien.", 1.0, id="capital-that-opens-the-question"),
        pytest.param("quelle est la couleur du ciel ?", "Rien.", 1.0, id="no-names"),
        pytest.param("étés où l’eau gèle, à côté", "Rien.", 1.0, id="accented-lower-case"),
        pytest.param("Que dit Émile ?", "émile parle.", 1.0, id="accented-capital"),
        pytest.param("", "", 1.0, id="empty"),
    ],
)
def test_names_and_numbers_of_the_question_are_looked_up(question: str, text: str, share: float) -> None:
    assert names_found(question, text) == share


@pytest.mark.parametrize(
    ("question", "text", "share"),
    [
        pytest.param("Quelles sont les œuvres créées ?", "Rien.", 1.0, id="œ-is-lower-case"),
        pytest.param("Quelle est la capitale de l’Australie ?", "Le Canada.", 0.0, id="elided-name"),
        pytest.param("Combien d’habitants a l’Île-d’Orléans ?", "Lévis.", 0.0, id="elided-accented-name"),
        pytest.param("Qui a écrit «\u00a0Maria Chapdelaine\u00a0» ?", "Rien.", 0.0, id="quoted-name"),
        pytest.param("Que veut dire M.\u00a0Sarandos ?", "M. Lévesque.", 0.0, id="name-after-a-no-break-space"),
    ],
)
def test_french_names_are_looked_up(question: str, text: str, share: float) -> None:
    assert names_found(question, text) == share


# ------------------------------------------------------------------------------------------------------- calibration


def test_the_shipped_calibration_weighs_every_feature_and_nothing_else() -> None:
    calibration = load_similarity_reader().calibration
    assert sorted(calibration.weights) == sorted(NAMES)
    assert all(math.isfinite(weight) for weight in [*calibration.weights.values(), calibration.bias])


def test_the_shipped_thresholds_are_probabilities() -> None:
    thresholds = load_similarity_reader().calibration.thresholds
    assert [sorted(languages) for languages in (thresholds, thresholds["fr"], thresholds["en"])] == [["en", "fr"]] * 3
    assert all(0 < threshold < 1 for of_quote in thresholds.values() for threshold in of_quote.values())


def test_the_shipped_calibration_says_what_it_was_fitted_on_and_how() -> None:
    record = json.loads((FOLDER / SIMILARITY_FIT).read_text(encoding="utf-8"))
    assert record["data"]
    assert record["command"]
    assert sorted(record["figures"]) == ["en→en", "en→fr", "fr→en", "fr→fr"]


def test_the_confidence_is_the_logistic_of_the_weighted_sum() -> None:
    calibration = Calibration({name: float(i) for i, name in enumerate(NAMES)}, bias=-2.0, thresholds={})
    features = Features(*(0.1 * i for i in range(len(NAMES))))
    logit = -2.0 + sum(0.1 * i * i for i in range(len(NAMES)))
    assert calibration.confidence(features) == pytest.approx(1 / (1 + math.exp(-logit)))


@given(
    st.lists(st.floats(-1, 1), min_size=len(NAMES), max_size=len(NAMES)),
    st.sampled_from(NAMES),
    st.floats(0.001, 1),
)
def test_the_confidence_grows_with_the_logit(values: list[float], name: str, more: float) -> None:
    calibration = load_similarity_reader().calibration
    features = Features(*values)
    raised = replace(features, **{name: getattr(features, name) + more})
    low, high = calibration.confidence(features), calibration.confidence(raised)
    assert 0 <= min(low, high) <= max(low, high) <= 1
    if calibration.weights[name] > 0:
        assert low <= high
    else:
        assert low >= high
