import numpy as np
import pytest

from index.wordlist import KEY_BYTES, WordList, key_of

FORMS = {"ecole": "école", "été": "été", "naif": "naïf"}
KEYS = sorted(map(key_of, FORMS))
LIST = WordList(np.array([k.encode() for k in KEYS]), np.full(len(KEYS), 0.1, np.float32), lambda i: KEYS[i])


@pytest.mark.parametrize(
    ("word", "key"),
    [
        ("Été", "ete"),
        ("Œuvre", "oeuvre"),
        ("don't", "dont"),
        ("aujourd’hui", "aujourdhui"),
        ("NAÏVE", "naive"),
        ("", ""),
    ],
)
def test_the_key_of_a_word_has_no_case_no_accents_and_no_apostrophe(word: str, key: str) -> None:
    assert key_of(word) == key


def test_keys_are_found_by_their_number_and_others_are_not() -> None:
    assert LIST.find(["naif", "ete", "zoo", "", "eco"]) == [KEYS.index("naif"), KEYS.index("ete"), -1, -1, -1]


def test_a_word_that_only_begins_like_the_longest_key_is_not_that_key() -> None:
    assert LIST.find(["ecoles"]) == [-1]


def test_keys_that_are_cut_are_found_by_what_is_left_of_them() -> None:
    key = "a" * (KEY_BYTES + 5)
    cut = WordList(np.array([key.encode()[:KEY_BYTES]]), np.ones(1, np.float32), lambda i: "")
    assert cut.find([key]) == [0]


def test_nothing_is_found_in_an_empty_list() -> None:
    empty = WordList(np.zeros(0, "S1"), np.zeros(0, np.float32), lambda i: "")
    assert empty.find(["ete", "a"]) == [-1, -1]
    assert len(empty) == 0
