from concurrent.futures import ThreadPoolExecutor

import pytest

from index.schema import Language
from index.text import INVISIBLE, content_words, fold, names, stems, visible, words


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


@pytest.mark.parametrize(
    ("text", "language", "kept"),
    [
        ("Où cuire le maïs et les dés ?", "fr", ["cuire", "mais", "des"]),
        ("MAÏS", "fr", ["mais"]),
        ("mais où, après l’été, est-il allé là ?", "fr", ["alle"]),
        ("le the vert", "fr", ["the", "vert"]),
        ("how to make thé", "en", ["make", "the"]),
        ("the de\u0301s", "en", ["des"]),
    ],
)
def test_an_accent_keeps_a_word_from_being_a_function_word(text: str, language: Language, kept: list[str]) -> None:
    assert content_words(text, language) == kept


def test_threads_stem_alike() -> None:
    texts = ["Les créateurs canadiens annonçaient des œuvres", "continuellement cherchées"] * 100
    expected = [stems(text, "fr") for text in texts]
    with ThreadPoolExecutor(8) as threads:
        assert list(threads.map(lambda text: stems(text, "fr"), texts)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("Où est le bureau de Netflix à Toronto ?", ["Netflix", "Toronto"], id="fr"),
        pytest.param("  Who leads Netflix in 2021?", ["Netflix", "2021"], id="en-opening word"),
        pytest.param("Éric aime l’Œuvre d’Anne-Marie", ["Œuvre", "Anne-Marie"], id="fr-capitals with accents"),
        pytest.param("A380 ou Disney+ ?", ["A380", "Disney+"], id="fr-opening name"),
        pytest.param("Combien de 3,5 à 1.000 ?", ["3,5", "1.000"], id="fr-numbers"),
        pytest.param("what is it?", [], id="en-none"),
        pytest.param("", [], id="empty"),
    ],
)
def test_names_have_a_capital_that_no_place_gives_them(text: str, expected: list[str]) -> None:
    assert names(text) == expected


@pytest.mark.parametrize("space", ["\t", "\n", "\r", " ", "\u00a0", "\u202f", "\u2009"], ids=ascii)
def test_white_space_is_not_invisible(space: str) -> None:
    assert INVISIBLE.search(space) is None


@pytest.mark.parametrize("hidden", "\x00\x1b\x85\xad\u200b\u200d\u202e\u2067\u3164\ufeff\ud83d\U000e0041", ids=ascii)
def test_what_hides_a_word_is_invisible(hidden: str) -> None:
    assert INVISIBLE.sub("", f"Net{hidden}flix") == "Netflix"


@pytest.mark.parametrize("text", ["L’œuvre «\u00a0d’été\u00a0»\u202f: 3,5\u00a0M$", "👩🏽 ❤\ufe0f", "été".upper()])
def test_french_spaces_letters_and_emoji_are_seen(text: str) -> None:
    assert INVISIBLE.sub("", text) == visible(text) == text


def test_line_feeds_and_tabs_are_seen_unless_they_may_not() -> None:
    assert visible("un\n\tdeux") == "un\n\tdeux"
    assert visible("un\n\tdeux", keep="") == "undeux"


def test_what_drives_a_terminal_is_taken_out_or_replaced() -> None:
    assert visible("a\x1b[2J\x9b\u202eb") == "a[2Jb"
    assert visible("été\u00a0\x1b.md", instead="\ufffd") == "été\u00a0\ufffd.md"
