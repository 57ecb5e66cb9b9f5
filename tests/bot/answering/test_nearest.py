"""What an abstention names."""

from dataclasses import replace

import pytest

from bot.answering.answer import Answer
from bot.answering.nearest import MAX_NEAREST, NEAR, nearest, nearest_place
from tests.bot.fakes import cite, make_chunk, make_hit

CHUNKS = [replace(make_chunk(f"Salle {n}."), title=f"Musée {n // 2}", path="Horaires › Été") for n in range(10)]
HITS = tuple(make_hit(chunk, rank=n) for n, chunk in enumerate(CHUNKS, 1))


@pytest.mark.parametrize(("confidence", "count"), [(0.2 * NEAR, MAX_NEAREST), (0.19 * NEAR, 0)])
def test_articles_are_named_where_they_are_near(confidence: float, count: int) -> None:
    answer = Answer("Où ?", "fr", abstention="no_evidence", confidence=confidence, threshold=0.2, hits=HITS)
    assert [hit.chunk.title for hit in nearest(answer)] == ["Musée 0", "Musée 1", "Musée 2"][:count]


def test_beside_an_answer_and_for_talk_there_are_none() -> None:
    answer = Answer("Où ?", "fr", (cite(CHUNKS[0]),), confidence=0.9, threshold=0.2, hits=HITS)
    assert nearest(answer) == []
    assert nearest(Answer("merci", "fr", abstention="thanks", hits=HITS)) == []


def test_a_place_is_told_with_its_headings_where_there_are_some() -> None:
    assert nearest_place(HITS[0]) == "Musée 0 › Horaires › Été"
    assert nearest_place(make_hit(replace(CHUNKS[0], path=""))) == "Musée 0"
