import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.answering.spelling.speller import Correction, Speller
from index.common_words import load_common_words
from index.schema import LANGUAGES, Language
from index.vocabulary import Vocabulary
from index.wordlist import WordList
from tests.index.pages import chunks_of

PAGE = """# Netflix au Canada

Netflix ouvre un bureau à Toronto. Ted Sarandos est co-PDG. La firme compte sept millions d’abonnés au Canada.

Babillard répond aux questions en français et en anglais. Pour quitter la conversation, appuyez sur une touche.

The office opens in Toronto. Subscribers pay for Netflix. Kawhi Leonard played for the Raptors. Version of Python.
"""


@pytest.fixture(scope="module")
def speller() -> Speller:
    return Speller(Vocabulary.build(chunks_of(PAGE)).words(), load_common_words())


@pytest.mark.parametrize(
    ("language", "typed", "understood"),
    [
        # a letter dropped, swapped, doubled, another
        ("fr", "Qui est le PDG de Netflx ?", "Qui est le PDG de Netflix ?"),
        ("fr", "combien dabonnes a netflx", "combien d'abonnés a Netflix"),
        ("fr", "pourqoui Netflix ouvre un bureua", "pourquoi Netflix ouvre un bureau"),
        ("fr", "quiter la convesration", "quitter la conversation"),
        ("en", "wich office opnes in Tornoto", "which office opens in Toronto"),
        ("en", "how many subscirbers", "how many subscribers"),
        ("en", "I definately recieve it", "I definitely receive it"),
        # two slips in a long word
        ("fr", "les subvantions", "les subventions"),
        ("en", "the goverment's responssibility", "the government's responsibility"),
        # a short everyday word
        ("en", "wht is Python", "what is Python"),
        ("fr", "qul bureau", "quel bureau"),
        ("en", "teh office", "the office"),
        # held down
        ("fr", "combiennnnn", "combien"),
        ("en", "pleaaaase", "please"),
        # no apostrophe, no space
        ("fr", "cest quoi", "c'est quoi"),
        ("fr", "jai besoin", "j'ai besoin"),
        ("fr", "quest ce que Babillard", "qu'est ce que Babillard"),
        ("fr", "Quest-ce que Babillard", "Qu'est-ce que Babillard"),
        ("fr", "jvoudrais savoir", "j'voudrais savoir"),
        ("fr", "aujourdhui", "aujourd'hui"),
        ("fr", "lecole", "l'école"),
        ("en", "whats Python", "what's Python"),
        ("en", "dont know, im lost", "don't know, i'm lost"),
        ("en", "howmany", "how many"),
        ("fr", "Combiend'abonnés", "Combien d'abonnés"),
        ("fr", "combiend’abonés", "combien d’abonnés"),
        # inside an elision, before a possessive, between hyphens
        ("fr", "l'offfice d’abonés", "l'office d’abonnés"),
        ("en", "Netflx's office", "Netflix's office"),
        ("fr", "compe-t-il", "compte-t-il"),
        # case
        ("fr", "COMBIEN DABONNES", "COMBIEN D'ABONNÉS"),
        ("en", "Offfice hours", "Office hours"),
        # names of the articles, in mid-sentence
        ("fr", "Est-ce que Ted Sarandso", "Est-ce que Ted Sarandos"),
    ],
)
def test_a_slip_is_mended(speller: Speller, language: Language, typed: str, understood: str) -> None:
    assert speller.correct(typed, language).text == understood


@pytest.mark.parametrize(
    ("language", "typed", "restored"),
    [
        ("fr", "ou trouver un gateau au cegep", "ou trouver un gâteau au cégep"),
        ("fr", "L'ETE", "L'ETE"),  # capitals go without accents
        ("fr", "le marche", "le marche"),  # which may be « marché » and may be itself
        ("en", "the resume", "the resume"),
        ("fr", "ou a la", "ou a la"),  # which are words beside « où », « à » and « là »
    ],
)
def test_accents_are_put_back_where_nothing_else_can_be_meant(
    speller: Speller, language: Language, typed: str, restored: str
) -> None:
    assert speller.correct(typed, language) == Correction(restored, ())


