import shutil
from pathlib import Path

import pytest

from bot.errors import TranslationError
from bot.translation.convert import convert
from bot.translation.models import find_models
from tests.bot.translation.marian import write_json


def test_a_model_of_the_hub_becomes_one_that_can_be_found_and_nothing_else_is_left(models: Path) -> None:
    assert find_models(models).keys() == {("fr", "en"), ("en", "fr")}
    assert sorted(path.name for path in models.iterdir()) == ["en-fr", "fr-en"]
    assert {path.name for path in (models / "fr-en").iterdir()} >= {"model.bin", "source.spm", "target.spm"}


def test_a_model_is_replaced(marian: Path, tmp_path: Path) -> None:
    (tmp_path / "fr-en").mkdir()
    (tmp_path / "fr-en" / "old.txt").touch()
    convert(marian, tmp_path)
    assert not (tmp_path / "fr-en" / "old.txt").exists()


def test_the_name_of_the_folder_tells_the_languages_where_no_file_does(marian: Path, tmp_path: Path) -> None:
    folder = tmp_path / "my_en-fr_model"
    shutil.copytree(marian, folder)
    (folder / "tokenizer_config.json").unlink()
    assert convert(folder, tmp_path / "made").name == "en-fr"


@pytest.mark.parametrize(
    ("missing", "said"),
    [
        ("vocab.json", "vocab.json missing"),
        ("source.spm", "source.spm missing"),
        ("pytorch_model.bin", "model.safetensors or pytorch_model.bin missing"),
    ],
)
def test_what_lacks_a_file_is_no_model(missing: str, said: str, marian: Path, tmp_path: Path) -> None:
    folder = tmp_path / "fr-en"
    shutil.copytree(marian, folder)
    (folder / missing).unlink()
    with pytest.raises(TranslationError, match=said):
        convert(folder, tmp_path / "made")


@pytest.mark.parametrize(
    ("file", "told", "said"),
    [
        ("config.json", {"model_type": "bert"}, "does not say marian"),
        ("tokenizer_config.json", {"source_lang": "fr", "target_lang": "de"}, "does not tell its languages"),
    ],
)
def test_another_kind_of_model_is_refused(
    file: str, told: dict[str, str], said: str, marian: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "modèle"
    shutil.copytree(marian, folder)
    write_json(folder / file, told)
    with pytest.raises(TranslationError, match=said):
        convert(folder, tmp_path / "made")


def test_without_pytorch_the_extra_that_brings_it_is_said(
    extra: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("bot.translation.convert.find_spec", lambda package: None)
    with pytest.raises(
        TranslationError, match=r"needs the package torch: .*pip install -c constraints.txt -e '\.\[models"
    ):
        convert(tmp_path, tmp_path / "made")


def test_damaged_weights_leave_the_model_that_was_there(marian: Path, models: Path, tmp_path: Path) -> None:
    folder = tmp_path / "fr-en"
    shutil.copytree(marian, folder)
    (folder / "pytorch_model.bin").write_bytes(b"not weights")
    made = tmp_path / "made"
    shutil.copytree(models, made)
    with pytest.raises(TranslationError, match="could not be converted"):
        convert(folder, made)
    assert sorted(path.name for path in made.iterdir()) == ["en-fr", "fr-en"]
