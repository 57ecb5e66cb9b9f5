from pathlib import Path

import pytest
from pydantic import SecretStr, ValidationError

from index.config import IndexSettings
from index.generations import FolderGenerations
from index.layers import all_layers, build_layers, common_layers, stale_layers
from index.places import place_of
from index.search import Searcher
from tests.fakes import HashingEmbeddings
from tests.processes import run_python


def test_without_vector_store_the_files_of_index_dir_are_the_place(tmp_path: Path) -> None:
    settings = IndexSettings(index_dir=tmp_path)
    assert place_of(settings) == FolderGenerations(tmp_path)
    assert place_of(settings, "@cuisine") == FolderGenerations(tmp_path / "layers" / "@cuisine")


def test_a_milvus_is_one_place_however_often_it_is_asked_for(tmp_path: Path) -> None:
    settings = IndexSettings(
        index_dir=tmp_path, vector_store="http://milvus:19530", vector_store_token=SecretStr("root:Milvus")
    )
    assert place_of(settings) == place_of(settings) != place_of(settings, "@cuisine")
    assert len({place_of(settings), place_of(settings)}) == 1
    assert place_of(settings).folder == tmp_path


@pytest.mark.parametrize("wrong", ["milvus:19530", "index.sqlite", "var/index", "ftp://milvus"])
def test_what_is_no_milvus_is_refused(wrong: str) -> None:
    with pytest.raises(ValidationError, match=r"neither an address, http://host:19530, nor a file of Milvus Lite"):
        IndexSettings(vector_store=wrong)


@pytest.mark.parametrize("address", ["http://root:geheim@milvus:19530", "https://geheim@milvus/db"])
def test_an_address_with_a_login_is_refused_since_addresses_are_shown(address: str) -> None:
    with pytest.raises(ValidationError, match="holds a login: put user:password into VECTOR_STORE_TOKEN"):
        IndexSettings(vector_store=address)


def test_nothing_of_milvus_is_imported_without_vector_store(tmp_path: Path) -> None:
    (tmp_path / "seeds").mkdir()
    (tmp_path / "seeds" / "a.txt").write_text("The Loire is the longest river in France.", encoding="utf-8")
    look = """
import sys
from pathlib import Path
import bot.cli, bot.discord.client
from bot.config import BotSettings
from index.layers import build_layers
from index.config import fingerprint
from index.shelf import Shelf
from index.layers import common_layers
from tests.fakes import HashingEmbeddings
settings = BotSettings()
build_layers(settings, HashingEmbeddings())
assert Shelf().open(common_layers(settings), fingerprint("hashing", "1"))
heavy = {"grpc", "milvus_lite", "pandas", "pyarrow", "pymilvus"}
print(sorted(name for name in sys.modules if name.split(".")[0] in heavy or name.startswith("index.milvus")))
"""
    done = run_python("-c", look, cwd=tmp_path)
    assert done.stdout == "[]\n", done.stderr


def test_all_layers_of_the_articles_are_kept_in_milvus(tmp_path: Path, embeddings: HashingEmbeddings) -> None:
    settings = IndexSettings(
        seeds_dir=tmp_path / "seeds",
        index_dir=tmp_path / "index",
        data_dir=tmp_path / "data",
        vector_store=str(tmp_path / "index.db"),
    )
    for part, text in {"": "The Loire is a river.", "@cuisine": "Le feu est vif.", "@vide": ""}.items():
        (settings.seeds_dir / part).mkdir(parents=True, exist_ok=True)
        if text:
            (settings.seeds_dir / part / "a.txt").write_text(text, encoding="utf-8")
    pages = settings.data_dir / "learned" / "@pages"
    pages.mkdir(parents=True)
    (pages / "p.txt").write_text("A page of the web.", encoding="utf-8")
    build_layers(settings, embeddings)
    assert stale_layers(settings, embeddings) is None
    found = {layer.part: layer.generations.serving() is not None for layer in all_layers(settings)}
    assert found == {"": True, "@cuisine": True, "@vide": False, "@pages": True}
    assert not (settings.index_dir / "generations").exists()
    hits = [
        hit.chunk.text
        for layer in common_layers(settings)
        for hit in Searcher(layer.generations.open(), embeddings).search("page", "en", 3)
    ]
    assert hits == ["The Loire is a river.", "A page of the web."]
    cuisine = next(layer for layer in all_layers(settings) if layer.part == "@cuisine")
    (settings.seeds_dir / "@cuisine" / "a.txt").unlink()
    (settings.seeds_dir / "@cuisine").rmdir()
    build_layers(settings, embeddings)
    assert cuisine.generations.serving() is None
