import pytest
from langchain_core.retrievers import BaseRetriever
from langchain_core.runnables import Runnable

from bot.answering.retriever import HybridRetriever
from index.schema import Language, SearchHit
from index.search import Searcher
from tests.bot.fakes import ENGLISH, FRENCH, make_chunk, make_hit

HITS = [
    make_hit(make_chunk(FRENCH), score=1.75),
    make_hit(make_chunk(ENGLISH, document="ferry.en.txt", title="The ferry", language="en"), rank=2, score=1.25),
]


class FixedSearcher(Searcher):
    """Finds the same hits whatever the question, and remembers what it was asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, Language, int]] = []

    def search(self, query: str, language: Language, k: int) -> list[SearchHit]:
        self.asked.append((query, language, k))
        return HITS[:k]


def test_it_is_a_langchain_retriever() -> None:
    retriever = HybridRetriever(searcher=FixedSearcher(), k=5)
    assert isinstance(retriever, BaseRetriever)
    assert isinstance(retriever, Runnable)


def test_each_document_is_a_chunk_with_its_origin_and_its_hit() -> None:
    first, second = HybridRetriever(searcher=FixedSearcher(), k=5).invoke("Qui a acheté l’œuvre ?", language="fr")
    assert first.id == "musee.md#0"
    assert first.page_content == FRENCH
    assert first.metadata == {
        "title": "Le musée",
        "source": "Gazette, 1998",
        "language": "fr",
        "score": 1.75,
        "hit": HITS[0],
    }
    assert second.metadata["language"] == "en"


def test_the_order_is_that_of_the_search() -> None:
    documents = HybridRetriever(searcher=FixedSearcher(), k=5).invoke("Qui ?", language="fr")
    assert [d.metadata["hit"].rank for d in documents] == [1, 2]


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_search_gets_the_question_the_language_that_was_decided_and_k(language: Language) -> None:
    searcher = FixedSearcher()
    HybridRetriever(searcher=searcher, k=7).invoke("Netflix Canada", language=language)
    assert searcher.asked == [("Netflix Canada", language, 7)]


def test_k_bounds_the_documents() -> None:
    assert len(HybridRetriever(searcher=FixedSearcher(), k=1).invoke("Qui ?", language="fr")) == 1
