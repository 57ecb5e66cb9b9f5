from bot.answering.conversation import Turn
from bot.discord.conversations import Conversation, ConversationKey, Conversations

ASKED = Conversation((Turn("Où est l’œuvre\u202f?", "fr"),), frozenset({7}))


def test_the_first_anchor_that_is_known_tells_the_conversation() -> None:
    conversations = Conversations()
    conversations.remember(ASKED, [10, ConversationKey(20)])
    assert conversations.find(None, 99, ConversationKey(20)) == ASKED
    assert conversations.find(None, 99) == Conversation()


def test_each_person_has_a_conversation_and_another_that_nobody_sees() -> None:
    conversations = Conversations()
    conversations.remember(ASKED, [ConversationKey(20, 7)])
    assert conversations.find(ConversationKey(20, 7)) == ASKED
    for other in (
        ConversationKey(20),
        ConversationKey(20, 8),
        ConversationKey(21, 7),
        ConversationKey(20, 7, private=True),
    ):
        assert conversations.find(other) == Conversation()


def test_a_conversation_that_ended_begins_anew_and_its_answers_can_still_be_replied_to() -> None:
    conversations = Conversations()
    conversations.remember(ASKED, [10, ConversationKey(20, 7)])
    conversations.end(ConversationKey(20, 7))
    conversations.end(ConversationKey(20, 8))
    assert (conversations.find(ConversationKey(20, 7)), conversations.find(10)) == (Conversation(), ASKED)


def test_all_conversations_in_which_a_person_asked_are_forgotten() -> None:
    conversations = Conversations()
    both, other = Conversation(ASKED.turns, frozenset({7, 8})), Conversation(ASKED.turns, frozenset({8}))
    conversations.remember(both, [10, ConversationKey(20)])
    conversations.remember(other, [11])
    conversations.forget(7)
    assert conversations.find(10, ConversationKey(20)) == Conversation()
    assert conversations.find(11) == other
