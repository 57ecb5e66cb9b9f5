import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.answering.message import MAX_ERROR, asks, core, question_in, take_apart
from index.schema import Language

LOG = """2026-02-01 11:01:13 WARN gate[7]: reader timeout after 3 ms
2026-02-01 11:01:14 ERROR gate[7]: Permission denied: /etc/gate.conf
2026-02-01 11:01:15 INFO gate[7]: retry"""
TRACE = """Traceback (most recent call last):
  File "gate.py", line 3, in <module>
    open(path)
FileNotFoundError: [Errno 2] No such file or directory: 'gate.conf'"""


@pytest.mark.parametrize(
    ("message", "prose", "error"),
    [
        pytest.param(
            f"Pourquoi mon badge ne marche plus ?\n```\n{LOG}\n```",
            "Pourquoi mon badge ne marche plus ?",
            "gate[7]: Permission denied: /etc/gate.conf",
            id="fenced, below",
        ),
        pytest.param(f"```log\n{LOG}\n```\nhelp?", "help?", "gate[7]: Permission denied: /etc/gate.conf", id="above"),
        pytest.param(f"```\n{LOG}", "", "gate[7]: Permission denied: /etc/gate.conf", id="a fence that is not closed"),
        pytest.param(f"Why?\n{LOG}\nThanks", "Why?\nThanks", "gate[7]: Permission denied: /etc/gate.conf", id="bare"),
        pytest.param(
            f"why does it fail\n```py\n{TRACE}\n```",
            "why does it fail",
            "FileNotFoundError: [Errno 2] No such file or directory: 'gate.conf'",
            id="the error of a trace",
        ),
        pytest.param("À quoi sert\n```\nsudo gate -x\n```", "À quoi sert\n```\nsudo gate -x\n```", "", id="one line"),
        pytest.param("Que veut dire « ERROR 12 » ?", "Que veut dire « ERROR 12 » ?", "", id="a quoted error"),
        pytest.param("", "", "", id="nothing"),
    ],
)
def test_the_log_is_parted_from_what_its_author_says(message: str, prose: str, error: str) -> None:
    assert take_apart(message) == (prose, error)


@given(st.text(alphabet="`~ \n:ERO2026-[]aéœ?", max_size=300))
def test_any_message_is_taken_apart(text: str) -> None:
    message = take_apart(text)
    assert set(message.prose) <= set(text)
    assert len(message.error) <= MAX_ERROR


@pytest.mark.parametrize(
    ("question", "language", "asked"),
    [
        ("mon boss veut savoir où s’est joué le titre 🙄", "fr", "où s’est joué le titre"),
        ("Qui a fondé le club ? (urgent, mon cours commence)", "fr", "Qui a fondé le club ?"),
        ("ok là chu mêlé, à quel étage est la salle", "fr", "à quel étage est la salle"),
        ("been googling for an hour, still no idea how long it lasts", "en", "how long it lasts"),
        ("my teacher asked us: why are dogs allowed?? thx", "en", "why are dogs allowed?"),
        ("Si je pars en mai, qui paie ?", "fr", "qui paie ?"),
        ("Où est la salle ?", "fr", ""),
        ("La salle ouvre quand ?", "fr", ""),
        ("horaires", "fr", ""),
        ("why?", "en", ""),
        ("", "en", ""),
    ],
)
def test_the_core_of_a_question_is_from_its_question_word_on(question: str, language: Language, asked: str) -> None:
    assert core(question, language) == asked


STORY = (
    "Alors voilà, hier j’étais avec ma cousine, et on a mangé des crêpes toute la soirée devant un film sur les "
    "volcans. Elle m’a raconté ses vacances en Islande et le mariage de son frère. Elle n’a pas de chaussons. "
)


def test_of_a_story_the_sentences_that_ask_are_searched() -> None:
    question, before = question_in(STORY + "Du coup, combien coûte la location ? Merci et bonne soirée !")
    assert (question, before) == ("Du coup, combien coûte la location ?", "Elle n’a pas de chaussons.")
    question, before = question_in(f"Où est le bac ? {STORY} Et combien coûte-t-il ?")
    assert (question, before) == ("Où est le bac ? Et combien coûte-t-il ?", "")


@pytest.mark.parametrize("message", [STORY, "Je suis à Lévis. Où est le bac ?", "Où est le bac ? " * 20, ""])
def test_a_short_message_and_one_that_does_not_ask_are_searched_whole(message: str) -> None:
    assert question_in(message) == (message, "")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("À quelle heure ouvre la médiathèque ?", True),
        ("comment on réserve la salle", True),
        ("Bonjour. Où est l’œuvre", True),
        ("how do i reset my password", True),
        ("Is the pool open on Sunday?", True),
        ("Quand je serai grand, je lirai tout.", False),
        ("J’ai réservé la salle hier.", False),
        ("When I came in it was closed.", False),
        (f"Ça ne marche plus.\n```\n{LOG}\nwhat?\n```", False),
        ("", False),
    ],
)
def test_a_message_asks_by_its_mark_or_its_first_word(text: str, expected: bool) -> None:
    assert asks(text) is expected
