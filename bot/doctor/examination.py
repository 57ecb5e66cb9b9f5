"""All checks, one after the other; nothing is built, fetched or changed."""

import platform
from collections.abc import Iterator, Mapping
from importlib.metadata import packages_distributions

from bot.doctor.articles import embedding_model, fetched_pages, index, language_model, reader, seeds
from bot.doctor.chat import chat_model
from bot.doctor.environment import python, read_settings
from bot.doctor.finding import FORESEEN_ERRORS, Finding, failed, look
from bot.doctor.glossary import glossary
from bot.doctor.serving import data_folder, database, discord_token, disk, health_port, journal, rules
from bot.doctor.translator import translator
from index.model.embedding import load_embeddings


def examine(given: Mapping[str, object], online: bool = False) -> Iterator[Finding]:
    """Yield the finding of each check as soon as it is made.

    Args:
        given: settings that override the environment and `.env`.
        online: also ask Discord whether it takes the token, and the chat model whether it replies.
    """
    yield python(tuple(map(int, platform.python_version_tuple()[:2])), packages_distributions())
    settings, found = read_settings(given)
    yield from found
    yield look("seeds", lambda: seeds(settings))
    try:
        yield from glossary(settings)
    except FORESEEN_ERRORS as error:
        yield failed("glossary", error)
    yield look("pages", lambda: fetched_pages(settings))
    yield look("language", language_model)
    embeddings = None  # where the model cannot be loaded
    try:
        embeddings = load_embeddings(settings.embedding_model, fetch=False)
        yield embedding_model(embeddings)
    except FORESEEN_ERRORS as error:
        yield failed("model", error)
    yield look("reader", lambda: reader(settings))
    yield look("index", lambda: index(settings, embeddings))
    yield look("chat", lambda: chat_model(settings, online))
    yield look("quotes", lambda: translator(settings))
    yield look("data", lambda: data_folder(settings))
    if settings.database_url is not None:
        yield look("database", lambda: database(settings))
    yield look("journal", lambda: journal(settings))
    yield look("rules", lambda: rules(settings))
    yield look("disk", lambda: disk(settings))
    yield look("discord", lambda: discord_token(settings, online))
    yield look("health", lambda: health_port(settings.health_port))
