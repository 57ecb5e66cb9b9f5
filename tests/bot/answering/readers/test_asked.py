import pytest

from bot.answering.readers.asked import MAX_KEY_WORDS, asks_for_words, is_key_words

FEW_WORDS = """
Qui a fondé le club ?
quand est-ce que le club a été fondé
Combien coûte l’adhésion ?
À quelle heure ouvre la salle le samedi ?
ou est la trousse de secours
Where is the first aid kit?
How much is the ticket?
whats the default admin password
How long does the ferry take?
Which city was chosen?
""".strip().split("\n")

MUCH = """
Comment débannir mon IP ?
cmt je fais pour m inscrire
Pourquoi mon mot de passe est refusé ?
Quels ports dois-je ouvrir ?
Quelle commande lance l’installeur ?
quelle est la marche à suivre
Quelle est la différence entre les deux cours ?
Peut-on venir avec un chien ?
How do I add an article?
Which ports do I have to open?
what are the steps
Can I install it on a Raspberry Pi?
Is Collabora ok on ARM?
change the ssh port
C’est quoi un relais ?
""".strip().split("\n")


@pytest.mark.parametrize("question", FEW_WORDS)
def test_a_few_words_are_asked_for(question: str) -> None:
    assert asks_for_words(question)


@pytest.mark.parametrize("question", MUCH)
def test_something_to_do_or_to_read_is_asked_for(question: str) -> None:
    assert not asks_for_words(question)


@pytest.mark.parametrize(
    "message",
    [
        "horaires",
        "Horaires du dimanche ?",
        "abonnes netflix canada",
        "mot de passe oublié",
        "lost password",
        "opening hours",
    ],
)
def test_key_words_are_told_from_a_question(message: str) -> None:
    assert is_key_words(message)


@pytest.mark.parametrize(
    "message",
    [
        *FEW_WORDS,
        *MUCH[:9],
        "que comporte l’été ?",
        "Le bac est à quai",
        "",
        "?",
        " ".join(["mot"] * (MAX_KEY_WORDS + 1)),
    ],
)
def test_a_question_and_a_sentence_are_no_key_words(message: str) -> None:
    assert not is_key_words(message)
