import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.glossary import Pair
from index.wordings import MAX_VARIANTS, Wordings

PAIRS = (
    Pair("PE", "prime d’équipe", "a.md#0"),
    Pair("RAF", "reste à faire", "a.md#0"),
    Pair("ADN", "acide désoxyribonucléique", "a.md#1"),
    Pair("RTA", "Regional Transport Authority", "b.md#0"),
    Pair("IT", "information technology", "b.md#0"),
    Pair("UNI", "user network interface", "b.md#0"),
    Pair("DNS", "Domain Name System", "b.md#0"),
    Pair("prod", "environnement de production", "glossary.csv#2#0", is_listed=True),
)
WORDINGS = Wordings(PAIRS)


@pytest.mark.parametrize(
    ("question", "other"),
    [
        ("Quand est versée la PE\u00a0?", "Quand est versée la prime d’équipe\u00a0?"),
        ("quand est versee la pe", "quand est versee la prime d’équipe"),
        ("Quand est versée la prime d'équipe ?", "Quand est versée la PE ?"),
        ("QUAND EST VERSÉE LA PRIME D’EQUIPE ?", "QUAND EST VERSÉE LA PE ?"),
        ("Montant des primes d’équipe ?", "Montant des PE ?"),
        ("Combien de PEs ?", "Combien de prime d’équipe ?"),
        ("D’où vient l’ADN ?", "D’où vient l’acide désoxyribonucléique ?"),
        ("Who runs the RTA?", "Who runs the Regional Transport Authority?"),
        ("Who runs the RTA's buses?", "Who runs the Regional Transport Authority's buses?"),
        ("who runs the regional transport authority", "who runs the RTA"),
        ("how do i set the dns", "how do i set the Domain Name System"),
        ("Raf c’est quoi ?", "reste à faire c’est quoi ?"),
        ("La prod est en panne ?", "La environnement de production est en panne ?"),
        ("Who hands out laptops in IT?", "Who hands out laptops in information technology?"),
    ],
)
def test_the_other_form_takes_the_place_of_a_house_word(question: str, other: str) -> None:
    assert WORDINGS.variants(question) == (other,)


@pytest.mark.parametrize(
    "question",
    [
        "",
        "?",
        "Où est le musée ?",
        "Who founded it?",
        "WHO FOUNDED IT?",
        "Quelle est la capitale du Royaume-Uni ?",
        "Quelle équipe a une prime ?",
        "A person, a peer, a pen?",
        "La PE, ou prime d’équipe, est-elle due ?",
        "pe-t-il",
    ],
)
def test_a_question_without_a_house_word_has_no_other_wording(question: str) -> None:
    assert WORDINGS.variants(question) == ()


def test_without_pairs_there_is_no_other_wording() -> None:
    assert Wordings(()).variants("Quand est versée la PE ?") == ()


def test_the_meanings_of_the_glossary_come_first_then_the_frequent_ones() -> None:
    wordings = Wordings(
        [
            Pair("PE", "plan d’épargne", "a.md#0"),
            Pair("PE", "poids estimé", "b.md#0"),
            Pair("PE", "poids estimé", "c.md#0"),
            Pair("PE", "prime d’équipe", "glossary.csv#2#0", is_listed=True),
        ]
    )
    assert wordings.variants("La PE ?") == ("La prime d’équipe ?", "La poids estimé ?", "La plan d’épargne ?")


def test_of_two_house_words_both_are_replaced_and_then_each() -> None:
    assert WORDINGS.variants("PE et RAF") == (
        "prime d’équipe et reste à faire",
        "prime d’équipe et RAF",
        "PE et reste à faire",
    )


def test_the_longest_form_counts() -> None:
    wordings = Wordings([*PAIRS, Pair("PEA", "prime d’équipe annuelle", "a.md#2")])
    assert wordings.variants("La prime d’équipe annuelle ?") == ("La PEA ?",)


def test_forms_that_differ_in_a_plural_or_a_hyphen_are_one() -> None:
    wordings = Wordings([Pair("CLI", "command-line interface", "a#0"), Pair("CLI", "command line interfaces", "b#0")])
    assert wordings.variants("Which CLI?") == ("Which command-line interface?",)


@given(st.text(max_size=60))
def test_any_text_has_few_other_wordings_and_none_is_its_own(question: str) -> None:
    variants = WORDINGS.variants(question)
    assert len(variants) <= MAX_VARIANTS
    assert question not in variants
    assert len(set(variants)) == len(variants)


@given(st.lists(st.sampled_from(["PE", "RAF", "prime d’équipe", "la", "?", "IT", "prod", "quand"]), max_size=8))
def test_house_words_in_any_order_have_few_other_wordings(parts: list[str]) -> None:
    question = " ".join(parts)
    assert len(WORDINGS.variants(question)) <= MAX_VARIANTS
    assert question not in WORDINGS.variants(question)
