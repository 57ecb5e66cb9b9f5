from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.bm25 import K1
from index.build import build_index
from index.chunking import embedding_text, sentence_text
from index.schema import Chunk, Language
from index.search import CANDIDATES, LEXICAL_WEIGHT, OVERLAP_WEIGHT, Searcher, best_rows
from index.store import IndexStore, open_store
from index.text import stems
from index.translation import Lexicon
from tests.fakes import HashingEmbeddings

FRENCH = """# Le bureau

TORONTO – Netflix veut s’installer pour de bon au pays. M. Sarandos y voit un «\u00a0premier pas\u00a0».

## L’école

L’école d’art de Québec forme des créateurs. Son œuvre est connue. Elle coûte 3,5\u00a0M$.

## Le fleuve

La Loire est le plus long fleuve de France. Elle naît au mont Gerbier-de-Jonc.
"""
ENGLISH = """# The river

The Loire is the longest river in France. It rises in the Massif Central.

## Where does the company open an office?

The company opens an office in Toronto. Vancouver was the other choice.

## The school

Students of the school of art show their works in the spring.
"""
QUESTIONS: list[tuple[Language, str]] = [
    ("fr", "Quel est le plus long fleuve de France ?"),
    ("fr", "OU EST L'ECOLE D'ART"),
    ("fr", "Combien coûte l’œuvre\u202f?"),
    ("fr", "?!"),
    ("en", "Which is the longest river in France?"),
    ("en", "Where does the company open an office?"),
    ("en", "zzz"),
]
EACH_QUESTION = pytest.mark.parametrize(("language", "question"), [pytest.param(*q, id=ascii(q[1])) for q in QUESTIONS])


@pytest.fixture
def store(tmp_path: Path, embeddings: HashingEmbeddings) -> IndexStore:
    seeds = tmp_path / "seeds"
    seeds.mkdir()
    (seeds / "fr.md").write_text(FRENCH, encoding="utf-8")
    (seeds / "en.md").write_text(ENGLISH, encoding="utf-8")
    build_index(seeds, tmp_path / "index", embeddings)
    return open_store(tmp_path / "index")


@pytest.fixture
def searcher(store: IndexStore, embeddings: HashingEmbeddings) -> Searcher:
    return Searcher(store, embeddings)


def all_chunks(store: IndexStore) -> list[Chunk]:
    return [store.chunk(row) for row in range(store.manifest.chunks)]


def plain_scores(store: IndexStore, question: str, language: Language) -> dict[str, float]:
    """Return the documented score of every chunk, from its text alone."""
    embeddings = HashingEmbeddings()
    vector = embeddings.encode_query(question)
    lexicon = Lexicon.load()
    scores = {}
    for row, chunk in enumerate(all_chunks(store)):
        words = list(lexicon.groups(question, language, chunk.language).values())
        bm25 = float(store.bm25.scores(words)[row])
        most = max(float(store.bm25.idf(words).sum()) * (K1 + 1), 1e-9)
        dense = embeddings.encode_query(embedding_text(chunk)) @ vector
        nearest = max(
            (embeddings.encode_query(sentence_text(chunk, s)) @ vector for s in chunk.sentences), default=dense
        )
        near = dense + nearest
        if chunk.question:
            near = max(near, 2 * (embeddings.encode_query(chunk.question) @ vector))
        scores[chunk.id] = float(near + LEXICAL_WEIGHT * bm25 / most)
    return scores


@EACH_QUESTION
@pytest.mark.parametrize("k", [1, 3, 100])
def test_hits_are_the_best_by_the_documented_formula(
    searcher: Searcher, store: IndexStore, question: str, language: Language, k: int
) -> None:
    expected = plain_scores(store, question, language)
    assert len(expected) <= CANDIDATES
    hits = searcher.search(question, language, k)
    best = sorted(expected.values(), reverse=True)[:k]
    fused = [h.score - OVERLAP_WEIGHT * (h.overlap + max(h.sentence_overlap, default=0.0)) for h in hits]
    np.testing.assert_allclose(sorted(fused, reverse=True), best, atol=2e-3)  # sentence vectors are float16 on disk
    np.testing.assert_allclose(fused, [expected[h.chunk.id] for h in hits], atol=2e-3)


