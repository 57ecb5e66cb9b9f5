from types import SimpleNamespace
from typing import Any
from unittest.mock import Mock

import discord
import pytest

from bot.discord.addressing import conversation_key, question_text
from bot.discord.conversations import ConversationKey

ME: Any = SimpleNamespace(id=42)


def post(title: str, text: str, *, opens: bool = True) -> Any:
    """Return a message of a forum post."""
    thread = Mock(spec=discord.Thread)
    thread.name, thread.id, thread.parent = title, 7, Mock(spec=discord.ForumChannel)
    return SimpleNamespace(content=text, channel=thread, id=7 if opens else 8)


@pytest.mark.parametrize("text", ["<@42> Où\u202f?", "Où\u202f? <@!42>", "<@42>\nOù\u202f?", " Où\u202f? "])
def test_the_mention_is_no_part_of_the_question(text: str) -> None:
    message: Any = SimpleNamespace(content=text, channel=Mock(spec=discord.TextChannel), id=1)
    assert question_text(ME, message) == "Où\u202f?"


def test_the_title_of_a_forum_post_joins_its_first_message() -> None:
    assert question_text(ME, post("L’œuvre d’été", "<@42> Où est-elle\u202f?")) == "L’œuvre d’été\nOù est-elle\u202f?"
    assert question_text(ME, post("Où est l’œuvre\u202f?", "<@42>")) == "Où est l’œuvre\u202f?"


def test_the_title_joins_no_later_message() -> None:
    assert question_text(ME, post("L’œuvre", "<@42> Et quand\u202f?", opens=False)) == "Et quand\u202f?"


def channel(kind: type, owner: int | None = None) -> Any:
    """Return a channel with the number 7; a thread that `owner` opened."""
    made = Mock(spec=kind)
    made.id, made.owner_id = 7, owner
    return made


@pytest.mark.parametrize("private", [False, True])
def test_a_thread_that_the_bot_opened_is_everybodys_but_for_what_is_private(private: bool) -> None:
    key = conversation_key(ME, channel(discord.Thread, owner=42), 1, private)
    assert key == (ConversationKey(7, 1, private=True) if private else ConversationKey(7))


@pytest.mark.parametrize("private", [False, True])
@pytest.mark.parametrize(
    "place",
    [
        pytest.param(channel(discord.Thread, owner=1), id="thread-of-a-person"),
        pytest.param(channel(discord.TextChannel), id="channel"),
        pytest.param(channel(discord.DMChannel), id="direct-messages"),
        pytest.param(discord.Object(7), id="number-alone"),
    ],
)
def test_everywhere_else_each_person_has_a_conversation_of_their_own(place: Any, private: bool) -> None:
    assert conversation_key(ME, place, 1, private) == ConversationKey(7, 1, private)
    assert conversation_key(ME, place, 1, private) != conversation_key(ME, place, 2, private)
