import pytest

from bot.answering.answer import COURTESIES, Abstention, Answer
from bot.discord.observing import Outcome, outcome_of, outcome_without_reply
from bot.errors import (
    AnswerTimeoutError,
    BusyError,
    JournalError,
    TooSoonError,
    WrongChannelError,
    WrongRoleError,
)
from index.errors import UnreachableStoreError
from tests.bot.fakes import FRENCH, cite, make_chunk


@pytest.mark.parametrize(
    ("abstention", "outcome"),
    [
        ("no_evidence", "abstained"),
        ("foreign", "abstained"),
        *((talk, "talk") for talk in (*COURTESIES, "about", "articles", "no_question")),
    ],
)
def test_talk_is_told_from_what_the_articles_do_not_answer(abstention: Abstention, outcome: Outcome) -> None:
    assert outcome_of(Answer("Où\u202f?", "fr", abstention=abstention)) == outcome


def test_an_answer_is_one() -> None:
    assert outcome_of(Answer("Où\u202f?", "fr", (cite(make_chunk(FRENCH)),))) == "answered"


@pytest.mark.parametrize(
    ("error", "outcome"),
    [
        (BusyError("stopping"), "busy"),
        (AnswerTimeoutError("60 s"), "timed_out"),
        (UnreachableStoreError("Milvus is gone"), "unreachable"),
        (TooSoonError(3), "not_allowed"),
        (WrongChannelError([1]), "not_allowed"),
        (WrongRoleError(), "not_allowed"),
        (JournalError("le disque est plein"), "failed"),
        (RuntimeError("bogue"), "failed"),
    ],
)
def test_each_way_to_get_no_reply_has_its_name(error: Exception, outcome: Outcome) -> None:
    assert outcome_without_reply(error) == outcome
