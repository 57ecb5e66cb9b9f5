import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.answering.conversation import MAX_TURNS, Turn, content_words, follow, is_follow_up, names, standalone

LIMIT = 1_000
NETFLIX = "Combien d’abonnés Netflix compte-t-il au Canada\u00a0?"
OFFICES = "How many offices does Netflix have around the world?"

FOLLOW_UPS = [
    "Et à Toronto\u202f?",
    "et à toronto",
    "Et au Québec\u00a0?",
    "Et en 2018 ?",
    "Et pour les œuvres québécoises ?",
    "Et combien d’abonnés au Canada ?",
    "Mais pourquoi\u00a0?",
    "Alors quand ?",
    "Qu’en est-il de Vancouver ?",
    "Qu'en est-il de Vancouver ?",
    "Quid des films ?",
    "Et lui ?",
    "Pourquoi ?",
    "Pourquoi pas ?",
    "Où ça ?",
    "Où exactement ?",
    "En quelle année\u00a0?",
    "Combien d’abonnés ?",
    "Combien en a-t-il ?",
    "Combien de bureaux a-t-il à Toronto ?",
    "Combien d’abonnés compte-t-elle ?",
    "Dans quelle ville est-il né ?",
    "Où habite-t-elle\u202f?",
    "Qui l’a fondée ?",
    "Qui la dirige ?",
    "Qui est son PDG ?",
    "Où se trouve son siège\u00a0?",
    "Comment s’appelle son PDG ?",
    "Quand est né son fils ?",
    "Est-ce qu’il a un bureau à Toronto ?",
    "Quel est le métier de sa femme ?",
    "Quelle est l’adresse de leur musée\u00a0?",
    "Quel type d’œuvres expose-t-il ?",
    "Peut-on le visiter ?",
    "Pourrait-on l’acheter ?",
    "Où le trouver ?",
    "Comment l’installer\u202f?",
    "And in Canada?",
    "But why?",
    "What about French?",
    "How about the second one?",
    "And which licence?",
    "Why?",
    "Where exactly?",
    "How many offices?",
    "How many does it have?",
    "How many offices does it have in Canada?",
    "Who founded it?",
    "Which company founded it?",
    "How old is she?",
    "Who is its CEO?",
    "What is the name of its founder?",
    "What kind of films does it show?",
    "Where is its headquarters?",
    "Does it have an office?",
    "“And in Canada?”",
]

STAND_ALONE = [
    NETFLIX,
    OFFICES,
    "",
    "\u00a0\u202f",
    "Netflix",
    "Netflix Canada ?",
    "Bonjour",
    "Etna\u00a0: où est ce volcan ?",
    "Android, what is the latest version?",
    "Butter or margarine?",
    "Combien de bureaux y a-t-il à Toronto ?",
    "Existe-t-il des bureaux à Lévis ?",
    "Que se passe-t-il à Québec l’été ?",
    "Faut-il une clé ?",
    "Netflix a-t-il un bureau\u202f?",
    "combien d’abonnés netflix compte-t-il ?",
    "COMBIEN D'ABONNES NETFLIX COMPTE-T-IL AU CANADA",
    "Le musée de Trois-Rivières ouvre-t-il l’été ?",
    "Quel roi a perdu sa couronne ?",
    "Qui sont les premiers peintres à vivre de leurs toiles ?",
    "Quel chat a perdu le bout de sa queue ?",
    "Quel est l’âge de Netflix et de ses bureaux ?",
    "À qui doit-on la découverte de l’œuvre ?",
    "Peut-on visiter le musée ?",
    "Où la Loire prend-elle sa source ?",
    "Quel type d’incidents peut-il se passer ?",
    "À qui les évêques délèguent-ils leurs fonctions ?",
    "Et quelle est la capitale de l’Australie ?",
    "Et la capitale de l’Australie ?",
    "Mais qui est Ted Sarandos ?",
    "Qui a peint La Joconde ?",
    "Comment quitter la conversation ?",
    "Who lost his crown?",
    "Who lost the keys of his car?",
    "Who painted the Mona Lisa?",
    "What is the name of the dog that lost its tail?",
    "How long does it take to build the index?",
    "Is it possible to use another model?",
    "And how many offices does Netflix have?",
    "And the capital of Australia?",
    "What is democracy?",
]


@pytest.mark.parametrize("question", FOLLOW_UPS)
def test_a_follow_up_is_known(question: str) -> None:
    assert is_follow_up(question)