@EACH_QUESTION
def test_hits_come_best_first_and_ranked_from_one(searcher: Searcher, question: str, language: Language) -> None:
    hits = searcher.search(question, language, 10)
    assert [h.score for h in hits] == sorted((h.score for h in hits), reverse=True)
    assert [h.rank for h in hits] == list(range(1, len(hits) + 1))


def test_the_nearest_rows_equal_a_full_sort(store: IndexStore) -> None:
    rng = np.random.default_rng(7)
    vectors = HashingEmbeddings().encode_documents([embedding_text(c) for c in all_chunks(store)])
    for _ in range(20):
        vector = rng.normal(size=store.manifest.dimension).astype(np.float32)
        vector /= np.linalg.norm(vector)
        assert store.dense_top(vector, 4) == np.argsort(-(vectors @ vector), kind="stable")[:4].tolist()


@given(
    size=st.integers(1, 20_000),
    values=st.integers(1, 500),
    share=st.floats(0, 1),
    k=st.integers(1, 60),
    seed=st.integers(),
)
def test_the_best_rows_equal_a_full_sort(size: int, values: int, share: float, k: int, seed: int) -> None:
    rng = np.random.default_rng(abs(seed))
    scores = (rng.integers(values, size=size) * (rng.random(size) < share)).astype(np.float32)
    best = sorted(scores[scores > 0].tolist(), reverse=True)[:k]
    rows = best_rows(scores, k)
    assert sorted((scores[row] for row in rows), reverse=True) == best
    assert len(set(rows)) == len(rows)


@pytest.mark.parametrize(
    ("language", "question", "expected"),
    [
        pytest.param("fr", "Quel est le plus long fleuve de France ?", "La Loire", id="fr"),
        pytest.param("fr", "ou est l'ecole d'art", "L’école d’art", id="fr-without accents"),
        pytest.param("en", "Which is the longest river in France?", "The Loire", id="en"),
    ],
)
def test_the_best_hit_is_the_chunk_that_shares_the_words(
    searcher: Searcher, language: Language, question: str, expected: str
) -> None:
    assert expected in searcher.search(question, language, 1)[0].chunk.text


@pytest.mark.parametrize("question", ["", " ", "\n\t", "\u00a0\u202f"], ids=ascii)
def test_an_empty_question_finds_nothing(searcher: Searcher, question: str) -> None:
    assert searcher.search(question, "fr", 5) == []


@pytest.mark.parametrize("question", ["\ud800", "\x00", "🤔", "é" * 20_000, "? " * 5_000], ids=lambda q: ascii(q[:8]))
def test_a_hostile_question_still_gets_hits(searcher: Searcher, question: str) -> None:
    assert len(searcher.search(question, "fr", 3)) == 3


def test_no_more_hits_than_chunks(searcher: Searcher, store: IndexStore) -> None:
    assert len(searcher.search("Toronto", "en", 1000)) == store.manifest.chunks


def test_matched_stems_are_those_of_the_question_in_its_order(searcher: Searcher) -> None:
    hit = searcher.search("Fleuve inconnu : la Loire, en FRANCE ? fleuve", "fr", 1)[0]
    assert hit.matched == tuple(stems("fleuve Loire France", "fr"))


def test_a_question_overlaps_with_a_text_in_the_other_language(searcher: Searcher) -> None:
    foreign = next(h for h in searcher.search("l’école d’art", "fr", 10) if "Students" in h.chunk.text)
    assert foreign.matched == tuple(stems("école art", "fr"))
    assert 0.5 < foreign.overlap <= 1
    assert foreign.lexical > 0.1


@pytest.mark.parametrize(
    ("language", "question", "found", "not_found"),
    [
        pytest.param("fr", "ecole", "Students of the school", "The company opens", id="fr-without accent"),
        pytest.param("fr", "L’ÉCOLE", "Students of the school", "The company opens", id="fr-elision and capitals"),
        pytest.param("en", "schools", "L’école d’art", "La Loire", id="en"),
        pytest.param("en", "the longest rivers", "La Loire est", "L’école d’art", id="en-superlative"),
    ],
)
def test_words_find_texts_in_the_other_language(
    searcher: Searcher, language: Language, question: str, found: str, not_found: str
) -> None:
    shares = {hit.chunk.text.split("\n")[-1]: hit.lexical for hit in searcher.search(question, language, 10)}
    assert max(share for text, share in shares.items() if text.startswith(found)) > 0
    assert max(share for text, share in shares.items() if text.startswith(not_found)) == 0


