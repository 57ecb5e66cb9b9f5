"""What is compared in `benchmarks/peers.py`: Babillard's search, and what a user would pick instead.

Each system builds an index of paragraphs in a folder, and opens it to search. Everything that can be left at its
default is. Heavy libraries are imported when a system is used, so that their time and memory count as its own.
"""

import json
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from platformdirs import user_cache_path

Texts = dict[str, str]  # id of a paragraph -> text
Search = Callable[[str], list[str]]  # question -> ids of at most TOP_K paragraphs, best first

TOP_K = 10


class System(NamedTuple):
    """One way to find paragraphs."""

    label: str
    build: Callable[[Texts, Path], None]
    open: Callable[[Path], Search]


def build_babillard(texts: Texts, folder: Path) -> None:
    """Write the paragraphs as articles and build their index, as `babillard index rebuild` does."""
    from index.build import build_index
    from index.model.embedding import BUNDLED_MODEL, load_embeddings

    seeds = folder / "seeds"
    seeds.mkdir()
    for name, text in texts.items():
        (seeds / name).write_text(text, encoding="utf-8")
    build_index(seeds, folder / "index", load_embeddings(BUNDLED_MODEL))


def open_babillard(folder: Path) -> Search:
    """Open the index for the search that the bot uses, the language of the question told from its text."""
    from bot.answering.answer import Question
    from bot.answering.understanding import decide_languages
    from index.model.embedding import BUNDLED_MODEL, load_embeddings
    from index.search import Searcher
    from index.store import open_store

    searcher = Searcher(open_store(folder / "index"), load_embeddings(BUNDLED_MODEL))

    def search(question: str) -> list[str]:
        language = decide_languages(Question(question), "en").asked
        return [hit.chunk.document_id for hit in searcher.search(question, language, TOP_K)]

    return search


def same_model() -> str:
    """Return where sentence-transformers finds the model that Babillard carries."""
    from index.model.packed import packed_file
    from training.unpacking import unpack_model

    packed = packed_file()
    return (
        "intfloat/multilingual-e5-small" if packed is None else str(unpack_model(packed, user_cache_path("babillard")))
    )


def build_langchain(texts: Texts, folder: Path) -> None:
    """Split, embed and store the paragraphs as LangChain's own tutorials do."""
    from langchain_community.embeddings import HuggingFaceEmbeddings
    from langchain_community.vectorstores import FAISS
    from langchain_core.documents import Document
    from langchain_text_splitters import RecursiveCharacterTextSplitter

    documents = [Document(text, metadata={"name": name}) for name, text in texts.items()]
    chunks = RecursiveCharacterTextSplitter().split_documents(documents)
    FAISS.from_documents(chunks, HuggingFaceEmbeddings(model_name=same_model())).save_local(str(folder))


def open_langchain(folder: Path) -> Search:
    """Load what was stored; its table is a pickle, which LangChain opens only when told that it is safe."""
    from langchain_community.embeddings import HuggingFaceEmbeddings
    from langchain_community.vectorstores import FAISS

    embeddings = HuggingFaceEmbeddings(model_name=same_model())
    store = FAISS.load_local(str(folder), embeddings, allow_dangerous_deserialization=True)
    return lambda question: [found.metadata["name"] for found in store.similarity_search(question, k=TOP_K)]


def build_bm25(texts: Texts, folder: Path) -> None:
    """Keep the paragraphs: the retriever has no file of its own, and is made anew at each start."""
    (folder / "texts.json").write_text(json.dumps(texts), encoding="utf-8")


def open_bm25(folder: Path) -> Search:
    """Make the retriever from the paragraphs."""
    from langchain_community.retrievers import BM25Retriever

    texts: Texts = json.loads((folder / "texts.json").read_text(encoding="utf-8"))
    retriever = BM25Retriever.from_texts(list(texts.values()), metadatas=[{"name": name} for name in texts], k=TOP_K)
    return lambda question: [found.metadata["name"] for found in retriever.invoke(question)]


SYSTEMS = {
    "babillard": System("Babillard", build_babillard, open_babillard),
    "langchain": System("LangChain, FAISS", build_langchain, open_langchain),
    "bm25": System("BM25 alone", build_bm25, open_bm25),
}
PACKAGES = {  # module -> package of the `bench` extra
    "langchain_community": "langchain-community",
    "langchain_text_splitters": "langchain-text-splitters",
    "rank_bm25": "rank-bm25",
}
