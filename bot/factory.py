"""The composition root: settings in, a chain out, that follows the index as it is rebuilt."""

import functools
import logging
import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from langchain_core.runnables import Runnable, RunnableLambda

from bot.answering.answer import Answer, Question
from bot.answering.cache import AnswerCache
from bot.answering.chain import Indexed, build_chain
from bot.answering.leaning import Leaning
from bot.answering.readers.own_calibration import Stamp, stamp, with_own
from bot.answering.readers.reader import Reader
from bot.answering.readers.shipped import load_similarity_reader, load_span_reader
from bot.answering.retriever import HybridRetriever
from bot.answering.spelling.speller import Speller
from bot.answering.understanding import Words
from bot.config import BotSettings
from bot.errors import ReaderError
from index.common_words import load_common_words
from index.config import fingerprint
from index.errors import IndexingError
from index.model.embedding import BundledEmbeddings, TextEmbeddings, load_embeddings
from index.overview import read_overview
from index.schema import Manifest
from index.search import Searcher
from index.store import IndexStore, open_store, serving_generation
from index.wordings import Wordings
from index.wordlist import key_of

if TYPE_CHECKING:
    from bot.chat.writer import ChatWriter
    from bot.translation.quotes import QuoteTranslator

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Bot:
    """A chain over one generation of the index."""

    chain: Runnable[Question, Answer]
    manifest: Manifest
    embeddings: TextEmbeddings
    reader: Reader  # with the calibration that is shipped; the chain's may have one of its own
    writer: "ChatWriter | None" = None  # of the chain: None without CHAT_MODEL
    cache: AnswerCache = field(default_factory=AnswerCache)  # of the chain: a new generation begins with an empty one
    own_calibration: str = ""  # what the chain's was fitted on; "" when it is the one that is shipped
    old_after_days: int = 0  # an article whose date is further back is said to be old; 0 for never
    translator: "QuoteTranslator | None" = None  # after the chain's own steps: None without TRANSLATOR


def build_bot(
    settings: BotSettings,
    embeddings: TextEmbeddings | None = None,
    reader: Reader | None = None,
    writer: "ChatWriter | None" = None,
    translator: "QuoteTranslator | None" = None,
) -> Bot:
    """Open the index and build the chain that the settings ask for, with the calibration kept beside it, if any.

    Args:
        settings: where the index is, and how to answer.
        embeddings: the model, when it is already loaded.
        reader: likewise, with the calibration that is shipped.
        writer: likewise; what writes with CHAT_MODEL.
        translator: likewise; what translates quotes with TRANSLATOR.

    Raises:
        IndexingError: the index is missing, stale or damaged, or the model cannot be loaded.
        ChatModelError: CHAT_MODEL names no model that can be used.
        StorageError: the file of its budget cannot be used.
        TranslationError: TRANSLATOR holds no model that can be used.
    """
    writer = writer or load_writer(settings)
    translator = translator or load_translator(settings)
    embeddings = embeddings or load_embeddings(settings.embedding_model)
    store = open_store(settings.index_dir, fingerprint(embeddings.model, embeddings.revision))
    retriever = HybridRetriever(searcher=Searcher(store, embeddings), k=settings.top_k)
    reader = reader or load_reader(settings, embeddings)
    own = with_own(reader, settings.index_dir, store.manifest.fingerprint)
    cache = AnswerCache()
    overview = functools.cache(lambda: read_overview(store))
    known = Indexed(store.manifest.generation, overview, Wordings(store.glossary.pairs).variants, _words(store))
    chain = build_chain(retriever, own, settings.default_language, known, writer, cache)
    if translator is not None:
        chain = (chain | RunnableLambda(translator)).with_config(run_name="babillard")
    fitted_on = "" if own is reader else own.calibration.data
    return Bot(chain, store.manifest, embeddings, reader, writer, cache, fitted_on, settings.old_after_days, translator)


def _words(store: IndexStore) -> Words:
    """Return what is known of words by the articles of an index and by the lists of both languages."""
    own, common = store.vocabulary.words(), load_common_words()
    return Words(
        leaning=Leaning(common, store.bm25),
        spelled=Speller(own, common).correct,
        is_own=lambda word: own.find([key_of(word)])[0] >= 0,
    )


def load_writer(settings: BotSettings) -> "ChatWriter | None":
    """Return what writes with the chat model that the settings name; None when they name none."""
    if not settings.chat_model:
        return None
    from bot.chat.writer import ChatWriter, open_client  # and with it LangChain's packages, 2 s and 40 MB

    return ChatWriter(open_client(settings))


def load_translator(settings: BotSettings) -> "QuoteTranslator | None":
    """Return what translates quotes with the models that the settings name; None when they name none."""
    if settings.translator is None:
        return None
    from bot.translation.checked import CheckedTranslator
    from bot.translation.engine import CTranslate2Engine
    from bot.translation.quotes import QuoteTranslator

    return QuoteTranslator(CheckedTranslator(CTranslate2Engine(settings.translator)))


def load_reader(settings: BotSettings, embeddings: TextEmbeddings | None = None) -> Reader:
    """Return the reader of the settings; that by similarity, with a warning, where the span model cannot be loaded.

    Args:
        settings: READER.
        embeddings: the embedding model; where it is the bundled one, the span model shares its vocabulary.

    Raises:
        EmbeddingError: the bundled model cannot be loaded.
    """
    if settings.reader == "span":
        vocabulary = embeddings.encoder.vocabulary if isinstance(embeddings, BundledEmbeddings) else None
        try:
            return load_span_reader(vocabulary=vocabulary)
        except ReaderError as error:
            log.warning("%s: answering with the lighter reader, as READER=similarity does", error)
    return load_similarity_reader()


POLL_SECONDS = 0.5
"""How often the pointer is read; a new generation is taken up within this and the time to open it."""


class LiveBot:
    """A bot that takes up each new generation of the index, and each new calibration, while it answers.

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
        calibration = stamp(settings.index_dir)
        self._bot = build_bot(settings, embeddings)
        self._taken: tuple[str | None, Stamp | None] = self._bot.manifest.generation, calibration
        self._refused: tuple[str | None, Stamp | None] | None = None
        self._refreshing = threading.Lock()
        self._stopping = threading.Event()
        self._follower = threading.Thread(target=self._follow, name="index-follower", daemon=True)
        self._follower.start()

    @property
    def current(self) -> Bot:
        """The bot over the newest generation that could be opened."""
        return self._bot

    def refresh(self) -> None:
        """Take up the serving generation and calibration now, if one is new; damaged, it is reported and left alone."""
        with self._refreshing:  # `/rebuild` may come at the moment of a look
            serving = serving_generation(self._settings.index_dir), stamp(self._settings.index_dir)
            if serving[0] is None or serving in (self._taken, self._refused):
                return
            try:
                old = self._bot
                self._bot = build_bot(self._settings, old.embeddings, old.reader, old.writer, old.translator)
                self._taken = self._bot.manifest.generation, serving[1]
            except IndexingError as error:
                self._refused = serving  # said once
                log.warning("generation %s is not taken up: %s", serving[0], error)

    def close(self) -> None:
        """Stop following, and close the files."""
        self._stopping.set()
        self._follower.join()
        if self._bot.writer is not None:
            self._bot.writer.close()

    def _follow(self) -> None:
        while not self._stopping.wait(POLL_SECONDS):
            self.refresh()
