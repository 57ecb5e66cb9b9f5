import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.abbreviations import MAX_SHORT, abbreviations, is_short_for, opening_name
from tests.index.pages import chunks_of


def found(markdown: str) -> list[tuple[str, str]]:
    return [(one.short, one.long) for chunk in chunks_of(markdown) for one in abbreviations(chunk)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Chaque salarié a un plan d’épargne (PE) dès juin.", ("PE", "plan d’épargne")),
        ("The Regional Transport Authority (RTA) has nine members.", ("RTA", "Regional Transport Authority")),
        ("La PE (prime d’équipe) est versée le 27.", ("PE", "prime d’équipe")),
        ("Ask the RTA (the Regional Transport Authority).", ("RTA", "Regional Transport Authority")),
        ("- PE : plan d’épargne du personnel", ("PE", "plan d’épargne du personnel")),
        ("- **RAF** – reste à faire, en fin de mois", ("RAF", "reste à faire")),
        ("RAF = reste à faire", ("RAF", "reste à faire")),
        ("D2B\u00a0: dossier de deuxième bureau", ("D2B", "dossier de deuxième bureau")),
        ("- B2B: business to business", ("B2B", "business to business")),
        ("- A2F : authentification à deux facteurs", ("A2F", "authentification à deux facteurs")),
        ("| sigle | sens |\n| --- | --- |\n| CR | compte rendu |", ("CR", "compte rendu")),
        ("| meaning | term |\n| --- | --- |\n| paid time off | PTO |", ("PTO", "paid time off")),
        ("CŒ\n\n:   comité œnologique", ("CŒ", "comité œnologique")),
        ("## Assemblée générale (AG)\n\nElle a lieu en mai.", ("AG", "Assemblée générale")),
        ("The Ministry of Defence (“MoD”) replied.", ("MoD", "Ministry of Defence")),
        ("L’École nationale (« ÉN ») ouvre.", ("ÉN", "École nationale")),
        ("Les certificats d’économie d’énergie (CEE) comptent.", ("CEE", "certificats d’économie d’énergie")),
    ],
)
def test_a_short_form_that_is_explained_is_found(text: str, expected: tuple[str, str]) -> None:
    pairs = found(text)
    assert set(pairs) == {expected}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Le bac part à midi (RTA).",
        "Elle achète un SSD (environ 3 ans de vie).",
        "IMAP (Dovecot) et SMTP (Postfix) tournent.",
        "- URL: https://example.org/path",
        "- NB : le numéro du port est celui du SSH.",
        "| IMAP | 993 | SSL/TLS |\n| --- | --- | --- |\n| SMTP | 587 | STARTTLS |",
        "Une lettre de base (DB) suffit-elle au dossier\u00a0?",
        "Le rendez-vous est pris (2026).",
        "La **SNCF** transporte des voyageurs.",
        "```\nRTA: Regional Transport Authority\n```",
        "ATTENTION : à tous, tenez-vous en ordre !",
        "Il vient de (DE) loin.",
    ],
)
def test_what_is_not_explained_is_not_found(text: str) -> None:
    assert found(text) == []


def test_the_long_form_ends_with_its_sentence_and_begins_with_no_article() -> None:
    assert found("Le plan. La prime d’équipe (PE) est due.") == [("PE", "prime d’équipe")]
    assert found("- RAF : le reste à faire. Il se compte en jours.") == [("RAF", "reste à faire")]


def test_links_and_code_marks_are_no_part_of_it() -> None:
    text = "La [Fédération française de randonnée](https://example.org/ffr) (`FFR`) assure."
    assert found(text) == [("FFR", "Fédération française de randonnée")]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("reste à faire, en fin de mois", "reste à faire"),
        ("le reste à faire", "reste à faire"),
        ("short for paid time off (leave)", "paid time off"),
        ("l’Agence de l’eau", "Agence de l’eau"),
        ("Lavande officinale", "Lavande officinale"),
        ("", ""),
    ],
)
def test_the_name_that_opens_a_meaning(text: str, name: str) -> None:
    assert opening_name(text) == name


WORDS = st.lists(st.text(string.ascii_lowercase, min_size=4, max_size=9), min_size=2, max_size=MAX_SHORT)


@given(WORDS)
def test_the_initials_of_words_are_short_for_them(words: list[str]) -> None:
    short = "".join(word[0] for word in words).upper()
    assert is_short_for(short, " ".join(words)) or short.lower() in words


@given(st.text(max_size=8), st.text(max_size=40))
def test_any_two_texts_can_be_compared(short: str, long: str) -> None:
    assert not is_short_for(short, long) or len(long.split()) > 1 or any(not c.isalnum() for c in long)
