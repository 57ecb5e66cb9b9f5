from bot.answering.conversation import Turn
from bot.discord.conversations import Conversations, Strand, Talk

TALK = Talk((Turn("Où est l’œuvre\u202f?", "fr"),), frozenset({7}))


def test_the_first_anchor_that_is_known_tells_the_talk() -> None:
    conversations = Conversations()
    conversations.remember(TALK, [10, Strand(20)])
    assert conversations.find(None, 99, Strand(20)) == TALK
    assert conversations.find(None, 99) == Talk()


def test_each_person_has_a_strand_and_another_that_nobody_sees() -> None:
    conversations = Conversations()
    conversations.remember(TALK, [Strand(20, 7)])
    assert conversations.find(Strand(20, 7)) == TALK
    for other in (Strand(20), Strand(20, 8), Strand(21, 7), Strand(20, 7, private=True)):
        assert conversations.find(other) == Talk()


def test_a_strand_that_ended_begins_anew_and_its_answers_can_still_be_replied_to() -> None:
    conversations = Conversations()
    conversations.remember(TALK, [10, Strand(20, 7)])
    conversations.end(Strand(20, 7))
    conversations.end(Strand(20, 8))
    assert (conversations.find(Strand(20, 7)), conversations.find(10)) == (Talk(), TALK)


def test_all_conversations_in_which_a_person_asked_are_forgotten() -> None:
    conversations = Conversations()
    both, other = Talk(TALK.turns, frozenset({7, 8})), Talk(TALK.turns, frozenset({8}))
    conversations.remember(both, [10, Strand(20)])
    conversations.remember(other, [11])
    conversations.forget(7)
    assert conversations.find(10, Strand(20)) == Talk()
    assert conversations.find(11) == other
