from types import SimpleNamespace
from typing import Any

import pytest

from bot.discord.sources import is_solved, solving

POST: Any = SimpleNamespace(id=1, owner_id=10)


def post(*tags: str) -> Any:
    return SimpleNamespace(applied_tags=[SimpleNamespace(name=name) for name in tags])


def messages(*authors: int) -> list[Any]:
    """Return the messages of a post, its first one included, by their authors."""
    return [SimpleNamespace(id=number, author=SimpleNamespace(id=who)) for number, who in enumerate(authors, start=1)]


def numbers(found: list[Any]) -> list[int]:
    return [message.id for message in found]


@pytest.mark.parametrize("tag", ["Résolu", "résolu ✅", "[SOLVED]", "Answered", "✅ Répondue", "réglé", "Terminé"])
def test_a_tag_says_that_a_post_is_solved(tag: str) -> None:
    assert is_solved(post("Wifi", tag))


@pytest.mark.parametrize("tag", ["Non résolu", "unsolved", "not solved", "À résoudre", "résolutions", "✅", ""])
def test_other_tags_do_not(tag: str) -> None:
    assert not is_solved(post(tag))
    assert not is_solved(post())


def test_replies_with_a_check_are_those_that_solved_it() -> None:
    said = messages(10, 20, 30, 10)
    assert numbers(solving(said, POST, {3}, solved=False)) == [3]
    assert numbers(solving(said, POST, {2, 4}, solved=True)) == [2, 4]


def test_of_a_post_that_is_marked_alone_all_but_its_author_solved_it() -> None:
    said = messages(10, 20, 30, 10)
    assert numbers(solving(said, POST, set(), solved=True)) == [2, 3]
    assert numbers(solving(said, POST, {1}, solved=True)) == [2, 3]
    assert solving(said, POST, set(), solved=False) == []
    assert solving(messages(10), POST, {1}, solved=True) == []


def test_of_many_replies_the_last_count() -> None:
    said = messages(10, *range(20, 40))
    assert numbers(solving(said, POST, set(), solved=True)) == [17, 18, 19, 20, 21]
    assert numbers(solving(said, POST, set(range(2, 22)), solved=False)) == [17, 18, 19, 20, 21]
