"""The search as a LangChain retriever."""

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from pydantic import ConfigDict

from index.language import detect_language
from index.schema import Language
from index.search import Searcher


class HybridRetriever(BaseRetriever):
    """Finds chunks for a question in either language, best first.

    Each document holds the chunk's text; its metadata hold title, source, language, score, and the `SearchHit` itself.
    """

    model_config = ConfigDict(arbitrary_types_allowed=True)

    searcher: Searcher
    k: int
    fallback: Language = "en"  # whose stems to look up when the question does not tell its language

    def _get_relevant_documents(self, query: str, *, run_manager: CallbackManagerForRetrieverRun) -> list[Document]:
        hits = self.searcher.search(query, detect_language(query, self.fallback).language, self.k)
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
            for hit in hits
        ]
