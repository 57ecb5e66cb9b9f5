"""What the bot says where it cites nothing."""

import pytest

from bot.answering.answer import COURTESIES, Abstention, Answer
from bot.answering.wording import own_words
from bot.messages import say
from index.overview import Overview
from index.schema import LANGUAGES, Language

KNOWN = Overview(3, {"fr": ("L’été", "Le musée"), "en": ("The ferry",)}, "2025-01-09")
MANY = Overview(412, {"fr": ("L’été",), "en": ("The ferry",)})


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("courtesy", COURTESIES)
def test_a_courtesy_is_one_short_line(courtesy: Abstention, language: Language) -> None:
    text = own_words(Answer("", language, abstention=courtesy))
    assert "\n" not in text
    assert len(text) < 100


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", ["about", "articles"])
def test_who_asks_about_the_bot_is_told_what_it_knows(kind: Abstention, language: Language) -> None:
    text = own_words(Answer("", language, abstention=kind, known=KNOWN))
    assert "3 articles" in text
    assert "2025-01-09" in text
    assert text.index("Le musée" if language == "fr" else "The ferry") > 0


def test_all_articles_are_listed_in_the_language_of_the_reply_first() -> None:
    text = own_words(Answer("", "en", abstention="articles", known=KNOWN))
    assert text.split("\n")[1:] == ["• The ferry", "• L’été", "• Le musée"]
    assert say("articles_all", "en") in text


def test_of_many_articles_it_says_that_there_are_more() -> None:
    text = own_words(Answer("", "fr", abstention="articles", known=MANY))
    assert text.startswith("Je connais 412 articles. " + say("articles_some", "fr"))


def test_one_article_is_counted_in_the_singular() -> None:
    one = Overview(1, {"fr": (), "en": ("The ferry",)})
    assert own_words(Answer("", "en", abstention="articles", known=one)).startswith("I know 1 article. ")


def test_why_nothing_is_cited_is_said() -> None:
    assert own_words(Answer("", "fr", abstention="no_evidence")) == say("no_evidence", "fr")
