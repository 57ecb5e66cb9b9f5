import shutil
from pathlib import Path

import numpy as np
import pytest

from index.errors import IndexingError
from index.schema import Language
from index.text import stems
from index.translation import SHIPPED, Lexicon


@pytest.fixture(scope="module")
def lexicon() -> Lexicon:
    return Lexicon.load()


def stem(word: str, language: Language) -> str:
    return stems(word, language)[0]


@pytest.mark.parametrize(
    ("language", "word", "other"),
    [
        pytest.param("fr", "école", "school", id="fr-accent"),
        pytest.param("fr", "écoles", "schools", id="fr-plural"),
        pytest.param("fr", "ECOLE", "school", id="fr-capitals without accent"),
        pytest.param("fr", "cœur", "heart", id="fr-ligature"),
        pytest.param("fr", "l’abonné", "subscriber", id="fr-elision"),
        pytest.param("fr", "siècle", "century", id="fr-rare accent"),
        pytest.param("fr", "fleuve", "river", id="fr-one of two"),
        pytest.param("en", "school", "école", id="en"),
        pytest.param("en", "offices", "bureaux", id="en-plural"),
        pytest.param("en", "buried", "enterrée", id="en-verb"),
        pytest.param("en", "river", "rivière", id="en-the other of two"),
        pytest.param("en", "river's", "fleuve", id="en-possessive"),
    ],
)
def test_a_word_has_its_translation(lexicon: Lexicon, language: Language, word: str, other: str) -> None:
    wanted = stem(other, "en" if language == "fr" else "fr")
    assert lexicon.translations(stem(word, language), language).get(wanted, 0) > 0.3


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("unknown", ["sarandos", "zzz", "", "\U0001f600", "é" * 100, "2021"], ids=ascii)
def test_an_unknown_word_has_none(lexicon: Lexicon, language: Language, unknown: str) -> None:
    assert lexicon.translations(unknown, language) == {}


def test_weights_lie_between_0_and_1_and_the_best_is_1(lexicon: Lexicon) -> None:
    for word in ("maison", "fleuve", "mourir", "roi", "bâtir"):
        weights = lexicon.translations(stem(word, "fr"), "fr").values()
        assert max(weights) == 1
        assert min(weights) > 0


def test_a_question_stays_as_it_is_in_its_own_language(lexicon: Lexicon) -> None:
    groups = lexicon.groups("Combien d’écoles, et quelle école ?", "fr", "fr")
    assert groups == {stem("école", "fr"): {stem("école", "fr"): 1.0}}


def test_a_question_is_translated_word_by_word_in_its_order(lexicon: Lexicon) -> None:
    groups = lexicon.groups("Où est l’école de la rivière ?", "fr", "en")
    assert list(groups) == stems("école rivière", "fr")
    assert [max(g, key=lambda s: (s != own and len(s) > 0, g[s])) for own, g in groups.items()] == ["school", "river"]


@pytest.mark.parametrize(
    ("language", "name", "other"),
    [
        pytest.param("fr", "Paris", "en", id="fr-ends in s"),
        pytest.param("en", "Sarandos", "fr", id="en-ends in s"),
        pytest.param("fr", "Netflix", "en", id="fr"),
        pytest.param("en", "Québec", "fr", id="en-accent"),
        pytest.param("en", "King", "fr", id="en-a word as well"),
        pytest.param("fr", "économique", "en", id="fr-cousin"),
    ],
)
def test_a_name_is_found_by_the_stem_of_the_other_language(
    lexicon: Lexicon, language: Language, name: str, other: Language
) -> None:
    (group,) = lexicon.groups(name, language, other).values()
    assert group[stem(name, other)] == 1


@pytest.mark.parametrize("text", ["", " ", "?!", "de la"], ids=ascii)
def test_nothing_is_translated_by_nothing(lexicon: Lexicon, text: str) -> None:
    assert lexicon.groups(text, "fr", "en") == {}


def arrays(pairs: list[tuple[int, int]], weights: list[int]) -> Lexicon:
    english, french = np.array([b"offic", b"school"]), np.array([b"bureau", b"ecol", b"offic"])
    return Lexicon(english, french, np.array(pairs, np.uint16).reshape(-1, 2), np.array(weights, np.uint8))


def test_the_pairs_are_read_in_both_directions() -> None:
    small = arrays([(0, 0), (0, 2), (1, 1)], [200, 50, 255])
    assert small.translations("offic", "en") == {"bureau": 1.0, "offic": 0.25}
    assert [small.translations(s, "fr") for s in ("bureau", "ecol", "offic")] == [
        {"offic": 1},
        {"school": 1},
        {"offic": 1},
    ]


@pytest.mark.parametrize(
    ("pairs", "weights"),
    [
        pytest.param([(0, 3)], [1], id="no such French stem"),
        pytest.param([(2, 0)], [1], id="no such English stem"),
        pytest.param([(0, 0)], [1, 2], id="too many weights"),
        pytest.param([(0, 0)], [0], id="no weight"),
    ],
)
def test_arrays_that_do_not_fit_are_refused(pairs: list[tuple[int, int]], weights: list[int]) -> None:
    with pytest.raises(ValueError, match="do not fit"):
        arrays(pairs, weights)


@pytest.mark.parametrize("damage", ["missing", "empty", "cut", "not an archive", "an array is missing"])
def test_a_damaged_lexicon_is_said_plainly(damage: str, tmp_path: Path) -> None:
    copy = tmp_path / SHIPPED.name
    shutil.copy(SHIPPED, copy)
    whole = copy.read_bytes()
    if damage == "missing":
        copy.unlink()
    elif damage == "an array is missing":
        np.savez_compressed(copy, english=np.array([b"school"]))
    else:
        copy.write_bytes({"empty": b"", "cut": whole[: len(whole) // 2], "not an archive": b"\x80\x04."}[damage])
    with pytest.raises(IndexingError, match=r"lexicon\.npz is missing or damaged .*install Babillard again"):
        Lexicon.load(copy)


def test_a_damaged_array_is_said_plainly(tmp_path: Path) -> None:
    raw = bytearray(SHIPPED.read_bytes())
    raw[len(raw) // 3] ^= 0xFF
    copy = tmp_path / SHIPPED.name
    copy.write_bytes(raw)
    with pytest.raises(IndexingError, match="damaged"):
        Lexicon.load(copy)


def test_the_card_tells_where_the_lexicon_comes_from() -> None:
    card = SHIPPED.with_suffix(".md").read_text(encoding="utf-8")
    for said in ("Open Government Licence", "CC BY 2.0 FR", "Tatoeba", "python -m training.lexicon"):
        assert said in card