def test_translations_change_nothing_in_the_language_of_the_question(
    tmp_path: Path, embeddings: HashingEmbeddings
) -> None:
    (tmp_path / "seeds").mkdir()
    (tmp_path / "seeds" / "fr.txt").write_text("L’office du tourisme et son siège.", encoding="utf-8")
    (tmp_path / "seeds" / "en.txt").write_text("The office is closed for the day.", encoding="utf-8")
    build_index(tmp_path / "seeds", tmp_path / "index", embeddings)
    hits = Searcher(open_store(tmp_path / "index"), embeddings).search("Où est le bureau ?", "fr", 2)
    assert {hit.chunk.language: hit.lexical > 0 for hit in hits} == {"fr": False, "en": True}


def test_a_text_that_holds_every_stem_overlaps_wholly(searcher: Searcher) -> None:
    hit = searcher.search("la Loire, fleuve de France", "fr", 1)[0]
    assert hit.overlap == pytest.approx(1)


def test_a_text_that_holds_no_stem_does_not_overlap(searcher: Searcher) -> None:
    assert [h.overlap for h in searcher.search("zzz", "fr", 10)] == [0] * 6


@EACH_QUESTION
def test_every_share_lies_between_0_and_1(searcher: Searcher, question: str, language: Language) -> None:
    for hit in searcher.search(question, language, 10):
        shares = np.array([hit.lexical, hit.overlap, *hit.sentence_overlap])
        assert ((shares >= 0) & (shares <= 1 + 1e-6)).all()


@EACH_QUESTION
def test_every_sentence_has_a_cosine_and_an_overlap(searcher: Searcher, question: str, language: Language) -> None:
    for hit in searcher.search(question, language, 10):
        assert len(hit.sentence_dense) == len(hit.sentence_overlap) == len(hit.chunk.sentences)


def test_a_rare_word_finds_what_the_vectors_do_not_put_near(tmp_path: Path, embeddings: HashingEmbeddings) -> None:
    seeds = tmp_path / "many"
    seeds.mkdir()
    for n in range(3 * CANDIDATES):
        (seeds / f"{n:03}.txt").write_text(f"Le numéro {n} parle du fleuve et de la mer.", encoding="utf-8")
    (seeds / "rare.txt").write_text("xylophone " + "tout autre chose ici " * 30, encoding="utf-8")
    build_index(seeds, tmp_path / "index", embeddings)
    hits = Searcher(open_store(tmp_path / "index"), embeddings).search("fleuve xylophone", "fr", 200)
    assert "rare.txt#0" in [h.chunk.id for h in hits]


def test_a_section_that_the_question_names_comes_first_and_is_read_alone(
    tmp_path: Path, embeddings: HashingEmbeddings
) -> None:
    versions = [f"## 1.{n}.0 - 2024-01-{n:02}\n\n- Correctif {n}.\n" for n in range(1, 25)]
    (tmp_path / "seeds").mkdir()
    (tmp_path / "seeds" / "journal.md").write_text("# Journal de Quenille\n\n" + "\n".join(versions), encoding="utf-8")
    build_index(tmp_path / "seeds", tmp_path / "index", embeddings)
    searcher = Searcher(open_store(tmp_path / "index"), embeddings)
    for question, heading in (("la dernière version de Quenille ?", "1.24.0"), ("Quenille 1.7.0 ?", "1.7.0")):
        first, *others = searcher.search(question, "fr", 3)
        assert first.is_named
        assert [chunk.path.split(" - ")[0] for chunk in first.section] == [heading]
        assert not any(other.is_named or other.chunk.id == first.chunk.id for other in others)
        assert [hit.rank for hit in (first, *others)] == [1, 2, 3]
