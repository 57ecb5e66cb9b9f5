from collections.abc import Sequence
from datetime import UTC, datetime

import pytest

from bot.journal.entry import Unanswered
from bot.journal.gaps import Gap
from bot.journal.shared_words import shared_wording
from index.schema import Language

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)


def wording(*asked: tuple[int, str], languages: tuple[Language, ...] = ()) -> str | None:
    """Return what is shown of questions, each with whoever asked it."""
    spoken: Sequence[Language] = languages or ["fr"] * len(asked)
    found = tuple(
        Unanswered(n, text, language, NOON, "no_evidence")
        for n, ((_, text), language) in enumerate(zip(asked, spoken, strict=True))
    )
    gap = Gap(asked[0][1], spoken[0], found)
    return shared_wording(gap, {n: asker for n, (asker, _) in enumerate(asked)})


def test_what_two_people_asked_in_the_same_words_is_shown_whole() -> None:
    asked = "Où l’œuvre «\u00a0été\u00a0» est-elle exposée\u202f?"
    assert wording((0, asked), (1, asked)) == " ".join(asked.split())


@pytest.mark.parametrize("times", [1, 2, 7])
def test_what_one_person_asked_is_not_shown_however_often(times: int) -> None:
    assert wording(*[(4, "Où est mon dossier\u202f?")] * times) is None


def test_a_word_of_one_person_alone_is_hidden() -> None:
    shown = wording(
        (0, "Comment renouveler la carte de Zoé Lévesque ?"),
        (1, "Comment renouveler la carte d’accès ?"),
        (0, "Comment renouveler la carte de Zoé Lévesque ?"),
    )
    assert shown == "Comment renouveler la carte … ?"


def test_the_wording_that_hides_the_least_is_shown() -> None:
    shown = wording(
        (0, "Bonjour, Zoé ici, le musée ouvre quand ?"),
        (1, "Quand ouvre la porte du musée ?"),
        (2, "Le musée ouvre quand ?"),
    )
    assert shown == "Le musée ouvre quand ?"


def test_inflections_and_accents_are_one_word() -> None:
    assert wording((0, "Les œuvres exposées ?"), (1, "L'oeuvre exposee ?")) == "Les œuvres exposées ?"


def test_words_that_nobody_shares_are_not_shown_at_all() -> None:
    asked = [(0, "Comment m’inscrire ?"), (1, "How do I sign up?")]
    assert wording(*asked, languages=("fr", "en")) is None


@pytest.mark.parametrize(
    "private",
    [
        "zoe.levesque@exemple.org",
        "<@175928847299117063>",
        "https://exemple.org/u/zoe",
        "514 555-0199",
        "(514)\u202f555\u202f0199",
        "+33 6 12 34 56 78",
        "4540 1234 5678 9012",
        "175928847299117063",
    ],
)
def test_an_address_or_a_number_is_hidden_though_two_people_wrote_it(private: str) -> None:
    asked = f"Carte {private} perdue ?"
    shown = wording((0, asked), (1, asked))
    assert shown is not None
    assert shown.replace("(", "").split() in (["Carte", "…", "perdue", "?"], ["Carte", "+33", "…", "perdue", "?"])


def test_years_are_shown() -> None:
    asked = "Le calendrier 2025-2026 du musée ?"
    assert wording((0, asked), (1, asked)) == asked
