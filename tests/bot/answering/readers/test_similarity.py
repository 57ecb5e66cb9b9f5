from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from bot.answering.readers.ranking import HITS_READ, Candidate, RankingWeights
from bot.answering.readers.similarity import SimilarityRanker
from index.schema import Chunk, SearchHit, Sentence
from tests.bot.fakes import ENGLISH, FRENCH, make_chunk, make_hit

SCORES = st.floats(-1, 1)
RANKER = SimilarityRanker(RankingWeights(margin=9.0, dense=1.0, overlap=0.08, hit=0.5))


def ranked(hits: Sequence[SearchHit]) -> list[Candidate]:
    return RANKER.rank("Qui ?", hits)


@st.composite
def hit_lists(draw: st.DrawFn) -> list[SearchHit]:
    """Up to eight hits of up to four sentences, with any scores."""
    hits = []
    for rank in range(1, draw(st.integers(0, 8)) + 1):
        count = draw(st.integers(0, 4))
        sentences = tuple(Sentence(i, i + 1) for i in range(count))
        chunk = Chunk(f"a.md#{rank}", "a.md", "Titre", "Source", "fr", 0, 4, "abcd", sentences)
        dense = tuple(draw(SCORES) for _ in range(count))
        overlap = tuple(draw(st.floats(0, 1)) for _ in range(count))
        hits.append(SearchHit(chunk, rank, draw(st.floats(-2, 3)), 0.5, 0.5, 0.5, dense, overlap, ()))
    return hits


@given(hit_lists())
def test_the_order_is_that_of_a_plain_computation(hits: list[SearchHit]) -> None:
    expected = []
    for hit in hits[:HITS_READ]:
        for position in range(len(hit.chunk.sentences)):
            score = hit.sentence_dense[position] + 0.08 * hit.sentence_overlap[position] + 0.5 * hit.score
            expected.append((score, hit.chunk.id, position))
    expected.sort(key=lambda row: row[0], reverse=True)  # stable: equal scores keep the order of the search
    assert [(c.score, c.hit.chunk.id, c.position) for c in ranked(hits)] == expected


def test_a_candidate_points_at_its_sentence() -> None:
    hit = make_hit(make_chunk(FRENCH), sentence_dense=(0.1, 0.9, 0.5), sentence_overlap=(0.0, 0.4, 1.0))
    best = ranked([hit])[0]
    assert (best.dense, best.overlap, best.hit) == (0.9, 0.4, hit)
    assert FRENCH[slice(*best.span)] == "Le musée de Trois-Rivières l’a achetée en 1998."


def test_only_the_first_five_chunks_are_read() -> None:
    hits = [make_hit(make_chunk(FRENCH, ordinal=i), rank=i + 1, score=i) for i in range(7)]
    assert {c.hit.rank for c in ranked(hits)} == {1, 2, 3, 4, 5}


def test_nothing_found_ranks_nothing() -> None:
    assert ranked([]) == []


def test_a_chunk_without_a_sentence_ranks_nothing() -> None:
    assert ranked([make_hit(make_chunk(""))]) == []


def test_the_evidence_is_of_the_best_sentence_with_the_language_that_it_is_in() -> None:
    ferry = make_hit(
        make_chunk(ENGLISH, document="ferry.en.txt", language="en"), rank=2, sentence_dense=(0.2, 0.95, 0.1)
    )
    hits = [make_hit(make_chunk(FRENCH), sentence_dense=(0.1, 0.9, 0.5)), ferry]
    evidence = RANKER.evidence("Qui ?", "fr", hits, ranked(hits))
    assert (evidence.language, evidence.features.sentence, evidence.features.foreign_quote) == ("en", 0.95, 1.0)