@pytest.mark.parametrize("question", STAND_ALONE)
def test_a_question_that_stands_alone_is_no_follow_up(question: str) -> None:
    assert not is_follow_up(question)
    assert standalone(question, [NETFLIX], LIMIT) == question


@pytest.mark.parametrize(
    ("question", "understood"),
    [
        ("Et à Toronto\u202f?", f"{NETFLIX} Et à Toronto\u202f?"),
        ("et à toronto", f"{NETFLIX} et à toronto"),
        ("Et en 2018 ?", f"{NETFLIX} Et en 2018 ?"),
        ("Pourquoi ?", f"{NETFLIX} Pourquoi ?"),
        ("Combien en a-t-il ?", f"{NETFLIX} Combien en a-t-il ?"),
        ("Who is its CEO?", "Who is its CEO? Netflix Canada"),
        ("Où se trouve son siège\u00a0?", "Où se trouve son siège\u00a0? Netflix Canada"),
        ("Et combien de bureaux ?", "Et combien de bureaux ? Netflix Canada"),
        ("Et dans combien de villes ?", "Et dans combien de villes ? Netflix Canada"),
    ],
)
def test_a_follow_up_is_completed_with_the_names_or_with_the_question_before(question: str, understood: str) -> None:
    assert standalone(question, [OFFICES, NETFLIX], LIMIT) == understood


def test_a_question_without_a_name_leaves_the_topic_to_the_one_before() -> None:
    history = [OFFICES, NETFLIX, "Comment devenir abonné ?"]
    assert standalone("Qui est son PDG ?", history, LIMIT) == "Qui est son PDG ? Netflix Canada"


def test_without_any_name_the_words_of_the_last_question_are_the_topic() -> None:
    history = ["Combien coûte l’œuvre ?", "où est le musée ?"]
    assert standalone("Quand a-t-il ouvert ?", history, LIMIT) == "Quand a-t-il ouvert ? musée"


def test_follow_ups_of_follow_ups_complete_from_the_question_that_stood_alone() -> None:
    history = follow((), NETFLIX, "fr")
    for place in ["Toronto", "Montréal", "Lévis", "Gatineau", "Rimouski", "Sept-Îles", "Paris", "Rome", "Oslo", "Riga"]:
        question = f"Et à {place} ?"
        assert standalone(question, [turn.question for turn in history], LIMIT) == f"{NETFLIX} {question}"
        history = follow(history, question, "fr")
    assert history == (Turn(NETFLIX, "fr"),)


def test_a_follow_up_in_the_other_language_turns_the_conversation() -> None:
    assert follow((Turn(NETFLIX, "fr"),), "And in Toronto?", "en") == (Turn(NETFLIX, "en"),)


def test_a_follow_up_of_nothing_is_not_remembered() -> None:
    assert follow((), "Pourquoi ?", "fr") == ()


def test_the_history_keeps_the_last_questions() -> None:
    history: tuple[Turn, ...] = ()
    for n in range(MAX_TURNS + 3):
        history = follow(history, f"Qui est Louis {n} ?", "fr")
    assert [turn.question for turn in history] == [f"Qui est Louis {n} ?" for n in range(3, MAX_TURNS + 3)]


def test_names_and_words_keep_their_accents_and_lose_their_elisions() -> None:
    question = "Qu’a coûté l’œuvre d’Élise à Trois-Rivières en 1998 ?"
    assert content_words(question) == ["coûté", "œuvre", "Élise", "Trois", "Rivières", "1998"]
    assert names(question) == ["Élise", "Trois", "Rivières"]


@given(st.text())
def test_without_a_history_a_question_stays_as_it_is(question: str) -> None:
    assert standalone(question, (), LIMIT) == question


@given(st.sampled_from(FOLLOW_UPS) | st.text(max_size=60), st.lists(st.text(max_size=80), max_size=MAX_TURNS))
def test_a_completed_question_holds_what_was_asked_within_the_limit(question: str, history: list[str]) -> None:
    understood = standalone(question, history, 100)
    assert question.strip() in understood
    assert len(understood) <= max(100, len(question))


@pytest.mark.parametrize(
    "text", ["et " * 100_000, "a" * 500_000, "qui est son " * 40_000, "Et " + "de A" * 80, "il y a " * 300]
)
def test_a_long_question_is_read_in_no_time(text: str) -> None:
    is_follow_up(text[:LIMIT])
