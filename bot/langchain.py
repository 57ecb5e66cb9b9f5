"""The parts of Babillard as LangChain's, for who builds a chain of their own on them.

Nothing here is imported by the bot: LangChain takes longer to load than a question to answer.
"""

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.embeddings import Embeddings
from langchain_core.retrievers import BaseRetriever
from langchain_core.runnables import Runnable, RunnableLambda
from pydantic import ConfigDict

from bot.answering.answer import Answer, Question
from bot.answering.chain import Chain
from index.layers import Layers
from index.model.embedding import TextEmbeddings
from index.schema import Language
from index.search import Searcher


def as_runnable(chain: Chain) -> Runnable[Question, Answer]:
    """Return the chain as a runnable: it can be batched, awaited, and joined to others with `|`."""
    return RunnableLambda(chain.invoke).with_config(run_name="babillard")


class HybridRetriever(BaseRetriever):
    """Finds chunks for a question in either language, best first: `retriever.invoke("Qui ?", language="fr")`.

    Each document holds the chunk's text; its metadata hold title, source, language, score, and the `SearchHit` itself.
    """

    model_config = ConfigDict(arbitrary_types_allowed=True)

    searcher: Searcher | Layers
    k: int

    def _get_relevant_documents(  # type: ignore[override] # LangChain passes on what `invoke` is given beside the words
        self, query: str, *, run_manager: CallbackManagerForRetrieverRun, language: Language
    ) -> list[Document]:
        """Return at most `k` documents; `language` is that of the question, whose stems are looked up."""
        return [
            Document(
                id=hit.chunk.id,
                page_content=hit.chunk.text,
                metadata={
                    "title": hit.chunk.title,
                    "source": hit.chunk.source,
                    "language": hit.chunk.language,
                    "score": hit.score,
                    "hit": hit,
                },
            )
            for hit in self.searcher.search(query, language, self.k)
        ]


class ModelEmbeddings(Embeddings):
    """The embedding model, in the form of LangChain: lists of numbers."""

    def __init__(self, model: TextEmbeddings) -> None:
        """Embed with `model`."""
        self.model = model

    def embed_query(self, text: str) -> list[float]:
        """Return the vector of a question."""
        vector: list[float] = self.model.encode_query(text).tolist()
        return vector

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """Return the vectors of the texts."""
        vectors: list[list[float]] = self.model.encode_documents(texts).tolist()
        return vectors
