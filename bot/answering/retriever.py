"""The search as a LangChain retriever."""

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from pydantic import ConfigDict

from index.layers import Layers
from index.schema import Language
from index.search import Searcher


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
