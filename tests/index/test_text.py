from concurrent.futures import ThreadPoolExecutor

import pytest

from index.schema import Language
from index.text import fold, stems, words


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("École", "ecole", id="fr-capital accent"),
        pytest.param("ÉCOLE", "ecole", id="fr-capitals"),
        pytest.param("e\u0301cole", "ecole", id="fr-combining accent"),
        pytest.param("ecole", "ecole", id="fr-no accent"),
        pytest.param("Œuvre", "oeuvre", id="fr-ligature"),
        pytest.param("ŒUVRE", "oeuvre", id="fr-capital ligature"),
        pytest.param("oeuvre", "oeuvre", id="fr-two letters"),
        pytest.param("Lætitia", "laetitia", id="fr-ae"),
        pytest.param("ça, là-bas, noël, forêt", "ca, la-bas, noel, foret", id="fr-cedilla and others"),
        pytest.param("Résumé", "resume", id="en-loan word"),
        pytest.param("ﬁlm", "film", id="en-typographic ligature"),
    ],
)
def test_case_accents_and_ligatures_do_not_count(text: str, expected: str) -> None:
    assert fold(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("l’école", ["ecole"], id="fr-l’"),
        pytest.param("L'ÉCOLE", ["ecole"], id="fr-L'"),
        pytest.param("d'Amsterdam", ["amsterdam"], id="fr-d'"),
        pytest.param("qu’il", ["il"], id="fr-qu’"),
        pytest.param("jusqu’ici", ["ici"], id="fr-jusqu’"),
        pytest.param("3,5\u00a0millions", ["3,5", "millions"], id="fr-decimal"),
        pytest.param("«\u202fœuvre\u202f»", ["oeuvre"], id="fr-guillemets"),
        pytest.param("co-PDG", ["co", "pdg"], id="fr-hyphen"),
        pytest.param("Netflix’s", ["netflix"], id="en-’s"),
        pytest.param("Netflix's", ["netflix"], id="en-'s"),
        pytest.param("3.5 million", ["3.5", "million"], id="en-decimal"),
        pytest.param("snake_case", ["snake", "case"], id="en-underscore"),
        pytest.param(" \u00a0?!… ", [], id="none"),
    ],
)
def test_words_are_freed_of_elisions_and_possessives(text: str, expected: list[str]) -> None:
    assert words(text) == expected


@pytest.mark.parametrize(
    ("language", "one", "other"),
    [
        pytest.param("fr", "le bureau", "les bureaux", id="fr-plural"),
        pytest.param("fr", "créateur", "CRÉATEURS", id="fr-capitals"),
        pytest.param("fr", "il annonça", "annoncer", id="fr-verb"),
        pytest.param("fr", "l’œuvre", "des oeuvres", id="fr-ligature"),
        pytest.param("en", "the office", "offices", id="en-plural"),
        pytest.param("en", "they announced", "announcing", id="en-verb"),
        pytest.param("en", "Canada's study", "studies of Canada", id="en-possessive"),
    ],
)
def test_forms_of_a_word_share_a_stem(language: Language, one: str, other: str) -> None:
    assert set(stems(one, language)) <= set(stems(other, language)) | set(stems("il", language))
    assert set(stems(one, language)) & set(stems(other, language))


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        pytest.param("fr", "Qu’est-ce que c’est que la musique ?", 1, id="fr"),
        pytest.param("en", "What is it that they have of the music?", 1, id="en"),
        pytest.param("fr", "le la les de du", 0, id="fr-nothing else"),
        pytest.param("en", "the of and to", 0, id="en-nothing else"),
    ],
)
def test_function_words_are_dropped(language: Language, text: str, expected: int) -> None:
    assert len(stems(text, language)) == expected


def test_threads_stem_alike() -> None:
    texts = ["Les créateurs canadiens annonçaient des œuvres", "continuellement cherchées"] * 100
    expected = [stems(text, "fr") for text in texts]
    with ThreadPoolExecutor(8) as threads:
        assert list(threads.map(lambda text: stems(text, "fr"), texts)) == expected
