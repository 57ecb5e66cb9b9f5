import re
from string import Formatter
from typing import get_args

import pytest

from bot.message_keys import Key
from bot.messages import MESSAGES, say
from index.language import detect_language
from index.schema import Language

KEYS: tuple[Key, ...] = get_args(Key)
LANGUAGES: tuple[Language, ...] = get_args(Language)


def places(message: str) -> set[str]:
    """Return the names that a message leaves open."""
    return {name for _, name, _, _ in Formatter().parse(message) if name is not None}


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_language_has_every_key(language: Language) -> None:
    assert list(MESSAGES[language]) == list(KEYS)


@pytest.mark.parametrize("key", KEYS)
def test_both_languages_leave_the_same_places_open(key: Key) -> None:
    assert places(MESSAGES["fr"][key]) == places(MESSAGES["en"][key])


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("key", KEYS)
def test_no_message_is_empty_or_ends_in_white_space(key: Key, language: Language) -> None:
    message = MESSAGES[language][key]
    assert message
    assert message == message.strip()


@pytest.mark.parametrize("key", [key for key in KEYS if key != "foreign"])
def test_french_has_its_typography(key: Key) -> None:
    shown = re.sub(r"\{[^}]*\}", "x", MESSAGES["fr"][key])
    assert "'" not in shown, "an apostrophe is ’"
    assert '"' not in shown, "quotation marks are « »"
    assert "..." not in shown, "an ellipsis is …"
    assert not re.search(r"[^\u00a0\u202f][:;?!»]", shown), "a no-break space goes before : ; ? ! »"
    assert not re.search(r"«[^\u00a0\u202f]", shown), "a no-break space goes after «"


@pytest.mark.parametrize("key", KEYS)
def test_english_has_its_typography(key: Key) -> None:
    shown = re.sub(r"\{[^}]*\}", "x", MESSAGES["en"][key])
    assert "'" not in shown, "an apostrophe is ’"
    assert '"' not in shown, "quotation marks are “ ”"
    assert "«" not in shown
    assert not re.search(r"\s[:;?!](\s|$)", shown), "no space goes before : ; ? !"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("key", ["no_question", "no_evidence", "cut", "sources", "no_sources", "help", "rebuilding"])
def test_a_message_is_in_its_language(key: Key, language: Language) -> None:
    text = say(key, language, limit=1000)
    other: Language = "en" if language == "fr" else "fr"
    assert detect_language(text, other).language == language


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_foreign_question_is_told_in_both_languages(language: Language) -> None:
    text = say("foreign", language)
    assert "en français ou en anglais" in text
    assert "in French or English" in text


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("title", ["{0} {title} {}", "100 % %s %(title)s", "L’œuvre «\u00a0Où\u00a0»", "\\g<0>"])
def test_a_title_is_filled_in_as_it_is(title: str, language: Language) -> None:
    assert title in say("says_in_fr", language, title=title)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_help_names_every_command(language: Language) -> None:
    for command in ("/more", "/sources", "/why", "/lang fr|en|auto", "/new", "/rebuild", "/help", "Ctrl-C", "Ctrl-D"):
        assert command in say("help", language)
