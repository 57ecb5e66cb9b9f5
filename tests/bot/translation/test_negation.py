import pytest

from bot.translation.negation import agree, negation
from index.schema import Language


@pytest.mark.parametrize(
    ("sentence", "language", "strong"),
    [
        ("Le bureau n’est pas ouvert.", "fr", 1),
        ("Le bureau est ouvert.", "fr", 0),
        ("N'éteignez jamais le serveur.", "fr", 1),
        ("Personne ne répond, rien ne bouge.", "fr", 2),
        ("Aucun frais.", "fr", 1),
        ("Pas de remboursement !", "fr", 1),
        ("C’est pas ouvert.", "fr", 1),
        ("Jamais le dimanche.", "fr", 1),
        ("Il n’ouvre qu’à midi.", "fr", 0),
        ("Un grand pas, pas à pas, à jamais.", "fr", 0),
        ("C’est pas mal.", "fr", 0),
        ("Plus de détails avant qu’il ne ferme.", "fr", 0),
        ("Il est rentré sans rien dire.", "fr", 0),
        ("Il ne faut ni l’ouvrir ni le fermer.", "fr", 1),
        ("", "fr", 0),
        ("The office is not open.", "en", 1),
        ("It isn’t open and they don't answer.", "en", 2),
        ("You cannot cancel.", "en", 1),
        ("No refund.", "en", 1),
        ("Take bus no. 5, no 12 or No 3.", "en", 0),
        ("Neither the key nor the code works.", "en", 1),
        ("There is no doubt about it.", "en", 0),
        ("It works, doesn’t it?", "en", 0),
        ("Do nothing without a key.", "en", 1),
        ("", "en", 0),
    ],
)
def test_strong_signs_are_counted(sentence: str, language: Language, strong: int) -> None:
    assert negation(sentence, language).strong == strong


@pytest.mark.parametrize(
    ("french", "english", "fits"),
    [
        ("Il est interdit de fumer.", "Smoking is not allowed.", True),
        ("On ne peut pas le savoir.", "It is impossible to know.", True),
        ("Ce n’est nécessaire que le lundi.", "It is only needed on Mondays.", True),
        ("Il ne doit pas être ouvert sans clé.", "It must be opened without a key.", False),
        ("Il doit être ouvert sans clé.", "It must not be opened without a key.", False),
        ("Ni l’un ni l’autre ne marche.", "Neither works.", True),
        ("N’ouvrez pas la porte et n’éteignez pas la lumière.", "Do not open the door and turn off the light.", False),
    ],
)
def test_a_strong_sign_needs_a_partner_in_both_directions(french: str, english: str, fits: bool) -> None:
    own, other = negation(french, "fr"), negation(english, "en")
    assert agree(own, other) is agree(other, own) is fits
