"""What the bot says in its own words, where nothing is cited."""

from bot.answering.answer import Answer
from bot.messages import say
from index.overview import MAX_TITLES, Overview
from index.schema import Language

MAX_EXAMPLES = 3
"""Titles that the bot names when it says who it is."""


def own_words(answer: Answer) -> str:
    """Return what a reply without a citation says: a courtesy, what the bot is or knows, or why nothing is cited."""
    match answer.abstention:
        case None:
            return ""
        case "about":
            known = [_knowledge(answer.known, answer.language)] if answer.known else []
            return "\n".join([say("about", answer.language), *known, say("about_asking", answer.language)])
        case "articles" if answer.known:
            return _articles(answer.known, answer.language)
        case reason:
            return say(reason, answer.language)


def _knowledge(known: Overview, language: Language) -> str:
    titles = ", ".join(say("title", language, title=t) for t in known.best_titles(language, MAX_EXAMPLES))
    return "\n".join([_count(known, language), say("articles_such_as", language, titles=titles)])


def _articles(known: Overview, language: Language) -> str:
    shown = known.best_titles(language, MAX_TITLES)
    lead = say("articles_all" if len(shown) == known.articles else "articles_some", language)
    return "\n".join([f"{_count(known, language)} {lead}", *(f"• {title}" for title in shown)])


def _count(known: Overview, language: Language) -> str:
    """Return how many articles there are, and the newest date."""
    count = say("articles_count" if known.articles != 1 else "articles_one", language, count=known.articles)
    newest = f" {say('articles_newest', language, date=known.newest)}" if known.newest else ""
    return f"{count}{newest}."
