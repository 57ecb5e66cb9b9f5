"""The composition root: settings in, a chain out, that follows the index as it is rebuilt."""

import logging
import threading
from dataclasses import dataclass

from langchain_core.runnables import Runnable

from bot.answer import Answer, Question
from bot.chain import Reader, build_chain
from bot.config import BotSettings
from bot.errors import ReaderError
from bot.readers.confidence import Calibration
from bot.readers.extractive import ExtractiveReader
from bot.readers.span_reader import load_span_reader
from bot.retriever import HybridRetriever
from index.config import fingerprint
from index.embedding import TextEmbeddings, load_embeddings
from index.errors import IndexingError
from index.schema import Manifest
from index.search import Searcher
from index.store import open_store, serving_generation

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Bot:
    """A chain over one generation of the index."""

    chain: Runnable[Question, Answer]
    manifest: Manifest
    embeddings: TextEmbeddings
    reader: Reader  # of the chain


def build_bot(settings: BotSettings, embeddings: TextEmbeddings | None = None, reader: Reader | None = None) -> Bot:
    """Open the index and build the chain that the settings ask for.

    Args:
        settings: where the index is, and how to answer.
        embeddings: the model, when it is already loaded.
        reader: likewise.

    Raises:
        IndexingError: the index is missing, stale or damaged, or the model cannot be loaded.
    """
    embeddings = embeddings or load_embeddings(settings.embedding_model)
    store = open_store(settings.index_dir, fingerprint(embeddings.model, embeddings.revision))
    retriever = HybridRetriever(
        searcher=Searcher(store, embeddings), k=settings.top_k, fallback=settings.default_language
    )
    reader = reader or load_reader(settings)
    chain = build_chain(retriever, reader, settings.default_language, store.manifest.generation)
    return Bot(chain, store.manifest, embeddings, reader)


def load_reader(settings: BotSettings) -> Reader:
    """Return the reader that the settings ask for; the lighter one, with a warning, where that one cannot be loaded."""
    if settings.reader == "span":
        try:
            return load_span_reader()
        except ReaderError as error:
            log.warning("%s: answering with the lighter reader, as READER=similarity does", error)
    return ExtractiveReader(Calibration.load())


POLL_SECONDS = 0.5
"""How often the pointer is read; a new generation is taken up within this and the time to open it."""


class LiveBot:
    """A bot that takes up each new generation of the index while it answers.

    The new one is opened and checked aside, in a thread; a question in flight ends on the one it began with.
    """

    def __init__(self, settings: BotSettings, embeddings: TextEmbeddings | None = None) -> None:
        """Open the index and begin to follow it.

        Args:
            settings: where the index is, and how to answer.
            embeddings: the model, when it is already loaded.

        Raises:
            IndexingError: the index is missing, stale or damaged, or the model cannot be loaded.
        """
        self._settings = settings
        self._bot = build_bot(settings, embeddings)
        self._refused: str | None = None
        self._stopping = threading.Event()
        self._follower = threading.Thread(target=self._follow, name="index-follower", daemon=True)
        self._follower.start()

    @property
    def current(self) -> Bot:
        """The bot over the newest generation that could be opened."""
        return self._bot

    def refresh(self) -> None:
        """Take up the serving generation now, if it is another; a damaged one is reported and left alone."""
        serving = serving_generation(self._settings.index_dir)
        if serving in (None, self._bot.manifest.generation, self._refused):
            return
        try:
            self._bot = build_bot(self._settings, self._bot.embeddings, self._bot.reader)
        except IndexingError as error:
            self._refused = serving  # said once
            log.warning("generation %s is not taken up: %s", serving, error)

    def close(self) -> None:
        """Stop following."""
        self._stopping.set()
        self._follower.join()

    def _follow(self) -> None:
        while not self._stopping.wait(POLL_SECONDS):
            self.refresh()
