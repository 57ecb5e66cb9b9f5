from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.answering.answer import Answer, Citation
from bot.discord.markdown import answer_text
from bot.discord.pages import escape
from tests.bot.fakes import cite, make_chunk, make_hit

BUILT = datetime(2026, 5, 1, tzinfo=UTC)


def shown(citation: Citation) -> str:
    """Return the line of the quote, as Discord is given it."""
    answer = Answer("Combien ?", "fr", (citation,), confidence=0.9, threshold=0.1)
    return answer_text(answer, BUILT).split("\n")[1]


def marked(text: str, words: str) -> Citation:
    start = text.index(words)
    return replace(cite(make_chunk(text)), quote=text, end=len(text), span=(start, start + len(words)))


@pytest.mark.parametrize(
    ("text", "words", "line"),
    [
        pytest.param("L’été dure deux mois.", "deux mois", "> L’été dure **deux mois**. \\[1\\]", id="inside"),
        pytest.param("Deux mois d’été.", "Deux mois", "> **Deux mois** d’été. \\[1\\]", id="at-the-start"),
        pytest.param("Il vaut 5 * 3 $.", "5 * 3", "> Il vaut **5 \\* 3** $. \\[1\\]", id="a-star-inside"),
        pytest.param("Un *bon* été.", "*bon*", "> Un **\\*bon\\*** été. \\[1\\]", id="stars-at-its-ends"),
        pytest.param("Il dit @everyone ici.", "@everyone", "> Il dit **\\@everyone** ici. \\[1\\]", id="a-mention"),
        pytest.param("Le\nsept\n\njuillet.", "sept\n\njuillet", "> Le **sept juillet**. \\[1\\]", id="lines"),
    ],
)
def test_the_words_that_answer_are_bold_and_everything_else_is_escaped(text: str, words: str, line: str) -> None:
    assert shown(marked(text, words)) == line


def test_words_inside_a_link_are_not_bold_for_that_would_break_it() -> None:
    text = "Voir https://musee.example/l_ete_1998/page ici."
    assert shown(marked(text, "l_ete_1998")) == f"> {escape(text)} \\[1\\]"


def test_without_words_that_answer_nothing_is_bold() -> None:
    assert shown(replace(marked("L’été dure deux mois.", "deux"), span=None)) == "> L’été dure deux mois. \\[1\\]"


def test_an_abstention_links_to_the_nearest_articles_with_their_headings() -> None:
    chunk = replace(make_chunk("Ouvert."), source="https://musee.example/ete", path="Horaires")
    answer = Answer("Où ?", "fr", abstention="no_evidence", confidence=0.1, threshold=0.2, hits=(make_hit(chunk),))
    far = replace(answer, confidence=0.01)
    line = "Les articles les plus proches\u00a0: [Le musée › Horaires](<https://musee.example/ete>)."
    assert answer_text(answer, BUILT).split("\n")[1:] == [line]
    assert len(answer_text(far, BUILT).split("\n")) == 1


def test_talk_is_a_line_and_nothing_else() -> None:
    assert answer_text(Answer("merci", "fr", abstention="thanks"), BUILT, help_channel=7) == "Avec plaisir\u202f!"
