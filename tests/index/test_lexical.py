import math
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.lexical import K1, TERM_BYTES, B, Group, LexicalIndex, fold, stems, words
from index.schema import Language


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("École", "ecole", id="fr-capital accent"),
        pytest.param("ÉCOLE", "ecole", id="fr-capitals"),
        pytest.param("e\u0301cole", "ecole", id="fr-combining accent"),
        pytest.param("ecole", "ecole", id="fr-no accent"),
        pytest.param("Œuvre", "oeuvre", id="fr-ligature"),
        pytest.param("ŒUVRE", "oeuvre", id="fr-capital ligature"),
        pytest.param("oeuvre", "oeuvre", id="fr-two letters"),
        pytest.param("Lætitia", "laetitia", id="fr-ae"),
        pytest.param("ça, là-bas, noël, forêt", "ca, la-bas, noel, foret", id="fr-cedilla and others"),
        pytest.param("Résumé", "resume", id="en-loan word"),
        pytest.param("ﬁlm", "film", id="en-typographic ligature"),
    ],
)
def test_case_accents_and_ligatures_do_not_count(text: str, expected: str) -> None:
    assert fold(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("l’école", ["ecole"], id="fr-l’"),
        pytest.param("L'ÉCOLE", ["ecole"], id="fr-L'"),
        pytest.param("d'Amsterdam", ["amsterdam"], id="fr-d'"),
        pytest.param("qu’il", ["il"], id="fr-qu’"),
        pytest.param("jusqu’ici", ["ici"], id="fr-jusqu’"),
        pytest.param("3,5\u00a0millions", ["3,5", "millions"], id="fr-decimal"),
        pytest.param("«\u202fœuvre\u202f»", ["oeuvre"], id="fr-guillemets"),
        pytest.param("co-PDG", ["co", "pdg"], id="fr-hyphen"),
        pytest.param("Netflix’s", ["netflix"], id="en-’s"),
        pytest.param("Netflix's", ["netflix"], id="en-'s"),
        pytest.param("3.5 million", ["3.5", "million"], id="en-decimal"),
        pytest.param("snake_case", ["snake", "case"], id="en-underscore"),
        pytest.param(" \u00a0?!… ", [], id="none"),
    ],
)
def test_words_are_freed_of_elisions_and_possessives(text: str, expected: list[str]) -> None:
    assert words(text) == expected


@pytest.mark.parametrize(
    ("language", "one", "other"),
    [
        pytest.param("fr", "le bureau", "les bureaux", id="fr-plural"),
        pytest.param("fr", "créateur", "CRÉATEURS", id="fr-capitals"),
        pytest.param("fr", "il annonça", "annoncer", id="fr-verb"),
        pytest.param("fr", "l’œuvre", "des oeuvres", id="fr-ligature"),
        pytest.param("en", "the office", "offices", id="en-plural"),
        pytest.param("en", "they announced", "announcing", id="en-verb"),
        pytest.param("en", "Canada's study", "studies of Canada", id="en-possessive"),
    ],
)
def test_forms_of_a_word_share_a_stem(language: Language, one: str, other: str) -> None:
    assert set(stems(one, language)) <= set(stems(other, language)) | set(stems("il", language))
    assert set(stems(one, language)) & set(stems(other, language))


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        pytest.param("fr", "Qu’est-ce que c’est que la musique ?", 1, id="fr"),
        pytest.param("en", "What is it that they have of the music?", 1, id="en"),
        pytest.param("fr", "le la les de du", 0, id="fr-nothing else"),
        pytest.param("en", "the of and to", 0, id="en-nothing else"),
    ],
)
def test_function_words_are_dropped(language: Language, text: str, expected: int) -> None:
    assert len(stems(text, language)) == expected


def test_threads_stem_alike() -> None:
    texts = ["Les créateurs canadiens annonçaient des œuvres", "continuellement cherchées"] * 100
    expected = [stems(text, "fr") for text in texts]
    with ThreadPoolExecutor(8) as threads:
        assert list(threads.map(lambda text: stems(text, "fr"), texts)) == expected


VOCABULARY = (
    "bureau bureaux Netflix l’école école œuvre créateurs Toronto office offices announced Vancouver's 3,5 21".split()
)
CORPORA = st.lists(
    st.tuples(st.lists(st.sampled_from(VOCABULARY), max_size=12).map(" ".join), st.sampled_from(["fr", "en"])),
    max_size=12,
)
STEMS = sorted({stem for word in [*VOCABULARY, "inconnu"] for stem in [*stems(word, "fr"), *stems(word, "en")]})
WEIGHTS = st.sampled_from([0.25, 0.5, 1.0])
QUERIES: st.SearchStrategy[list[Group]] = st.lists(
    st.dictionaries(st.sampled_from(STEMS), WEIGHTS, max_size=4), max_size=6
)


