from importlib.util import find_spec
from pathlib import Path

import pytest

from bot.translation.convert import convert
from bot.translation.models import PAIRS
from tests.bot.translation.marian import write_marian


@pytest.fixture(scope="session")
def extra() -> None:
    if find_spec("ctranslate2") is None or find_spec("sentencepiece") is None:
        pytest.skip("the extra `translate` is not installed")


@pytest.fixture(scope="session")
def marian(extra: None, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a tiny model from French to English, as the hub has it."""
    return write_marian(tmp_path_factory.mktemp("hub") / "opus-mt-fr-en", ("fr", "en"))


@pytest.fixture(scope="session")
def models(marian: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with both directions, converted."""
    folder = tmp_path_factory.mktemp("models")
    other = write_marian(tmp_path_factory.mktemp("hub") / "opus-mt-en-fr", ("en", "fr"))
    for path, pair in zip((marian, other), PAIRS, strict=True):
        assert convert(path, folder) == folder / "-".join(pair)
    return folder
