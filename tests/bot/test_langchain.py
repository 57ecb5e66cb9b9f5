import asyncio

import pytest
from langchain_core.embeddings import Embeddings
from langchain_core.retrievers import BaseRetriever
from langchain_core.runnables import Runnable, RunnableLambda

from bot.answering.answer import Answer, Question
from bot.answering.chain import RetrievalChain
from bot.answering.plain import plain_text
from bot.langchain import HybridRetriever, ModelEmbeddings, as_runnable
from index.schema import Language, SearchHit
from index.search import Searcher
from tests.bot.fakes import ENGLISH, FRENCH, FixedSearch, cite, make_chunk, make_hit, says
from tests.fakes import HashingEmbeddings

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


def test_the_search_is_a_langchain_retriever() -> None:
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


MUSEUM = make_chunk(FRENCH)
QUESTIONS = [Question("Qui a acheté l’œuvre\u00a0?"), Question("42"), Question("Who bought the painting?")]


def runnable() -> Runnable[Question, Answer]:
    return as_runnable(RetrievalChain(FixedSearch((make_hit(MUSEUM),)), says(cite(MUSEUM, 1)), "en"))


def test_a_batch_answers_as_its_questions_do_alone() -> None:
    together = runnable().batch(QUESTIONS)
    assert [plain_text(answer) for answer in together] == [plain_text(runnable().invoke(one)) for one in QUESTIONS]


def test_the_chain_is_joined_to_a_runnable_and_answers_in_an_event_loop() -> None:
    async def replies() -> str:
        return await (runnable() | RunnableLambda(plain_text)).ainvoke(QUESTIONS[0])

    assert asyncio.run(replies()) == plain_text(runnable().invoke(QUESTIONS[0]))


def test_langchain_gets_the_vectors_of_the_model_as_lists() -> None:
    model, texts = HashingEmbeddings(), ["Le musée", "The ferry"]
    embeddings: Embeddings = ModelEmbeddings(model)
    assert embeddings.embed_query("Quel bureau ?") == model.encode_query("Quel bureau ?").tolist()
    assert embeddings.embed_documents(texts) == model.encode_documents(texts).tolist()
