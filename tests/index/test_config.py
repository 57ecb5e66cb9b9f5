from pathlib import Path
from types import ModuleType

import pytest
from pydantic import ValidationError

from index import bm25, chunking, config, sentences
from index.config import IndexSettings, chunking_shape, fingerprint


class CountedSettings(IndexSettings):
    """As the bot's: with a field that not every text fits."""

    top_k: int = 10


def test_the_defaults_are_those_of_a_fresh_checkout() -> None:
    settings = IndexSettings()
    assert (settings.seeds_dir, settings.index_dir, settings.embedding_model) == (
        Path("seeds"),
        Path("var/index"),
        "multilingual-e5-small",
    )


def test_the_environment_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SEEDS_DIR", "mes articles/été")
    assert IndexSettings().seeds_dir == Path("mes articles/été")


def test_a_dotenv_file_is_read() -> None:
    Path(".env").write_text("INDEX_DIR=été/index\n# Commentaire\nUNKNOWN=1\n", encoding="utf-8")
    assert IndexSettings().index_dir == Path("été/index")


def test_the_environment_wins_over_dotenv(monkeypatch: pytest.MonkeyPatch) -> None:
    Path(".env").write_text("INDEX_DIR=file\n", encoding="utf-8")
    monkeypatch.setenv("INDEX_DIR", "environment")
    assert IndexSettings().index_dir == Path("environment")


@pytest.mark.parametrize("line", ["EMBEDDING_MODEL=", "EMBEDDING_MODEL=\nOTHER", "# nothing"], ids=ascii)
def test_an_empty_value_means_the_default(line: str) -> None:
    Path(".env").write_text(line, encoding="utf-8")
    assert IndexSettings().embedding_model == "multilingual-e5-small"


@pytest.mark.parametrize("line", ["TOP_K=beaucoup", "TOP_K=5 passages", "TOP_K='['"], ids=ascii)
def test_garbage_in_dotenv_is_refused(line: str) -> None:
    Path(".env").write_text(line, encoding="utf-8")
    with pytest.raises(ValidationError, match="top_k"):
        CountedSettings()


def test_settings_cannot_be_changed_once_read() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        IndexSettings().index_dir = Path("elsewhere")  # type: ignore[misc]


def test_the_same_settings_have_the_same_fingerprint() -> None:
    assert fingerprint("model", "1") == fingerprint("model", "1")


@pytest.mark.parametrize(("model", "revision"), [("model", "2"), ("other", "1")], ids=["revision", "model"])
def test_another_model_has_another_fingerprint(model: str, revision: str) -> None:
    assert fingerprint(model, revision) != fingerprint("model", "1")


@pytest.mark.parametrize(
    ("module", "name"),
    [
        pytest.param(module, name, id=f"{module.__name__}.{name}")
        for module, name in [
            (config, "FORMAT"),
            (chunking, "TARGET_CHARS"),
            (chunking, "MAX_CHARS"),
            (sentences, "MAX_SENTENCE"),
            (bm25, "K1"),
            (bm25, "B"),
            (bm25, "TERM_BYTES"),
        ]
    ],
)
def test_another_constant_has_another_fingerprint(
    module: ModuleType, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = fingerprint("model", "1")
    monkeypatch.setattr(module, name, getattr(module, name) + 1)
    assert fingerprint("model", "1") != before


def test_the_shape_of_chunks_is_told_in_characters() -> None:
    assert chunking_shape() == {
        "target_chars": chunking.TARGET_CHARS,
        "max_chars": chunking.MAX_CHARS,
        "max_sentence": sentences.MAX_SENTENCE,
    }
