from bot.cogs.exchanges import Conversations
from bot.conversation import Turn

TURNS = (Turn("Où est l’œuvre\u202f?", "fr"),)


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
