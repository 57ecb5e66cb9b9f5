from pathlib import Path

import numpy as np
import pytest

from index.common_words import load_common_words
from training.common_words import by_key, packed, sift


def test_what_no_dictionary_has_is_known_when_frequent_and_never_proposed() -> None:
    frequencies = {"le": 1e-2, "netflix": 1e-6, "iphone": 3e-6, "occurence": 7e-7, "rarissime": 1e-9}
    unknown = {"netflix", "iphone", "occurence"}
    found = dict(sift(frequencies, unknown, {"iphone", "occurence"}, "fr"))
    assert found == {"le": 1e-2, "netflix": 0.0, "iphone": 0.0}


def test_an_elision_without_its_apostrophe_is_no_word() -> None:
    frequencies = {"ai": 1e-3, "est": 1e-2, "jai": 1e-5, "cest": 1e-5, "daniel": 1e-5}
    assert dict(sift(frequencies, {"jai", "cest", "daniel"}, set(), "fr")).keys() == {"ai", "est", "daniel"}


def test_only_contractions_keep_their_apostrophe() -> None:
    frequencies = {"don't": 1e-3, "what's": 1e-4, "women's": 1e-4, "o'brien": 1e-5}
    assert dict(sift(frequencies, set(), set(), "en")).keys() == {"don't", "what's"}


@pytest.mark.parametrize("form", ["слово", "naïve2", "a", "co-op", "straße‑bahn"])
def test_what_the_file_cannot_hold_is_left_out(form: str) -> None:
    assert dict(sift({form: 1e-3}, set(), set(), "fr")) == {}


def test_a_key_is_written_as_its_most_frequent_form_is() -> None:
    form, frequency = by_key([("meme", 3e-5), ("même", 1e-3)])["meme"]
    assert (form, frequency) == ("même", 3e-5 + 1e-3)


def test_a_form_without_accents_that_is_a_word_of_its_own_stays_bare() -> None:
    assert by_key([("marche", 1e-4), ("marché", 2e-4)])["marche"][0] == "marche"


def test_what_is_packed_is_what_is_read(tmp_path: Path) -> None:
    path = tmp_path / "words.npz"
    french = by_key([("œuvre", 1e-4), ("été", 1e-3), ("aujourd'hui", 1e-3), ("tv", 0.0)])
    np.savez_compressed(path, **packed({"fr": french, "en": by_key([("don't", 1e-3)])}))  # type: ignore[arg-type]
    words = load_common_words(path)
    keys = ["aujourdhui", "ete", "oeuvre", "tv"]
    assert [words["fr"].form(i) for i in words["fr"].find(keys)] == ["aujourd'hui", "été", "œuvre", "tv"]
    assert words["fr"].frequencies.tolist() == pytest.approx([1e-3, 1e-3, 1e-4, 0], rel=0.2)
    assert words["en"].form(0) == "don't"
