import math
from pathlib import Path

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from index.bm25 import K1, TERM_BYTES, B, BM25Index, Group
from index.schema import Language
from index.text import stems

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
    scores = BM25Index.build(corpus).scores(query)
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
    np.testing.assert_allclose(BM25Index.build(corpus).idf(query).astype(np.float64), np.array(expected), rtol=1e-4)


@given(CORPORA, QUERIES)
def test_no_text_scores_more_than_the_idf_allow(corpus: list[tuple[str, Language]], query: list[Group]) -> None:
    index = BM25Index.build(corpus)
    assert (index.scores(query) <= float(index.idf(query).sum()) * (K1 + 1) * 1.0001).all()


CORPUS: list[tuple[str, Language]] = [
    ("Le bureau de Toronto", "fr"),
    ("The Vancouver office", "en"),
    ("L’école d’art de Toronto", "fr"),
]


def test_the_index_knows_the_language_of_each_text() -> None:
    index = BM25Index.build(CORPUS)
    assert (index.french.tolist(), index.languages) == ([True, False, True], {"fr": 2, "en": 1})
    assert BM25Index.build(CORPUS[:1]).languages == {"fr": 1}


def test_the_language_of_a_text_moves_with_it() -> None:
    index = BM25Index.build(CORPUS).updated([1, None, 0], [("A new English text", "en")])
    assert index.french.tolist() == [False, False, True]


def test_unknown_stems_score_nothing() -> None:
    unknown: list[Group] = [{"zzz": 1.0}, {"\U0001f600": 1.0, "": 0.5}, {}]
    assert BM25Index.build(CORPUS).scores(unknown).tolist() == [0, 0, 0]


def test_an_unknown_stem_weighs_more_than_any_known_one() -> None:
    unknown, rare, common = BM25Index.build(CORPUS).idf(each(["zzz", *stems("Vancouver Toronto", "en")]))
    assert unknown > rare > common > 0


def test_a_long_word_is_found_again() -> None:
    long = "é" * TERM_BYTES
    index = BM25Index.build([("bref", "fr"), (long, "fr")])
    assert np.flatnonzero(index.scores(each(stems(long, "fr")))).tolist() == [1]


def test_an_empty_index_answers() -> None:
    index = BM25Index.build([])
    assert (index.scores(each(["bureau"])).shape, index.idf([]).shape, index.languages) == ((0,), (0,), {})


def test_what_is_saved_is_what_is_loaded(tmp_path: Path) -> None:
    built = BM25Index.build(CORPUS)
    built.save(tmp_path)
    loaded = BM25Index.load(tmp_path)
    query = each(stems("Quel bureau à Toronto ?", "fr"))
    np.testing.assert_array_equal(loaded.scores(query), built.scores(query))
    np.testing.assert_array_equal(loaded.french, built.french)


def test_a_saved_index_holds_no_object(tmp_path: Path) -> None:
    BM25Index.build(CORPUS).save(tmp_path)
    assert not any(np.load(path, allow_pickle=False).dtype.hasobject for path in tmp_path.iterdir())
