import pytest

from bot.answering.leaning import Leaning
from index.bm25 import BM25Index
from index.common_words import load_common_words
from index.language import detect_language
from index.schema import Language

FRENCH = "L’adhésion au club coûte 38 euros. Le parking souterrain ferme à dix heures. Netflix est au Canada."
ENGLISH = "The membership of the club costs 38 euros. Its documents are in the office."


@pytest.fixture(scope="module")
def leaning() -> Leaning:
    return Leaning(load_common_words(), [BM25Index.build([(FRENCH, "fr"), (ENGLISH, "en")])])


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("horaires", "fr"),
        ("remboursement ?", "fr"),
        ("adhesion", "fr"),
        ("Adhésion", "fr"),
        ("mot de passe oublie", "fr"),
        ("chien terrasse", "fr"),
        ("accord Jane Simon", "fr"),
        ("Jane Simon accord signé", "fr"),
        ("opening hours", "en"),
        ("membership fee", "en"),
        ("forgot password", "en"),
        ("dog terrace", "en"),
    ],
)
def test_key_words_tell_their_language_whatever_is_expected(leaning: Leaning, text: str, language: Language) -> None:
    other: Language = "en" if language == "fr" else "fr"
    assert detect_language(text, other, lambda: leaning(text)).language == language


@pytest.mark.parametrize("text", ["Netflix Canada", "Netflix", "42", "", "xqzt", "Tim Hortons Toronto"])
def test_names_and_what_nobody_knows_tell_nothing(leaning: Leaning, text: str) -> None:
    for fallback in ("fr", "en"):
        assert detect_language(text, fallback, lambda: leaning(text)).language == fallback


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("C’est quoi le deadline pour submit ?", "fr"),
        ("Who sings La vie en rose?", "en"),
        ("how do I pay the adhésion", "en"),
    ],
)
def test_function_words_tell_more(leaning: Leaning, text: str, language: Language) -> None:
    assert detect_language(text, "en", lambda: leaning(text)).language == language
