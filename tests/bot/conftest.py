from pathlib import Path

import pytest

from bot.config import BotSettings
from bot.factory import Bot, build_bot
from index.build import build_index
from index.embedding import TextEmbeddings
from tests.processes import REPOSITORY

SEEDS = REPOSITORY / "seeds"


@pytest.fixture(scope="session")
def seed_index(bundled: TextEmbeddings, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return an index of the project's own articles, made with the real model."""
    folder = tmp_path_factory.mktemp("seeds") / "index"
    build_index(SEEDS, folder, bundled)
    return folder


@pytest.fixture(scope="session")
def seed_bot(bundled: TextEmbeddings, seed_index: Path) -> Bot:
    """Return the bot as it is shipped, over the project's own articles."""
    return build_bot(BotSettings(seeds_dir=SEEDS, index_dir=seed_index), bundled)
