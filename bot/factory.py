"""The composition root: settings in, a chain out."""

from dataclasses import dataclass

from langchain_core.runnables import Runnable

from bot.answer import Answer, Question
from bot.chain import build_chain
from bot.config import BotSettings
from bot.readers.confidence import Calibration
from bot.readers.extractive import ExtractiveReader
from bot.retriever import HybridRetriever
from index.config import fingerprint
from index.embedding import TextEmbeddings, load_embeddings
from index.schema import Manifest
from index.search import Searcher
from index.store import open_store


@dataclass(frozen=True, slots=True)
class Bot:
    """A chain over one generation of the index."""

    chain: Runnable[Question, Answer]
    manifest: Manifest
    embeddings: TextEmbeddings


def build_bot(settings: BotSettings, embeddings: TextEmbeddings | None = None) -> Bot:
    """Open the index and build the chain that the settings ask for.

    Args:
        settings: where the index is, and how to answer.
        embeddings: the model, when it is already loaded.

    Raises:
        IndexingError: the index is missing, stale or damaged, or the model cannot be loaded.
    """
    embeddings = embeddings or load_embeddings(settings.embedding_model)
    store = open_store(settings.index_dir, fingerprint(embeddings.model, embeddings.revision))
    retriever = HybridRetriever(
        searcher=Searcher(store, embeddings), k=settings.top_k, fallback=settings.default_language
    )
    reader = ExtractiveReader(Calibration.load())
    return Bot(build_chain(retriever, reader, settings.default_language), store.manifest, embeddings)
