from pathlib import Path

import pytest

from bot.errors import TranslationError
from bot.translation.models import Pair, find_models, pair_named
from tests.bot.translation.marian import write_json


def write_argos(folder: Path, source: str, target: str) -> Path:
    """Write what stands in a package of Argos, its files empty."""
    (folder / "model").mkdir(parents=True)
    write_json(folder / "metadata.json", {"from_code": source, "to_code": target, "package_version": "1.9"})
    for name in ("sentencepiece.model", "model/model.bin", "model/shared_vocabulary.json"):
        (folder / name).touch()
    return folder


def write_opus(folder: Path, **told: object) -> Path:
    folder.mkdir(parents=True)
    write_json(folder / "config.json", told)
    for name in ("model.bin", "source.spm", "target.spm"):
        (folder / name).touch()
    return folder


def test_packages_of_argos_are_known_by_what_they_tell(tmp_path: Path) -> None:
    path = write_argos(tmp_path / "translate-fr_en-1_9", "fr", "en")
    write_argos(tmp_path / "translate-en_es-1_0", "en", "es")
    found = find_models(tmp_path)
    assert found.keys() == {("fr", "en")}
    assert found["fr", "en"] == (path / "model", path / "sentencepiece.model", path / "sentencepiece.model", False)


@pytest.mark.parametrize(
    ("told", "ends"), [({}, True), ({"add_source_eos": False}, True), ({"add_source_eos": True}, False)]
)
def test_the_end_of_a_sentence_is_given_unless_the_model_adds_it(
    told: dict[str, bool], ends: bool, tmp_path: Path
) -> None:
    write_opus(tmp_path / "en-fr", **told)
    assert find_models(tmp_path)["en", "fr"].ends is ends


def test_the_folder_may_be_a_model_itself(tmp_path: Path) -> None:
    folder = write_opus(tmp_path / "opus-mt-fr-en-ct2")
    assert find_models(folder).keys() == {("fr", "en")}


@pytest.mark.parametrize(
    ("name", "pair"),
    [
        ("fr-en", ("fr", "en")),
        ("opus-mt-en-fr", ("en", "fr")),
        ("en_fr.int8", ("en", "fr")),
        ("opus-mt-fr-es", None),
        ("fr-fr", None),
        ("french-english", None),
    ],
)
def test_a_name_tells_its_languages(name: str, pair: Pair | None) -> None:
    assert pair_named(name) == pair


def test_a_folder_that_is_missing_or_empty_is_said_with_a_remedy(tmp_path: Path) -> None:
    with pytest.raises(TranslationError, match=r"cannot be read.*babillard translator get"):
        find_models(tmp_path / "nulle part")
    (tmp_path / "fr-en").mkdir()
    (tmp_path / "fr-en" / "metadata.json").write_text("[1]", encoding="utf-8")
    with pytest.raises(TranslationError, match=r"holds no model.*babillard translator convert"):
        find_models(tmp_path)
