from bot.cogs.exchanges import Conversations, Latest
from bot.conversation import Turn

TURNS = (Turn("Où est l’œuvre\u202f?", "fr"),)


def test_what_was_set_longest_ago_is_forgotten_first() -> None:
    latest: Latest[int, str] = Latest(size=2)
    for key in (1, 2, 1, 3):
        latest.set(key, f"{key}")
    assert [latest.get(key) for key in (1, 2, 3)] == ["1", None, "3"]


def test_what_was_taken_is_gone() -> None:
    latest: Latest[int, str] = Latest()
    latest.set(1, "é")
    assert (latest.pop(1), latest.pop(1)) == ("é", None)


def test_the_nearest_anchor_tells_the_conversation() -> None:
    conversations = Conversations()
    conversations.remember(7, TURNS, [10, 20])
    assert conversations.turns(None, 99, 20) == TURNS
    assert conversations.turns(None, 99) == ()


def test_only_the_conversations_of_who_asked_are_forgotten() -> None:
    conversations = Conversations()
    conversations.remember(7, TURNS, [10])
    conversations.remember(8, TURNS, [20])
    conversations.forget(7)
    assert (conversations.turns(10), conversations.turns(20)) == ((), TURNS)