@pytest.mark.parametrize(
    ("language", "question"),
    [
        ("fr", "J’ai magasiné un char au dépanneur avec ma blonde, pis on a clavardé."),
        ("fr", "Un courriel du cégep, une tuque, un égoportrait : c’est plate en titi."),
        ("fr", "Nous mangerions, vous magasineriez, qu’ils finissent !"),  # forms that no list has
        ("fr", "stp svp pk c koi mdr"),
        ("en", "idk tbh, lol, gonna ask u rn"),
        ("en", "The colour, the color; organised, organized."),
        ("en", "Super Bowl XXXVIII and XXXIIII"),
        ("fr", "Parle de SCFP, de l’OQLF et de la STM."),
        ("fr", "Où habite Böhme, ou Éloïse Tkachuk ?"),
        ("en", "How old is Kawhi Lenoardo?"),  # a name two slips away
        ("en", "Was Zendaya there?"),
        ("fr", "Où naquit Madame de Maintenon ?"),  # « maintenons » is no word of the articles
        ("fr", '« questoin » et `isntall`, "abonés", abonés@exmple.com, /ect/abonés, abonés.txt, --abonés, @abonés'),
        ("en", "covdi19 A380 3,5 10h30 🙏 :smlie: <@123>"),
        ("fr", "Netflix, à Toronto\u00a0: «\u00a0sept\u00a0»…  l’été\u202f?\n\tOui."),
        ("en", "東京 Лондон ذهب"),
        ("en", ""),
        ("fr", " \n"),
    ],
)
def test_the_rest_stays_as_it_is(speller: Speller, language: Language, question: str) -> None:
    assert speller.correct(question, language) == Correction(question, ())


def test_a_word_that_may_be_two_others_is_left() -> None:
    words = ["country", "county"]
    own = WordList(np.array(sorted(w.encode() for w in words)), np.full(2, 1e-3, np.float32), lambda i: words[i])
    assert Speller(own, load_common_words()).correct("counry", "en").text == "counry"


def test_the_words_of_the_articles_come_first(speller: Speller) -> None:
    assert speller.correct("the bureuu", "en").text == "the bureau"
    nothing = Speller(Vocabulary.empty().words(), load_common_words())
    assert nothing.correct("le bureuu de Sarandso", "fr").text == "le bureau de Sarandso"


def test_a_question_of_words_that_nobody_knows_is_left_at_once(speller: Speller) -> None:
    question = " ".join(f"qzx{chr(97 + i % 26)}{chr(97 + i // 26)}wk" for i in range(100))
    assert speller.correct(question, "fr") == Correction(question, ())


@given(st.lists(st.sampled_from("bureau Netflix abonnés Toronto office quitter Canada sept".split()), max_size=8))
def test_known_words_are_never_taken_for_others(speller: Speller, words: list[str]) -> None:
    question = " ?! ".join(words)
    assert speller.correct(question, "fr") == speller.correct(question, "en") == Correction(question, ())


@given(st.text(max_size=60), st.sampled_from(LANGUAGES))
def test_any_text_is_read_and_told_as_it_is_changed(speller: Speller, text: str, language: Language) -> None:
    found = speller.correct(text, language)
    assert all(typed in text and understood in found.text for typed, understood in found.changes)
    if not any(c.isalpha() for c in text):
        assert found == Correction(text, ())


def test_what_was_changed_is_told_and_accents_are_not(speller: Speller) -> None:
    found = speller.correct("combein de gateau chez netflx, dabord ?", "fr")
    assert found.text == "combien de gâteau chez Netflix, d'abord ?"
    assert found.changes == (("combein", "combien"), ("netflx", "Netflix"))
