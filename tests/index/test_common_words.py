import shutil
from pathlib import Path

import numpy as np
import pytest

from index.common_words import SHIPPED, load_common_words
from index.errors import IndexingError
from index.schema import Language
from index.wordlist import WordList, key_of

QUEBEC = (
    "achaler balado bienvenue blonde cégep cellulaire char chum clavarder courriel débarbouillette dépanneur "
    "divulgâcher égoportrait frette guichet infolettre magasiner magasinage niaiseux pogner poutine pourriel "
    "rançongiciel téléverser traversier tuque"
).split()


@pytest.fixture(scope="module")
def words() -> dict[Language, WordList]:
    return load_common_words()


def written(words: WordList, typed: str) -> str:
    number = words.find([key_of(typed)])[0]
    return words.form(number) if number >= 0 else ""


@pytest.mark.parametrize("word", QUEBEC)
def test_words_of_quebec_are_known(words: dict[Language, WordList], word: str) -> None:
    assert written(words["fr"], word) == word


@pytest.mark.parametrize(
    ("language", "word"),
    [
        *[("fr", w) for w in "mangeaient finissent abonnées nationaux tiendra bleues vécurent".split()],
        *[("en", w) for w in "subscribers running colour color cities wrote organise organized".split()],
    ],
)
def test_inflected_forms_are_known(words: dict[Language, WordList], language: Language, word: str) -> None:
    assert written(words[language], word) == word


@pytest.mark.parametrize(
    ("language", "typed", "form"),
    [
        ("fr", "gateau", "gâteau"),
        ("fr", "etait", "était"),
        ("fr", "oeuvre", "œuvre"),
        ("fr", "aujourdhui", "aujourd'hui"),
        ("fr", "marche", "marche"),  # a word of its own beside « marché »
        ("en", "dont", "don't"),
        ("en", "were", "were"),
        ("en", "cafe", "cafe"),
    ],
)
def test_a_word_typed_bare_has_the_form_that_is_written(
    words: dict[Language, WordList], language: Language, typed: str, form: str
) -> None:
    assert written(words[language], typed) == form


@pytest.mark.parametrize(
    ("language", "typed"),
    [("en", "recieve"), ("en", "definately"), ("fr", "langauge"), ("fr", "cest"), ("fr", "jai"), ("fr", "dabonnes")],
)
def test_common_mistakes_are_no_words(words: dict[Language, WordList], language: Language, typed: str) -> None:
    assert written(words[language], typed) == ""


def test_keys_are_sorted_and_once_each(words: dict[Language, WordList]) -> None:
    for list_ in words.values():
        assert (list_.keys[:-1] < list_.keys[1:]).all()


def test_each_form_has_the_key_that_it_is_found_by(words: dict[Language, WordList]) -> None:
    for list_ in words.values():
        for number in range(0, len(list_), 97):
            assert key_of(list_.form(number)) == list_.keys[number].decode()


def test_a_frequent_word_is_more_frequent_and_a_name_is_never_proposed(words: dict[Language, WordList]) -> None:
    french = words["fr"]
    que, clavarder, netflix = (float(french.frequencies[i]) for i in french.find(["que", "clavarder", "netflix"]))
    assert que > 1_000 * clavarder > 0
    assert netflix == 0


def test_a_damaged_file_is_a_foreseen_fault(tmp_path: Path) -> None:
    path = tmp_path / "words.npz"
    for spoil in (lambda: None, lambda: path.write_bytes(b""), lambda: path.write_bytes(SHIPPED.read_bytes()[:9_000])):
        spoil()
        with pytest.raises(IndexingError, match="install Babillard again"):
            load_common_words(path)


def test_a_file_whose_parts_do_not_fit_is_a_foreseen_fault(tmp_path: Path) -> None:
    path = tmp_path / "words.npz"
    shutil.copy(SHIPPED, path)
    with np.load(path) as arrays:
        changed = {name: arrays[name] for name in arrays.files}
    changed["steps_en"] = changed["steps_en"][:-1]
    np.savez_compressed(path, **changed)
    with pytest.raises(IndexingError, match="do not fit"):
        load_common_words(path)
