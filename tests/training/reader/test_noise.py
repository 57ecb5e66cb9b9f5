import gzip
import random
from pathlib import Path

import pytest

from index.schema import Language
from training.reader.noise import NOISY, Dictionary, Noise, bare, read_dictionaries

QUESTION = "Où se trouve la bibliothèque de l’œuvre à Québec\u202f?"
DICTIONARIES: dict[Language, Dictionary] = {
    "fr": {"bibliothèque": ["library"], "trouve": ["finds"]},
    "en": {"library": ["bibliothèque"]},
}


@pytest.fixture
def typed() -> list[str]:
    noise = Noise(DICTIONARIES, seed=1)
    return [noise.dress(QUESTION, "fr") for _ in range(2_000)]


def test_most_questions_stay_as_they_are(typed: list[str]) -> None:
    assert typed.count(QUESTION) / len(typed) == pytest.approx(1 - NOISY, abs=0.05)


def test_some_have_slips_some_are_bare_some_amid_chat_and_some_in_two_languages(typed: list[str]) -> None:
    assert bare(QUESTION) in typed
    assert any("svp" in text for text in typed)
    assert any("library" in text for text in typed)
    slips = [text for text in typed if text.startswith("Où") and "Québec" in text and abs(len(text) - 50) <= 3]
    assert len(set(slips)) > 20


def test_the_same_seed_types_the_same(typed: list[str]) -> None:
    noise = Noise(DICTIONARIES, seed=1)
    assert [noise.dress(QUESTION, "fr") for _ in range(50)] == typed[:50]


def test_a_question_without_long_words_is_no_fault() -> None:
    noise = Noise({"fr": {}, "en": {}}, seed=random.Random(2).randrange(100))
    assert {noise.dress("Où ?", "fr") for _ in range(300)} >= {"Où ?"}


def test_single_words_alone_are_taken_from_the_aligned_texts(tmp_path: Path) -> None:
    path = tmp_path / "en-fr.tsv.gz"
    lines = ["Library\tBibliothèque\tfreedict_words", "to find\ttrouver\tfreedict_words", "chapter\tchapitre\tlaws"]
    path.write_bytes(gzip.compress("".join(f"{line}\n" for line in lines).encode()))
    assert read_dictionaries(path) == {"en": {"library": ["bibliothèque"]}, "fr": {"bibliothèque": ["library"]}}