def each(stemmed: list[str]) -> list[Group]:
    """Return a question in the language of the texts: each stem stands for itself."""
    return [{stem: 1.0} for stem in stemmed]


def plain_idf(bags: list[list[str]], term: str) -> float:
    holders = sum(term in bag for bag in bags)
    return math.log(1 + (len(bags) - holders + 0.5) / (holders + 0.5))


def plain_bm25(corpus: list[tuple[str, Language]], query: list[Group]) -> list[float]:
    """Robertson and Zaragoza's formula, word for word; of the stems that stand for one word, the best counts."""
    bags = [stems(text, language) for text, language in corpus]
    mean = max(sum(map(len, bags)) / max(len(bags), 1), 1.0)
    total = []
    for bag in bags:
        norm = K1 * (1 - B + B * len(bag) / mean)
        score = 0.0
        for group in query:
            score += max(
                (
                    weight * plain_idf(bags, term) * bag.count(term) * (K1 + 1) / (bag.count(term) + norm)
                    for term, weight in group.items()
                ),
                default=0.0,
            )
        total.append(score)
    return total


@given(CORPORA, QUERIES)
def test_scores_equal_the_plain_formula(corpus: list[tuple[str, Language]], query: list[Group]) -> None:
    scores = LexicalIndex.build(corpus).scores(query)
    np.testing.assert_allclose(scores.astype(np.float64), np.array(plain_bm25(corpus, query)), rtol=1e-4, atol=1e-6)


@given(CORPORA, QUERIES)
def test_the_idf_of_a_word_is_the_best_of_its_known_stems(
    corpus: list[tuple[str, Language]], query: list[Group]
) -> None:
    bags = [stems(text, language) for text, language in corpus]
    expected = [
        max(
            (weight * plain_idf(bags, term) for term, weight in group.items() if any(term in bag for bag in bags)),
            default=plain_idf(bags, "nulle part"),
        )
        for group in query
    ]
    np.testing.assert_allclose(LexicalIndex.build(corpus).idf(query).astype(np.float64), np.array(expected), rtol=1e-4)


@given(CORPORA, QUERIES)
def test_no_text_scores_more_than_the_idf_allow(corpus: list[tuple[str, Language]], query: list[Group]) -> None:
    index = LexicalIndex.build(corpus)
    assert (index.scores(query) <= float(index.idf(query).sum()) * (K1 + 1) * 1.0001).all()


CORPUS: list[tuple[str, Language]] = [
    ("Le bureau de Toronto", "fr"),
    ("The Vancouver office", "en"),
    ("L’école d’art de Toronto", "fr"),
]


def test_the_index_knows_the_language_of_each_text() -> None:
    index = LexicalIndex.build(CORPUS)
    assert (index.french.tolist(), index.languages) == ([True, False, True], {"fr", "en"})
    assert LexicalIndex.build(CORPUS[:1]).languages == {"fr"}


def test_the_language_of_a_text_moves_with_it() -> None:
    index = LexicalIndex.build(CORPUS).updated([1, None, 0], [("A new English text", "en")])
    assert index.french.tolist() == [False, False, True]


def test_unknown_stems_score_nothing() -> None:
    unknown: list[Group] = [{"zzz": 1.0}, {"\U0001f600": 1.0, "": 0.5}, {}]
    assert LexicalIndex.build(CORPUS).scores(unknown).tolist() == [0, 0, 0]


def test_an_unknown_stem_weighs_more_than_any_known_one() -> None:
    unknown, rare, common = LexicalIndex.build(CORPUS).idf(each(["zzz", *stems("Vancouver Toronto", "en")]))
    assert unknown > rare > common > 0


def test_a_long_word_is_found_again() -> None:
    long = "é" * TERM_BYTES
    index = LexicalIndex.build([("bref", "fr"), (long, "fr")])
    assert np.flatnonzero(index.scores(each(stems(long, "fr")))).tolist() == [1]


def test_an_empty_index_answers() -> None:
    index = LexicalIndex.build([])
    assert (index.scores(each(["bureau"])).shape, index.idf([]).shape, index.languages) == ((0,), (0,), set())


def test_what_is_saved_is_what_is_loaded(tmp_path: Path) -> None:
    built = LexicalIndex.build(CORPUS)
    built.save(tmp_path)
    loaded = LexicalIndex.load(tmp_path)
    query = each(stems("Quel bureau à Toronto ?", "fr"))
    np.testing.assert_array_equal(loaded.scores(query), built.scores(query))
    np.testing.assert_array_equal(loaded.french, built.french)


def test_a_saved_index_holds_no_object(tmp_path: Path) -> None:
    LexicalIndex.build(CORPUS).save(tmp_path)
    assert not any(np.load(path, allow_pickle=False).dtype.hasobject for path in tmp_path.iterdir())
