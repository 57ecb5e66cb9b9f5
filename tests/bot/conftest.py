from pathlib import Path

import pytest

from bot.config import BotSettings
from index.build import build_index
from tests.bot.fakes import ENGLISH, FRENCH
from tests.fakes import HashingEmbeddings


@pytest.fixture
def settings(tmp_path: Path) -> BotSettings:
    """Return settings of two small articles, indexed with the hashing embedder."""
    seeds, index = tmp_path / "articles", tmp_path / "index"
    seeds.mkdir()
    (seeds / "musee.md").write_text(f"# Le musée\n\n{FRENCH}\n", encoding="utf-8")
    (seeds / "ferry.en.txt").write_text(f"The ferry\n\n{ENGLISH}\n", encoding="utf-8")
    build_index(seeds, index, HashingEmbeddings())
    return BotSettings(seeds_dir=seeds, index_dir=index, data_dir=tmp_path / "data")
