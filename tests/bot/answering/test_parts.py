import pytest

from bot.answering.answer import Reading
from bot.answering.parts import joined, parts
from index.schema import Language
from tests.bot.fakes import ENGLISH, FRENCH, cite, make_chunk

MUSEUM = make_chunk(FRENCH)
FERRY = make_chunk(ENGLISH, document="ferry.en.txt", language="en")
LIMIT = 1_000


@pytest.mark.parametrize(
    ("message", "language", "questions"),
    [
        (
            "Combien coûte l’adhésion et à quelle heure ouvre la salle ?",
            "fr",
            ("Combien coûte l’adhésion", "à quelle heure ouvre la salle ?"),
        ),
        ("Où est la salle ? Combien coûte l’entrée ?", "fr", ("Où est la salle", "Combien coûte l’entrée ?")),
        ("Who founded the club and where is the kit?", "en", ("Who founded the club", "where is the kit?")),
    ],
)
def test_a_message_is_cut_before_each_question_word(
    message: str, language: Language, questions: tuple[str, ...]
) -> None:
    assert parts(message, language, LIMIT) == questions


@pytest.mark.parametrize(
    ("question", "language", "sides"),
    [
        ("Quelle est la différence entre le prêt et la location ?", "fr", ("le prêt", "la location")),
        ("c quoi la difference entre les formules Or et Argent", "fr", ("les formules Or", "les formules Argent")),
        ("What’s the difference between the Gold and Silver plans?", "en", ("the Gold plans", "Silver plans")),
        ("Compare the ferry with the bus.", "en", ("the ferry", "the bus")),
        ("gold plan vs silver plan", "en", ("gold plan", "silver plan")),
        ("Quelle est la différence entre les deux ?", "fr", ()),
    ],
)
def test_each_side_of_a_comparison_is_looked_up(question: str, language: Language, sides: tuple[str, ...]) -> None:
    assert parts(question, language, LIMIT) == sides


def test_a_question_that_leans_on_the_one_before_is_completed() -> None:
    _, second = parts("Quand le club a-t-il été fondé et combien a-t-il de membres ?", "fr", LIMIT)
    assert second == "combien a-t-il de membres ? club fondé"


@pytest.mark.parametrize(
    ("message", "language"),
    [
        ("Qui a fondé le club et la salle ?", "fr"),
        ("Qui l’a fondé et quand ?", "fr"),
        ("hi! whats the command to back up everything?", "en"),
        ("Speakers are given between 5 and how many minutes?", "en"),
    ],
)
def test_one_question_is_not_cut(message: str, language: Language) -> None:
    assert parts(message, language, LIMIT) == ()


def test_the_quotes_of_all_that_answer_are_joined_and_as_sure_as_the_least_sure() -> None:
    first = Reading((cite(MUSEUM, 0), cite(MUSEUM, 1, marker=2)), confidence=0.9, threshold=0.2)
    second = Reading((cite(MUSEUM, 1), cite(FERRY, 0, marker=2)), confidence=0.4, threshold=0.3)
    refused = Reading((cite(FERRY, 1),), confidence=0.1, threshold=0.3)
    reading = joined([first, second, refused])
    assert reading is not None
    assert (reading.confidence, reading.threshold) == (0.4, 0.3)
    assert [(c.marker, c.chunk_id, c.start) for c in reading.citations] == [
        (1, MUSEUM.id, MUSEUM.sentences[0].start),
        (2, MUSEUM.id, MUSEUM.sentences[1].start),
        (3, FERRY.id, FERRY.sentences[0].start),
    ]
    assert joined([refused]) is None
