"""The composition root: settings in, a chain out."""

import functools
import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bot.answering.cache import AnswerCache
from bot.answering.chain import Chain, Followed, Indexed, RetrievalChain
from bot.answering.leaning import Leaning
from bot.answering.readers.own_calibration import with_own
from bot.answering.readers.reader import Reader
from bot.answering.readers.shipped import load_similarity_reader, load_span_reader
from bot.answering.spelling.speller import Speller
from bot.answering.understanding import Words
from bot.config import BotSettings
from bot.errors import ReaderError
from bot.seen import COMMON, Seen, layers_seen
from index.common_words import load_common_words
from index.config import fingerprint
from index.generations import Store
from index.layers import Layers
from index.model.embedding import BundledEmbeddings, TextEmbeddings, load_embeddings
from index.overview import read_overview
from index.schema import Manifest
from index.search import Searcher
from index.shelf import Shelf
from index.wordings import Wordings
from index.wordlist import WordList, key_of

if TYPE_CHECKING:
    from bot.chat.writer import ChatWriter
    from bot.translation.quotes import QuoteTranslator

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Bot:
    """A chain over one generation of the index."""

    chain: Chain
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
    seen: Seen = COMMON,
    shelf: Shelf | None = None,
) -> Bot:
    """Open the index and build the chain that the settings ask for, with the calibration kept beside it, if any.

    Args:
        settings: where the index is, and how to answer.
        embeddings: the model, when it is already loaded.
        reader: likewise, with the calibration that is shipped.
        writer: likewise; what writes with CHAT_MODEL.
        translator: likewise; what translates quotes with TRANSLATOR.
        seen: what its questions see beside the common articles.
        shelf: of the indexes that are open already.

    Raises:
        IndexingError: an index is missing, stale or damaged, or the model cannot be loaded.
        ChatModelError: CHAT_MODEL names no model that can be used.
        StorageError: the file of its budget cannot be used.
        TranslationError: TRANSLATOR holds no model that can be used.
    """
    writer = writer or load_writer(settings)
    translator = translator or load_translator(settings)
    embeddings = embeddings or load_embeddings(settings.embedding_model)
    stores = (shelf or Shelf()).open(layers_seen(settings, seen), fingerprint(embeddings.model, embeddings.revision))
    searchers = [Searcher(store, embeddings) for store in stores]
    find = functools.partial(Layers(searchers, embeddings).search, k=settings.top_k)
    reader = reader or load_reader(settings, embeddings)
    manifest = stores[0].manifest
    own = with_own(reader, settings.index_dir, manifest.fingerprint)
    cache = AnswerCache()
    overview = functools.cache(lambda: read_overview(stores))
    pairs = [pair for store in stores for pair in store.glossary.pairs]
    generation = "+".join(store.manifest.generation for store in stores)
    known = Indexed(generation, overview, Wordings(pairs).variants, _words(stores))
    chain: Chain = RetrievalChain(find, own, settings.default_language, known, writer, cache)
    if translator is not None:
        chain = Followed(chain, translator)
    fitted_on = "" if own is reader else own.calibration.data
    return Bot(chain, manifest, embeddings, reader, writer, cache, fitted_on, settings.old_after_days, translator)


def _words(stores: Sequence[Store]) -> Words:
    """Return what is known of words by the articles of some indexes and by the lists of both languages."""
    own, common = WordList.joined([store.vocabulary.words() for store in stores]), load_common_words()
    return Words(
        leaning=Leaning(common, [store.bm25 for store in stores]),
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
