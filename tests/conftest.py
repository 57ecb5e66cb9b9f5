from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings
from platformdirs import user_cache_path

from bot.config import BotSettings
from bot.factory import Bot, build_bot
from index.build import build_index
from index.model.embedding import BUNDLED_MODEL, TextEmbeddings, load_embeddings
from tests.fakes import HashingEmbeddings
from tests.postgres import Server, running
from tests.processes import REPOSITORY, SETTINGS

SEEDS = REPOSITORY / "seeds"

settings.register_profile("babillard", deadline=None)
settings.load_profile("babillard")


@pytest.fixture(autouse=True)
def bare_surroundings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Let no setting of the developer in: neither from the environment nor from a `.env` file."""
    for name in SETTINGS:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)


@pytest.fixture(scope="session")
def model_cache() -> Path:
    """Where the bundled model is unpacked for what is compared with it, once for all runs."""
    return user_cache_path("babillard")


@pytest.fixture(scope="session")
def bundled() -> TextEmbeddings:
    return load_embeddings(BUNDLED_MODEL)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[Server]:
    with running() as server:
        yield server


@pytest.fixture
def postgres(postgres_server: Server) -> Server:
    """Return a real PostgreSQL whose tables are empty, or not made yet."""
    postgres_server.empty()
    return postgres_server


@pytest.fixture
def embeddings() -> HashingEmbeddings:
    return HashingEmbeddings()


@pytest.fixture(scope="session")
def shared() -> Path:
    folder = REPOSITORY.parent / "shared"
    if not folder.is_dir():
        pytest.skip("the shared folder (data sets, reference) is not part of the project")
    return folder


@pytest.fixture(scope="session")
def seed_index(bundled: TextEmbeddings, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return an index of the project's own articles, made with the real model."""
    folder = tmp_path_factory.mktemp("seeds") / "index"
    build_index(SEEDS, folder, bundled)
    return folder


@pytest.fixture(scope="session")
def seed_bot(bundled: TextEmbeddings, seed_index: Path) -> Bot:
    """Return the bot as it is shipped, over the project's own articles."""
    return build_bot(BotSettings(seeds_dir=SEEDS, index_dir=seed_index, data_dir=seed_index.parent), bundled)
