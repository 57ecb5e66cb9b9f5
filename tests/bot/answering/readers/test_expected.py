import pytest

from bot.answering.readers.expected import expected
from index.text import fold


@pytest.mark.parametrize(
    ("question", "answers", "lacks"),
    [
        ("Combien coûte le cours ?", "Il coûte 12 €.", "Il accueille douze personnes."),
        ("Combien coûte un abonnement ?", "Il coûte 12 dollars.", "Le site compte sept millions d’abonnés."),
        ("How much does the ticket cost?", "Entry is free.", "Dogs are welcome."),
        ("Combien de membres compte le club ?", "Il en compte neuf cent vingt.", "Le club est ancien."),
        ("How many floors does it have?", "It has three floors.", "It closes early."),
        (
            "How many floors does it have?",
            "It has 3 floors.",
            "It closes at 22 h, or at vingt-deux heures.",
        ),
        (
            "Combien de salles ?",
            "Il y en a une vingtaine.",
            "L’entrée coûte 12,50\u00a0€ et dure vingt et une minutes.",
        ),
        ("Combien de jours dure-t-il ?", "Il dure trois jours.", "Il dure longtemps."),
        ("Quelles formules ne comprennent PAS le sauna ?", "La formule Bronze n’a pas le sauna.", "L’or : le sauna."),
        ("Which plans don’t include the sauna?", "Bronze comes without it.", "Gold: the sauna."),
        ("Quand le club a-t-il été fondé ?", "Fondé en 1974.", "Fondé par des mineurs."),
        ("What time does the gym close?", "Elle ferme à vingt-deux heures.", "Elle ferme."),
    ],
)
def test_what_is_shown_must_hold_the_kind_of_words_that_is_asked_for(question: str, answers: str, lacks: str) -> None:
    wanted = expected(question)
    assert wanted is not None
    assert wanted.search(fold(answers))
    assert not wanted.search(fold(lacks))


@pytest.mark.parametrize(
    "question",
    [
        "Qui a fondé le club ?",
        "How do I join?",
        "Où est la salle ?",
        "Pourquoi ça ne marche pas ?",
        "Quels sont ceux qui n’ont pas payé ?",
    ],
)
def test_other_questions_expect_no_words_in_particular(question: str) -> None:
    assert expected(question) is None
